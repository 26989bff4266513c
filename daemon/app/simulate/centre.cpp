#include "app/simulate/centre.hpp"

#include "app/simulate/draw.hpp"
#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace surged::app::simulate {
namespace {

constexpr std::array<std::string_view, 4> topics{"delivery", "refund", "quality", "attitude"};

}  // namespace

Centre::Centre(Setup setup) : setup_{std::move(setup)} {
    queues_.resize(setup_.queues.size());
    agents_.resize(setup_.agents.size());
    for (std::uint32_t a = 0; a < agents_.size(); ++a) {
        agents_[a].random = stream(setup_.seed, 3, a);
        for (const auto q : setup_.agents[a].queues) queues_.at(q).agents.push_back(a);
        for (const Shift& shift : setup_.agents[a].shifts) {
            set(shift.on, Kind::shift_on, a);
            set(shift.off, Kind::shift_off, a);
        }
    }
    for (std::uint32_t q = 0; q < queues_.size(); ++q) {
        queues_[q].arrivals = stream(setup_.seed, 1, q);
        queues_[q].callers = stream(setup_.seed, 2, q);
        for (std::uint32_t i = 0; i < setup_.queues[q].opening_calls; ++i)
            set(Micros{500ms} * (i + 1), Kind::opening, q);
        plan_arrival(q);
        plan_complaint(q);
    }
    if (setup_.dark.on < setup_.dark.off) set(setup_.dark.on, Kind::cut, nobody);
}

std::optional<Happening> Centre::next() {
    while (ready_.empty()) {
        if (timers_.empty()) return std::nullopt;
        const Timer timer = timers_.top();
        if (setup_.duration > Micros{0} && timer.at > setup_.duration) return std::nullopt;
        timers_.pop();
        SURGED_ASSERT(timer.at >= now_);
        now_ = timer.at;
        run(timer);
    }
    const Happening happening = ready_.front();
    ready_.pop_front();
    return happening;
}

void Centre::set(Micros at, Kind kind, std::uint32_t id, std::uint32_t generation) {
    timers_.push({std::max(at, now_), next_order_++, kind, id, generation});
}

void Centre::emit(Happening happening) {
    happening.at = now_;
    ready_.push_back(happening);
}

void Centre::run(const Timer& timer) {
    switch (timer.kind) {
        case Kind::arrival:
            arrive(timer.id);
            return plan_arrival(timer.id);
        case Kind::opening:
            return arrive(timer.id);
        case Kind::departure:
            return depart(timer.id, timer.generation);
        case Kind::ring_ends:
            return ring_ends(timer.id, timer.generation);
        case Kind::talk_ends:
            return talk_ends(timer.id, timer.generation);
        case Kind::wrap_ends:
            if (agents_[timer.id].generation == timer.generation) become_idle(timer.id);
            return;
        case Kind::shift_on:
            return log_in(timer.id);
        case Kind::shift_off:
            return log_out(timer.id);
        case Kind::pause_begins:
            return begin_pause(timer.id);
        case Kind::pause_ends:
            if (!agents_[timer.id].paused) return;
            if (dark()) return set(setup_.dark.off, Kind::pause_ends, timer.id);
            agents_[timer.id].paused = false;
            emit({.what = What::unpaused, .agent = timer.id});
            plan_pause(timer.id);
            return become_idle(timer.id);
        case Kind::complaint:
            complain(timer.id);
            return plan_complaint(timer.id);
        case Kind::cut:
            return cut();
    }
}

double Centre::time_of_day(Micros at) const {
    const Micros day = setup_.day.points.empty() ? Micros{24h} : setup_.day.points.back().at;
    return setup_.day.at((setup_.day_begins_at + at) % day);
}

double Centre::demand(std::uint32_t queue, Micros at) const {
    return time_of_day(at) * setup_.queues[queue].demand.at(at);
}

/// Poisson with a moving rate, by thinning.
/// @source Lewis, Shedler: Simulation of nonhomogeneous Poisson processes by thinning, 1979
void Centre::plan_arrival(std::uint32_t queue) {
    const QueueSetup& setup = setup_.queues[queue];
    const double highest = setup.demand.highest() * setup_.day.highest();
    const double rate_max = setup.calls_per_second * highest;
    if (!(rate_max > 0)) return;
    Random& random = queues_[queue].arrivals;
    Micros at = now_;
    for (;;) {
        at += std::max(Micros{1}, Micros{std::llround(random.exponential(1e6 / rate_max))});
        const double draw = random.uniform();
        if (draw * highest < demand(queue, at)) return set(at, Kind::arrival, queue);
        if (setup_.duration > Micros{0} && at > setup_.duration) return;
    }
}

