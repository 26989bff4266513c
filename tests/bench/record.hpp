// The figures of one run as JSON, and what became worse since another.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::bench {

/// What is asked of a figure: so many times its bound, a value, or both. 0: not asked.
struct Asked {
    double times{0};
    double value{0};
};

struct Figure {
    std::string what, unit;
    double value{0};
    double bound{0};  // from the same run; 0: none
    std::string bound_is;
    Asked asked{};
    /// What is compared: the machine is in both, and falls out. Without a bound the value itself.
    [[nodiscard]] double ratio() const { return bound > 0 ? value / bound : value; }
    /// Rates are good when large; times, sizes and costs when small.
    [[nodiscard]] bool more_is_better() const;
    /// All that is asked of it; nullopt: nothing is, as of a bound that it has not.
    [[nodiscard]] std::optional<bool> holds() const;
};

struct Run {
    std::string of;     // version, compiler, processor
    bool quick{false};  // too short to be compared with a whole one
    std::vector<Figure> figures;
};

[[nodiscard]] std::string encode(const Run& run);
/// nullopt: not such a file.
[[nodiscard]] std::optional<Run> decode(std::string_view json);

/// Of every figure the newest that was measured as quickly, or as long: a run may be of some parts.
[[nodiscard]] Run latest(const std::vector<Run>& oldest_first, bool quick);

/// A factor beyond this is told; less is noise on a machine that others use too.
inline constexpr double noise = 1.25;

/// One line for each figure that is worse, or better, by more than noise, worst first; figures that
/// only one run has are left out. Empty too if one run was quick and the other was not.
[[nodiscard]] std::vector<std::string> compare(const Run& before, const Run& now);

}  // namespace surged::bench
