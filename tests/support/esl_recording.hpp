// The recorded connections of tests/data/freeswitch.
#pragma once

#include "support/ami_recording.hpp"
#include "support/esl_text.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace surged::test {

/// A file of tests/data/freeswitch, inflated if only NAME.gz is there.
[[nodiscard]] std::string esl_recording(std::string_view file);
/// A connection recorded there, with its times.
[[nodiscard]] Recording load_esl_recording(std::string_view connection);

/// What a recorded connection answered to each command, in order.
struct EslAnswer {
    Wall at;
    std::string command, text;  // text: the body, or Reply-Text
};
[[nodiscard]] std::vector<EslAnswer> esl_answers(std::string_view connection);

/// A frame of a recorded text/event-plain as one of text/event-json, as the switch would write it.
[[nodiscard]] std::string as_esl_json(const OwnedEslFrame& frame);

}  // namespace surged::test
