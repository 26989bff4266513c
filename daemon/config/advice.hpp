// What is legal in the rules but foolish: said by a check, not by a start.
#pragma once

#include "config/decode.hpp"

namespace surged::config {

/// What there is to say of rules that have been loaded, and of the daemon they are for.
[[nodiscard]] Diagnostics advice_on(const LoadedRules& rules, const Daemon* daemon);
/// A plan that was read from `top`. Needs the roster of `context` for what is said of teams.
void advise(const Cursor& top, const plan::Plan& plan, const PlanContext& context, Report& advice);
/// surged.yaml: links that nobody but this machine can open.
void advise(const Daemon& daemon, Report& advice);

}  // namespace surged::config
