// surgectl top: a live wallboard in the terminal, or one picture for a script.
#pragma once

#include "app/cli/common.hpp"
#include "core/plan/rules.hpp"

#include <string>
#include <string_view>

namespace surged::app::cli {

struct TopOptions {
    bool once{false};  // one picture, then the end; so too where there is no terminal
    std::string every{"1s"};
    std::string language;  // zh-CN or en; empty: what the environment asks for
};

/// Until q, Ctrl-C or SIGTERM. A finding if surged does not answer at the start.
[[nodiscard]] Exit top(const Globals& globals, const TopOptions& options);

/// Chinese for a locale such as zh_CN.UTF-8, else English.
[[nodiscard]] plan::Language language_of_locale(std::string_view locale);

}  // namespace surged::app::cli
