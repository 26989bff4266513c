// What truly happens in the simulated site: callers, agents, shifts, surges. The daemon never sees
// this; it hears of it through a Feed.
#pragma once

#include "base/random.hpp"
#include "core/acd/event.hpp"
#include "simulation/worlds/agenda.hpp"
#include "simulation/worlds/rules.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace surged::worlds {

/// An event as the PBX tells it.
struct Told {
    acd::EventType type{acd::EventType::offered};
    Micros at{0};
    std::string queue, call, agent;
    std::optional<Micros> wait, talk;
    std::optional<acd::AgentState> state;
    std::optional<acd::ExitReason> exit;
};

/// How the callers of one queue have fared since the beginning.
struct Fates {
    std::uint64_t offered{0}, answered{0}, abandoned{0}, exited{0};
    bool operator==(const Fates&) const = default;
};

class Centre {
public:
    using Tell = std::function<void(Told)>;
    Centre(Agenda& agenda, std::uint64_t seed, Tell tell);

    /// Schedules the day that begins now: shifts, breaks, surges.
    void plan_day();
    /// The PBX starts anew: every call is gone, and nobody is told how it ended.
    void restart();
    /// Who waits and who works, as a PBX answers when it is asked.
    [[nodiscard]] std::vector<Told> snapshot() const;
    [[nodiscard]] const Fates& fates(std::size_t queue) const { return lines_[queue].fates; }
    [[nodiscard]] std::size_t waiting(std::size_t queue) const {
        return lines_[queue].waiting.size();
    }
    [[nodiscard]] std::uint64_t calls() const { return calls_; }

private:
    struct Caller {
        std::string id;
        Micros joined{0};
        Agenda::Ticket gives_up;
    };
    struct Agent {
        std::string name;
        enum class State : std::uint8_t { off, free, talking, paused } state{State::off};
        bool leaves{false};  // as soon as his call is over
        std::string call;
    };
    struct Line {
        std::deque<Caller> waiting;
        std::vector<Agent> agents;
        Fates fates;
        double demand{1};  // times the usual
    };

    void await_caller(std::size_t queue);
    void join(std::size_t queue);
    void give_up(std::size_t queue, const std::string& call);
    void answer(std::size_t queue);
    void hang_up(std::size_t queue, std::size_t agent, const std::string& call, Micros talk);
    void set(std::size_t queue, std::size_t agent, Agent::State state);
    void surge(std::size_t queue);
    void tell(acd::EventType type, std::size_t queue, Told told);
    [[nodiscard]] double callers_an_hour(std::size_t queue) const;

    Agenda& agenda_;
    Random random_;
    Tell tell_;
    std::array<Line, queues.size()> lines_;
    std::uint64_t calls_{0}, epoch_{0};
};

}  // namespace surged::worlds
