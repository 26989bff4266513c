#include "io/source/webhook/payload.hpp"

#include "core/plan/rules.hpp"
#include "io/http/target.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <fmt/format.h>

namespace surged::io::hook {
namespace json = boost::json;
namespace {

constexpr std::size_t depth_max = 32;
constexpr std::size_t fields_max = 1000;

std::optional<json::value> parse_json(std::string_view text) {
    json::error_code error;
    json::parse_options strict;
    strict.max_depth = depth_max;
    json::value out = json::parse({text.data(), text.size()}, error, {}, strict);
    if (error) return std::nullopt;
    return out;
}

Result<json::value> parse_form(std::string_view body) {
    json::object out;
    for (std::size_t count = 0; !body.empty(); ++count) {
        if (count == fields_max) return fail("the form has more than 1000 fields");
        const std::string_view pair = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(body.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const auto name = http::percent_decode(pair.substr(0, equals), true);
        const auto value =
            http::percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
        if (!name || !value) return fail("the form has a broken %-escape");
        out[*name] = *value;
    }
    return json::value(std::move(out));  // braces would make a list of it
}

bool is_form(std::string_view content_type) {
    constexpr std::string_view form = "application/x-www-form-urlencoded";
    if (content_type.size() < form.size()) return false;
    return std::equal(form.begin(), form.end(), content_type.begin(), [](char a, char b) {
        return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
    });
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Result<json::value> parse_body(std::string_view content_type, std::string_view body) {
    if (is_form(content_type)) return parse_form(body);
    auto parsed = parse_json(body);
    if (!parsed) return fail("the body is not JSON");
    return std::move(*parsed);
}

std::optional<std::string> word_of(const json::value& value) {
    switch (value.kind()) {
        case json::kind::string:
            return std::string{value.get_string().data(), value.get_string().size()};
        case json::kind::int64:
            return fmt::format("{}", value.get_int64());
        case json::kind::uint64:
            return fmt::format("{}", value.get_uint64());
        case json::kind::double_:
            return fmt::format("{}", value.get_double());
        case json::kind::bool_:
            return value.get_bool() ? "true" : "false";
        default:
            return std::nullopt;
    }
}

const json::value* Payload::read_text(const json::value& text) {
    const auto known = read_.find(&text);
    if (known != read_.end()) return &known->second;
    auto parsed = parse_json({text.get_string().data(), text.get_string().size()});
    if (!parsed) return nullptr;
    return &read_.emplace(&text, std::move(*parsed)).first->second;
}

const json::value* Payload::walk(const json::value& from, const std::vector<std::string>& path) {
    const json::value* at = &from;
    for (const std::string& token : path) {
        if (at->is_string()) at = read_text(*at);
        if (at == nullptr) return nullptr;
        if (at->is_object()) {
            at = at->get_object().if_contains(token);
        } else if (at->is_array()) {
            std::size_t index = 0;
            const char* const end = token.data() + token.size();
            const auto [stop, error] = std::from_chars(token.data(), end, index);
            if (error != std::errc{} || stop != end) return nullptr;
            at = at->get_array().if_contains(index);
        } else {
            return nullptr;
        }
        if (at == nullptr) return nullptr;
    }
    return at->is_null() ? nullptr : at;
}

const json::value* Payload::keep(const std::string* text) {
    if (text == nullptr) return nullptr;
    return &kept_.emplace_back(json::string{*text});
}

const json::value* Payload::find(const Reference& reference) {
    switch (reference.in) {
        case Reference::In::item:
            return walk(*item_, reference.path);
        case Reference::In::top:
            return walk(*body_, reference.path);
        case Reference::In::header:
            return keep(request_->header(reference.name));
        case Reference::In::query:
            return keep(request_->query_value(reference.name));
    }
    return nullptr;
}

const json::value* Payload::find(const std::vector<Reference>& references) {
    for (const Reference& reference : references) {
        const json::value* const found = find(reference);
        const bool empty = found != nullptr && found->is_string() && found->get_string().empty();
        if (found != nullptr && !empty) return found;
    }
    return nullptr;
}

bool Payload::holds(const DocumentTest& test) {
    const json::value* const found = find(test.at);
    if (test.exists && *test.exists != (found != nullptr)) return false;
    if (found == nullptr) return test.in.empty() && test.like.empty() && test.has.empty();
    const auto word = word_of(*found);
    if (!test.in.empty() && (!word || !contains(test.in, *word))) return false;
    if (!test.like.empty() && (!word || !plan::any_glob_matches(test.like, *word))) return false;
    if (test.has.empty()) return true;
    if (!found->is_array()) return word && contains(test.has, *word);
    const json::array& items = found->get_array();
    return std::any_of(items.begin(), items.end(), [&](const json::value& item) {
        const auto each = word_of(item);
        return each && contains(test.has, *each);
    });
}

bool Payload::holds(const DocumentRule& rule) {
    const auto does = [&](const DocumentTest& test) { return holds(test); };
    return std::all_of(rule.when.begin(), rule.when.end(), does) &&
           std::none_of(rule.unless.begin(), rule.unless.end(), does);
}

}  // namespace surged::io::hook
