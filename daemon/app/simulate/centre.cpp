#include "app/simulate/centre.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace surged::app::simulate {
namespace {

constexpr Micros forever = Micros::max();

/// A stream of its own per part and number, so that one more agent does not change who calls when.
Random stream(std::uint64_t seed, std::uint64_t part, std::uint64_t index) {
    Random mixer{seed ^ (part << 56) ^ (index * 0x9E3779B97F4A7C15ULL)};
    return Random{mixer.next()};
}

Micros exponential(Random& random, Micros mean) {
    return Micros{std::llround(random.exponential(static_cast<double>(mean.count())))};
}

/// Lognormal with this mean and coefficient of variation.
Micros lognormal(Random& random, Micros mean, double cv) {
    const double variance = std::log1p(cv * cv);
    const double mu = std::log(static_cast<double>(mean.count())) - variance / 2;
    const double draw = random.normal();
    return Micros{std::llround(std::exp(mu + std::sqrt(variance) * draw))};
}

constexpr std::array<std::string_view, 4> topics{"delivery", "refund", "quality", "attitude"};
constexpr std::array<std::string_view, 4> pause_reasons{"小休", "Training", "Break", "Back office"};

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
            agents_[timer.id].paused = false;
            emit({.what = What::unpaused, .agent = timer.id});
            plan_pause(timer.id);
            return become_idle(timer.id);
        case Kind::complaint:
            complain(timer.id);
            return plan_complaint(timer.id);
    }
}

// ---- callers

