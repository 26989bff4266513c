#include "io/api/event_fields.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <fmt/format.h>
#include <memory>

namespace surged::io::api {
namespace {

using acd::Event;
using acd::EventType;

constexpr double ts_least = 946'684'800;   // 2000-01-01
constexpr double ts_most = 4'102'444'800;  // 2100-01-01
constexpr double duration_most = 30 * 86'400;
constexpr std::size_t text_bytes_max = 256;
constexpr std::size_t queues_max = 256;

bool is_clean(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
}
bool is_fit(const Draft& draft, std::string_view text) {
    return text.size() <= text_bytes_max && (draft.printable || is_clean(text));
}

// `number` if it is in range, else 0 and noted; NaN is in no range.
double bounded(Draft& draft, Key key, double number, double least, double most) {
    if (number >= least && number <= most) return number;
    draft.out_of_range |= bit(key);
    return 0;
}

std::int32_t whole(Draft& draft, Key key, double number, double least, double most) {
    const double inside = bounded(draft, key, number, least, most);
    if (inside != std::floor(inside)) draft.out_of_range |= bit(key);
    return static_cast<std::int32_t>(inside);
}

std::int64_t to_micros(double seconds) { return std::llround(seconds * 1e6); }

Wall time_of(Draft& draft, Key key, double seconds) {
    return Wall{to_micros(bounded(draft, key, seconds, ts_least, ts_most))};
}

Micros span_of(Draft& draft, Key key, double seconds) {
    return Micros{to_micros(bounded(draft, key, seconds, 0, duration_most))};
}

std::string_view* text_member(Draft& draft, Key key) {
    Event& event = draft.event;
    switch (key) {
        case k_id:
            return &event.id;
        case k_type:
            return &draft.type;
        case k_site:
            return &draft.site;
        case k_queue:
            return &event.queue;
        case k_call:
            return &event.call;
        case k_agent:
            return &event.agent;
        case k_caller:
            return &event.caller;
        case k_class:
            return &event.klass;
        case k_channel:
            return &draft.channel;
        case k_ticket:
            return &event.ticket;
        case k_topic:
            return &event.topic;
        case k_to:
            return &event.to;
        case k_name:
            return &event.name;
        case k_reason:
            return &draft.reason;
        case k_state:
            return &draft.state;
        case k_status:
            return &draft.status;
        case k_by:
            return &draft.by;
        default:
            return nullptr;
    }
}

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
        case k_from:
        case k_until:
            return fmt::format("{} is not Unix seconds between 2000 and 2100", key_names[key]);
        case k_wait:
        case k_talk:
        case k_wrap:
        case k_handle:
            return fmt::format("{} is not between 0 s and 30 days", key_names[key]);
        case k_severity:
            return "severity is not 1 to 4, or 0 for unknown";
        case k_score:
            return "score is not 1 to 5";
        case k_value:
            return "value is beyond 1e15";
        case k_offered:
            return "offered is not 0 to 1,000,000";
        case k_agents:
        case k_lines:
            return fmt::format("{} is not a whole number from 0 to 1,000,000", key_names[key]);
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

// An interval of the plan of the day runs forward, and for a day at most.
Outcome take_interval(Event& event) {
    if (event.type != EventType::expected) {
        event.expected.reset();
        return std::nullopt;
    }
    constexpr std::int64_t day_us = 86'400'000'000;
    const std::int64_t length = event.expected->to.us - event.expected->from.us;
    if (length > 0 && length <= day_us) return std::nullopt;
    return Fault{BadLine::out_of_range, "until is not after from, or more than a day after it"};
}

}  // namespace

Outcome finish(Draft& draft, std::string_view site) {
    if ((draft.wrong_type & bit(k_type)) != 0)
        return Fault{BadLine::wrong_type, "type is not a text"};
    if (draft.type.empty()) return Fault{BadLine::missing_field, "type is missing"};
    const auto type = acd::parse_name<EventType>(draft.type);
    const Shape* const known = type ? shape_of(*type) : nullptr;
    if (known == nullptr) return Fault{BadLine::unknown_type, "unknown type"};
    draft.event.type = *type;
    const Shape& shape = *known;
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
    if (auto fault = take_interval(draft.event)) return fault;
    return take_words(draft);
}

void renew(Draft& draft) {
    auto queues = std::move(draft.event.queues);
    queues.clear();
    std::destroy_at(&draft);  // in place: it is not built elsewhere and moved
    std::construct_at(&draft);
    draft.event.queues = std::move(queues);
}

void put_text(Draft& draft, Key key, std::string_view text) {
    std::string_view* const member = text_member(draft, key);
    if (member == nullptr) return;
    *member = text;
    if (!is_fit(draft, text)) draft.out_of_range |= bit(key);
    if (text.empty()) draft.seen &= ~bit(key);  // an empty text is a field left out
}

namespace {

constexpr double planned_most = 1'000'000;

void put_planned(Draft& draft, Key key, double number) {
    if ((bit(key) & mask(k_from, k_until, k_offered, k_agents, k_lines, k_handle)) == 0) return;
    acd::Expected& out =
        draft.event.expected ? *draft.event.expected : draft.event.expected.emplace();
    switch (key) {
        case k_from:
            out.from = time_of(draft, key, number);
            break;
        case k_until:
            out.to = time_of(draft, key, number);
            break;
        case k_offered:
            out.offered = to_micros(bounded(draft, key, number, 0, planned_most));
            break;
        case k_agents:
            out.agents = whole(draft, key, number, 0, planned_most);
            break;
        case k_lines:
            out.lines = whole(draft, key, number, 0, planned_most);
            break;
        default:
            out.handle = span_of(draft, key, number);
            break;
    }
}

}  // namespace

void put_number(Draft& draft, Key key, double number) {
    Event& event = draft.event;
    switch (key) {
        case k_ts:
            event.ts = time_of(draft, key, number);
            break;
        case k_due:
            event.due = time_of(draft, key, number);
            break;
        case k_wait:
            event.wait = span_of(draft, key, number);
            break;
        case k_talk:
            event.talk = span_of(draft, key, number);
            break;
        case k_wrap:
            event.wrap = span_of(draft, key, number);
            break;
        case k_severity:
            event.severity = whole(draft, key, number, 0, 4);
            break;
        case k_score:
            event.score = whole(draft, key, number, 1, 5);
            break;
        case k_value:
            event.value = bounded(draft, key, number, -1e15, 1e15);
            break;
        default:
            put_planned(draft, key, number);
            break;
    }
}

void put_queue(Draft& draft, std::string_view queue) {
    if (queue.empty() || !is_fit(draft, queue)) draft.out_of_range |= bit(k_queues);
    if (draft.event.queues.size() < queues_max) {
        draft.event.queues.push_back(queue);
    } else {
        draft.out_of_range |= bit(k_queues);
    }
}

const Shape* shape_of(EventType type) {
    if (type <= EventType::heartbeat) return &shapes[static_cast<std::size_t>(type)];
    return type == EventType::expected ? &shapes.back() : nullptr;
}

}  // namespace surged::io::api
