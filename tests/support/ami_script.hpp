// A recording taken apart: what was said unasked, and what was an answer to which action.
#pragma once

#include "support/ami_recording.hpp"

#include <optional>
#include <string>
#include <vector>

namespace surged::test {

/// A piece of unasked bytes, as it was read.
struct UnaskedPiece {
    Wall at;
    std::string bytes;
    bool ends_frame{false};  // other frames may go out after it
};

/// All frames that answer one recorded action, as text, with its ActionID in them.
struct RecordedAnswer {
    RecordedAction action;
    std::string bytes;
};

struct AmiScript {
    std::string banner;
    Wall begins;                // when the recorded login was answered
    std::string key_or_secret;  // what the recorded client logged in with
    bool by_challenge{false};
    std::vector<UnaskedPiece> unasked;    // in order of time
    std::vector<RecordedAnswer> answers;  // in order of time

    /// The answer to an action of this name: the last one recorded before `at`, else the first one
    /// after. A QueueStatus for one queue answers nobody.
    [[nodiscard]] const RecordedAnswer* answer_to(const std::string& action, Wall at) const;
};

[[nodiscard]] AmiScript take_apart(const Recording& recording);

}  // namespace surged::test
