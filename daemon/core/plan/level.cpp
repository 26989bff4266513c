#include "core/plan/level.hpp"

namespace surged::plan {
namespace {

constexpr std::array<std::string_view, 5> level_names{"none", "IV", "III", "II", "I"};

}  // namespace

std::string_view name_of(Level level) { return level_names[static_cast<std::size_t>(level)]; }

std::optional<Level> parse_level(std::string_view text) {
    for (const Level level : levels)
        if (name_of(level) == text) return level;
    return std::nullopt;
}

}  // namespace surged::plan
