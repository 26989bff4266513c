#include "simulation/worlds/centre.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace surged::worlds {
namespace {

using acd::EventType;

constexpr std::size_t agents_a_queue = 6;
constexpr double talk_mean_s = 170, patience_mean_s = 330;
constexpr Micros day = 24h, wait_most = 15min;

Micros seconds(double s) { return Micros{static_cast<std::int64_t>(s * 1e6)}; }

}  // namespace

Centre::Centre(Agenda& agenda, std::uint64_t seed, Tell tell)
    : agenda_{agenda}, random_{seed}, tell_{std::move(tell)} {
    for (std::size_t queue = 0; queue < queues.size(); ++queue) {
        for (std::size_t i = 0; i < agents_a_queue; ++i) {
            Agent agent;
            agent.name = fmt::format("{}-{}", queues[queue], i + 1);
            lines_[queue].agents.push_back(std::move(agent));
        }
        await_caller(queue);
    }
}

double Centre::callers_an_hour(std::size_t queue) const {
    const auto hour = (agenda_.now() % day) / 1h;
    const double usual = hour < 7 ? 2 : hour < 8 ? 15 : hour < 20 ? 55 : hour < 22 ? 20 : 4;
    return usual * lines_[queue].demand;
}

void Centre::await_caller(std::size_t queue) {
    // Drawn anew at least every few minutes, so that a change of the hour is felt.
    const double wait_s = random_.exponential(3600 / callers_an_hour(queue));
    const Micros wait = std::max(Micros{1}, seconds(wait_s));
    constexpr Micros look_again = 5min;
    if (wait > look_again) {
        agenda_.after(look_again, [this, queue] { await_caller(queue); });
        return;
    }
    agenda_.after(wait, [this, queue] {
        join(queue);
        await_caller(queue);
    });
}

void Centre::tell(EventType type, std::size_t queue, Told told) {
    told.type = type;
    told.queue = queues[queue];
    told.at = agenda_.now();
    tell_(std::move(told));
}

void Centre::join(std::size_t queue) {
    Line& line = lines_[queue];
    Caller caller;
    caller.id = fmt::format("c{}", ++calls_);
    caller.joined = agenda_.now();
    const Micros patience = std::min(seconds(1 + random_.exponential(patience_mean_s)), wait_most);
    caller.gives_up =
        agenda_.after(patience, [this, queue, id = caller.id] { give_up(queue, id); });
    ++line.fates.offered;
    Told told;
    told.call = caller.id;
    tell(EventType::offered, queue, std::move(told));
    line.waiting.push_back(std::move(caller));
    answer(queue);
}

void Centre::give_up(std::size_t queue, const std::string& call) {
    Line& line = lines_[queue];
    const auto at = std::find_if(line.waiting.begin(), line.waiting.end(), [&](const Caller& one) {
        return one.id == call;
    });
    if (at == line.waiting.end()) return;
    Told told;
    told.call = call;
    told.wait = agenda_.now() - at->joined;
    const bool timed_out = *told.wait >= wait_most;
    const bool exits = timed_out || random_.below(8) == 0;  // by a key
    line.waiting.erase(at);
    ++(exits ? line.fates.exited : line.fates.abandoned);
    if (exits) told.exit = timed_out ? acd::ExitReason::timeout : acd::ExitReason::key;
    tell(exits ? EventType::exited : EventType::abandoned, queue, std::move(told));
}

void Centre::answer(std::size_t queue) {
    Line& line = lines_[queue];
    while (!line.waiting.empty()) {
        const auto free = std::find_if(line.agents.begin(), line.agents.end(), [](const Agent& a) {
            return a.state == Agent::State::free;
        });
        if (free == line.agents.end()) return;
        const Caller caller = std::move(line.waiting.front());
        line.waiting.pop_front();
        agenda_.cancel(caller.gives_up);
        ++line.fates.answered;
        free->state = Agent::State::talking;
        free->call = caller.id;
        Told told;
        told.call = caller.id;
        told.agent = free->name;
        told.wait = agenda_.now() - caller.joined;
        tell(EventType::answered, queue, std::move(told));
        const Micros talk = seconds(5 + random_.exponential(talk_mean_s));
        const auto who = static_cast<std::size_t>(free - line.agents.begin());
        agenda_.after(talk, [this, queue, who, id = caller.id, talk, epoch = epoch_] {
            if (epoch == epoch_) hang_up(queue, who, id, talk);
        });
    }
}

