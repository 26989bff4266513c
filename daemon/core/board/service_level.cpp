#include "core/board/service_level.hpp"

#include <array>

namespace surged::board {
namespace {

constexpr std::array<std::string_view, formulas> names{
    "V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8"
};

}  // namespace

std::string_view name_of(Formula formula) { return names[static_cast<std::size_t>(formula)]; }

std::optional<Formula> parse_formula(std::string_view text) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == text) return static_cast<Formula>(i);
    return std::nullopt;
}

std::optional<Quantity> service_level(
    const Left& left, Formula formula, std::int64_t late_waiting
) {
    std::int64_t num = left.answered_in_target;
    std::int64_t den = left.answered + left.abandoned;
    switch (formula) {
        case Formula::V1:
            break;
        case Formula::V2:
            num += left.abandoned_in_target;
            break;
        case Formula::V3:
            den = left.answered;
            break;
        case Formula::V4:
            den -= left.abandoned_in_target;
            break;
        case Formula::V5:
            num += left.short_abandoned;
            break;
        case Formula::V6:
            den -= left.short_abandoned;
            break;
        case Formula::V7:
            den += left.exited;
            break;
        case Formula::V8:
            den += left.exited - left.short_abandoned;
            break;
    }
    den += late_waiting;
    if (den <= 0) return std::nullopt;
    return Quantity{num, den};
}

}  // namespace surged::board
