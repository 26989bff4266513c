#include "core/acd/event.hpp"

#include "base/assert.hpp"
#include "base/codec.hpp"

#include <array>
#include <memory>
#include <utility>

namespace surged::acd {
namespace {

constexpr std::array<std::string_view, event_types> type_names{
    "offered",      "answered",       "abandoned",      "exited",         "refused",
    "completed",    "transferred",    "agent_state",    "reply",          "complaint",
    "survey",       "gauge",          "heartbeat",      "left",           "settled",
    "stopping",     "snapshot_begin", "snapshot_queue", "snapshot_agent", "snapshot_call",
    "snapshot_end", "started",        "expected",       "counted"
};
constexpr std::array<std::string_view, 5> channel_names{
    "voice", "chat", "email", "social", "front_desk"
};
constexpr std::array<std::string_view, exit_reasons> exit_names{
    "timeout", "key", "empty", "withdrawn", "shutdown", "unknown"
};
constexpr std::array<std::string_view, 2> refuse_names{"full", "empty"};
constexpr std::array<std::string_view, agent_states> state_names{
    "available", "busy", "wrap", "paused", "offline"
};
constexpr std::array<std::string_view, 3> status_names{"opened", "assigned", "closed"};
constexpr std::array<std::string_view, 3> by_names{"agent", "robot", "customer"};

template <class Enum, std::size_t N>
std::optional<Enum> find(const std::array<std::string_view, N>& names, std::string_view word) {
    for (std::size_t i = 0; i < N; ++i)
        if (names[i] == word) return static_cast<Enum>(i);
    return std::nullopt;
}

// Which members follow in the record; the bit order is the order of the members.
enum Bit : std::uint32_t {
    has_ts = 1U << 0,
    has_id = 1U << 1,
    has_queue = 1U << 2,
    has_call = 1U << 3,
    has_agent = 1U << 4,
    has_caller = 1U << 5,
    has_class = 1U << 6,
    has_ticket = 1U << 7,
    has_topic = 1U << 8,
    has_to = 1U << 9,
    has_name = 1U << 10,
    has_reason = 1U << 11,
    has_channel = 1U << 12,
    has_exit = 1U << 13,
    has_refuse = 1U << 14,
    has_state = 1U << 15,
    has_status = 1U << 16,
    has_by = 1U << 17,
    has_wait = 1U << 18,
    has_talk = 1U << 19,
    has_wrap = 1U << 20,
    has_target = 1U << 21,
    has_due = 1U << 22,
    has_severity = 1U << 23,
    has_score = 1U << 24,
    has_value = 1U << 25,
    is_provisional = 1U << 26,
    has_queues = 1U << 27,
    has_cursor = 1U << 28,
    has_expected = 1U << 29,
};

std::uint32_t presence(const Event& e) {
    const auto bit = [](bool there, Bit b) { return there ? static_cast<std::uint32_t>(b) : 0U; };
    return bit(e.ts.has_value(), has_ts) | bit(!e.id.empty(), has_id) |
           bit(!e.queue.empty(), has_queue) | bit(!e.call.empty(), has_call) |
           bit(!e.agent.empty(), has_agent) | bit(!e.caller.empty(), has_caller) |
           bit(!e.klass.empty(), has_class) | bit(!e.ticket.empty(), has_ticket) |
           bit(!e.topic.empty(), has_topic) | bit(!e.to.empty(), has_to) |
           bit(!e.name.empty(), has_name) | bit(!e.reason.empty(), has_reason) |
           bit(e.channel != Channel::voice, has_channel) | bit(e.exit.has_value(), has_exit) |
           bit(e.refuse.has_value(), has_refuse) | bit(e.state.has_value(), has_state) |
           bit(e.status.has_value(), has_status) | bit(e.by.has_value(), has_by) |
           bit(e.wait.has_value(), has_wait) | bit(e.talk.has_value(), has_talk) |
           bit(e.wrap.has_value(), has_wrap) | bit(e.target.has_value(), has_target) |
           bit(e.due.has_value(), has_due) | bit(e.severity != 0, has_severity) |
           bit(e.score != 0, has_score) |
           bit(e.type == EventType::gauge || e.type == EventType::counted, has_value) |
           bit(e.provisional, is_provisional) | bit(!e.queues.empty(), has_queues) |
           bit(!e.cursor.empty(), has_cursor) | bit(e.expected.has_value(), has_expected);
}

// One list of members for both directions: `take` writes or reads a member if its bit is set.
template <class E, class F>
void members(E& e, F&& take) {
    take(has_ts, e.ts);
    take(has_id, e.id);
    take(has_queue, e.queue);
    take(has_call, e.call);
    take(has_agent, e.agent);
    take(has_caller, e.caller);
    take(has_class, e.klass);
    take(has_ticket, e.ticket);
    take(has_topic, e.topic);
    take(has_to, e.to);
    take(has_name, e.name);
    take(has_reason, e.reason);
    take(has_channel, e.channel);
    take(has_exit, e.exit);
    take(has_refuse, e.refuse);
    take(has_state, e.state);
    take(has_status, e.status);
    take(has_by, e.by);
    take(has_wait, e.wait);
    take(has_talk, e.talk);
    take(has_wrap, e.wrap);
    take(has_target, e.target);
    take(has_due, e.due);
    take(has_severity, e.severity);
    take(has_score, e.score);
    take(has_value, e.value);
    take(has_queues, e.queues);
    take(has_cursor, e.cursor);
    take(has_expected, e.expected);
}

using Out = codec::WriterTo<codec::Room>;

template <class T>
void put(Out& out, const std::optional<T>& v) {
    SURGED_ASSERT(v.has_value());  // the mask says so
    out.write(*v);
}
template <class T>
void put(Out& out, const T& v) {
    out.write(v);
}

// No fewer bytes than `put` takes.
constexpr std::size_t room_for_number = codec::varint_bytes_max;
template <class T>
std::size_t room_for(const T& /*number*/) {
    return room_for_number;
}
std::size_t room_for(std::string_view text) { return room_for_number + text.size(); }
std::size_t room_for(const std::vector<std::string_view>& texts) {
    std::size_t out = room_for_number;
    for (const std::string_view text : texts) out += room_for(text);
    return out;
}
std::size_t room_for(const std::optional<Expected>& /*six numbers*/) {
    return 6 * (1 + room_for_number);
}

template <class T>
void get(codec::Reader& in, std::optional<T>& v) {
    T item{};
    in.read(item);
    v = item;
}
void get(codec::Reader& in, std::string_view& v) { v = in.text(); }
void get(codec::Reader& in, std::vector<std::string_view>& v) {
    for (auto n = in.varint(); n > 0 && in.ok(); --n) v.push_back(in.text());
}
template <class T>
void get(codec::Reader& in, T& v) {
    in.read(v);
}

// As a new one, made in place; the memory of its queues serves the next that has some.
void renew(Event& event) {
    auto queues = std::move(event.queues);
    queues.clear();
    std::destroy_at(&event);
    std::construct_at(&event);
    event.queues = std::move(queues);
}

bool in_range(const Event& e) {
    const auto below = [](auto v, std::size_t n) { return static_cast<std::size_t>(v) < n; };
    return below(e.type, event_types) && below(e.channel, channel_names.size()) &&
           (!e.exit || below(*e.exit, exit_reasons)) && (!e.refuse || below(*e.refuse, 2)) &&
           (!e.state || below(*e.state, agent_states)) && (!e.status || below(*e.status, 3)) &&
           (!e.by || below(*e.by, 3));
}

}  // namespace

std::string_view name_of(EventType v) { return type_names[static_cast<std::size_t>(v)]; }
std::string_view name_of(Channel v) { return channel_names[static_cast<std::size_t>(v)]; }
std::string_view name_of(ExitReason v) { return exit_names[static_cast<std::size_t>(v)]; }
std::string_view name_of(RefuseReason v) { return refuse_names[static_cast<std::size_t>(v)]; }
std::string_view name_of(AgentState v) { return state_names[static_cast<std::size_t>(v)]; }
std::string_view name_of(TicketStatus v) { return status_names[static_cast<std::size_t>(v)]; }
std::string_view name_of(ReplyBy v) { return by_names[static_cast<std::size_t>(v)]; }

template <>
std::optional<EventType> parse_name(std::string_view word) {
    return find<EventType>(type_names, word);
}
template <>
std::optional<Channel> parse_name(std::string_view word) {
    return find<Channel>(channel_names, word);
}
template <>
std::optional<ExitReason> parse_name(std::string_view word) {
    return find<ExitReason>(exit_names, word);
}
template <>
std::optional<RefuseReason> parse_name(std::string_view word) {
    return find<RefuseReason>(refuse_names, word);
}
template <>
std::optional<AgentState> parse_name(std::string_view word) {
    return find<AgentState>(state_names, word);
}
template <>
std::optional<TicketStatus> parse_name(std::string_view word) {
    return find<TicketStatus>(status_names, word);
}
template <>
std::optional<ReplyBy> parse_name(std::string_view word) {
    return find<ReplyBy>(by_names, word);
}

void Batch::append(const Event& event) {
    const std::uint32_t bits = presence(event);
    const std::size_t before = bytes_.size();
    std::size_t room = 2 * room_for_number;
    members(event, [&](Bit bit, const auto& member) {
        if ((bits & bit) != 0) room += room_for(member);
    });
    bytes_.resize(before + room);
    Out out{codec::Room{bytes_.data() + before}};
    out(event.type, bits);
    members(event, [&](Bit bit, const auto& member) {
        if ((bits & bit) != 0) put(out, member);
    });
    const auto size = static_cast<std::size_t>(out.bytes().end() - bytes_.data());
    SURGED_ASSERT(size <= bytes_.size());
    bytes_.resize(size);
    ++count_;
}

bool Batch::read(std::size_t& at, Event& event) const {
    codec::Reader in{std::string_view{bytes_}.substr(at)};
    renew(event);
    std::uint32_t bits = 0;
    in(event.type, bits);
    event.provisional = (bits & is_provisional) != 0;
    members(event, [&](Bit bit, auto& member) {
        if ((bits & bit) != 0) get(in, member);
    });
    at = bytes_.size() - in.rest().size();
    return in.ok() && in_range(event);
}

bool Batch::well_formed() const {
    Event event;
    std::size_t at = 0;
    for (std::size_t i = 0; i < count_; ++i)
        if (!read(at, event)) return false;
    return at == bytes_.size();
}

}  // namespace surged::acd
