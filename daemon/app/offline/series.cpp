#include "app/offline/series.hpp"

#include "config/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <deque>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace surged::app::offline {
namespace {

using acd::Event;
using acd::EventType;

using Batches = std::map<Instant, acd::Batch>;

Wall wall_of(Instant at) { return to_wall(at, Micros{0}); }

/// What a figure's labels say of each of its events.
class Labels {
public:
    explicit Labels(const std::map<std::string, std::string>& labels) : labels_{labels} {}
    [[nodiscard]] std::string_view text(const std::string& key) const {
        const auto found = labels_.find(key);
        return found == labels_.end() ? std::string_view{} : std::string_view{found->second};
    }
    [[nodiscard]] Micros span(const std::string& key, Micros otherwise) const {
        return parse_duration(text(key)).value_or(otherwise);
    }
    [[nodiscard]] std::int32_t number(const std::string& key, std::int32_t otherwise) const {
        const std::string_view word = text(key);
        std::int32_t out = otherwise;
        std::from_chars(word.data(), word.data() + word.size(), out);
        return out;
    }

private:
    const std::map<std::string, std::string>& labels_;
};

/// One queue: the figures that stand (agents, callers who wait) and those that pass.
class Puppet {
public:
    Puppet(const config::RuleTest& test, const config::TestSeries& series, Batches& out)
        : every_{test.every}, series_{series}, out_{out} {}

    void run(Instant start) {
        std::size_t steps = 0;
        for (const auto& figure : series_.figures) steps = std::max(steps, figure.values.size());
        for (std::size_t i = 0; i < steps; ++i) step(i, start + every_ * static_cast<int>(i));
    }

private:
    void put(Instant at, Event event) {
        event.ts = event.ts.value_or(wall_of(at));
        event.queue = series_.queue;
        out_[at].append(event);
    }

    void step(std::size_t i, Instant at) {
        bool agents = false;
        bool callers = false;
        for (const config::TestFigure& figure : series_.figures) {
            if (i >= figure.values.size() || !figure.values[i]) continue;
            const double value = *figure.values[i];
            if (figure.name.starts_with("agents_") && figure.name != "agents_scheduled") {
                standing_[figure.name] = value;
                agents = true;
            } else if (figure.name == "calls_waiting" || figure.name == "longest_wait") {
                standing_[figure.name] = value;
                callers = true;
            } else if (!config::is_test_figure(figure.name)) {
                gauge(at, figure.name, value);
            }
        }
        if (agents) set_agents(at);
        callers =
            callers || standing_.contains("calls_waiting") || standing_.contains("longest_wait");
        if (callers) set_callers(at);
        for (const config::TestFigure& figure : series_.figures)
            if (i < figure.values.size() && figure.values[i]) pass(figure, *figure.values[i], at);
    }

    void gauge(Instant at, const std::string& name, double value) {
        Event event;
        event.type = EventType::gauge;
        event.name = name;
        event.value = value;
        put(at, event);
    }

    void set_agents(Instant at) {
        using State = acd::AgentState;
        const std::array<std::pair<const char*, State>, 4> kinds{
            {{"agents_available", State::available},
             {"agents_busy", State::busy},
             {"agents_wrap", State::wrap},
             {"agents_paused", State::paused}}
        };
        std::vector<State> now;
        for (const auto& [name, state] : kinds)
            now.insert(now.end(), count(standing_[name]), state);
        const std::size_t staffed = count(standing_["agents_staffed"]);
        if (now.size() < staffed) now.resize(staffed, State::busy);
        for (std::size_t i = 0; i < std::max(now.size(), agents_.size()); ++i) {
            const State state = i < now.size() ? now[i] : State::offline;
            if (i < agents_.size() && agents_[i] == state) continue;
            const std::string agent = fmt::format("{}-{}", series_.queue, i + 1);
            Event event;
            event.type = EventType::agent_state;
            event.agent = agent;
            event.state = state;
            event.queues = {series_.queue};
            put(at, event);
        }
        agents_ = std::move(now);
    }

    struct Caller {
        std::string call;
        Instant joined;
    };

    void join(Instant at, Instant joined, bool front) {
        Caller caller{fmt::format("{}-w{}", series_.queue, ++calls_), joined};
        Event event;
        event.type = EventType::offered;
        event.ts = wall_of(joined);
        event.call = caller.call;
        put(at, event);
        if (front)
            waiting_.push_front(std::move(caller));
        else
            waiting_.push_back(std::move(caller));
    }
    /// Gone at once by their own word: a short abandon, which no ratio counts.
    void leave(Instant at, std::size_t which) {
        const Caller& caller = waiting_[which];
        Event event;
        event.type = EventType::abandoned;
        event.call = caller.call;
        event.wait = 0s;
        put(at, event);
        waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(which));
    }

    /// By longest_wait the oldest caller is as old as it says, else nobody is older than a step; by
    /// calls_waiting there are so many.
    void set_callers(Instant at) {
        const auto longest = standing_.find("longest_wait");
        const auto wanted = standing_.find("calls_waiting");
        const bool pinned = longest != standing_.end() && longest->second > 0;
        const Micros most = pinned ? Micros{std::llround(longest->second * 1e6)} : Micros{0};
        const Instant joined = at - most;
        while (!waiting_.empty() && (!pinned || waiting_.front().joined < joined)) leave(at, 0);
        if (pinned && (waiting_.empty() || waiting_.front().joined > joined))
            join(at, joined, true);
        if (wanted == standing_.end()) return;
        const std::size_t many = count(wanted->second);
        while (waiting_.size() > many) leave(at, pinned && waiting_.size() > 1 ? 1 : 0);
        while (waiting_.size() < many) join(at, at, false);
    }

