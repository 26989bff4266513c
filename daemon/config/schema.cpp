#include "config/schema.hpp"

#include "config/scalar.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <utility>
#include <vector>

namespace surged::config {
namespace {

using enum Type;

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

/// A JSON object whose members keep their order; a value is JSON text or another object.
class Json {
public:
    Json& set(std::string_view name, std::string text) {
        members_.push_back({std::string{name}, std::move(text), {}});
        return *this;
    }
    Json& set(std::string_view name, Json object) {
        members_.push_back({std::string{name}, "", {std::move(object)}});
        return *this;
    }
    [[nodiscard]] bool empty() const { return members_.empty(); }
    [[nodiscard]] std::string text(std::size_t indent = 0) const {
        if (members_.empty()) return "{}";
        const std::string blanks(indent + 2, ' ');
        std::string out = "{\n";
        for (const Member& member : members_) {
            out += blanks + quoted(member.name) + ": ";
            out += member.object.empty() ? member.text : member.object.front().text(indent + 2);
            out += &member == &members_.back() ? "\n" : ",\n";
        }
        return out + std::string(indent, ' ') + "}";
    }
    /// On one line.
    [[nodiscard]] std::string line() const {
        std::string out;
        for (const Member& member : members_)
            out += fmt::format(
                "{}{}: {}",
                out.empty() ? "" : ", ",
                quoted(member.name),
                member.object.empty() ? member.text : member.object.front().line()
            );
        return "{" + out + "}";
    }

private:
    struct Member {
        std::string name, text;
        std::vector<Json> object;  // one, or none
    };
    std::vector<Member> members_;
};

Json typed(std::string_view type) { return std::move(Json{}.set("type", quoted(type))); }
Json pattern(std::string_view regex) {
    return std::move(typed("string").set("pattern", quoted(regex)));
}
Json any_of(const std::vector<Json>& schemas) {
    std::string list;
    for (const Json& schema : schemas)
        list += fmt::format("{}{}", list.empty() ? "" : ", ", schema.line());
    return std::move(Json{}.set("anyOf", "[" + list + "]"));
}
Json list_of(const Json& item) { return std::move(typed("array").set("items", item)); }
Json one_of_words(std::string_view choices) {
    std::string list;
    for (const std::string_view word : words_of(choices))
        list += fmt::format("{}{}", list.empty() ? "" : ", ", quoted(word));
    return std::move(Json{}.set("enum", "[" + list + "]"));
}

constexpr std::string_view span_pattern = "^([0-9]+(ms|[smhd]))+$";
constexpr std::string_view percent_pattern = "^-?[0-9]+([.][0-9]+)? ?%$";

Json span() { return pattern(span_pattern); }
Json number_or_percent() { return any_of({typed("number"), pattern(percent_pattern)}); }
Json amount_schema() { return std::move(Json{}.set("type", R"(["number", "string"])")); }
Json per_level(const Json& each) {
    Json levels;
    for (const char* level : {"IV", "III", "II", "I"}) levels.set(level, each);
    return std::move(
        typed("object").set("properties", std::move(levels)).set("additionalProperties", "false")
    );
}
Json both_languages() {
    Json each;
    each.set("zh-CN", typed("string")).set("en", typed("string"));
    return std::move(typed("object")
                         .set("properties", std::move(each))
                         .set("required", R"(["zh-CN", "en"])")
                         .set("additionalProperties", "false"));
}
Json whole(std::string_view range) {
    Json out = typed("integer");
    const std::size_t dots = range.find("..");
    if (dots != std::string_view::npos)
        out.set("minimum", std::string{range.substr(0, dots)})
            .set("maximum", std::string{range.substr(dots + 2)});
    return out;
}

class Schema {
public:
    explicit Schema(File file) : file_{file} {}

    [[nodiscard]] std::string run() const {
        Json top;
        top.set("$schema", quoted("https://json-schema.org/draft/2020-12/schema"));
        top.set("title", quoted(title_of(file_)));
        fill(top, "", {});
        if (find_key(file_, "triggers[].all") != nullptr) {
            Json condition;
            fill(condition, "triggers[]", {"id", "page", "inhibited_by"});
            top.set("$defs", std::move(Json{}.set("condition", std::move(condition))));
        }
        return top.text() + "\n";
    }

private:
    /// The keys of a section, those of its variants (`.*(ami)`) among them.
    [[nodiscard]] std::vector<const Key*> keys_of(std::string_view section) const {
        std::vector<const Key*> out = keys_below(file_, section);
        std::string last;
        for (const Key& key : key_table()) {
            if (key.file != file_ || section.empty() || !key.path.starts_with(section)) continue;
            std::string_view rest = key.path.substr(section.size());
            if (!rest.starts_with('(')) continue;
            const std::string variant{section};
            const std::string path = variant + std::string{rest.substr(0, rest.find(')') + 1)};
            if (path == last) continue;
            last = path;
            for (const Key* each : keys_below(file_, path)) out.push_back(each);
        }
        return out;
    }

