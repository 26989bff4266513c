// A floor with a source that is up, and short ways to tell it things. Times are seconds after t0.
#pragma once

#include "core/acd/floor.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <vector>

namespace surged::test {

using acd::AgentState;
using acd::Event;
using acd::EventType;
using acd::ExitReason;
using acd::Reject;
using board::Kpi;
using board::Measure;
using board::Quantity;
using board::Window;

inline constexpr Instant t0{Seconds{1'763'900'040}};  // a full minute; 12:14 UTC

[[nodiscard]] inline Micros span(double seconds) {
    return Micros{static_cast<std::int64_t>(seconds * 1e6 + (seconds < 0 ? -0.5 : 0.5))};
}
[[nodiscard]] inline Instant at(double seconds) { return t0 + span(seconds); }
[[nodiscard]] inline Wall wall(double seconds) { return to_wall(at(seconds), Micros{0}); }

/// An event without a ts happens when it arrives.
[[nodiscard]] inline Event event(
    EventType type, std::string_view queue = {}, std::string_view call = {}
) {
    Event e;
    e.type = type;
    e.queue = queue;
    e.call = call;
    return e;
}
[[nodiscard]] inline Event offered(std::string_view call, std::string_view queue = "sales") {
    return event(EventType::offered, queue, call);
}
[[nodiscard]] inline Event answered(
    std::string_view call,
    std::optional<Micros> wait = {},
    std::string_view agent = "1001",
    std::string_view queue = "sales"
) {
    Event e = event(EventType::answered, queue, call);
    e.wait = wait;
    e.agent = agent;
    return e;
}
[[nodiscard]] inline Event abandoned(
    std::string_view call, std::optional<Micros> wait = {}, bool provisional = false
) {
    Event e = event(EventType::abandoned, "sales", call);
    e.wait = wait;
    e.provisional = provisional;
    return e;
}
[[nodiscard]] inline Event exited(std::string_view call, ExitReason reason) {
    Event e = event(EventType::exited, "sales", call);
    e.exit = reason;
    return e;
}
[[nodiscard]] inline Event left(std::string_view call) {
    return event(EventType::left, "sales", call);
}
[[nodiscard]] inline Event settled(std::string_view call, std::optional<ExitReason> reason = {}) {
    Event e = event(EventType::settled, "sales", call);
    e.exit = reason;
    return e;
}
[[nodiscard]] inline Event completed(
    std::string_view call, std::optional<Micros> talk = {}, std::string_view agent = "1001"
) {
    Event e = event(EventType::completed, "sales", call);
    e.agent = agent;
    e.talk = talk;
    return e;
}
[[nodiscard]] inline Event agent(
    std::string_view name, AgentState state, std::vector<std::string_view> queues = {"sales"}
) {
    Event e = event(EventType::agent_state);
    e.agent = name;
    e.state = state;
    e.queues = std::move(queues);
    return e;
}
[[nodiscard]] inline Event gauge(std::string_view name, double value) {
    Event e = event(EventType::gauge, "sales");
    e.name = name;
    e.value = value;
    return e;
}
[[nodiscard]] inline Event by_id(Event e, std::string_view id) {
    e.id = id;
    return e;
}
[[nodiscard]] inline Event when(Event e, double seconds) {
    e.ts = wall(seconds);
    return e;
}

struct FloorBench {
    acd::Floor floor;
    plan::RuleSet rules;
    std::vector<Measure> measures{
        {Kpi::calls_offered, Window::m1, {}, {}, {}}
    };
    std::string source{"pbx"};

    FloorBench() {
        load();
        floor.source_up(source, true);
    }
    void load(Instant now = t0) { floor.load(rules, measures, now); }

    /// Events that arrive together at this second; what came of them.
    acd::Applied tell_all(double seconds, const std::vector<Event>& events) {
        acd::Batch batch;
        for (const Event& e : events) batch.append(e);
        floor.advance(test::at(seconds));
        return floor.apply(batch, source, Micros{0});
    }
    Reject tell(double seconds, const Event& e) {
        const acd::Applied applied = tell_all(seconds, {e});
        return applied.rejected.empty() ? Reject::none : applied.rejected.front().reason;
    }
    void wait_until(double seconds) { floor.advance(test::at(seconds)); }

    [[nodiscard]] const board::View& view() const { return floor.view(); }
    [[nodiscard]] board::QueueIx queue(std::string_view name = "sales") const {
        const auto found = view().find(name);
        REQUIRE(found);
        return *found;
    }
    [[nodiscard]] const board::Totals& totals(std::string_view name = "sales") const {
        return view().totals(queue(name));
    }
    [[nodiscard]] std::optional<Quantity> quantity(
        Kpi kpi, Window window = Window::now, std::string_view name = "sales"
    ) const {
        return view().value(queue(name), {kpi, window, {}, {}, {}});
    }
    /// -1 for no value.
    [[nodiscard]] double value(
        Kpi kpi, Window window = Window::now, std::string_view name = "sales"
    ) const {
        const auto found = quantity(kpi, window, name);
        return found ? found->value() : -1;
    }
    [[nodiscard]] std::uint64_t exits(ExitReason reason, std::string_view name = "sales") const {
        return totals(name).exited[static_cast<std::size_t>(reason)];
    }
    [[nodiscard]] std::string bytes() const {
        std::string out;
        floor.write(out);
        return out;
    }
    /// offered = answered + abandoned + exited + waiting, in every queue.
    [[nodiscard]] bool balanced() const {
        for (const board::QueueIx q : view().queues()) {
            const board::Totals& t = view().totals(q);
            std::uint64_t gone = t.answered + t.abandoned;
            for (const auto n : t.exited) gone += n;
            const Measure waiting{Kpi::calls_waiting, Window::now, {}, {}, {}};
            const auto now = view().value(q, waiting);
            if (!now || t.offered != gone + static_cast<std::uint64_t>(now->num)) return false;
        }
        return true;
    }
};

}  // namespace surged::test
