#include "io/http/utf8.hpp"

#include "io/simdjson.hpp"

namespace surged::io {
namespace {

// Length of the well-formed sequence at the start of `text`; 0 if there is none.
std::size_t sequence(std::string_view text) {
    for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length) {
        if (simdjson::validate_utf8(text.data(), length)) return length;
    }
    return 0;
}

}  // namespace

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

std::string to_utf8(std::string_view text) {
    if (is_utf8(text)) return std::string{text};
    std::string out;
    out.reserve(text.size() + 16);
    while (!text.empty()) {
        const std::size_t length = sequence(text);
        if (length == 0) {
            out += "\xEF\xBF\xBD";
            text.remove_prefix(1);
        } else {
            out += text.substr(0, length);
            text.remove_prefix(length);
        }
    }
    return out;
}

}  // namespace surged::io
