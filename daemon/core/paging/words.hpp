// Levels, figures and durations as people read them, in the glossary's words.
//
// All arithmetic is on integers: the same page reads the same on every machine.
#pragma once

#include "base/time.hpp"
#include "core/board/kpi.hpp"
#include "core/plan/rules.hpp"

#include <cstddef>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace surged::paging {

/// A sentence in the language of the reader; both forms are checked when it is compiled.
template <class... Args>
[[nodiscard]] std::string phrase(
    plan::Language language,
    fmt::format_string<Args...> zh,
    fmt::format_string<Args...> en,
    Args&&... args
) {
    const bool chinese = language == plan::Language::zh_cn;
    return fmt::format(chinese ? zh : en, std::forward<Args>(args)...);
}

/// Ⅱ级; level II. Empty for none.
[[nodiscard]] std::string level_word(plan::Level level, plan::Language language);

/// To the second: 1 分 52 秒; 1 min 52 s. Negative durations read as nothing.
[[nodiscard]] std::string duration_words(Micros duration, plan::Language language);

/// How long something has lasted, in its two largest units at most: 42 秒, 2 分钟, 1 小时 5 分钟.
[[nodiscard]] std::string elapsed_words(Micros duration, plan::Language language);

/// A value with its unit, rounded half away from zero: 0.36, 104, 1 分 52 秒, 72 %, 12.5/min.
[[nodiscard]] std::string figure_words(
    board::Kpi kpi, const board::Quantity& value, plan::Language language
);

/// A threshold, in the spelling of figure_words, but never rounded where that would change it.
[[nodiscard]] std::string limit_words(
    board::Kpi kpi, board::Millionths limit, plan::Language language
);

/// A multiple of what was expected: 1.9, 1.45; a limit is never rounded.
[[nodiscard]] std::string multiple_words(const board::Quantity& value);
[[nodiscard]] std::string multiple_words(board::Millionths limit);

/// 1.9, from a ratio.
[[nodiscard]] std::string times_words(const board::Quantity& ratio);

/// What a figure is called: 每坐席排队; 20 秒接通率 for a service level whose T is known; a gauge
/// by its own name. The window, class and topic are in qualifier_words.
[[nodiscard]] std::string measure_words(
    const board::Measure& measure, std::optional<Micros> target, plan::Language language
);

/// 15 分钟,vip; 15 min, vip. Empty where there is nothing to say.
[[nodiscard]] std::string qualifier_words(const board::Measure& measure, plan::Language language);

/// At most `most` characters of UTF-8 (an ellipsis stands for the rest) on one line: control
/// characters become spaces and broken bytes question marks. Names come from outside.
[[nodiscard]] std::string clip(std::string_view text, std::size_t most);

}  // namespace surged::paging
