// What a Cursor reads: values by type and range of the key table.
#include "base/assert.hpp"
#include "config/cursor.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace surged::config {
namespace {

constexpr std::size_t most_globs = 1000;

template <class T>
struct Range {
    T low, high;
};

/// "1..65535" of the key table, each end read by `parse`.
template <class T>
std::optional<Range<T>> range_of(const Key& key, Parsed<T> (*parse)(std::string_view)) {
    const std::size_t dots = key.range.find("..");
    if (dots == std::string_view::npos) return std::nullopt;
    const auto low = parse(key.range.substr(0, dots));
    const auto high = parse(key.range.substr(dots + 2));
    SURGED_ASSERT(low && high);
    return Range<T>{*low, *high};
}

std::string expected_range(const Key& key) {
    std::string out = with_article(key.type == Type::durations ? Type::duration : key.type);
    const std::size_t dots = key.range.find("..");
    if (dots == std::string_view::npos) return out;
    return out +
           fmt::format(" from {} to {}", key.range.substr(0, dots), key.range.substr(dots + 2));
}

/// `parse`, then the range of the key table.
template <class T>
std::optional<T> in_range(const Cursor& at, const Key& key, Parsed<T> (*parse)(std::string_view)) {
    const auto bounds = range_of<T>(key, parse);
    const auto checked = [&](std::string_view text) -> Parsed<T> {
        auto parsed = parse(text);
        if (!parsed || !bounds || (*parsed >= bounds->low && *parsed <= bounds->high))
            return parsed;
        return tl::make_unexpected(Complaint{shown(text) + " is out of range", "", ""});
    };
    return at.value<T>(checked, expected_range(key));
}

template <class T>
T default_of(const Key& key, Parsed<T> (*parse)(std::string_view), T none) {
    if (key.fallback.empty() || key.required()) return none;
    const auto parsed = parse(key.fallback);
    SURGED_ASSERT(parsed.has_value());
    return *parsed;
}

}  // namespace

Parsed<std::string> parse_name(std::string_view text) {
    constexpr std::size_t longest = 64;
    if (text.empty()) return tl::make_unexpected(Complaint{"an empty name", "", ""});
    if (text.size() > longest)
        return tl::make_unexpected(Complaint{shown(text) + " is too long", "at most 64 bytes", ""});
    const auto bad = std::find_if(text.begin(), text.end(), [](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool other_script = (static_cast<unsigned char>(c) & 0x80) != 0;
        return !letter && !other_script && !(c >= '0' && c <= '9') && c != '-' && c != '_';
    });
    if (bad == text.end()) return std::string{text};
    return tl::make_unexpected(Complaint{
        fmt::format("{} has {} in it", shown(text), shown({&*bad, 1})),
        "letters, digits, - and _",
        ""
    });
}

Parsed<std::string> parse_glob(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    if (text.empty()) return tl::make_unexpected(Complaint{"an empty queue name", "", ""});
    if (text.size() > 256)
        return tl::make_unexpected(Complaint{shown(text) + " is too long", "at most 256 bytes", ""}
        );
    if (blank(text.front()) || blank(text.back()))
        return tl::make_unexpected(Complaint{shown(text) + " has a blank at its end", "", ""});
    if (text.find_first_of("[]{}\\^$|()") != std::string_view::npos) {
        return tl::make_unexpected(
            Complaint{shown(text) + " is not a queue name", "a name; only * and ? match others", ""}
        );
    }
    return std::string{text};
}

Parsed<plan::Level> parse_level_word(std::string_view text) {
    if (const auto level = plan::parse_level(text)) return *level;
    constexpr std::pair<std::string_view, std::string_view> other[] = {
        {"Ⅰ",      "I"  },
        {"Ⅱ",      "II" },
        {"Ⅲ",      "III"},
        {"Ⅳ",      "IV" },
        {"1",      "I"  },
        {"2",      "II" },
        {"3",      "III"},
        {"4",      "IV" },
        {"i",      "I"  },
        {"ii",     "II" },
        {"iii",    "III"},
        {"iv",     "IV" },
        {"red",    "I"  },
        {"P1",     "I"  },
        {"P2",     "II" },
        {"orange", "II" },
        {"yellow", "III"},
        {"blue",   "IV" },
    };
    Complaint complaint{shown(text) + " is not a level", "IV, III, II or I", ""};
    for (const auto& [word, level] : other)
        if (word == text) complaint.suggestion = level;
    return tl::make_unexpected(complaint);
}

std::string Cursor::text() const {
    if (!scalar("a text")) return {};
    if (node_->text.empty()) say("an empty text", "a text");
    return node_->text;
}

std::string Cursor::name() const {
    return value<std::string>(parse_name, "a name").value_or(std::string{});
}

std::string Cursor::text(std::string_view key) const {
    const auto at = get(key);
    return at ? at->text() : std::string{row(key).required() ? "" : row(key).fallback};
}

std::string Cursor::name(std::string_view key) const {
    const auto at = get(key);
    return at ? at->name() : std::string{};
}

