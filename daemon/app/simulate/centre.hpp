// The simulated centre itself: callers arrive, wait, lose patience or are answered; agents come,
// ring, talk, wrap up, pause and go. Pure and seeded: the same Setup gives the same day anywhere.
#pragma once

#include "app/simulate/happening.hpp"
#include "app/simulate/setup.hpp"
#include "base/random.hpp"

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <queue>
#include <vector>

namespace surged::app::simulate {

class Centre {
public:
    explicit Centre(Setup setup);
    /// The next thing that happens, in order of time; nullopt once the run is over. Calls still
    /// waiting or talking then stay so.
    [[nodiscard]] std::optional<Happening> next();
    [[nodiscard]] const Setup& setup() const { return setup_; }

private:
    enum class Kind : std::uint8_t {
        arrival,
        opening,
        departure,
        ring_ends,
        talk_ends,
        wrap_ends,
        shift_on,
        shift_off,
        pause_begins,
        pause_ends,
        complaint,
        cut,
    };
    struct Timer {
        Micros at;
        std::uint64_t order;  // equal instants run in the order they were set
        Kind kind;
        std::uint32_t id;
        std::uint32_t generation;
        bool operator>(const Timer& o) const { return at != o.at ? at > o.at : order > o.order; }
    };
    enum class Stage : std::uint8_t { waiting, ringing, talking };
    struct Call {
        std::uint32_t queue{0};
        std::uint32_t generation{0};  // of this stay in this queue; a timer of an older one is void
        std::uint32_t agent{nobody};
        Stage stage{Stage::waiting};
        Micros joined{0}, rang{0}, answered{0}, wait{0};
        bool will_press_key{false}, will_time_out{false};
    };
    struct Agent {
        bool on{false}, paused{false}, leaving{false}, pausing{false};
        enum class Doing : std::uint8_t {
            nothing,
            ringing,
            talking,
            wrapping
        } doing{Doing::nothing};
        std::uint32_t call{nobody};
        std::uint32_t generation{0};  // of what it is doing
        Micros idle_since{0};
        bool will_answer{true};
        Random random;
    };
    struct Queue {
        std::list<std::uint32_t> waiting;  // calls in order of joining, ringing ones among them
        std::vector<std::uint32_t> agents;
        Random arrivals, callers;
    };

    void set(Micros at, Kind kind, std::uint32_t id, std::uint32_t generation = 0);
    void run(const Timer& timer);
    void emit(Happening happening);
    [[nodiscard]] double time_of_day(Micros at) const;
    [[nodiscard]] double demand(std::uint32_t queue, Micros at) const;
    void plan_arrival(std::uint32_t queue);
    void plan_complaint(std::uint32_t queue);
    void arrive(std::uint32_t queue);
    void join(std::uint32_t queue, std::uint32_t call);
    void depart(std::uint32_t call, std::uint32_t generation);
    void complain(std::uint32_t queue);
    void cut();
    [[nodiscard]] bool dark() const { return setup_.dark.on <= now_ && now_ < setup_.dark.off; }
    void ring(std::uint32_t call, std::uint32_t agent);
    void ring_ends(std::uint32_t agent, std::uint32_t generation);
    void answer(std::uint32_t call, std::uint32_t agent);
    void talk_ends(std::uint32_t agent, std::uint32_t generation);
    void become_idle(std::uint32_t agent);
    void serve(std::uint32_t queue);
    void log_in(std::uint32_t agent);
    void log_out(std::uint32_t agent);
    void begin_pause(std::uint32_t agent);
    void plan_pause(std::uint32_t agent);
    [[nodiscard]] bool free(const Agent& agent) const;

    Setup setup_;
    std::vector<Queue> queues_;
    std::vector<Agent> agents_;
    std::map<std::uint32_t, Call> calls_;
    std::uint32_t next_call_{1}, next_ticket_{1};
    std::uint64_t next_order_{0};
    Micros now_{0};
    std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
    std::deque<Happening> ready_;
};

}  // namespace surged::app::simulate
