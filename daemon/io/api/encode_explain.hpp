// Why a plan fires or does not, and what stands beside its rules: from the engine's values to JSON.
// Pure.
#pragma once

#include "core/engine/explanation.hpp"
#include "io/http/json_writer.hpp"

#include <string>
#include <vector>

namespace surged::io::api {

/// An explanation of `engine` as of its now, as one JSON object.
[[nodiscard]] std::string encode_explanation(
    const engine::Engine& engine, const engine::Explanation& told
);
/// {"thresholds":[…]}: those that people have set for a while.
[[nodiscard]] std::string encode_temporaries(const engine::Engine& engine);

/// The plan whose name or source is `word`; empty: there is none, or several.
[[nodiscard]] std::string plan_named(const plan::RuleSet& rules, const std::string& word);

}  // namespace surged::io::api
