// CSV (RFC 4180): bytes to rows, each cell with its place. UTF-8, with or without a BOM.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::csv {

/// Both from 1; the column in characters, as an editor counts.
struct Place {
    std::size_t line{1}, column{1};
    bool operator==(const Place&) const = default;
};

struct Mistake {
    Place at;
    std::string what;
};

struct Cell {
    std::string text;  // without blanks at its ends
    Place at;
};

struct Row {
    std::vector<Cell> cells;
    Place at;
};

/// Walks the rows of a text that outlives it. Empty lines are passed over.
class Rows {
public:
    explicit Rows(std::string_view text);
    /// False at the end, or where the text is no CSV: see mistake().
    bool next(Row& out);
    [[nodiscard]] const std::optional<Mistake>& mistake() const { return mistake_; }
    /// Bytes that were read.
    [[nodiscard]] std::size_t read() const { return whole_ - rest_.size(); }

private:
    bool cell(Cell& out);
    bool quoted(Cell& out);
    /// Takes one character; false: it is not text.
    bool take(std::string& out);
    bool at_end() const { return rest_.empty() || rest_.front() == '\n' || rest_.front() == '\r'; }
    void end_line();
    bool wrong(Place at, std::string what);

    std::string_view rest_;
    std::size_t whole_{0};
    Place here_;
    std::optional<Mistake> mistake_;
};

}  // namespace surged::io::csv
