// Common slips of the pen in YAML: where the mistake is, which is often above the place where a
// parser stumbles.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace surged::config {

/// A place in a text; both count from 0, columns in bytes.
struct Spot {
    std::size_t row{0}, column{0};
    bool operator==(const Spot&) const = default;
};

/// What is known when a parser gives up.
struct Stumble {
    std::string_view text;       // the whole file
    std::string_view complaint;  // yaml-cpp's own
    Spot at;
    std::optional<Spot> bracket;  // the innermost [ or { that is open
    std::optional<Spot> quote;    // where the last text in quotes begins
};

struct Slip {
    Spot at;
    std::string what, expected, suggestion{};
};

/// The slip behind it; nullopt where it can only be guessed.
[[nodiscard]] std::optional<Slip> slip_behind(const Stumble& stumble);

/// The full-width punctuation that stands in YAML's place in this line or in the one above, as
/// Diagnostic::suggestion; empty: there is none. In texts and comments it is at home.
[[nodiscard]] std::string full_width_near(const Stumble& stumble);

/// A text in quotes begins at `quote`: nullopt if it is closed, else the slip. yaml-cpp takes the
/// rest of the file for its text.
[[nodiscard]] std::optional<Slip> unclosed_quote(std::string_view text, Spot quote);

}  // namespace surged::config
