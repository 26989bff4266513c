#include "config/lines.hpp"

#include "config/document.hpp"

#include <fmt/format.h>
#include <utility>

namespace surged::config {
namespace {

constexpr std::string_view no_break_space = "\xC2\xA0";

/// Length of the UTF-8 character at the front, 0 if there is none: RFC 3629, no surrogates, no
/// over-long forms.
std::size_t utf8_length(std::string_view s) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    const auto tail = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
        return i < s.size() && at(i) >= low && at(i) <= high;
    };
    const unsigned lead = at(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead <= 0xdf) return tail(1) ? 2 : 0;
    if (lead >= 0xe0 && lead <= 0xef) {
        const unsigned low = lead == 0xe0 ? 0xa0 : 0x80;
        const unsigned high = lead == 0xed ? 0x9f : 0xbf;
        return tail(1, low, high) && tail(2) ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        const unsigned low = lead == 0xf0 ? 0x90 : 0x80;
        const unsigned high = lead == 0xf4 ? 0x8f : 0xbf;
        return tail(1, low, high) && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

}  // namespace

bool check_bytes(
    const std::string& file, const Lines& lines, std::string_view text, Report& report
) {
    const auto add = [&](std::size_t row, std::size_t column, std::string what, std::string want) {
        report.add(
            {file,
             static_cast<int>(row) + 1,
             static_cast<int>(column) + 1,
             std::move(what),
             std::move(want),
             ""}
        );
    };
    bool fit = true;
    std::size_t row = 0;
    std::size_t column = 0;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8_length(text.substr(i));
        if (length == 0) {
            add(row, column, "not UTF-8", "the file in UTF-8");
            return false;
        }
        const std::string_view character = text.substr(i, length);
        const char c = character.front();
        const bool line_break = c == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
        if ((c >= 0 && c < ' ' && c != '\n' && c != '\t' && !line_break) || c == '\x7f') {
            add(row, column, fmt::format("control character 0x{:02x}", static_cast<int>(c)), "text"
            );
            fit = false;
        } else if (character == no_break_space || (character == byte_order_mark && i > 0)) {
            add(row, column, "an invisible character that is not a space", "a space, or nothing");
            fit = false;
        }
        i += length;
        ++column;
        if (c == '\n') {
            ++row;
            column = 0;
        }
    }
    for (std::size_t r = 0; r <= row; ++r) {
        const std::string_view line = lines.line(r);
        const std::size_t first = line.find_first_not_of(" \t\r\n");
        const std::size_t tab = line.find('\t');
        if (first == std::string_view::npos || line[first] == '#' || tab > first) continue;
        add(r, tab, "a tab in the indentation", "spaces");
        fit = false;
    }
    return fit;
}

bool is_clean(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        const auto byte = static_cast<unsigned char>(text.front());
        if (length == 0 || byte < ' ' || byte == 0x7f) return false;
        text.remove_prefix(length);
    }
    return true;
}

}  // namespace surged::config
