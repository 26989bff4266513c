// What a test or a dry run says that people, feeds and other systems do.
#pragma once

#include "app/offline/runner.hpp"
#include "config/rule_test.hpp"

#include <string>
#include <string_view>

namespace surged::app::offline {

/// The newest incident of the plan, standing or not; `queue` matters where the plan's scope is the
/// queue, and "" is any. nullptr: there was none.
[[nodiscard]] const incident::Incident* newest_of(
    const engine::Engine& engine, std::string_view plan, std::string_view queue
);

/// Gives it to the engine, now. "" or why it cannot be done, or was refused.
[[nodiscard]] std::string give(
    Runner& runner, const config::TestGiven& given, const std::string& source
);

}  // namespace surged::app::offline