    static std::string_view leaf_of(std::string_view path) {
        return path.substr(path.rfind('.') == std::string_view::npos ? 0 : path.rfind('.') + 1);
    }

    void fill(Json& out, std::string_view path, const std::vector<std::string_view>& without)
        const {
        Json properties;
        std::map<std::string_view, std::string> seen;
        std::string required;
        bool any_name = false;
        for (const Key* key : keys_of(path)) {
            const std::string_view name = leaf_of(key->path);
            if (!key->built || std::count(without.begin(), without.end(), name) > 0) continue;
            if (name == "*" || name.starts_with("*")) {
                any_name = true;
                continue;
            }
            if (!seen.emplace(name, key->path).second) continue;  // another variant has it too
            properties.set(name, schema(*key));
            const bool of_variant = key->path.find('(') != std::string_view::npos;
            if (key->required() && !of_variant && without.empty())
                required += fmt::format("{}{}", required.empty() ? "" : ", ", quoted(name));
        }
        out.set("type", quoted("object"));
        if (!properties.empty()) out.set("properties", std::move(properties));
        if (!required.empty()) out.set("required", "[" + required + "]");
        if (!any_name && !seen.empty()) out.set("additionalProperties", "false");
    }

    [[nodiscard]] bool has_below(const std::string& path) const { return !keys_of(path).empty(); }

    [[nodiscard]] Json object(const std::string& path) const {
        Json out;
        fill(out, path, {});
        return out;
    }

    [[nodiscard]] Json schema(const Key& key) const {
        Json out = shape(key);
        std::string said{key.meaning};
        if (!key.fallback.empty() && !key.required())
            said += fmt::format("; default {}", key.fallback);
        out.set("description", quoted(said));
        return out;
    }

    [[nodiscard]] Json section_schema(const std::string& path) const {
        if (has_below(path + ".*")) {  // levels of an activation
            return std::move(typed("object").set("additionalProperties", object(path + ".*")));
        }
        return has_below(path) ? object(path) : typed("object");
    }

    [[nodiscard]] Json list_schema(const std::string& path) const {
        if (path == "triggers[].all" || path == "triggers[].any")
            return list_of(Json{}.set("$ref", quoted("#/$defs/condition")));
        return has_below(path + "[]") ? list_of(object(path + "[]")) : typed("array");
    }

    [[nodiscard]] Json table_schema(const std::string& path) const {
        if (const Key* each = find_key(file_, path + ".*"))
            return std::move(typed("object").set("additionalProperties", shape(*each)));
        Json out = typed("object");
        if (has_below(path + ".*")) out.set("additionalProperties", object(path + ".*"));
        return out;
    }

    [[nodiscard]] Json shape(const Key& key) const {
        const std::string at{key.path};
        switch (key.type) {
            case section:
                return section_schema(at);
            case table:
                return table_schema(at);
            case list:
                return list_schema(at);
            case integer:
                return whole(key.range);
            case percent:
                return number_or_percent();
            case duration:
                return span();
            case durations:
                return any_of({span(), per_level(span())});
            case boolean:
                return typed("boolean");
            case choice:
                return one_of_words(key.range);
            case url:
                return pattern("^https?://");
            case bilingual:
                return both_languages();
            case globs:
            case names:
                return list_of(typed("string"));
            case amount:
                return amount_schema();
            case ladder:
                return per_level(amount_schema());
            case condition:
                return std::move(Json{}.set("$ref", quoted("#/$defs/condition")));
            case text:
                return std::move(Json{}.set("type", R"(["string", "number", "boolean"])"));
            case name:
            case Type::path:
            case address:
                return typed("string");
            default:
                return {};
        }
    }

    File file_;
};

}  // namespace

std::string schema_of(File file) { return Schema{file}.run(); }

}  // namespace surged::config
