// The members of the queues (callers, one entry each) as FreeSWITCH tells of them: by events as
// they come, by tables when it is asked.
//
// The floor does the counting. This remembers what it takes to see a contradiction between the two,
// and to tell a caller who comes back from one who was never gone.
#pragma once

#include "io/source/esl/event.hpp"
#include "io/source/esl/table.hpp"
#include "io/source/esl/writer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace surged::io::esl {

struct Member {
    enum class Phase : std::uint8_t {
        waiting,
        answered,
        parted,  // the bridge failed after all: gone, or waiting again; it is not known yet
        over,
    };
    std::string queue, agent, caller;
    Phase phase{Phase::waiting};
    bool counted{true};       // the floor knows him; not if all we saw was that he was answered
    bool canceled{false};     // over: he left without an agent
    bool concluded{false};    // over: by tables alone
    Wall joined;              // waiting: this entry
    Wall changed;             // answered, parted, over: when
    std::uint32_t heard{0};   // the poll in whose time an event last spoke of him
    std::uint32_t listed{0};  // the poll that last listed him
    std::uint32_t doubts{0};  // polls in a row that contradict what we believe
};

/// What an agent's row says of the call a member's row gives him.
struct Serving {
    bool in_call{false};  // he is in this call, as far as can be seen
    std::optional<Wall> last_bridge_end;
};
using AgentOf = std::function<Serving(std::string_view agent, Wall bridged)>;

class Members {
public:
    static constexpr std::size_t most = 200'000;
    static constexpr std::size_t over_most = 20'000;  // remembered after their end

    explicit Members(Writer& out) : out_{out} {}

    // Events. `wrap`: the agent's wrap-up time, if he has one.
    void joined(const Event& event);  // member-queue-start and -resume
    void offering(const Event& event);
    void bridge_started(const Event& event);
    void bridge_ended(const Event& event, std::optional<Micros> wrap);
    void ended(const Event& event, std::optional<Micros> wrap);

    /// A new connection: what was not seen is decided by the tables that come first.
    void connected() {
        ++poll_;
        first_ = true;
    }
    /// The switch's clock, as any of its events tells it.
    void clock(Wall at) { newest_ = std::max(newest_, at); }
    /// A poll begins; rows and events are of it until end_poll.
    void begin_poll() {
        if (!first_) ++poll_;
        outdated_.clear();
    }
    void row(const Table::Row& row, std::string_view queue, const AgentOf& agent_of);
    /// Who was not listed and not heard of is gone. One contradiction may be an event that is still
    /// under way: it takes two polls, save for the first of a connection. A table that names
    /// somebody as waiting whom an event has ended is older than that event, and proves nothing.
    void end_poll(const AgentOf& agent_of);
    /// All that wait, as rows of a snapshot.
    void snapshot();
    [[nodiscard]] std::size_t waiting() const;

private:
    using Entry = std::map<std::string, Member, std::less<>>::iterator;
    struct Times {
        std::optional<Wall> given;
        Wall at;  // given, or the newest known
    };
    [[nodiscard]] Times times_of(const Event& event);
    [[nodiscard]] acd::Event event_of(acd::EventType type, const Event& event, const Times& times);
    [[nodiscard]] acd::Event event_of(acd::EventType type, Entry entry, std::optional<Wall> ts);
    [[nodiscard]] Entry find(const Event& event);
    Entry add(std::string_view id, std::string_view queue);
    void wait_again(Entry entry);
    void complete(
        const Event& event, std::string_view until, std::optional<Micros> wrap, acd::EventType type
    );
    void finish(Entry entry, std::optional<Wall> end);
    void over(Entry entry, Wall at, bool canceled);
    [[nodiscard]] bool doubted(Member& member);
    void waiting_row(
        Entry entry, std::string_view id, const Table::Row& row, std::string_view queue
    );
    void answered_row(
        Entry entry,
        std::string_view id,
        const Table::Row& row,
        std::string_view queue,
        const AgentOf& agent_of
    );

    Writer& out_;
    std::map<std::string, Member, std::less<>> members_;
    std::deque<std::string> over_;  // oldest first; may name who has come back since
    Wall newest_;
    std::uint32_t poll_{0};
    bool first_{true};
    std::set<std::string, std::less<>> outdated_;  // queues whose table is older than the events
};

}  // namespace surged::io::esl