double Centre::demand(std::uint32_t queue, Micros at) const {
    const Micros day = setup_.day.points.empty() ? Micros{24h} : setup_.day.points.back().at;
    const Micros of_day = (setup_.day_begins_at + at) % day;
    return setup_.day.at(of_day) * setup_.queues[queue].demand.at(at);
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
    const double factor = std::max(0.05, demand(queue, now_));
    const double gap_us = queues_[queue].callers.exponential(1e6 / (rate * factor));
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
         .severity = std::max(1, severity),
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

// ---- agents

bool Centre::free(const Agent& agent) const {
    return agent.on && !agent.paused && agent.doing == Agent::Doing::nothing;
}

/// Rings free agents, the longest idle first, for the callers nobody rings for yet.
void Centre::serve(std::uint32_t queue) {
    for (const auto id : queues_[queue].waiting) {
        if (calls_.at(id).stage != Stage::waiting) continue;
        std::uint32_t best = nobody;
        for (const auto a : queues_[queue].agents) {
            if (!free(agents_[a])) continue;
            if (best == nobody || agents_[a].idle_since < agents_[best].idle_since) best = a;
        }
        if (best == nobody) return;
        ring(id, best);
    }
}

void Centre::ring(std::uint32_t id, std::uint32_t agent_id) {
    Call& call = calls_.at(id);
    Agent& agent = agents_[agent_id];
    call.stage = Stage::ringing;
    call.agent = agent_id;
    call.rang = now_;
    agent.doing = Agent::Doing::ringing;
    agent.call = id;
    ++agent.generation;
    agent.will_answer = agent.random.uniform() >= setup_.no_answer_share;
    const double within = agent.random.uniform();
    const auto span = static_cast<double>((setup_.ring_max - setup_.ring_min).count());
    const Micros takes = setup_.ring_min + Micros{std::llround(within * span)};
    emit({.what = What::ringing, .queue = call.queue, .call = id, .agent = agent_id});
    set(now_ + (agent.will_answer ? takes : setup_.ring_timeout),
        Kind::ring_ends,
        agent_id,
        agent.generation);
}

void Centre::ring_ends(std::uint32_t agent_id, std::uint32_t generation) {
    Agent& agent = agents_[agent_id];
    if (agent.generation != generation || agent.doing != Agent::Doing::ringing) return;
    const std::uint32_t id = agent.call;
    if (agent.will_answer) return answer(id, agent_id);
    Call& call = calls_.at(id);
    call.stage = Stage::waiting;
    call.agent = nobody;
    emit(
        {.what = What::unanswered,
         .queue = call.queue,
         .call = id,
         .agent = agent_id,
         .ring = now_ - call.rang}
    );
    become_idle(agent_id);
}

void Centre::answer(std::uint32_t id, std::uint32_t agent_id) {
    Call& call = calls_.at(id);
    Agent& agent = agents_[agent_id];
    const QueueSetup& setup = setup_.queues[call.queue];
    queues_[call.queue].waiting.remove(id);
    call.stage = Stage::talking;
    call.answered = now_;
    call.wait = now_ - call.joined;
    agent.doing = Agent::Doing::talking;
    ++agent.generation;
    emit(
        {.what = What::answered,
         .queue = call.queue,
         .call = id,
         .agent = agent_id,
         .wait = call.wait,
         .ring = now_ - call.rang}
    );
    const Micros talk = lognormal(agent.random, setup.handle_mean, setup.handle_cv);
    set(now_ + talk, Kind::talk_ends, agent_id, agent.generation);
}

void Centre::talk_ends(std::uint32_t agent_id, std::uint32_t generation) {
    Agent& agent = agents_[agent_id];
    if (agent.generation != generation) return;
    const std::uint32_t id = agent.call;
    const Call call = calls_.at(id);
    const QueueSetup& setup = setup_.queues[call.queue];
    const double transfer = agent.random.uniform();
    const double who = agent.random.uniform();
    const double survey = agent.random.uniform();
    const auto score = static_cast<std::int32_t>(5 - agent.random.below(9) / 3);
    const bool goes_on = queues_.size() > 1 && transfer < setup.transfer_share;
    const auto to = static_cast<std::uint32_t>((call.queue + 1) % queues_.size());
    emit(
        {.what = goes_on ? What::transferred : What::completed,
         .queue = call.queue,
         .call = id,
         .agent = agent_id,
         .to = goes_on ? to : nobody,
         .wait = call.wait,
         .talk = now_ - call.answered,
         .by_agent = who < 0.4}
    );
    agent.doing = Agent::Doing::wrapping;
    agent.call = nobody;
    ++agent.generation;
    set(now_ + setup_.wrap, Kind::wrap_ends, agent_id, agent.generation);
    if (goes_on && queues_[to].waiting.size() < setup_.queues[to].waiting_max) return join(to, id);
    calls_.erase(id);
    if (goes_on) return emit({.what = What::refused, .queue = to, .call = id});
    if (survey < setup.survey_share)
        emit({.what = What::survey, .queue = call.queue, .call = id, .score = score});
}

/// Done with a call or a pause: leave or pause if that was due, else take the next caller.
void Centre::become_idle(std::uint32_t id) {
    Agent& agent = agents_[id];
    agent.doing = Agent::Doing::nothing;
    agent.call = nobody;
    agent.idle_since = now_;
    ++agent.generation;
    if (agent.leaving) return log_out(id);
    if (agent.pausing) return begin_pause(id);
    if (!free(agent)) return;
    Micros oldest = forever;
    std::uint32_t next = nobody;
    for (const auto q : setup_.agents[id].queues) {
        for (const auto call : queues_[q].waiting) {
            if (calls_.at(call).stage != Stage::waiting) continue;
            if (calls_.at(call).joined < oldest) {
                oldest = calls_.at(call).joined;
                next = call;
            }
            break;
        }
    }
    if (next != nobody) ring(next, id);
}

void Centre::log_in(std::uint32_t id) {
    Agent& agent = agents_[id];
    agent.leaving = false;
    if (agent.on) return;
    agent.on = true;
    emit({.what = What::logged_in, .agent = id});
    plan_pause(id);
    become_idle(id);
}

void Centre::log_out(std::uint32_t id) {
    Agent& agent = agents_[id];
    if (!agent.on) return;
    if (agent.doing != Agent::Doing::nothing) {
        agent.leaving = true;  // after this call
        return;
    }
    agent.leaving = agent.pausing = false;
    if (agent.paused) emit({.what = What::unpaused, .agent = id});
    agent.paused = false;
    agent.on = false;
    emit({.what = What::logged_out, .agent = id});
}

void Centre::plan_pause(std::uint32_t id) {
    Agent& agent = agents_[id];
    const Micros gap = exponential(agent.random, setup_.agents[id].pause_gap_mean);
    set(now_ + gap, Kind::pause_begins, id);
}

void Centre::begin_pause(std::uint32_t id) {
    Agent& agent = agents_[id];
    if (!agent.on || agent.paused) return;
    if (agent.doing != Agent::Doing::nothing) {
        agent.pausing = true;  // after this call
        return;
    }
    agent.pausing = false;
    agent.paused = true;
    const auto why = pause_reasons[agent.random.below(pause_reasons.size())];
    const Micros takes = exponential(agent.random, setup_.agents[id].pause_mean);
    emit({.what = What::paused, .agent = id, .text = why});
    set(now_ + takes, Kind::pause_ends, id);
}

}  // namespace surged::app::simulate
