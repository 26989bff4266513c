#include "io/source/prometheus/exposition.hpp"

#include <charconv>
#include <limits>

namespace surged::io::prometheus {
namespace {

void skip_blanks(std::string_view& text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

std::string_view word(std::string_view& text) {
    skip_blanks(text);
    const std::string_view out = text.substr(0, text.find_first_of(" \t"));
    text.remove_prefix(out.size());
    return out;
}

/// Where the braces close, behind quoted values that may hold anything.
std::size_t closing(std::string_view text) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted && text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (text[i] == '}' && !quoted)
            return i;
    }
    return std::string_view::npos;
}

bool number(std::string_view text, double& out) {
    if (text.starts_with('+')) text.remove_prefix(1);
    const char* const end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, out);
    return failed == std::errc{} && stop == end;  // NaN and Inf are read too
}

bool quoted(std::string_view& text, std::string& out) {
    if (!text.starts_with('"')) return false;
    text.remove_prefix(1);
    while (!text.empty() && text.front() != '"') {
        char c = text.front();
        text.remove_prefix(1);
        if (c == '\\') {
            if (text.empty()) return false;
            c = text.front() == 'n' ? '\n' : text.front();
            text.remove_prefix(1);
        }
        out += c;
    }
    if (text.empty()) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

Seen parse_series(std::string_view line, SeriesLine& out) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    skip_blanks(line);
    if (line.empty() || line.front() == '#') return Seen::nothing;
    out.labels = {};
    out.at.reset();
    const std::size_t end = line.find_first_of("{ \t");
    if (end == 0 || end == std::string_view::npos) return Seen::garbage;
    out.name = line.substr(0, end);
    line.remove_prefix(end);
    skip_blanks(line);
    if (line.starts_with('{')) {
        line.remove_prefix(1);
        const std::size_t close = closing(line);
        if (close == std::string_view::npos) return Seen::garbage;
        out.labels = line.substr(0, close);
        line.remove_prefix(close + 1);
    }
    if (!number(word(line), out.value)) return Seen::garbage;
    const std::string_view stamp = word(line);
    if (stamp.empty() || stamp.front() == '#') return Seen::series;
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 1000;
    std::int64_t ms = 0;
    const auto [stop, failed] = std::from_chars(stamp.data(), stamp.data() + stamp.size(), ms);
    if (failed != std::errc{} || stop != stamp.data() + stamp.size() || ms < 0 || ms > most)
        return Seen::garbage;
    out.at = Wall{ms * 1000};
    return Seen::series;
}

bool parse_labels(std::string_view text, Labels& out) {
    out.clear();
    skip_blanks(text);
    while (!text.empty()) {
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos) return false;
        std::string_view name = text.substr(0, equals);
        name = name.substr(0, name.find_last_not_of(" \t") + 1);
        text.remove_prefix(equals + 1);
        skip_blanks(text);
        std::string value;
        if (name.empty() || !quoted(text, value)) return false;
        out.emplace_back(name, std::move(value));
        skip_blanks(text);
        if (text.empty()) return true;
        if (text.front() != ',') return false;
        text.remove_prefix(1);
        skip_blanks(text);
    }
    return true;
}

}  // namespace surged::io::prometheus
