// The figures of this moment: named gauges, and formulas.
#include "core/board/formulas.hpp"
#include "core/board/fractions.hpp"

#include <algorithm>
#include <cmath>

namespace surged::board {
namespace {

std::optional<Millionths> gauge_millionths(const Figures& queue, std::string_view name) {
    const auto place = queue.gauges.find(name);
    if (!place) return std::nullopt;
    return std::llround(*queue.gauges.at(*place) * 1e6);
}

// Heads planned for now: what the plan of the day says where it covers this moment, else the gauge.
// @source glossary "scheduled"
std::optional<Millionths> scheduled_millionths(const Sight& s) {
    const acd::Expected* planned = s.queue.plan.at(to_wall(s.now, s.offset));
    if (planned != nullptr && planned->agents)
        return static_cast<Millionths>(*planned->agents) * 1'000'000;
    return gauge_millionths(s.queue, "agents_scheduled");
}

std::int64_t lines(const Sight& s) {
    const acd::Expected* planned = s.queue.plan.at(to_wall(s.now, s.offset));
    return planned != nullptr && planned->lines ? *planned->lines : s.queue.lines;
}

std::optional<Quantity> scheduled(const Sight& s) {
    const auto heads = scheduled_millionths(s);
    return heads ? std::optional{Quantity{*heads, 1'000'000}} : std::nullopt;
}

// staffed ÷ scheduled; @source interface.md, KPIs; glossary "staffing ratio"
std::optional<Quantity> staffing_ratio(const Sight& s) {
    const auto heads = scheduled_millionths(s);
    if (!heads) return std::nullopt;
    return ratio(std::int64_t{s.queue.staffed()} * 1'000'000, *heads);
}

// position × handle time ÷ staffed, for a caller who joined now: nothing if somebody is free and
// nobody waits, no value if nobody is staffed. Handle time is the day's mean, before the day's
// first completion that since the queue was first seen.
// @source domain.md §2, EWT "simple"
std::optional<Quantity> estimated_wait(const Sight& s) {
    const std::int64_t staffed = s.queue.staffed();
    if (staffed == 0) return std::nullopt;
    const auto available = s.queue.agents[static_cast<std::size_t>(acd::AgentState::available)];
    if (available > 0 && s.slice.calls_waiting() == 0) return seconds(0);
    std::int64_t handled = 0;
    std::int64_t handle_us = 0;
    if (const auto* day = s.slice.handling(Window::day, s.now)) {
        handled = day->handled;
        handle_us = day->handle_us;
    }
    if (handled == 0) {
        handled = static_cast<std::int64_t>(s.queue.totals.completed + s.queue.totals.transferred);
        handle_us = s.queue.handle_time.sum.count();
    }
    return ratio(
        static_cast<Wide>(s.slice.calls_waiting() + 1) * handle_us,
        static_cast<Wide>(handled) * staffed * second_us
    );
}

// Open contacts older than the queue's limit; without one, contacts that wait.
// @source glossary "backlog"; domain.md §2
std::optional<Quantity> backlog(const Sight& s) {
    const auto& limit = s.queue.backlog_after;
    if (!limit) return count(s.slice.calls_waiting());
    return count(older(s.slice.waiting(), *limit, s.now) + older(s.slice.serving(), *limit, s.now));
}

std::optional<Quantity> age(std::optional<Instant> since, Instant now) {
    return seconds(since ? (now - *since).count() : 0);
}

}  // namespace

std::optional<Quantity> named_gauge(const Figures& queue, std::string_view name) {
    const auto value = gauge_millionths(queue, name);
    return value ? std::optional{Quantity{*value, 1'000'000}} : std::nullopt;
}

std::optional<Instant> oldest_waiting(const Slice& slice) {
    return slice.waiting().empty() ? std::nullopt : std::optional{slice.waiting().front()};
}

std::optional<Instant> oldest_open(const Slice& slice) {
    const auto waits = oldest_waiting(slice);
    if (slice.serving().empty()) return waits;
    return waits ? std::min(*waits, slice.serving().front()) : slice.serving().front();
}

std::optional<Quantity> gauge_value(const Sight& s, const Measure& measure) {
    const auto agents = [&](acd::AgentState state) {
        return count(s.queue.agents[static_cast<std::size_t>(state)]);
    };
    switch (measure.kpi) {
        case Kpi::calls_waiting:
            return count(s.slice.calls_waiting());
        case Kpi::longest_wait:
            return age(oldest_waiting(s.slice), s.now);
        case Kpi::agents_staffed:
            return count(s.queue.staffed());
        case Kpi::agents_available:
            return agents(acd::AgentState::available);
        case Kpi::agents_busy:
            return agents(acd::AgentState::busy);
        case Kpi::agents_wrap:
            return agents(acd::AgentState::wrap);
        case Kpi::agents_paused:
            return agents(acd::AgentState::paused);
        case Kpi::agents_scheduled:
            return scheduled(s);
        case Kpi::gauge:
            return named_gauge(s.queue, measure.gauge);
        // calls waiting ÷ staffed; @source interface.md, KPIs
        case Kpi::waiting_per_agent:
            return ratio(s.slice.calls_waiting(), s.queue.staffed());
        case Kpi::staffing_ratio:
            return staffing_ratio(s);
        case Kpi::estimated_wait:
            return estimated_wait(s);
        // calls waiting or connected ÷ the queue's lines; @source interface.md, KPIs
        case Kpi::lines_in_use:
            return ratio(s.slice.calls_waiting() + s.queue.connected, lines(s));
        case Kpi::complaints_open:
            return count(s.queue.complaints_open);
        case Kpi::complaints_overdue:
            return count(s.queue.complaints_overdue);
        // overdue ÷ closed in the last hour; @source interface.md, KPIs
        case Kpi::complaints_overdue_ratio: {
            const auto* care = s.slice.care(Window::m60, s.now);
            return care ? ratio(s.queue.complaints_overdue, care->closed) : std::nullopt;
        }
        case Kpi::backlog:
            return backlog(s);
        case Kpi::oldest:
            return age(oldest_open(s.slice), s.now);
        // chats with an agent ÷ staffed; @source domain.md §2, "concurrency"
        case Kpi::concurrency:
            return s.queue.written ? ratio(std::int64_t{s.queue.chats}, s.queue.staffed())
                                   : std::nullopt;
        default:
            return std::nullopt;
    }
}

std::optional<Instant> gauge_changes(const Sight& s, Kpi kpi) {
    if (kpi == Kpi::agents_scheduled || kpi == Kpi::staffing_ratio || kpi == Kpi::lines_in_use) {
        const auto next = s.queue.plan.next_change(to_wall(s.now, s.offset));
        return next ? std::optional{to_instant(*next, s.offset)} : std::nullopt;
    }
    if (kpi == Kpi::complaints_overdue_ratio) {
        Kept groups;
        groups.want({kpi, Window::now, {}, {}, {}});
        return s.slice.next_change(groups, Window::m60, s.now);
    }
    if (kpi != Kpi::backlog || !s.queue.backlog_after) return std::nullopt;
    const auto waits = next_older(s.slice.waiting(), *s.queue.backlog_after, s.now);
    const auto served = next_older(s.slice.serving(), *s.queue.backlog_after, s.now);
    if (!waits || !served) return waits ? waits : served;
    return std::min(*waits, *served);
}

}  // namespace surged::board
