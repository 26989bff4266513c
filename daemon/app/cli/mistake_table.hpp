// The sentences of mistakes; see mistake_words.hpp.
#pragma once

#include "app/cli/sentences.hpp"

namespace surged::app::cli {

/// What is wrong.
[[nodiscard]] Sentences wrong_sentences();
/// What was expected instead, or is to be done.
[[nodiscard]] Sentences expected_sentences();
/// What surged says where it refuses: the API's words for a problem.
[[nodiscard]] Sentences problem_sentences();
/// Why: what the system and the reader of YAML say.
[[nodiscard]] Sentences cause_sentences();
/// Where a command cannot go on, and what then helps.
[[nodiscard]] Sentences command_sentences();

}  // namespace surged::app::cli
