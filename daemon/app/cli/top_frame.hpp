// One picture of `surgectl top` as text: a pure function of the board and the size of the screen.
#pragma once

#include "app/cli/top_board.hpp"
#include "core/plan/rules.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace surged::app::cli {

struct FrameOptions {
    std::size_t width{0};   // cells; 0: as wide as it needs
    std::size_t height{0};  // lines; 0: as many as it needs
    plan::Language language{plan::Language::en};
    bool colour{false};   // SGR escapes; without it the text is plain
    std::string clock;    // the time of day beside the site's name
    std::string problem;  // why the board is old; empty: it is not
    std::string footer;   // the last line of the screen; empty: none
};

/// Lines without their ends; none wider than `width`, at most `height` of them. What finds no room
/// is counted, the gravest stay.
[[nodiscard]] std::vector<std::string> render_frame(
    const TopBoard& board, const FrameOptions& options
);

}  // namespace surged::app::cli
