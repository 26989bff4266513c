// Columns for a terminal. Chinese characters take two cells, so lengths are counted in cells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace surged::app::cli {

/// Cells that UTF-8 text takes on a terminal; a byte that is not UTF-8 takes one.
/// @source Unicode Standard Annex #11, classes W and F
[[nodiscard]] std::size_t display_width(std::string_view text);

/// In exactly so many cells: cut with an ellipsis, or filled up with blanks. Control characters
/// become blanks: names come from outside, and a terminal would obey them.
enum class Align : std::uint8_t { left, right };
[[nodiscard]] std::string fitted(
    std::string_view text, std::size_t cells, Align align = Align::left
);
/// The same without filling up.
[[nodiscard]] std::string clipped(std::string_view text, std::size_t cells);

class Table {
public:
    explicit Table(std::vector<std::string> headings);
    /// As many cells as headings; control characters become blanks.
    void add(std::vector<std::string> row);
    /// Lines with their ends; only the headings if there is no row.
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace surged::app::cli
