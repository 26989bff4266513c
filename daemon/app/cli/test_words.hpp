// What surgectl test says of a run, in Chinese.
#pragma once

#include <string>
#include <string_view>

namespace surged::app::cli {

/// What was compared: "step call-in" is 处置步骤 call-in.
[[nodiscard]] std::string compared_in_chinese(std::string_view what);
/// What was expected of it, or found. Words that stand so in a file of tests (none, activated) stay
/// as they are: there one looks for them.
[[nodiscard]] std::string found_in_chinese(std::string_view found);
/// A line of how things stood: an incident, or a trigger with its value.
[[nodiscard]] std::string context_in_chinese(std::string_view line);
/// What no test reached of a plan: "trigger late: II, I", "steps: listen".
[[nodiscard]] std::string missed_in_chinese(std::string_view missed);

}  // namespace surged::app::cli
