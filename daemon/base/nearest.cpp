#include "base/nearest.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace surged {
namespace {

constexpr std::size_t longest_word = 64;
constexpr std::size_t named_most = 3;

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

/// `word` stands in `candidate` between underlines, dashes, dots or its ends.
bool is_part(std::string_view word, std::string_view candidate) {
    std::string_view rest = candidate;
    for (;;) {
        const std::size_t end = std::min(rest.find_first_of("_-."), rest.size());
        if (rest.substr(0, end) == word) return true;
        if (end == rest.size()) return false;
        rest.remove_prefix(end + 1);
    }
}

/// Those that begin with the word, or have it as a part; the shortest is the likeliest.
std::string containing(std::string_view word, const std::vector<std::string_view>& candidates) {
    if (word.size() < 2) return {};
    std::vector<std::string_view> parts, begun;
    for (const std::string_view candidate : candidates) {
        if (is_part(word, candidate))
            parts.push_back(candidate);
        else if (candidate.starts_with(word))
            begun.push_back(candidate);
    }
    if (parts.empty() && begun.size() == 1) return std::string{begun.front()};
    if (parts.empty() || parts.size() > named_most) return {};
    std::stable_sort(parts.begin(), parts.end(), [](std::string_view a, std::string_view b) {
        return a.size() < b.size();
    });
    std::string out;
    for (const std::string_view part : parts)
        out += (out.empty() ? "" : " or ") + std::string{part};
    return out;
}

}  // namespace

bool is_mistyped(std::string_view word, std::string_view meant) {
    constexpr std::size_t long_word = 8;
    if (std::max(word.size(), meant.size()) > longest_word) return false;
    const std::size_t most = std::min(word.size(), meant.size()) < long_word ? 1 : 2;
    return distance(word, meant) <= most;
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
    return containing(word, candidates);
}

}  // namespace surged
