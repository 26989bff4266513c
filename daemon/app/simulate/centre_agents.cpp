// The agents of a simulated centre: they ring, talk, wrap up, pause, come and go.
#include "app/simulate/centre.hpp"
#include "app/simulate/draw.hpp"

#include <array>
#include <cmath>

namespace surged::app::simulate {
namespace {

constexpr Micros forever = Micros::max();
constexpr std::array<std::string_view, 4> pause_reasons{"小休", "Training", "Break", "Back office"};

}  // namespace

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
    // Of nine who answer, six are content, two fairly, one is not: 89 % as most centres have it.
    const auto mood = agent.random.below(9);
    const std::int32_t score = mood < 6 ? 5 : mood < 8 ? 4 : 2;
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
    const bool had_call =
        agent.doing == Agent::Doing::talking || agent.doing == Agent::Doing::wrapping;
    if (had_call) emit({.what = What::wrapped_up, .agent = id});
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
    if (dark()) return plan_pause(id);
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
