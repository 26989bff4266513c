#include "app/cli/table.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace surged::app::cli {
namespace {

struct Range {
    std::uint32_t first, last;
};
constexpr std::array<Range, 15> wide{
    {
     {0x1100, 0x115F},
     {0x2E80, 0x303E},
     {0x3041, 0x33FF},
     {0x3400, 0x4DBF},
     {0x4E00, 0x9FFF},
     {0xA000, 0xA4CF},
     {0xAC00, 0xD7A3},
     {0xF900, 0xFAFF},
     {0xFE30, 0xFE6F},
     {0xFF00, 0xFF60},
     {0xFFE0, 0xFFE6},
     {0x1F300, 0x1F64F},
     {0x1F680, 0x1F6FF},
     {0x1F900, 0x1F9FF},
     {0x20000, 0x3FFFD},
     }
};
constexpr std::array<Range, 3> no_width{
    {{0x0300, 0x036F}, {0x200B, 0x200F}, {0xFE00, 0xFE0F}}
};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, std::uint32_t code) {
    return std::any_of(ranges.begin(), ranges.end(), [code](const Range& r) {
        return code >= r.first && code <= r.last;
    });
}

/// Bytes of the character that begins with `lead`; 1 for what cannot begin one.
std::size_t length_of(unsigned char lead) {
    if (lead >= 0xF0 && lead < 0xF8) return 4;
    if (lead >= 0xE0) return lead < 0xF0 ? 3 : 1;
    return lead >= 0xC2 ? 2 : 1;
}

/// The next character, taken off `text`; a broken one is its first byte alone.
std::uint32_t take_code(std::string_view& text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = length_of(lead);
    std::uint32_t code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    bool whole = length <= text.size();
    for (std::size_t i = 1; whole && i < length; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        whole = (byte & 0xC0) == 0x80;
        code = code << 6 | (byte & 0x3FU);
    }
    text.remove_prefix(whole ? length : 1);
    return whole ? code : '?';
}

bool is_control(std::uint32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

std::size_t width_of(std::uint32_t code) {
    if (within(no_width, code)) return 0;
    return within(wide, code) ? 2 : 1;
}

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t cells = 0;
    while (!text.empty()) cells += width_of(take_code(text));
    return cells;
}

std::string clipped(std::string_view text, std::size_t cells) {
    const bool cut = display_width(text) > cells;
    const std::size_t room = cut && cells > 0 ? cells - 1 : cells;
    std::string out;
    std::size_t used = 0;
    while (!text.empty()) {
        const std::string_view rest = text;
        const std::uint32_t code = take_code(text);
        if (used + width_of(code) > room) break;
        used += width_of(code);
        if (is_control(code))
            out += ' ';
        else
            out += rest.substr(0, rest.size() - text.size());
    }
    if (cut && cells > 0) out += "…";
    return out;
}

std::string fitted(std::string_view text, std::size_t cells, Align align) {
    std::string out = clipped(text, cells);
    const std::string blanks(cells - display_width(out), ' ');
    return align == Align::left ? out + blanks : blanks + out;
}

Table::Table(std::vector<std::string> headings) { rows_.push_back(std::move(headings)); }

void Table::add(std::vector<std::string> row) {
    SURGED_ASSERT(row.size() == rows_.front().size());
    for (std::string& cell : row)
        for (char& c : cell)
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    rows_.push_back(std::move(row));
}

std::string Table::text() const {
    std::vector<std::size_t> widths(rows_.front().size(), 0);
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], display_width(row[i]));
    std::string out;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            line.append(widths[i] - display_width(row[i]) + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + '\n';
    }
    return out;
}

}  // namespace surged::app::cli
