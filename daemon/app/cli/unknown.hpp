// A name that stands for nothing: with the one that was probably meant.
#pragma once

#include "base/error.hpp"
#include "core/plan/level.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace surged::app::cli {

/// `what`: that there is nothing called `word`, in that language. Names the nearest of `names` and
/// of `others`, by which they are known, too; or a few of `names` where none is near.
[[nodiscard]] Error unknown_name(
    plan::Language language,
    std::string what,
    std::string_view word,
    const std::vector<std::string_view>& names,
    const std::vector<std::string_view>& others = {}
);

}  // namespace surged::app::cli
