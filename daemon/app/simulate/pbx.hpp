// The simulated centre as an Asterisk 22 shows it over its manager interface: what it would say at
// each happening, and what it answers when asked for its queues. Pure: bytes out, no sockets.
//
// Field names, their order and the order of events follow recordings of Asterisk 22.10.1.
#pragma once

#include "app/simulate/happening.hpp"
#include "app/simulate/setup.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::app::simulate {

/// Classes of events that a manager may ask for; a set of bits.
using EventClass = std::uint32_t;
namespace event_class {
inline constexpr EventClass system = 1, agent = 2, dialplan = 4, user = 8, all = 15;
/// "on", "off", "agent,system"…; names we never send are taken and mean nothing.
[[nodiscard]] EventClass parse(std::string_view mask);
}  // namespace event_class

struct AmiEvent {
    EventClass of;
    std::string text;  // whole, with its closing empty line
};

class Pbx {
public:
    Pbx(const Setup& setup, Wall start);
    /// The run begins now after all: happenings count from here. Only before the first of them.
    void begin(Wall start) { start_ = start; }

    /// What is said when this happens; the state moves on.
    [[nodiscard]] std::vector<AmiEvent> apply(const Happening& happening);
    /// The items of the list and its end, without the response before them. Empty filters: all.
    [[nodiscard]] std::string queue_status(
        std::string_view action_id, std::string_view queue, std::string_view member, Wall now
    ) const;
    [[nodiscard]] std::string queue_summary(
        std::string_view action_id, std::string_view queue, Wall now
    ) const;

private:
    struct Channel {
        std::string name, uniqueid, number, caller;
        Wall joined{};
        std::uint32_t original_position{0};
        std::uint32_t queue{0};
        std::string agent_channel, agent_uniqueid;
    };
    struct Membership {
        std::uint32_t calls_taken{0};
        std::int64_t last_call{0};
        bool in_call{false};
    };
    struct Member {
        bool on{false}, paused{false};
        int status{1};  // Asterisk's device states: 1 not in use, 2 in use, 6 ringing
        std::int64_t login_time{0}, last_pause{0};
        std::string_view pause_reason;
        std::map<std::uint32_t, Membership> queues;
    };
    struct Queue {
        std::list<std::uint32_t> waiting;
        std::int64_t holdtime{0}, talktime{0};  // Asterisk's own moving averages, truncating
        std::uint64_t completed{0}, abandoned{0}, completed_in_target{0}, abandoned_in_target{0};
    };

    [[nodiscard]] Wall wall(const Happening& happening) const;
    [[nodiscard]] std::uint32_t position(const Queue& queue, std::uint32_t call) const;
    [[nodiscard]] std::string caller_fields(const Channel& channel, std::uint32_t queue) const;
    [[nodiscard]] std::string agent_fields(const Channel& channel, const Happening& h) const;
    [[nodiscard]] std::string member_fields(std::uint32_t agent, std::uint32_t queue) const;
    [[nodiscard]] std::string member_item(std::uint32_t agent, std::uint32_t queue) const;
    [[nodiscard]] std::string entry_item(std::uint32_t call, std::uint32_t position, Wall now)
        const;
    [[nodiscard]] std::string queue_item(std::uint32_t queue) const;
    [[nodiscard]] AmiEvent queue_status_variable(
        const Channel& channel, std::uint32_t queue, std::string_view value
    ) const;

    using Events = std::vector<AmiEvent>;
    [[nodiscard]] Channel& channel_of(const Happening& h);
    void enter_dialplan(Events& out, const Channel& channel, std::uint32_t queue) const;
    void set_status(Events& out, std::uint32_t agent, int status);
    void member_event(Events& out, std::uint32_t agent, std::string_view name) const;
    void leave(Events& out, const Happening& h);
    void on_offered(Events& out, const Happening& h);
    void on_refused(Events& out, const Happening& h);
    void on_ringing(Events& out, const Happening& h);
    void on_answered(Events& out, const Happening& h);
    void on_left(Events& out, const Happening& h);
    void on_completed(Events& out, const Happening& h);
    void on_pause(Events& out, const Happening& h);
    void on_user_event(Events& out, const Happening& h) const;

    Setup setup_;
    Wall start_;
    std::vector<Queue> queues_;
    std::vector<Member> members_;
    std::map<std::uint32_t, Channel> channels_;
    std::uint64_t next_channel_{0};
};

/// The happening's wait in whole seconds as Asterisk counts them: a difference of truncated clocks.
[[nodiscard]] std::int64_t whole_seconds(Wall from, Wall to);

}  // namespace surged::app::simulate
