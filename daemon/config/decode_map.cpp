// A webhook map, from its own file or from those that come with surged.
#include "config/decode.hpp"
#include "core/acd/event.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>

namespace surged::config {
namespace {

constexpr std::size_t most_events = 200;

/// The fields of an event that a map may fill, in the order of the reference.
constexpr std::array<std::string_view, 25> field_names{
    "type",   "ts",     "id",       "queue",  "call", "agent", "caller", "class", "channel",
    "ticket", "topic",  "severity", "status", "due",  "to",    "name",   "value", "reason",
    "state",  "queues", "by",       "wait",   "talk", "wrap",  "score"
};

bool is_number(std::string_view text) {
    double number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && stop == text.data() + text.size();
}

template <class Enum>
bool is_one(std::string_view word) {
    return acd::parse_name<Enum>(word).has_value();
}

/// True if `word` can stand in the field; `type` is the entry's if it is always the same.
bool fits(std::string_view field, std::string_view word, std::string_view type) {
    if (field == "type") {
        const auto known = acd::parse_name<acd::EventType>(word);
        return known && *known <= acd::EventType::heartbeat;
    }
    if (field == "status") return is_one<acd::TicketStatus>(word);
    if (field == "state") return is_one<acd::AgentState>(word);
    if (field == "by") return is_one<acd::ReplyBy>(word);
    if (field == "channel") return is_one<acd::Channel>(word);
    if (field == "reason" && type == "exited") return is_one<acd::ExitReason>(word);
    if (field == "reason" && type == "refused") return is_one<acd::RefuseReason>(word);
    if (field == "severity" || field == "score" || field == "value") return is_number(word);
    return true;
}

void check_word(
    const Cursor& at, std::string_view field, std::string_view word, std::string_view type
) {
    if (!fits(field, word, type))
        at.say(fmt::format("{} is no {} of an event", shown(word), field), "see http-api.md");
}

std::vector<Reference> references_of(const Cursor& at) {
    std::vector<Reference> out;
    const auto one = [&](const Cursor& each) {
        const auto parsed = each.value<Reference>(
            [](std::string_view text) -> Parsed<Reference> {
                auto made = parse_reference(text);
                if (made) return *made;
                return tl::make_unexpected(
                    Complaint{fmt::format("{}: {}", shown(text), made.error().what), "", ""}
                );
            },
            "/a/pointer, top:/a/pointer, header:name or query:name"
        );
        if (parsed) out.push_back(*parsed);
    };
    if (at.node().kind == Node::Kind::list) {
        for (const Cursor& item : at.items()) one(item);
    } else {
        one(at);
    }
    return out;
}

std::vector<Reference> references_at(const Cursor& at, std::string_view key) {
    const auto found = at.get(key);
    return found ? references_of(*found) : std::vector<Reference>{};
}

void read_zone(const Cursor& at, DocumentValue& out) {
    if (out.time != TimeForm::local) return;
    const auto zone = at.get("zone");
    if (!zone) return at.say("time: local needs a zone", "an IANA name such as Asia/Shanghai");
    const auto loaded = zone->value<plan::Zone>(load_zone, "an IANA name such as Asia/Shanghai");
    if (!loaded) return;
    for (const plan::Zone::Change& change : loaded->changes)
        out.zone.push_back({change.from.us, change.offset_s});
}

TimeForm time_form(std::string_view word) {
    if (word == "unix") return TimeForm::unix_s;
    if (word == "unix_ms") return TimeForm::unix_ms;
    return word == "local" ? TimeForm::local : TimeForm::rfc3339;
}

std::int64_t unit_us(std::string_view word) {
    if (word == "ms") return 1'000;
    if (word == "m") return 60'000'000;
    return word == "h" ? 3'600'000'000 : 1'000'000;
}

/// `{at: …, table: …}` and so on.
DocumentValue long_value(const Cursor& at, std::string_view field, std::string_view type) {
    DocumentValue out;
    if (!at.is_map()) return out;
    if (at.has("const") == at.has("at")) at.say("a field has either const or at", "one of the two");
    if (at.has("const")) out.constant = at.text("const");
    if (at.has("at")) out.at = references_at(at, "at");
    if (const auto item = at.get("item")) {
        const auto path = parse_pointer(item->text());
        if (path) out.item = *path;
        if (!path) item->say(shown(item->text()) + " is no JSON pointer", "/name");
    }
    out.after_last = at.text("after_last");
    out.table = table_at(at, "table");
    if (const auto fallback = at.get("default")) {
        out.fallback = fallback->text();
        check_word(*fallback, field, *out.fallback, type);
    }
    out.prefix = at.text("prefix");
    out.time = time_form(at.choice("time"));
    read_zone(at, out);
    out.unit_us = unit_us(at.choice("unit"));
    if (out.prefix.empty()) {
        if (out.constant) check_word(at, field, *out.constant, type);
        for (const auto& [from, to] : out.table) check_word(at, field, to, type);
    }
    return out;
}

DocumentValue value_of(const Cursor& at, std::string_view field, std::string_view type) {
    DocumentValue out;
    if (at.node().kind == Node::Kind::map) return long_value(at.as("field"), field, type);
    const bool list = at.node().kind == Node::Kind::list;
    if (list || looks_like_reference(at.node().text)) {
        out.at = references_of(at);
    } else {
        out.constant = at.text();
        check_word(at, field, *out.constant, type);
    }
    return out;
}

DocumentTest test_of(const Cursor& at) {
    DocumentTest out;
    if (!at.is_map()) return out;
    out.at = references_at(at, "at");
    out.in = words_at(at, "in");
    if (at.has("equals")) out.in.push_back(at.text("equals"));
    out.like = words_at(at, "like");
    out.has = words_at(at, "has");
    if (at.has("exists")) out.exists = at.boolean("exists");
    if (out.in.empty() && out.like.empty() && out.has.empty() && !out.exists)
        at.say("this tests nothing", "equals, in, like, has or exists");
    return out;
}

std::vector<DocumentTest> tests_at(const Cursor& at, std::string_view key) {
    std::vector<DocumentTest> out;
    if (const auto list = at.get(key))
        for (const Cursor& item : list->items()) out.push_back(test_of(item.as("test")));
    return out;
}

DocumentRule rule_of(const Cursor& at) {
    DocumentRule out;
    if (!at.is_map()) return out;
    out.when = tests_at(at, "when");
    out.unless = tests_at(at, "unless");
    std::string type;
    for (const std::string_view field : field_names) {
        const auto found = at.get(field);
        if (!found) continue;
        DocumentValue value = value_of(*found, field, type);
        if (field == "type") type = value.constant.value_or("");
        out.fields.emplace_back(field, std::move(value));
    }
    return out;
}

DocumentMap whole_map(const Cursor& top) {
    DocumentMap out;
    if (!top.is_map()) return out;
    out.name = top.name("map");
    if (top.has("each")) {
        const auto each = references_at(top, "each");
        if (!each.empty()) out.each = each.front();
    }
    out.id = references_at(top, "id");
    const auto events = top.get("events");
    if (!events) return out;
    const auto items = events->items();
    if (items.empty()) events->say("an empty list", "at least one event");
    if (items.size() > most_events)
        events->say(fmt::format("{} events", items.size()), fmt::format("at most {}", most_events));
    for (const Cursor& item : items)
        if (!item.enough()) out.rules.push_back(rule_of(item));
    return out;
}

}  // namespace

std::vector<std::string> words_at(const Cursor& at, std::string_view key) {
    std::vector<std::string> out;
    const auto found = at.get(key);
    if (!found) return out;
    if (found->node().kind == Node::Kind::list) {
        for (const Cursor& item : found->items()) out.push_back(item.text());
    } else {
        out.push_back(found->text());
    }
    return out;
}

std::map<std::string, std::string> table_at(const Cursor& at, std::string_view key) {
    std::map<std::string, std::string> out;
    const auto found = at.get(key);
    if (!found) return out;
    if (found->node().kind != Node::Kind::map) {
        found->say(std::string{describe(found->node())}, "a map of words");
        return out;
    }
    for (const Node::Entry& entry : found->keys()) {
        if (entry.value->kind == Node::Kind::scalar && !entry.value->text.empty()) {
            out.emplace(entry.key, entry.value->text);
        } else {
            found->say_at(
                entry.key, fmt::format("what {} becomes is no word", shown(entry.key)), "a word"
            );
        }
    }
    return out;
}

DocumentMap decode_map(const Cursor& at, std::string_view key, const std::string& folder) {
    const std::string named = at.text(key);
    if (named.empty()) return {};
    std::vector<std::string_view> names;
    for (const ShippedMap& shipped : shipped_maps()) {
        names.push_back(shipped.name);
        if (shipped.name != named) continue;
        const std::string file = fmt::format("the map {}", named);
        const Document document = Document::parse(file, shipped.text, at.report());
        return document.root() == nullptr ? DocumentMap{}
                                          : whole_map({document, File::map, at.report()});
    }
    if (named.find('/') == std::string::npos && !named.ends_with(".yaml")) {
        at.say_at(
            key,
            fmt::format("no map {} comes with surged", shown(named)),
            one_of(names) + ", or the path of a file",
            nearest(named, names)
        );
        return {};
    }
    const std::string path = absolute(folder, named);
    const auto bytes = read_file(path, Bounds::bytes);
    if (!bytes) {
        at.say_at(key, fmt::format("{}: {}", path, bytes.error().what), "the file of a map");
        return {};
    }
    const Document document = Document::parse(path, *bytes, at.report());
    if (document.root() == nullptr) return {};
    return whole_map({document, File::map, at.report()});
}

}  // namespace surged::config
