#include "io/api/event_fields.hpp"

#include <bit>
#include <fmt/format.h>

namespace surged::io::api {
namespace {

using acd::Event;
using acd::EventType;

constexpr Mask numbers = mask(k_ts, k_wait, k_talk, k_wrap, k_due, k_severity, k_score, k_value);

std::string_view first_name(Mask keys) {
    return key_names[static_cast<std::size_t>(std::countr_zero(keys))];
}

std::string type_words(Mask wrong) {
    const auto key = static_cast<Key>(std::countr_zero(wrong));
    switch (kind_of(key)) {
        case Kind::number:
            return fmt::format("{} is not a number", first_name(wrong));
        case Kind::list:
            return fmt::format("{} is not a list of names", first_name(wrong));
        case Kind::text:
            return fmt::format("{} is not a text", first_name(wrong));
    }
    return {};
}

std::string range_words(Mask wrong) {
    const auto key = static_cast<Key>(std::countr_zero(wrong));
    switch (key) {
        case k_ts:
        case k_due:
            return fmt::format("{} is not Unix seconds between 2000 and 2100", key_names[key]);
        case k_wait:
        case k_talk:
        case k_wrap:
            return fmt::format("{} is not between 0 s and 30 days", key_names[key]);
        case k_severity:
            return "severity is not 1 to 4, or 0 for unknown";
        case k_score:
            return "score is not 1 to 5";
        case k_value:
            return "value is beyond 1e15";
        case k_queues:
            return "queues has a bad name, or more than 256";
        default:
            return fmt::format(
                "{} is longer than 256 bytes or has a control character", key_names[key]
            );
    }
}

// A field that must be one of a few words. An absent one leaves `out` as it is.
template <class Enum>
Outcome take_word(std::string_view key, std::string_view word, std::optional<Enum>& out) {
    if (word.empty()) return std::nullopt;
    out = acd::parse_name<Enum>(word);
    if (!out) return Fault{BadLine::unknown_word, fmt::format("unknown {}", key)};
    return std::nullopt;
}

Outcome take_words(Draft& draft) {
    Event& event = draft.event;
    switch (event.type) {
        case EventType::exited:
            return take_word("reason", draft.reason, event.exit);
        case EventType::refused:
            return take_word("reason", draft.reason, event.refuse);
        case EventType::agent_state:
            event.reason = draft.reason;
            if (event.queues.empty() && !event.queue.empty()) event.queues.push_back(event.queue);
            return take_word("state", draft.state, event.state);
        case EventType::complaint:
            return take_word("status", draft.status, event.status);
        case EventType::reply:
            return take_word("by", draft.by, event.by);
        default:
            return std::nullopt;
    }
}

// What has no meaning for the type is left out, so that the journal does not keep it.
void drop_foreign(Event& event, Mask foreign) {
    const auto has = [&](Key key) { return (foreign & bit(key)) != 0; };
    if (has(k_queue)) event.queue = {};
    if (has(k_call)) event.call = {};
    if (has(k_agent)) event.agent = {};
    if (has(k_caller)) event.caller = {};
    if (has(k_class)) event.klass = {};
    if (has(k_ticket)) event.ticket = {};
    if (has(k_topic)) event.topic = {};
    if (has(k_to)) event.to = {};
    if (has(k_name)) event.name = {};
    if (has(k_wait)) event.wait.reset();
    if (has(k_talk)) event.talk.reset();
    if (has(k_wrap)) event.wrap.reset();
    if (has(k_due)) event.due.reset();
    if (has(k_severity)) event.severity = 0;
    if (has(k_score)) event.score = 0;
    if (has(k_value)) event.value = 0;
    if (has(k_queues)) event.queues.clear();
}

}  // namespace

Outcome finish(Draft& draft, std::string_view site) {
    if ((draft.wrong_type & bit(k_type)) != 0)
        return Fault{BadLine::wrong_type, "type is not a text"};
    if (draft.type.empty()) return Fault{BadLine::missing_field, "type is missing"};
    const auto type = acd::parse_name<EventType>(draft.type);
    if (!type || *type > EventType::heartbeat) return Fault{BadLine::unknown_type, "unknown type"};
    draft.event.type = *type;
    const Shape& shape = shapes[static_cast<std::size_t>(*type)];
    if (const Mask wrong = draft.wrong_type & shape.fields) {
        return Fault{BadLine::wrong_type, type_words(wrong)};
    }
    if (const Mask wrong = draft.out_of_range & shape.fields) {
        return Fault{BadLine::out_of_range, range_words(wrong)};
    }
    if (const Mask missing = (shape.needs | bit(k_ts)) & ~draft.seen) {
        return Fault{BadLine::missing_field, fmt::format("{} is missing", first_name(missing))};
    }
    if (!draft.site.empty() && draft.site != site) {
        return Fault{BadLine::other_site, fmt::format("this token is for the site {}", site)};
    }
    if ((shape.fields & bit(k_channel)) != 0) {
        std::optional<acd::Channel> channel;
        if (auto fault = take_word("channel", draft.channel, channel)) return fault;
        draft.event.channel = channel.value_or(acd::Channel::voice);
    }
    const Mask foreign = draft.seen & ~shape.fields;
    draft.unknown += static_cast<std::uint64_t>(std::popcount(foreign));
    drop_foreign(draft.event, foreign);
    return take_words(draft);
}

std::optional<Key> key_of(std::string_view name) {
    for (std::size_t i = 0; i < key_names.size(); ++i) {
        if (key_names[i] == name) return static_cast<Key>(i);
    }
    return std::nullopt;
}

Kind kind_of(Key key) {
    if (key == k_queues) return Kind::list;
    return (bit(key) & numbers) != 0 ? Kind::number : Kind::text;
}

}  // namespace surged::io::api
