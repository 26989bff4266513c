#include "config/report.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <numeric>
#include <tuple>
#include <utility>

namespace surged::config {
namespace {

constexpr std::size_t longest_word = 64;

auto place_of(const Diagnostic& d) { return std::tie(d.file, d.line, d.column, d.what); }

char folded(char c) {
    if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
    return c == '_' ? '-' : c;
}

/// Edits between two words: insert, remove, replace, or swap two neighbours.
/// @source  optimal string alignment distance, after Damerau 1964
std::size_t distance(std::string_view a, std::string_view b) {
    using Row = std::array<std::size_t, longest_word + 1>;
    Row two_up{};
    Row up{};
    Row row{};
    std::iota(up.begin(), up.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = folded(a[i - 1]) == folded(b[j - 1]);
            row[j] = std::min({up[j] + 1, row[j - 1] + 1, up[j - 1] + (same ? 0 : 1)});
            const bool swapped = i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
                                 folded(a[i - 2]) == folded(b[j - 1]);
            if (swapped) row[j] = std::min(row[j], two_up[j - 2] + 1);
        }
        two_up = up;
        up = row;
    }
    return up[b.size()];
}

}  // namespace

std::string Diagnostic::text() const {
    std::string out = line > 0 ? fmt::format("{}:{}:{}: {}", file, line, column, what)
                               : fmt::format("{}: {}", file, what);
    if (!expected.empty()) out += "; expected " + expected;
    if (!suggestion.empty()) out += "; did you mean " + suggestion;
    return out;
}

void Report::add(Diagnostic diagnostic) {
    if (full_) return;
    // An anchor's content is read once for each of its aliases, and says the same each time.
    const auto same = [&](const Diagnostic& d) { return place_of(d) == place_of(diagnostic); };
    if (std::any_of(found_.begin(), found_.end(), same)) return;
    if (found_.size() == most) {
        full_ = true;
        diagnostic = {diagnostic.file, 0, 0, "more mistakes than can be listed", {}, {}};
    }
    found_.push_back(std::move(diagnostic));
}

void Report::add(const Report& other) {
    for (const Diagnostic& each : other.found_) add(each);
}

Diagnostics Report::sorted() const {
    Diagnostics out = found_;
    std::stable_sort(out.begin(), out.end(), [](const Diagnostic& a, const Diagnostic& b) {
        return place_of(a) < place_of(b);
    });
    return out;
}

std::string nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
    if (word.size() > longest_word) return {};
    std::string_view best;
    bool tie = false;
    std::size_t best_distance = word.size() / 3 + 1;
    for (const std::string_view candidate : candidates) {
        if (candidate.size() > longest_word) continue;
        const std::size_t d = distance(word, candidate);
        // Two words of which nothing is shared are not alike, however short.
        if (d > best_distance || d >= std::max(word.size(), candidate.size())) continue;
        tie = d == best_distance && !best.empty();
        best_distance = d;
        best = candidate;
    }
    if (!best.empty()) return tie ? std::string{} : std::string{best};
    const auto begins = [&](std::string_view candidate) {
        return word.size() >= 2 && candidate.starts_with(word);
    };
    if (std::count_if(candidates.begin(), candidates.end(), begins) != 1) return {};
    return std::string{*std::find_if(candidates.begin(), candidates.end(), begins)};
}

std::string full_width(std::string_view text) {
    constexpr std::pair<std::string_view, const char*> pairs[] = {
        {"\uFF1A", ":"      },
        {"\uFF0C", ","      },
        {"\u3000", "a space"},
        {"\u201C", "\""     },
        {"\uFF3B", "["      },
        {"\uFF5B", "{"      },
    };
    for (const auto& [wide, narrow] : pairs)
        if (text.find(wide) != std::string_view::npos)
            return fmt::format("{} instead of {}", narrow, wide);
    return {};
}

std::string shown(std::string_view text) {
    constexpr std::size_t most_characters = 40;
    std::string out{"\""};
    std::size_t characters = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool starts = (byte & 0xc0) != 0x80;  // not a continuation byte of UTF-8
        if (starts && ++characters > most_characters) return out + "…\"";
        out += byte < 0x20 || byte == 0x7f ? ' ' : c;
    }
    return out + '"';
}

std::string one_of(const std::vector<std::string_view>& words) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
        out += words[i];
    }
    return out;
}

}  // namespace surged::config
