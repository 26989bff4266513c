// Who works in which queue, as far as a queue_log tells. Bounded.
//
// The log says who pauses and who talks, not what state he is in: that follows from both, here.
#pragma once

#include "base/hash.hpp"
#include "core/acd/event.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace surged::io::queue_log {

/// Name of a member → his interface.
using MemberNames = std::map<std::string, std::string, std::less<>>;

/// A member's state in these queues is now this one.
struct MemberChange {
    std::string_view member;
    acd::AgentState state{acd::AgentState::available};
    std::string_view reason;  // of a pause
    std::vector<std::string_view> queues;
};

class Members {
public:
    static constexpr std::size_t members_max = 20'000;
    static constexpr std::size_t calls_max = 50'000;

    void added(std::string_view member, std::string_view queue, bool paused);
    void removed(std::string_view member, std::string_view queue);
    /// In one queue, or in all he is known in if `queue` is empty.
    void paused(
        std::string_view member, std::string_view queue, bool paused, std::string_view reason
    );
    void present(std::string_view member, bool there);
    /// He talks with this call until it has ended; both lines may come in either order.
    void connected(std::string_view member, std::string_view queue, std::string_view call);
    void ended(std::string_view call);
    /// The PBX has started: nobody talks.
    void all_calls_ended();

    /// What has changed since the last call; its texts live until the next call of any of these.
    [[nodiscard]] std::vector<MemberChange> take_changes();

private:
    template <class V>
    using Table = std::unordered_map<std::string, V, TextHash, std::equal_to<>>;
    struct Seat {
        bool paused{false};
        bool told{false};
        acd::AgentState state{acd::AgentState::offline};  // as told
        std::string reason;
    };
    struct Member {
        std::map<std::string, Seat, std::less<>> seats;  // by queue
        std::size_t calls{0};
        bool off{false};      // logged off
        bool touched{false};  // look at him again
    };
    using Entry = Table<Member>::value_type;

    Entry* find(std::string_view member, bool create);
    void touch(Entry& entry);
    [[nodiscard]] static acd::AgentState state_of(const Member& member, const Seat& seat);

    Table<Member> members_;
    Table<Entry*> talking_;                // by call; entries are stable
    std::deque<std::string> ended_early_;  // calls whose end came before their beginning
    std::vector<Entry*> touched_;
    struct Gone {
        std::string member, queue;
    };
    std::vector<Gone> gone_;       // removed since the last take
    std::vector<Gone> gone_told_;  // what the last take's texts point to
};

}  // namespace surged::io::queue_log