std::string Cursor::choice(std::string_view key) const {
    const Key& wanted = row(key);
    std::string fallback{wanted.required() ? "" : wanted.fallback};
    const auto at = get(key);
    if (!at) return fallback;
    const auto words = words_of(wanted.range);
    const auto pick = [&](std::string_view text) -> Parsed<std::string> {
        if (std::find(words.begin(), words.end(), text) != words.end()) return std::string{text};
        const auto later = words_of(wanted.later);
        if (std::find(later.begin(), later.end(), text) != later.end())
            return tl::make_unexpected(Complaint{std::string{text} + " is not built yet", "", ""});
        return tl::make_unexpected(
            Complaint{shown(text) + " is not known", "", nearest(text, words)}
        );
    };
    return at->value<std::string>(pick, one_of(words)).value_or(fallback);
}

std::int64_t Cursor::integer(std::string_view key) const {
    const Key& wanted = row(key);
    const auto fallback = default_of<std::int64_t>(wanted, parse_integer, 0);
    const auto at = get(key);
    return at ? in_range<std::int64_t>(*at, wanted, parse_integer).value_or(fallback) : fallback;
}

Micros Cursor::duration(std::string_view key) const {
    const Key& wanted = row(key);
    const auto fallback = default_of<Micros>(wanted, parse_span, Micros{0});
    const auto at = get(key);
    return at ? in_range<Micros>(*at, wanted, parse_span).value_or(fallback) : fallback;
}

board::Millionths Cursor::percent(std::string_view key) const {
    const Key& wanted = row(key);
    const auto fallback = default_of<board::Millionths>(wanted, parse_amount, 0);
    const auto at = get(key);
    return at ? in_range<board::Millionths>(*at, wanted, parse_amount).value_or(fallback)
              : fallback;
}

bool Cursor::boolean(std::string_view key) const {
    const bool fallback = default_of<bool>(row(key), parse_boolean, false);
    const auto at = get(key);
    return at ? at->value<bool>(parse_boolean, "true or false").value_or(fallback) : fallback;
}

plan::Bilingual Cursor::bilingual(std::string_view key) const {
    const auto at = get(key);
    return at ? at->bilingual() : plan::Bilingual{};
}

plan::Bilingual Cursor::bilingual() const {
    plan::Bilingual out;
    if (node_->kind != Node::Kind::map) {
        say(std::string{describe(*node_)}, "a text in both languages, {zh-CN: …, en: …}");
        return out;
    }
    for (const Node::Entry& entry : node_->entries) {
        const Cursor text{*this, *entry.value, {}, fmt::format("{}.{}", path_, entry.key)};
        if (entry.key == "zh-CN") {
            out.zh = text.text();
        } else if (entry.key == "en") {
            out.en = text.text();
        } else {
            const bool chinese = entry.key.starts_with("zh") || entry.key.starts_with("cn");
            say_at(
                entry.key,
                "unknown language " + shown(entry.key),
                "zh-CN and en",
                chinese ? "zh-CN" : ""
            );
        }
    }
    for (const char* language : {"zh-CN", "en"})
        if (!has(language)) say(fmt::format("{} is missing", language), "a text in both languages");
    return out;
}

std::vector<std::pair<std::string, Cursor>> Cursor::names(std::string_view key) const {
    std::vector<std::pair<std::string, Cursor>> out;
    const auto at = get(key);
    if (!at) return out;
    std::set<std::string> seen;
    for (const Cursor& item : at->items()) {
        std::string name = item.name();
        if (name.empty()) continue;
        if (seen.insert(name).second) {
            out.emplace_back(std::move(name), item);
        } else {
            item.say(shown(name) + " stands twice", "each once");
        }
    }
    return out;
}

std::vector<std::string> Cursor::globs(std::string_view key) const {
    std::vector<std::string> out;
    const auto at = get(key);
    if (!at) return out;
    for (const Cursor& item : at->items())
        if (auto glob = item.value<std::string>(parse_glob, "a queue name"))
            out.push_back(std::move(*glob));
    if (out.size() > most_globs)
        at->say("too many queue names", fmt::format("at most {}", most_globs));
    if (at->node_->kind == Node::Kind::list && at->node_->items.empty())
        at->say("an empty list matches no queue", "at least one queue, or no such key");
    return out;
}

plan::PerLevel<Micros> Cursor::durations(
    std::string_view key, const plan::PerLevel<Micros>& fallback
) const {
    const Key& wanted = row(key);
    plan::PerLevel<Micros> out = fallback;
    const auto at = get(key);
    if (!at) return out;
    if (at->node_->kind != Node::Kind::map) {
        if (const auto one = in_range<Micros>(*at, wanted, parse_span)) out.of.fill(*one);
        return out;
    }
    plan::PerLevel<std::optional<Micros>> said;
    for (const auto& [level, value] : at->levels())
        said.at(level) = in_range<Micros>(value, wanted, parse_span);
    std::optional<Micros> milder;
    for (const plan::Level level : plan::levels) {
        if (said.at(level)) milder = said.at(level);
        out.at(level) = milder.value_or(fallback.at(level));
    }
    return out;
}

}  // namespace surged::config
