#include "config/slips.hpp"

#include "config/report.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::config {
namespace {

constexpr std::size_t look_back = 100;  // lines

std::size_t offset_of(std::string_view text, Spot spot) {
    std::size_t at = 0;
    for (std::size_t row = 0; row < spot.row; ++row) {
        const std::size_t end = text.find('\n', at);
        if (end == std::string_view::npos) return text.size();
        at = end + 1;
    }
    return std::min(at + spot.column, text.size());
}

/// Behind the quote that closes the text which begins at `from`; npos: nothing does.
std::size_t behind_quote(std::string_view text, std::size_t from) {
    const char quote = text[from];
    for (std::size_t i = from + 1; i < text.size(); ++i) {
        if (quote == '"' && text[i] == '\\') {
            ++i;
        } else if (text[i] == quote) {
            const bool doubled = quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
            if (!doubled) return i + 1;
            ++i;
        }
    }
    return std::string_view::npos;
}

bool is_quote(std::string_view text, std::size_t at) {
    return at < text.size() && (text[at] == '"' || text[at] == '\'');
}

/// A line without its comment and the blanks around it.
struct Line {
    std::size_t row{0}, indent{0};
    std::string_view content;
    [[nodiscard]] bool has_colon() const {
        return content.ends_with(':') || content.find(": ") != std::string_view::npos;
    }
    [[nodiscard]] bool is_item() const { return content.starts_with("- ") || content == "-"; }
};

std::optional<Line> line_at(std::string_view text, std::size_t row) {
    const std::size_t begin = offset_of(text, {row, 0});
    std::string_view whole = text.substr(begin, text.find('\n', begin) - begin);
    if (const std::size_t comment = whole.find(" #"); comment != std::string_view::npos)
        whole = whole.substr(0, comment);
    const std::size_t first = whole.find_first_not_of(" \r");
    if (first == std::string_view::npos || whole[first] == '#') return std::nullopt;
    const std::size_t last = whole.find_last_not_of(" \r");
    return Line{row, first, whole.substr(first, last - first + 1)};
}

/// Blank lines and comments are passed over, down to `lowest`: a file may have millions of them.
std::optional<Line> line_above(std::string_view text, std::size_t row, std::size_t lowest) {
    while (row > lowest)
        if (auto line = line_at(text, --row)) return line;
    return std::nullopt;
}

std::size_t lowest_for(const Stumble& s) { return s.at.row - std::min(s.at.row, look_back); }

std::string_view key_of(std::string_view content) {
    return content.substr(0, content.find_first_of(" :"));
}

constexpr std::string_view wide_colon = "\uFF1A", wide_comma = "\uFF0C";
// Only where a value begins are these not a text's own.
constexpr std::string_view wide_beginnings[] = {"\u3000", "\u201C", "\uFF3B", "\uFF5B"};
constexpr std::string_view before_value[] = {": ", "- ", "[", ", ", ":"};

/// Where a full-width colon follows a key, and the key.
struct WideColon {
    std::size_t at{0};
    std::string_view key;
};
std::optional<WideColon> find_wide_colon(std::string_view content) {
    std::string open;                                       // brackets
    std::size_t begin = content.starts_with("- ") ? 2 : 0;  // of a key or a value
    bool is_key = true;                                     // as far as can be told
    for (std::size_t i = begin; i < content.size();) {
        if (i == begin && is_quote(content, i)) {
            i = behind_quote(content, i);
            continue;
        }
        const std::string_view rest = content.substr(i);
        const char c = rest.front();
        if (is_key && rest.starts_with(wide_colon))
            return WideColon{i, content.substr(begin, i - begin)};
        const bool opens = i == begin && (c == '[' || c == '{');
        const bool next = c == ',' && !open.empty();
        const bool ends = rest.starts_with(": ");
        if (opens) open += c;
        if (!open.empty() && (c == ']' || c == '}')) open.pop_back();
        if (opens || next) is_key = open.ends_with('{');
        if (ends) is_key = false;
        i += 1;
        if (opens || next || ends)
            i = begin = std::min(content.find_first_not_of(' ', i), content.size());
    }
    return std::nullopt;
}

/// A key and its value with a full-width colon between.
std::optional<Slip> full_width_colon(const Line& line) {
    const auto found = find_wide_colon(line.content);
    if (!found || found->key.empty() || found->key.find(' ') != std::string_view::npos)
        return std::nullopt;
    return Slip{
        {line.row, line.indent + found->at},
        fmt::format("no colon after {}", found->key),
        "",
        full_width(wide_colon)
    };
}

/// A full-width comma between two pairs of a map in braces.
bool has_wide_comma(std::string_view content) {
    for (std::size_t at = content.find(wide_comma); at != std::string_view::npos;
         at = content.find(wide_comma, at + wide_comma.size())) {
        const std::string_view rest = content.substr(at);
        if (rest.substr(0, rest.find_first_of(",}")).find(": ") != std::string_view::npos)
            return true;
    }
    return false;
}

std::string full_width_in(const Line& line, bool in_flow) {
    const std::string_view content = line.content;
    for (const std::string_view sign : wide_beginnings) {
        if (content.starts_with(sign)) return full_width(sign);
        for (const std::string_view before : before_value)
            if (content.find(std::string{before}.append(sign)) != std::string_view::npos)
                return full_width(sign);
    }
    if (!line.is_item() && find_wide_colon(content)) return full_width(wide_colon);
    if ((in_flow || content.find('{') != std::string_view::npos) && has_wide_comma(content))
        return full_width(wide_comma);
    return {};
}

/// The line was meant to be a key, as far as can be seen.
std::optional<Slip> no_colon(const Line& line) {
    if (auto wide = full_width_colon(line)) return wide;
    if (line.has_colon() || line.is_item() ||
        line.content.find_first_of("\"'[{|>&*#") != std::string_view::npos)
        return std::nullopt;
    const std::size_t colon = line.content.find(':');
    if (colon != std::string_view::npos)
        return Slip{
            {line.row, line.indent + colon},
            "no space after the colon", "a space after it"
        };
    const std::string key{key_of(line.content)};
    return Slip{
        {line.row, line.indent},
        fmt::format("no colon after {}", key), key + ": …"
    };
}

/// A colon where no key can be: the line above was taken for the beginning of this one.
std::optional<Slip> stray_colon(const Stumble& s, const Line& here) {
    if (auto wide = full_width_colon(here)) return wide;
    const bool quoted = here.content.find_first_of("\"'") != std::string_view::npos;
    const std::size_t first = here.content.find(": ");
    if (!quoted && first != std::string_view::npos &&
        here.content.find(": ", first + 1) != std::string_view::npos) {
        if (!full_width_near(s).empty()) return std::nullopt;
        return Slip{
            {here.row, here.indent + first + 2},
            "a second colon in one line",
            "quotes around a value that has a colon"
        };
    }
    const auto above = line_above(s.text, here.row, lowest_for(s));
    if (!above) return std::nullopt;
    if (auto slip = no_colon(*above)) return slip;
    if (above->has_colon()) {
        if (here.indent <= above->indent || above->content.ends_with(':')) return std::nullopt;
        return Slip{
            {here.row, here.indent},
            "indented deeper than the line above, which has its value already",
            fmt::format("{} blanks before it", above->indent)
        };
    }
    return std::nullopt;
}

/// A line that belongs to nothing above it.
std::optional<Slip> belongs_nowhere(const Stumble& s, const Line& here) {
    if (s.at.column > here.indent) return std::nullopt;  // its beginning was in order
    const Spot at{here.row, here.indent};
    bool deeper = false;
    auto above = line_above(s.text, here.row, lowest_for(s));
    while (above && above->indent > here.indent) {
        deeper = true;
        above = line_above(s.text, above->row, lowest_for(s));
    }
    if (!above) return std::nullopt;
    if (above->indent == here.indent) {
        if (above->is_item() && !here.is_item())
            return Slip{at, "no dash before this item", "- before it"};
        auto slip = no_colon(*above);
        return slip ? slip : no_colon(here);
    }
    if (!deeper) return no_colon(*above);
    return Slip{
        at, "its indentation is that of nothing above", "as many blanks as before its neighbours"
    };
}

}  // namespace

