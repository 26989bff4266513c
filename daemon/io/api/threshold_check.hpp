// What a person names when he sets thresholds: plan, trigger and queue are looked up before it is
// an input, so that a slip of the pen is an answer and not a setting that never matters.
#pragma once

#include "core/engine/engine.hpp"
#include "io/http/message.hpp"

#include <string>
#include <tl/expected.hpp>

namespace surged::io::api {

/// Puts the plan's name where its source was given.
/// @return the queue, where no call of it has come yet but the rules name it; else empty. A refusal
/// (404, 409) says what there is, in words and as members: `unknown` (plan, trigger, figure,
/// queue, unwatched, unset), `given`, `plan`, `known`, `more`, `meant`.
[[nodiscard]] tl::expected<std::string, http::Response> check_threshold(
    engine::Temporary& wanted, const engine::Engine& engine
);

}  // namespace surged::io::api
