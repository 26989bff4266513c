#include "core/acd/event.hpp"

#include "base/assert.hpp"
#include "base/codec.hpp"

#include <algorithm>
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

// One list of members for both directions: `take` writes or reads a member. Nearly every event has
// none of some of them, which one look tells.
template <class E, class F>
void members(E& e, std::uint32_t bits, F&& take) {
    const auto has = [bits](std::uint32_t any) { return (bits & any) != 0; };
    if (has(has_ts)) take(e.ts);
    if (has(has_id)) take(e.id);
    if (has(has_queue)) take(e.queue);
    if (has(has_call)) take(e.call);
    if (has(has_agent)) take(e.agent);
    constexpr std::uint32_t rare_texts =
        has_caller | has_class | has_ticket | has_topic | has_to | has_name | has_reason;
    if (has(rare_texts)) {
        if (has(has_caller)) take(e.caller);
        if (has(has_class)) take(e.klass);
        if (has(has_ticket)) take(e.ticket);
        if (has(has_topic)) take(e.topic);
        if (has(has_to)) take(e.to);
        if (has(has_name)) take(e.name);
        if (has(has_reason)) take(e.reason);
    }
    if (has(has_channel | has_exit | has_refuse)) {
        if (has(has_channel)) take(e.channel);
        if (has(has_exit)) take(e.exit);
        if (has(has_refuse)) take(e.refuse);
    }
    if (has(has_state)) take(e.state);
    if (has(has_status)) take(e.status);
    if (has(has_by)) take(e.by);
    if (has(has_wait)) take(e.wait);
    if (has(has_talk)) take(e.talk);
    if (has(has_wrap)) take(e.wrap);
    if (has(has_target | has_due | has_severity | has_score | has_value)) {
        if (has(has_target)) take(e.target);
        if (has(has_due)) take(e.due);
        if (has(has_severity)) take(e.severity);
        if (has(has_score)) take(e.score);
        if (has(has_value)) take(e.value);
    }
    if (has(has_queues)) take(e.queues);
    if (has(has_cursor)) take(e.cursor);
    if (has(has_expected)) take(e.expected);
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

// No fewer bytes than it takes. Beside its texts an event has a number for each bit and two before
// them, an interval of the plan six that may be missing.
std::size_t room_for(const Event& e) {
    constexpr std::size_t numbers = 2 + 30 + 6 * 2;
    std::size_t texts = e.id.size() + e.queue.size() + e.call.size() + e.agent.size() +
                        e.caller.size() + e.klass.size() + e.ticket.size() + e.topic.size() +
                        e.to.size() + e.name.size() + e.reason.size() + e.cursor.size();
    for (const std::string_view queue : e.queues) texts += codec::varint_bytes_max + queue.size();
    return numbers * codec::varint_bytes_max + texts;
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
    const std::size_t room = room_for(event);
    std::array<char, 1024> own;  // NOLINT: written before it is read. Nearly every event has room
    std::string more;
    if (room > own.size()) more.resize(room);
    char* const begin = more.empty() ? own.data() : more.data();
    Out out{codec::Room{begin}};
    out(event.type, bits);
    members(event, bits, [&](const auto& member) { put(out, member); });
    const auto size = static_cast<std::size_t>(out.bytes().end() - begin);
    SURGED_ASSERT(size <= room);
    bytes_.append(begin, size);
    ++count_;
}

bool Batch::read(std::size_t& at, Event& event) const {
    __builtin_prefetch(
        bytes_.data() + std::min(at + 512, bytes_.size())
    );  // maybe another core wrote it
    codec::Reader in{std::string_view{bytes_}.substr(at)};
    renew(event);
    std::uint32_t bits = 0;
    in(event.type, bits);
    event.provisional = (bits & is_provisional) != 0;
    members(event, bits, [&](auto& member) { get(in, member); });
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