std::string full_width_near(const Stumble& s) {
    for (const std::size_t row : {s.at.row, s.at.row - std::min<std::size_t>(s.at.row, 1)})
        if (const auto line = line_at(s.text, row))
            if (std::string near = full_width_in(*line, s.bracket.has_value()); !near.empty())
                return near;
    return {};
}

std::optional<Slip> unclosed_quote(std::string_view text, Spot quote) {
    const std::size_t from = offset_of(text, quote);
    if (!is_quote(text, from) || behind_quote(text, from) != std::string_view::npos)
        return std::nullopt;
    return Slip{
        quote,
        "the quote that is opened here is never closed",
        std::string{text[from]} + " at its end"
    };
}

std::optional<Slip> slip_behind(const Stumble& s) {
    if (s.quote) {
        if (auto open = unclosed_quote(s.text, *s.quote)) return open;
        // Closed by the quote that was to open the next text.
        const std::size_t from = offset_of(s.text, *s.quote);
        const std::size_t end = is_quote(s.text, from) ? behind_quote(s.text, from) : from;
        const std::size_t here = offset_of(s.text, s.at);
        const bool over_lines = s.quote->row < s.at.row;
        if (over_lines && end <= here && offset_of(s.text, {s.at.row, 0}) < end)
            return Slip{
                *s.quote,
                fmt::format("the quote that is opened here ends only on line {}", s.at.row + 1),
                "a quote at its end"
            };
    }
    const auto here = line_at(s.text, s.at.row);
    if (s.bracket && s.complaint.find("flow") != std::string_view::npos) {
        for (const std::size_t row : {s.bracket->row, s.at.row})
            if (const auto line = line_at(s.text, row))
                if (auto wide = full_width_colon(*line)) return wide;
        if (!full_width_near(s).empty()) return std::nullopt;
        const std::size_t at = offset_of(s.text, *s.bracket);
        const char open = at < s.text.size() ? s.text[at] : '[';
        return Slip{
            *s.bracket,
            fmt::format("the {} that is opened here is not closed", open),
            open == '{' ? "} at its end" : "] at its end"
        };
    }
    if (!here) return std::nullopt;
    if (s.complaint == "illegal map value") return stray_colon(s, *here);
    if (s.complaint.starts_with("end of ")) return belongs_nowhere(s, *here);
    return std::nullopt;
}

}  // namespace surged::config
