// Which language a command speaks.
#pragma once

#include "core/plan/level.hpp"

#include <string>
#include <string_view>

namespace surged::app::cli {

/// `wanted`: zh-CN or en; empty: what LC_ALL, LC_MESSAGES or LANG ask for.
[[nodiscard]] plan::Language language_for(const std::string& wanted);
/// Chinese for a locale such as zh_CN.UTF-8, else English.
[[nodiscard]] plan::Language language_of_locale(std::string_view locale);

}  // namespace surged::app::cli
