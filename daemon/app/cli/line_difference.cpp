// Two texts line by line, as people read a difference.
#include "app/cli/rules.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <string_view>

namespace surged::app::cli {
namespace {

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
    Lines out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        out.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

struct Edit {
    char mark{' '};  // ' ' kept, '-' gone, '+' new
    std::string_view line;
};

constexpr std::size_t cells_most = 4'000'000;  // of the table; beyond it all is told as replaced

/// The shortest way from one to the other by lines gone and lines new (longest common subsequence).
std::vector<Edit> edits(const Lines& a, const Lines& b) {
    std::vector<Edit> out;
    const std::size_t rows = a.size() + 1, columns = b.size() + 1;
    if (rows * columns > cells_most) {
        for (const auto line : a) out.push_back({'-', line});
        for (const auto line : b) out.push_back({'+', line});
        return out;
    }
    std::vector<std::uint32_t> common(rows * columns, 0);  // of what is left from (i, j) on
    for (std::size_t i = a.size(); i-- > 0;)
        for (std::size_t j = b.size(); j-- > 0;)
            common[i * columns + j] =
                a[i] == b[j] ? common[(i + 1) * columns + j + 1] + 1
                             : std::max(common[(i + 1) * columns + j], common[i * columns + j + 1]);
    std::size_t i = 0, j = 0;
    while (i < a.size() || j < b.size()) {
        if (i < a.size() && j < b.size() && a[i] == b[j]) {
            out.push_back({' ', a[i++]});
            ++j;
        } else if (j == b.size() ||
                   (i < a.size() && common[(i + 1) * columns + j] >= common[i * columns + j + 1])) {
            out.push_back({'-', a[i++]});
        } else {
            out.push_back({'+', b[j++]});
        }
    }
    return out;
}

}  // namespace

std::string line_difference(
    const std::string& name, const std::string& before, const std::string& after
) {
    if (before == after) return {};
    constexpr std::size_t around = 3;
    const Lines a = lines_of(before), b = lines_of(after);
    const std::vector<Edit> all = edits(a, b);
    std::vector<bool> shown(all.size(), false);
    for (std::size_t k = 0; k < all.size(); ++k) {
        if (all[k].mark == ' ') continue;
        const std::size_t from = k < around ? 0 : k - around;
        for (std::size_t n = from; n < std::min(all.size(), k + around + 1); ++n) shown[n] = true;
    }
    std::string out = fmt::format("--- {0}\n+++ {0}\n", name);
    std::size_t old_line = 1, new_line = 1;
    bool open = false;
    for (std::size_t k = 0; k < all.size(); ++k) {
        if (shown[k] && !open) out += fmt::format("@@ {} {} @@\n", old_line, new_line);
        open = shown[k];
        if (open) out += fmt::format("{}{}\n", all[k].mark, all[k].line);
        if (all[k].mark != '+') ++old_line;
        if (all[k].mark != '-') ++new_line;
    }
    return out;
}

}  // namespace surged::app::cli
