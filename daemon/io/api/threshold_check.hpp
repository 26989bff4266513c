// What a person names when he sets thresholds: plan, trigger and queue are looked up before it is
// an input, so that a slip of the pen is an answer and not a setting that never matters.
#pragma once

#include "core/engine/engine.hpp"
#include "io/http/message.hpp"

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace surged::io::api {

/// What is to be said of thresholds that can be set.
struct ThresholdNotes {
    std::string unseen;                // the queue, before its first call; the rules name it
    std::vector<plan::Level> without;  // which the rules have, and which do not fire meanwhile
};

/// Puts the plan's name where its source was given. A refusal
/// (404, 409) says what there is, in words and as members: `unknown` (plan, trigger, figure,
/// queue, unwatched, unset), `given`, `plan`, `known`, `more`, `meant`.
[[nodiscard]] tl::expected<ThresholdNotes, http::Response> check_threshold(
    engine::Temporary& wanted, const engine::Engine& engine
);

}  // namespace surged::io::api
