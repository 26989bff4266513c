// One line of Asterisk's queue_log, in its parts:
// `epoch|callid|queue|member|EVENT|p1|p2|…`. Nothing is copied.
#pragma once

#include "base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace surged::io::queue_log {

struct Line {
    static constexpr std::size_t params_max =
        12;  // more are left out: no event of ours has so many

    Wall written;                    // the log's own time; most logs give whole seconds
    std::string_view call;           // empty for NONE, REALTIME, MANAGER and CLI: no call
    std::string_view queue, member;  // empty for NONE
    std::string_view event;
    std::array<std::string_view, params_max> params{};
    std::size_t count{0};  // of params, without empty ones at the end

    /// The parameter, or empty.
    [[nodiscard]] std::string_view param(std::size_t i) const {
        return i < count ? params[i] : std::string_view{};
    }
};

/// nullopt if it is none. `text` without its line feed; a carriage return at the end is dropped.
[[nodiscard]] std::optional<Line> parse_line(std::string_view text);

/// The seconds at the beginning of a line; nullopt where none stand.
[[nodiscard]] std::optional<std::int64_t> epoch_of(std::string_view text);

}  // namespace surged::io::queue_log