void Centre::hang_up(std::size_t queue, std::size_t who, const std::string& call, Micros talk) {
    Agent& agent = lines_[queue].agents[who];
    Told told;
    told.call = call;
    told.agent = agent.name;
    told.talk = talk;
    tell(EventType::completed, queue, std::move(told));
    agent.state = Agent::State::free;
    if (std::exchange(agent.leaves, false)) set(queue, who, Agent::State::off);
    answer(queue);
}

void Centre::set(std::size_t queue, std::size_t who, Agent::State state) {
    Agent& agent = lines_[queue].agents[who];
    if (agent.state == Agent::State::talking) {
        agent.leaves = state == Agent::State::off;
        return;
    }
    if (agent.state == state) return;
    agent.state = state;
    agent.leaves = false;
    Told told;
    told.agent = agent.name;
    told.state = state == Agent::State::off      ? acd::AgentState::offline
                 : state == Agent::State::paused ? acd::AgentState::paused
                                                 : acd::AgentState::available;
    tell(EventType::agent_state, queue, std::move(told));
    answer(queue);
}

void Centre::surge(std::size_t queue) {
    lines_[queue].demand = 4 + static_cast<double>(random_.below(6));
    const Micros lasts = 10min + 1min * static_cast<int>(random_.below(20));
    agenda_.after(lasts, [this, queue] { lines_[queue].demand = 1; });
}

void Centre::plan_day() {
    for (std::size_t queue = 0; queue < queues.size(); ++queue) {
        // One is there by night; some days half of the rest is ill.
        const std::size_t there = random_.below(6) == 0 ? agents_a_queue / 2 : agents_a_queue;
        for (std::size_t who = 0; who < there; ++who) {
            const bool night = who == 0;
            const auto in = [&](double hour, Agent::State state) {
                const Micros when = seconds(hour * 3600 + 600 * random_.uniform());
                agenda_.after(when, [this, queue, who, state] { set(queue, who, state); });
            };
            in(night ? 0 : 7.5, Agent::State::free);
            const double pause = 11 + 3 * random_.uniform();
            in(pause, Agent::State::paused);
            in(pause + 0.5, Agent::State::free);
            if (!night) in(21, Agent::State::off);
        }
    }
    const std::uint64_t surges = 1 + random_.below(3);
    for (std::uint64_t i = 0; i < surges; ++i) {
        const auto queue = static_cast<std::size_t>(random_.below(queues.size()));
        agenda_.after(seconds((8.5 + 11 * random_.uniform()) * 3600), [this, queue] {
            surge(queue);
        });
    }
}

void Centre::restart() {
    ++epoch_;
    for (Line& line : lines_) {
        for (const Caller& caller : line.waiting) agenda_.cancel(caller.gives_up);
        line.fates.exited += line.waiting.size();
        line.waiting.clear();
        for (Agent& agent : line.agents)
            if (agent.state == Agent::State::talking) agent.state = Agent::State::free;
    }
}

std::vector<Told> Centre::snapshot() const {
    std::vector<Told> out;
    const auto add = [&](EventType type, std::size_t queue) -> Told& {
        Told told;
        told.type = type;
        told.at = agenda_.now();
        if (queue < queues.size()) told.queue = queues[queue];
        return out.emplace_back(std::move(told));
    };
    add(EventType::snapshot_begin, queues.size());
    for (std::size_t queue = 0; queue < queues.size(); ++queue) {
        add(EventType::snapshot_queue, queue);
        for (const Agent& agent : lines_[queue].agents) {
            if (agent.state == Agent::State::off) continue;
            Told& row = add(EventType::snapshot_agent, queue);
            row.agent = agent.name;
            row.state = agent.state == Agent::State::paused    ? acd::AgentState::paused
                        : agent.state == Agent::State::talking ? acd::AgentState::busy
                                                               : acd::AgentState::available;
        }
        for (const Caller& caller : lines_[queue].waiting) {
            Told& row = add(EventType::snapshot_call, queue);
            row.call = caller.id;
            row.wait = agenda_.now() - caller.joined;
        }
    }
    add(EventType::snapshot_end, queues.size());
    return out;
}

}  // namespace surged::worlds
