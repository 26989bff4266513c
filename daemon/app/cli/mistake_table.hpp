// The sentences of mistakes; see mistake_words.hpp.
#pragma once

#include "app/cli/sentences.hpp"

#include <span>

namespace surged::app::cli {

/// What is wrong.
[[nodiscard]] std::span<const Sentence> wrong_sentences();
/// What was expected instead, or is to be done.
[[nodiscard]] std::span<const Sentence> expected_sentences();
/// Where a command cannot go on, and what then helps.
[[nodiscard]] std::span<const Sentence> command_sentences();

}  // namespace surged::app::cli
