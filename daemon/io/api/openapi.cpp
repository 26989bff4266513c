#include "io/api/openapi.hpp"

#include "io/api/route_table.hpp"
#include "io/http/json_writer.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <set>
#include <vector>

namespace surged::io::api {
namespace {

using http::JsonWriter;

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0) out.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

bool ends(std::string_view& text, char mark) {
    if (!text.ends_with(mark)) return false;
    text.remove_suffix(1);
    return true;
}

void reference(JsonWriter& json, std::string_view schema) {
    json.begin_object();
    json.member("$ref", fmt::format("#/components/schemas/{}", schema));
    json.end_object();
}

void type_of(JsonWriter& json, std::string_view type, std::string_view text);

void plain(JsonWriter& json, std::string_view type, bool nullable) {
    const bool text = type == "time" || type == "level";
    json.key("type");
    if (nullable) {
        json.begin_array();
        json.value(text ? std::string_view{"string"} : type);
        json.value("null");
        json.end_array();
    } else {
        json.value(text ? std::string_view{"string"} : type);
    }
    if (type == "time") json.member("format", "date-time");
    if (type != "level") return;
    json.key("enum");
    json.begin_array();
    for (const char* level : {"none", "IV", "III", "II", "I"}) json.value(level);
    json.end_array();
}

void type_members(JsonWriter& json, std::string_view type, bool nullable) {
    if (type == "any") return;
    if (type.starts_with('[')) {
        json.member("type", "array");
        json.key("items");
        type_of(json, type.substr(1, type.size() - 2), "");
    } else if (type.starts_with('{')) {
        json.member("type", "object");
        json.key("additionalProperties");
        type_of(json, type.substr(1, type.size() - 2), "");
    } else if (std::isupper(static_cast<unsigned char>(type.front())) == 0) {
        plain(json, type, nullable);
    } else if (!nullable) {
        json.member("$ref", fmt::format("#/components/schemas/{}", type));
    } else {
        json.key("oneOf");
        json.begin_array();
        reference(json, type);
        json.begin_object();
        json.member("type", "null");
        json.end_object();
        json.end_array();
    }
}

void type_of(JsonWriter& json, std::string_view type, std::string_view text) {
    (void)ends(type, '*');
    const bool nullable = ends(type, '?');
    json.begin_object();
    type_members(json, type, nullable);
    if (!text.empty()) json.member("description", text);
    json.end_object();
}

void schemas(JsonWriter& json) {
    const auto rows = member_table();
    json.key("schemas");
    json.begin_object();
    for (std::size_t i = 0; i < rows.size();) {
        const std::string_view name = rows[i].schema;
        json.key(name);
        if (rows[i].name.empty()) {  // it is a map as a whole
            type_of(json, rows[i].type, rows[i].text);
            ++i;
            continue;
        }
        json.begin_object();
        json.member("type", "object");
        const std::size_t first = i;
        json.key("properties");
        json.begin_object();
        for (; i < rows.size() && rows[i].schema == name; ++i) {
            json.key(rows[i].name);
            type_of(json, rows[i].type, rows[i].text);
        }
        json.end_object();
        json.key("required");
        json.begin_array();
        for (std::size_t n = first; n < i; ++n)
            if (!rows[n].type.ends_with('*')) json.value(rows[n].name);
        json.end_array();
        json.end_object();
    }
    json.end_object();
}

void content(JsonWriter& json, std::string_view what) {
    json.key("content");
    json.begin_object();
    const bool media = what.find('/') != std::string_view::npos;
    json.key(media ? what : "application/json");
    json.begin_object();
    if (!media) {
        json.key("schema");
        type_of(json, what, "");
    }
    json.end_object();
    json.end_object();
}

std::string_view meaning(std::string_view code) {
    if (code == "202") return "Taken; it is not done or not durable yet";
    if (code == "400") return "The request is not what it should be";
    if (code == "401") return "No token, or not one of ours";
    if (code == "403") return "Not with this token";
    if (code == "404") return "There is no such thing";
    if (code == "409") return "It is over, or somebody was first";
    if (code == "410") return "The link has expired";
    if (code == "413") return "Too large";
    if (code == "415") return "Not in this encoding";
    if (code == "422") return "The rules are wrong: every mistake";
    if (code == "429") return "Too fast: again, after Retry-After";
    return "Not now: again, after Retry-After";
}

void answers(JsonWriter& json, const RouteRow& row) {
    json.key("responses");
    json.begin_object();
    json.key("200");
    json.begin_object();
    json.member("description", row.summary);
    content(json, row.answer);
    json.end_object();
    std::vector<std::string_view> codes = words_of(row.others);
    if (row.right) codes.insert(codes.end(), {"401", "403"});
    std::sort(codes.begin(), codes.end());
    for (const std::string_view code : codes) {
        json.key(code);
        json.begin_object();
        json.member("description", meaning(code));
        const bool same = code == "202" || row.path == "/readyz" || row.answer == "text/html";
        if (same)
            content(json, row.answer);
        else
            content(json, "Problem");
        json.end_object();
    }
    json.end_object();
}

void parameter(JsonWriter& json, std::string_view name, std::string_view in, bool needed) {
    json.begin_object();
    json.member("name", name);
    json.member("in", in);
    json.member("required", needed);
    json.key("schema");
    type_of(json, name == "limit" ? "integer" : "string", "");
    json.end_object();
}

void parameters(JsonWriter& json, const RouteRow& row) {
    json.key("parameters");
    json.begin_array();
    for (std::string_view path = row.path; path.find('{') != std::string_view::npos;) {
        path.remove_prefix(path.find('{') + 1);
        parameter(json, path.substr(0, path.find('}')), "path", true);
    }
    for (std::string_view name : words_of(row.query)) {
        const bool needed = ends(name, '!');
        parameter(json, name, "query", needed);
    }
    json.end_array();
}

std::string role_of(Right right) {
    std::string out;
    for (const auto& [role, name] : {
             std::pair{Role::reader,    "reader"   },
             {Role::source,    "source"   },
             {Role::responder, "responder"},
             {Role::operator_, "operator" }
    })
        if (allows(role, right)) out += (out.empty() ? "" : ", ") + std::string{name};
    return out;
}

void operation(JsonWriter& json, const RouteRow& row) {
    std::string method{row.method};
    for (char& c : method) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    json.key(method);
    json.begin_object();
    json.member("summary", row.summary);
    if (row.right) json.member("description", "Roles: " + role_of(*row.right));
    json.key("security");
    json.begin_array();
    if (row.right) {
        json.begin_object();
        json.key("token");
        json.begin_array();
        json.end_array();
        json.end_object();
    }
    json.end_array();
    parameters(json, row);
    if (!row.body.empty()) {
        json.key("requestBody");
        json.begin_object();
        json.member("required", true);
        content(json, row.body);
        json.end_object();
    }
    answers(json, row);
    json.end_object();
}

void paths(JsonWriter& json) {
    json.key("paths");
    json.begin_object();
    std::set<std::string_view> told;
    for (const RouteRow& first : route_table()) {
        if (!told.insert(first.path).second) continue;
        json.key(first.path);
        json.begin_object();
        for (const RouteRow& row : route_table())
            if (row.path == first.path) operation(json, row);
        json.end_object();
    }
    json.end_object();
}

/// A line a member, so that a change of it is a change of a line.
std::string indented(std::string_view text) {
    std::string out;
    std::size_t depth = 0;
    bool quoted = false;
    const auto line = [&] { out += "\n" + std::string(depth * 2, ' '); };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted || c == '"') {
            out += c;
            if (quoted && c == '\\') out += text[++i];
            if (c == '"') quoted = !quoted;
            continue;
        }
        const bool opens = c == '{' || c == '[', closes = c == '}' || c == ']';
        const bool empty = opens && (text[i + 1] == '}' || text[i + 1] == ']');
        if (empty) {
            out += c;
            out += text[++i];
            continue;
        }
        if (closes) {
            --depth;
            line();
        }
        out += c;
        if (opens) ++depth;
        if (opens || c == ',') line();
        if (c == ':') out += ' ';
    }
    return out + "\n";
}

}  // namespace

std::string openapi() {
    JsonWriter json;
    json.begin_object();
    json.member("openapi", "3.1.0");
    json.key("info");
    json.begin_object();
    json.member("title", "surged");
    json.member("version", "1");
    json.member(
        "description",
        "The call-center monitor and paging daemon. From loopback no token is needed. "
        "docs/reference/http-api.md has the limits and the words."
    );
    json.end_object();
    paths(json);
    json.key("components");
    json.begin_object();
    schemas(json);
    json.key("securitySchemes");
    json.begin_object();
    json.key("token");
    json.begin_object();
    json.member("type", "http");
    json.member("scheme", "bearer");
    json.end_object();
    json.end_object();
    json.end_object();
    json.end_object();
    return indented(json.text());
}

}  // namespace surged::io::api
