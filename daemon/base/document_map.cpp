#include "base/document_map.hpp"

namespace surged {
namespace {

constexpr std::string_view top_prefix = "top:";
constexpr std::string_view header_prefix = "header:";
constexpr std::string_view query_prefix = "query:";

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

}  // namespace

std::optional<std::vector<std::string>> parse_pointer(std::string_view text) {
    std::vector<std::string> out;
    if (text.empty()) return out;
    if (text.front() != '/') return std::nullopt;
    while (!text.empty()) {
        text.remove_prefix(1);
        std::string token;
        while (!text.empty() && text.front() != '/') {
            char c = text.front();
            if (c == '~') {
                if (text.size() < 2 || (text[1] != '0' && text[1] != '1')) return std::nullopt;
                c = text[1] == '0' ? '~' : '/';
                text.remove_prefix(1);
            }
            token += c;
            text.remove_prefix(1);
        }
        out.push_back(std::move(token));
    }
    return out;
}

bool looks_like_reference(std::string_view text) {
    return text.starts_with('/') || text.starts_with(top_prefix) ||
           text.starts_with(header_prefix) || text.starts_with(query_prefix);
}

Result<Reference> parse_reference(std::string_view text) {
    Reference out;
    if (text.starts_with(header_prefix) || text.starts_with(query_prefix)) {
        const bool header = text.starts_with(header_prefix);
        out.in = header ? Reference::In::header : Reference::In::query;
        const std::string_view name = text.substr(text.find(':') + 1);
        if (name.empty()) return fail("it names nothing");
        out.name = header ? lower(name) : std::string{name};
        return out;
    }
    if (text.starts_with(top_prefix)) {
        out.in = Reference::In::top;
        text.remove_prefix(top_prefix.size());
    }
    auto path = parse_pointer(text);
    if (!path) return fail("it is no JSON pointer: each part begins with /, ~ is ~0, / is ~1");
    out.path = std::move(*path);
    return out;
}

}  // namespace surged
