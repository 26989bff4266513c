#include "simulation/world.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace surged::simulation {
namespace {

constexpr Instant never = Instant::max();
constexpr double handle_mean_s = 300, handle_cv = 1, patience_mean_s = 180;

Micros seconds_of(double seconds) { return Micros{std::llround(seconds * 1e6)}; }

double factor(Random& random, double deviation) {
    return std::max(0.5, 1 + deviation * random.normal());
}

}  // namespace

Center::Center(app::offline::Runner& runner, CenterOptions options)
    : runner_{runner},
      options_{std::move(options)},
      arrivals_{options_.seed * 5 + 1},
      handling_{options_.seed * 5 + 2},
      patience_{options_.seed * 5 + 3},
      factors_{options_.seed * 5 + 4},
      complaints_{options_.seed * 5 + 5},
      quarter_ends_{runner.now()},
      next_call_{never},
      next_complaint_{never} {}

void Center::sign(acd::AgentState state) {
    acd::Event event;
    event.type = acd::EventType::agent_state;
    event.state = state;
    event.queues = {options_.queue};
    for (int i = 0; i < options_.agents; ++i) {
        const std::string agent = fmt::format("{}-{}", options_.queue, i);
        event.agent = agent;
        batch_.append(event);
    }
    flush();
}

void Center::schedule(int agents) {
    acd::Event planned;
    planned.type = acd::EventType::gauge;
    planned.queue = options_.queue;
    planned.name = "agents_scheduled";
    planned.value = agents;
    batch_.append(planned);
    flush();
}

void Center::open(double load) {
    load_ = load;
    day_ = factor(factors_, 0.06);
    complaint_day_ = factor(complaints_, 0.20);
    sign(acd::AgentState::busy);
    schedule(options_.agents);
    quarter_ends_ = runner_.now();
    next_call_ = runner_.now();
    next_complaint_ = runner_.now();
    arrive(never);  // draws the first instants
}

void Center::close() {
    next_call_ = next_complaint_ = never;
    schedule(0);
    run(runner_.now() + 30min);
    sign(acd::AgentState::offline);
}

Instant Center::after(Instant at, double per_second) {
    return at + seconds_of(arrivals_.exponential(1 / per_second));
}

void Center::put(Instant at, acd::Event event, std::uint64_t call) {
    const std::string id = fmt::format("{}-{}", options_.queue, call);
    event.ts = to_wall(at, Micros{0});
    event.queue = options_.queue;
    event.call = id;
    batch_.append(event);
}

void Center::arrive(Instant at) {
    const bool first = at == never;
    if (!first) {
        const Caller caller{++calls_, at, at + seconds_of(patience_.exponential(patience_mean_s))};
        acd::Event event;
        event.type = acd::EventType::offered;
        put(at, event, caller.id);
        ++offered_;
        waiting_.push_back(caller);
        answer(at);
    }
    const Instant from = first ? runner_.now() : at;
    if (from >= quarter_ends_) {
        quarter_ = factor(factors_, 0.04);
        quarter_ends_ = from + 15min;
    }
    next_call_ = after(from, options_.calls_a_minute / 60 * load_ * day_ * quarter_);
    if (first) complain(never);
}

void Center::complain(Instant at) {
    if (at != never) {
        // One in six of each of three topics, the rest of the others.
        static constexpr std::string_view topics[] = {"delivery", "refund", "quality"};
        const std::uint64_t which = complaints_.below(6);
        const std::string ticket = fmt::format("{}-T{}", options_.queue, ++calls_);
        acd::Event event;
        event.type = acd::EventType::complaint;
        event.queue = options_.queue;
        event.ts = to_wall(at, Micros{0});
        event.ticket = ticket;
        event.topic = which < 3 ? topics[which] : "other";
        event.severity = 3;
        event.status = acd::TicketStatus::opened;
        batch_.append(event);
    }
    const Instant from = at == never ? runner_.now() : at;
    const double mean_s = 3600 / (options_.complaints_an_hour * complaint_day_);
    next_complaint_ = from + seconds_of(complaints_.exponential(mean_s));
}

void Center::answer(Instant at) {
    while (!waiting_.empty() && talking_.size() < static_cast<std::size_t>(options_.agents)) {
        const Caller caller = waiting_.front();
        waiting_.pop_front();
        acd::Event event;
        event.type = acd::EventType::answered;
        event.wait = at - caller.joined;
        put(at, event, caller.id);
        if (*event.wait <= 20s) ++in_time_;
        const double sigma2 = std::log(1 + handle_cv * handle_cv);
        const double talk =
            handle_mean_s * std::exp(std::sqrt(sigma2) * handling_.normal() - sigma2 / 2);
        talking_.push({at + seconds_of(talk), caller.id, seconds_of(talk)});
    }
}

void Center::until(Instant to) {
    while (true) {
        // Patience is short and the line too: the first to give up is looked for.
        auto leaves = std::min_element(
            waiting_.begin(),
            waiting_.end(),
            [](const Caller& a, const Caller& b) { return a.gives_up < b.gives_up; }
        );
        const Instant gone = leaves == waiting_.end() ? never : leaves->gives_up;
        const Instant done = talking_.empty() ? never : talking_.top().at;
        const Instant next = std::min({gone, done, next_call_, next_complaint_});
        if (next > to) return;
        acd::Event event;
        if (next == done) {
            event.type = acd::EventType::completed;
            event.talk = talking_.top().talk;
            put(next, event, talking_.top().call);
            talking_.pop();
            answer(next);
        } else if (next == gone) {
            event.type = acd::EventType::abandoned;
            event.wait = next - leaves->joined;
            put(next, event, leaves->id);
            waiting_.erase(leaves);
        } else if (next == next_call_) {
            arrive(next);
        } else {
            complain(next);
        }
    }
}

void Center::flush() {
    if (batch_.empty()) return;
    runner_.give(engine::Events{std::exchange(batch_, acd::Batch{})}, "feed");
}

void Center::run(Instant to) {
    while (runner_.now() < to) {
        const Instant now = std::min(to, runner_.now() + 1s);
        until(now);
        runner_.advance(now);
        flush();
    }
}

double Center::service_level() const {
    return offered_ == 0 ? 0 : static_cast<double>(in_time_) / static_cast<double>(offered_);
}

}  // namespace surged::simulation