void Centre::plan_complaint(std::uint32_t queue) {
    const double rate = setup_.queues[queue].complaints_per_second;
    if (!(rate > 0)) return;
    Random& random = queues_[queue].callers;
    if (const Curve& curve = setup_.queues[queue].complaints; !curve.points.empty()) {
        const double highest = curve.highest() * setup_.day.highest();
        for (Micros at = now_; setup_.duration == Micros{0} || at <= setup_.duration;) {
            at += Micros{std::llround(random.exponential(1e6 / (rate * highest)))};
            const double draw = random.uniform();
            if (draw * highest < time_of_day(at) * curve.at(at))
                return set(at, Kind::complaint, queue);
        }
        return;
    }
    const double factor = std::max(0.05, demand(queue, now_));
    const double gap_us = random.exponential(1e6 / (rate * factor));
    set(now_ + Micros{std::llround(gap_us)}, Kind::complaint, queue);
}

void Centre::complain(std::uint32_t queue) {
    Random& random = queues_[queue].callers;
    const auto topic = topics[random.below(topics.size())];
    const auto severity = static_cast<std::int32_t>(4 - random.below(10) / 3);
    emit(
        {.what = What::complaint,
         .queue = queue,
         .call = next_ticket_++,
         .severity = std::max(setup_.critical_complaints ? 1 : 2, severity),
         .text = topic}
    );
}

void Centre::arrive(std::uint32_t queue) {
    const std::uint32_t call = next_call_++;
    if (queues_[queue].waiting.size() >= setup_.queues[queue].waiting_max)
        return emit({.what = What::refused, .queue = queue, .call = call});
    join(queue, call);
}

void Centre::join(std::uint32_t queue, std::uint32_t id) {
    const QueueSetup& setup = setup_.queues[queue];
    Random& random = queues_[queue].callers;
    const Micros patience = exponential(random, setup.patience_mean);
    const double key = random.uniform();
    Call& call = calls_[id];
    call.queue = queue;
    ++call.generation;
    call.agent = nobody;
    call.stage = Stage::waiting;
    call.joined = now_;
    call.will_time_out = setup.wait_max < patience;
    call.will_press_key = !call.will_time_out && key < setup.key_exit_share;
    queues_[queue].waiting.push_back(id);
    emit({.what = What::offered, .queue = queue, .call = id});
    set(now_ + std::min(patience, setup.wait_max), Kind::departure, id, call.generation);
    serve(queue);
}

void Centre::depart(std::uint32_t id, std::uint32_t generation) {
    const auto found = calls_.find(id);
    if (found == calls_.end() || found->second.generation != generation) return;
    const Call call = found->second;
    if (call.stage == Stage::talking) return;
    calls_.erase(found);
    queues_[call.queue].waiting.remove(id);
    const bool exits = call.will_press_key || call.will_time_out;
    emit(
        {.what = exits ? What::exited : What::abandoned,
         .queue = call.queue,
         .call = id,
         .agent = call.stage == Stage::ringing ? call.agent : nobody,
         .wait = now_ - call.joined,
         .by_key = call.will_press_key}
    );
    if (call.stage == Stage::ringing) become_idle(call.agent);
}

/// The PBX goes down: whoever waits or talks is cut off, and the feed's last words say so.
void Centre::cut() {
    while (!calls_.empty()) {
        const auto [id, call] = *calls_.begin();
        calls_.erase(calls_.begin());
        queues_[call.queue].waiting.remove(id);
        const bool talking = call.stage == Stage::talking;
        emit(
            {.what = talking ? What::completed : What::abandoned,
             .queue = call.queue,
             .call = id,
             .agent = call.agent,
             .wait = talking ? call.wait : now_ - call.joined,
             .talk = talking ? now_ - call.answered : Micros{0}}
        );
    }
    for (std::uint32_t id = 0; id < agents_.size(); ++id)
        if (agents_[id].doing != Agent::Doing::nothing) become_idle(id);
}

}  // namespace surged::app::simulate