    void handled(Instant at, const std::string& call, const Labels& of) {
        Event event = of_call(EventType::answered, at, call, of);
        event.wait = of.span("wait", 5s);
        put(at, event);
        event.type = EventType::completed;
        event.wait.reset();
        event.talk = of.span("talk", 300s);
        put(at, event);
    }

    static Event of_call(EventType type, Instant ts, const std::string& call, const Labels& of) {
        Event event;
        event.type = type;
        event.ts = wall_of(ts);
        event.call = call;
        event.klass = of.text("class");
        if (const auto channel = acd::parse_name<acd::Channel>(of.text("channel")))
            event.channel = *channel;
        return event;
    }

    /// So many of them in this step, evenly; what is left of a fraction is carried over.
    void pass(const config::TestFigure& figure, double value, Instant at) {
        if (!config::is_test_figure(figure.name) || figure.name.starts_with("agents_") ||
            figure.name == "calls_waiting" || figure.name == "longest_wait")
            return;
        double& carried = carried_[figure.at];
        carried += value;
        const auto many = static_cast<int>(std::floor(carried + 1e-9));
        carried -= many;
        for (int k = 0; k < many; ++k) one(figure, at + every_ * (2 * k + 1) / (2 * many));
    }

    void one(const config::TestFigure& figure, Instant at) {
        const Labels of{figure.labels};
        const std::string call = fmt::format("{}-c{}", series_.queue, ++calls_);
        Event event;
        event.klass = of.text("class");
        if (figure.name == "complaints") {
            event.type = EventType::complaint;
            event.ticket = call;
            event.topic = of.text("topic");
            event.severity = of.number("severity", 3);
            event.status = acd::parse_name<acd::TicketStatus>(of.text("status"))
                               .value_or(acd::TicketStatus::opened);
            if (!of.text("due").empty()) event.due = wall_of(at + of.span("due", 0s));
            return put(at, event);
        }
        if (figure.name == "surveys") {
            event.type = EventType::survey;
            event.score = of.number("score", 5);
            return put(at, event);
        }
        if (figure.name == "calls_refused") {
            event.type = EventType::refused;
            event.refuse = acd::parse_name<acd::RefuseReason>(of.text("reason"))
                               .value_or(acd::RefuseReason::full);
            return put(at, event);
        }
        if (figure.name == "rounds") return round(at, call, of);
        put(at, of_call(EventType::offered, at, call, of));
        if (figure.name == "calls_answered") return handled(at, call, of);
        event = of_call(EventType::abandoned, at, call, of);
        event.wait = of.span("wait", 60s);
        if (figure.name == "calls_exited") {
            event.type = EventType::exited;
            event.exit = acd::parse_name<acd::ExitReason>(of.text("reason"))
                             .value_or(acd::ExitReason::timeout);
        }
        put(at, event);
    }

    /// A customer's words in a chat and, so long `after`, an agent's.
    void round(Instant at, const std::string& call, const Labels& of) {
        Event event = of_call(EventType::offered, at, call, of);
        if (of.text("channel").empty()) event.channel = acd::Channel::chat;
        put(at, event);
        event.type = EventType::answered;
        put(at, event);
        event.type = EventType::reply;
        event.by = acd::ReplyBy::customer;
        put(at, event);
        const Instant replied = at + of.span("after", 30s);
        event.ts = wall_of(replied);
        event.by = acd::ReplyBy::agent;
        put(replied, event);
        event.type = EventType::completed;
        event.by.reset();
        put(replied, event);
    }

    static std::size_t count(double value) {
        return value < 1 ? 0 : static_cast<std::size_t>(std::llround(value));
    }

    Micros every_;
    const config::TestSeries& series_;
    Batches& out_;
    std::map<std::string, double> standing_;
    std::map<config::Place, double> carried_;
    std::vector<acd::AgentState> agents_;
    std::deque<Caller> waiting_;
    std::uint64_t calls_{0};
};

constexpr Micros quarter{15min}, whole_day{24h};

void put_interval(
    acd::Batch& out, const std::string& queue, Instant from, Instant to, double contacts
) {
    Event event;
    event.type = EventType::expected;
    event.queue = queue;
    event.expected = acd::Expected{
        wall_of(from), wall_of(to), std::llround(std::max(0.0, contacts) * 1e6), {}, {}, {}
    };
    out.append(event);
}

}  // namespace

acd::Batch plan_of_day(const config::RuleTest& test, Instant start) {
    acd::Batch out;
    for (const config::TestPlan& plan : test.planned) {
        double contacts = plan.values.empty() ? 0 : plan.values.front().value_or(0);
        const auto all_day = [&](Instant from) {
            put_interval(
                out,
                plan.queue,
                from,
                from + whole_day,
                contacts * static_cast<double>(whole_day / quarter)
            );
        };
        all_day(start - whole_day);
        Instant at = start;
        for (const auto& value : plan.values) {
            contacts = value.value_or(contacts);
            put_interval(out, plan.queue, at, at + quarter, contacts);
            at += quarter;
        }
        all_day(at);
    }
    return out;
}

std::map<Instant, acd::Batch> events_of(const config::RuleTest& test, Instant start) {
    Batches out;
    for (const config::TestSeries& series : test.series) Puppet{test, series, out}.run(start);
    return out;
}

}  // namespace surged::app::offline
