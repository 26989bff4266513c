#include "io/http/target.hpp"

#include <utility>

namespace surged::io::http {
namespace {

int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Takes the part of `text` before `mark` off it; all of it if there is no mark.
std::string_view take(std::string_view& text, char mark) {
    const auto at = text.find(mark);
    const std::string_view part = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    return part;
}

bool parse_query(std::string_view text, Fields& out) {
    while (!text.empty()) {
        std::string_view pair = take(text, '&');
        if (pair.empty()) continue;
        const std::string_view name = take(pair, '=');
        auto key = percent_decode(name, true);
        auto value = percent_decode(pair, true);
        if (!key || !value) return false;
        out.emplace_back(std::move(*key), std::move(*value));
    }
    return true;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            out += ' ';
        } else if (text[i] != '%') {
            out += text[i];
        } else {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex(text[i + 1]);
            const int low = hex(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    return out;
}

std::optional<Target> parse_target(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!target.starts_with(scheme)) continue;
        const auto slash = target.find('/', scheme.size());
        target = slash == std::string_view::npos ? std::string_view{"/"} : target.substr(slash);
    }
    if (!target.starts_with('/')) return std::nullopt;
    target = target.substr(0, target.find('#'));
    Target out;
    std::string_view path = take(target, '?');
    path.remove_prefix(1);
    while (!path.empty()) {
        const bool more = path.find('/') != std::string_view::npos;
        auto segment = percent_decode(take(path, '/'), false);
        if (!segment) return std::nullopt;
        out.path.push_back(std::move(*segment));
        if (more && path.empty()) out.path.emplace_back();  // a slash at the end is a segment
    }
    if (!parse_query(target, out.query)) return std::nullopt;
    return out;
}

}  // namespace surged::io::http
