// Plans on paper: for the day when the power is out. One document, as text or as one HTML file that
// needs nothing else.
#pragma once

#include "core/plan/rules.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace surged::app::offline {

struct Block {
    enum class Kind : std::uint8_t { title, heading, minor, paragraph, item, row };
    Kind kind{Kind::paragraph};
    std::vector<std::string> cells;  // one, but of a row
};
using Document = std::vector<Block>;

/// One plan: what starts it, who decides, who is paged, steps by phase, notices, cards, what must
/// be ready.
[[nodiscard]] Document plan_document(
    const plan::RuleSet& rules, const plan::Plan& plan, plan::Language language
);
/// These plans (empty: all), then teams and how to reach everybody.
[[nodiscard]] Document binder(
    const plan::RuleSet& rules, const std::vector<std::string>& plans, plan::Language language
);

[[nodiscard]] std::string as_text(const Document& document);
/// UTF-8, with its style inside; every text escaped.
[[nodiscard]] std::string as_html(const Document& document, plan::Language language);

}  // namespace surged::app::offline
