// The terminal of a command that stays on the screen: its own page, single keys, the old state back
// at the end.
#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace surged::app::cli {

/// Standard output is a terminal that understands escapes.
[[nodiscard]] bool has_terminal();
/// And the person has not forbidden colours (NO_COLOR).
/// @source no-color.org
[[nodiscard]] bool has_colours();

struct ScreenSize {
    std::size_t width{80}, height{24};
    bool operator==(const ScreenSize&) const = default;
};
[[nodiscard]] ScreenSize screen_size();

class Screen {
public:
    Screen();  // switches to a page of its own; standard output is a terminal
    ~Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    /// Replaces what is shown; no more lines than the screen has.
    void show(const std::vector<std::string>& lines);
    /// The next key; none after `limit`, after a signal or where nobody can type.
    [[nodiscard]] std::optional<char> key(Micros limit);

private:
    struct Saved;
    std::unique_ptr<Saved> saved_;
};

}  // namespace surged::app::cli
