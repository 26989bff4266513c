// What sources and channels share: a type that decides which keys there are, paths, URLs, hosts.
#include "config/decode.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace surged::config {
namespace {

Parsed<std::string> parse_url(std::string_view text) {
    std::string_view rest = text;
    const auto bad = [&](std::string_view why) {
        return tl::make_unexpected(Complaint{fmt::format("{} {}", shown(text), why), "", ""});
    };
    if (rest.starts_with("https://")) {
        rest.remove_prefix(8);
    } else if (rest.starts_with("http://")) {
        rest.remove_prefix(7);
    } else {
        return bad("does not begin with http:// or https://");
    }
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    if (authority.empty() || authority.front() == ':') return bad("names no host");
    if (authority.find('@') != std::string_view::npos)
        return tl::make_unexpected(Complaint{"a user or password in the URL", "a *_file", ""});
    if (!is_clean(text) || text.find_first_of(" \"<>\\") != std::string_view::npos)
        return bad("has a character that no URL has");
    return std::string{text};
}

}  // namespace

std::optional<Typed> typed(const Cursor& at) {
    if (at.node().kind != Node::Kind::map) {
        (void)at.is_map();  // says so
        return std::nullopt;
    }
    std::string type = at.choice("type");
    if (type.empty()) return std::nullopt;  // other types have other keys: nothing else is said
    Typed out{type, at.with_variant(type)};
    if (!out.at.is_map()) return std::nullopt;
    return out;
}

std::string absolute(const std::string& folder, const std::string& text) {
    if (text.empty()) return {};
    std::filesystem::path path = (std::filesystem::path{folder} / text).lexically_normal();
    if (!path.has_filename() && path.has_relative_path()) path = path.parent_path();
    return path.string();
}

std::string path_of(const std::string& folder, const Cursor& at, std::string_view key) {
    return absolute(folder, at.text(key));
}

std::string url_of(const Cursor& at, std::string_view key) {
    const auto value = at.get(key);
    if (!value || (value->is_scalar() && value->node().text.empty())) return {};
    return url_here(*value);
}

std::string url_here(const Cursor& value) {
    return value.value<std::string>(parse_url, "an http:// or https:// URL").value_or("");
}

std::string host_of(const Cursor& at, std::string_view key) {
    std::string host = at.text(key);
    if (host.find_first_of(" /@") != std::string::npos)
        at.say_at(key, shown(host) + " is not a host", "a host name or an address");
    return host;
}

}  // namespace surged::config
