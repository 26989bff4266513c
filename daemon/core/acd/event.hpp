// What a PBX, a webhook or a person tells about calls and agents, free of any vendor's words.
//
// A Batch is both the unit of input and the journal's blob: events are encoded once, when they are
// decoded from the wire, and every later reader (step, replay, backtest) walks the same bytes.
#pragma once

#include "base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::acd {

enum class EventType : std::uint8_t {
    offered,
    answered,
    abandoned,
    exited,
    refused,
    completed,
    transferred,
    agent_state,
    reply,
    complaint,
    survey,
    gauge,
    heartbeat,
    // From here on only connectors speak, never an HTTP client:
    left,            // gone from the queue; `answered`, `abandoned` or `settled` for it may follow
    settled,         // the PBX's own word on why a caller left: `exit`, or abandoned if none
    stopping,        // the PBX is going down: abandons held for this source are shutdown exits
    snapshot_begin,  // what follows to snapshot_end is the PBX's whole view, at one instant
    snapshot_queue,  // a queue exists; `target` its service level threshold if the PBX has one
    snapshot_agent,  // one member row: queue, agent, state
    snapshot_call,   // one caller waiting: queue, call, wait (offered at now - wait if unknown)
    snapshot_end,    // calls and agents of this source that were not named are gone
    started,         // the PBX has started anew: the calls of before are over, nobody knows how
    // The numbers are in journals, so what is new stands at the end; an HTTP client may say this:
    expected,  // one interval of the plan of the day
    // … and this again only connectors: what a quarter hour from `ts` on counted before surged was
    // there; `name` is the KPI, `value` its count. It seeds what is usual and counts nowhere else.
    counted,
};
inline constexpr auto event_types = static_cast<std::size_t>(EventType::counted) + 1;

enum class Channel : std::uint8_t { voice, chat, email, social, front_desk };
enum class ExitReason : std::uint8_t { timeout, key, empty, withdrawn, shutdown, unknown };
inline constexpr std::size_t exit_reasons = 6;
enum class RefuseReason : std::uint8_t { full, empty };
inline constexpr std::size_t refuse_reasons = 2;
enum class AgentState : std::uint8_t { available, busy, wrap, paused, offline };
inline constexpr std::size_t agent_states = 5;
enum class TicketStatus : std::uint8_t { opened, assigned, closed };
enum class ReplyBy : std::uint8_t { agent, robot, customer };

/// Names as in interface.md, Events; nullopt for a word that is not one.
[[nodiscard]] std::string_view name_of(EventType type);
[[nodiscard]] std::string_view name_of(Channel channel);
[[nodiscard]] std::string_view name_of(ExitReason reason);
[[nodiscard]] std::string_view name_of(RefuseReason reason);
[[nodiscard]] std::string_view name_of(AgentState state);
[[nodiscard]] std::string_view name_of(TicketStatus status);
[[nodiscard]] std::string_view name_of(ReplyBy by);
template <class Enum>
[[nodiscard]] std::optional<Enum> parse_name(std::string_view word);

/// What operations expect of one interval, from ≤ t < to: a line of the plan of the day.
struct Expected {
    Wall from, to;
    std::int64_t offered{0};             // contacts, in millionths; never negative
    std::optional<std::int32_t> agents;  // heads planned
    std::optional<std::int32_t> lines;   // lines planned
    std::optional<Micros> handle;        // handle time planned
    template <class A>
    void fields(A& a) {
        a(from, to, offered, agents, lines, handle);
    }
    bool operator==(const Expected&) const = default;
};

/// One event. Text members point into whoever made it: a Batch when read, a decoder when written.
struct Event {
    EventType type{EventType::heartbeat};
    std::optional<Wall> ts;  // when it happened by the sender's clock; none: at arrival
    std::string_view id;     // the sender's own id; seen twice from a source, accepted once
    std::string_view queue;
    std::string_view call;    // unique within its source
    std::string_view agent;   // the interface or login, never a person's name
    std::string_view caller;  // opaque CallerRef (pseudonym), never a number
    std::string_view klass;   // "vip"; empty is "normal"
    std::string_view ticket, topic;
    std::string_view to;      // transferred: where to
    std::string_view name;    // gauge: its name
    std::string_view reason;  // agent_state: pause reason
    Channel channel{Channel::voice};
    std::optional<ExitReason> exit;
    std::optional<RefuseReason> refuse;
    std::optional<AgentState> state;
    std::optional<TicketStatus> status;
    std::optional<ReplyBy> by;
    std::optional<Micros> wait, talk, wrap;  // never negative
    std::optional<Micros> target;            // snapshot_queue: service level threshold T
    std::optional<Wall> due;                 // complaint: when it becomes overdue
    std::int32_t severity{0};                // complaint: 1 critical … 4 low; 0 unknown
    std::int32_t score{0};                   // survey
    double value{0};                         // gauge; finite
    bool provisional{false};                 // abandoned: the PBX may still say otherwise; held
    std::vector<std::string_view> queues;    // agent_state: all the queues it is for
    std::optional<Expected> expected;
    std::string_view cursor;  // how far the source has read, in its own words; kept, and given back
};  // to it after a restart

/// Events of one source and site in the order it sent them, encoded back to back.
class Batch {
public:
    Batch() = default;
    /// The event's texts must not stand in this batch.
    void append(const Event& event);
    /// Room for so many bytes of events in all.
    void reserve(std::size_t bytes) { bytes_.reserve(bytes); }
    [[nodiscard]] std::size_t size() const { return count_; }
    [[nodiscard]] bool empty() const { return count_ == 0; }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }
    void clear() {
        bytes_.clear();
        count_ = 0;
    }

    /// Walks the events; text members point into this batch. `visit(std::size_t index, const
    /// Event&)`.
    template <class F>
    void for_each(F&& visit) const {
        Event event;
        std::size_t at = 0;
        for (std::size_t i = 0; i < count_; ++i) {
            if (!read(at, event)) return;
            visit(i, event);
        }
    }
    /// … and calls `ahead(std::size_t index, const Event&)` for each while up to two more are to be
    /// visited before it, so that what it will need can be on its way from memory.
    template <class A, class F>
    void for_each(A&& ahead, F&& visit) const {
        std::array<Event, 3> events;
        std::size_t at = 0, known = 0;
        bool more = true;
        const auto look = [&] {
            Event& next = events[known % events.size()];
            more = more && known < count_ && read(at, next);
            if (!more) return;
            ahead(known, std::as_const(next));
            ++known;
        };
        look();
        look();
        for (std::size_t i = 0; i < known; ++i) {
            look();
            visit(i, std::as_const(events[i % events.size()]));
        }
    }
    template <class A>
    void fields(A& a) {
        a(count_, bytes_);
    }
    /// True if every event can be read and nothing is left over: for bytes from a journal.
    [[nodiscard]] bool well_formed() const;
    bool operator==(const Batch&) const = default;

private:
    [[nodiscard]] bool read(std::size_t& at, Event& event) const;
    std::string bytes_;
    std::size_t count_{0};
};

}  // namespace surged::acd
