// The tables that callcenter_config answers with: a header row, rows, `+OK`; cells between bars.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::esl {

/// One table. Its texts point into the bytes it was parsed from.
class Table {
public:
    /// @param free_text  the column whose cells may hold a bar themselves (a dial string, a name):
    ///                   the columns after it are counted from the row's end
    /// @return nullopt if the answer is an error, or does not end in +OK (it was cut short)
    [[nodiscard]] static std::optional<Table> parse(
        std::string_view text, std::string_view free_text
    );

    class Row {
    public:
        /// Empty if there is no such column. Columns are found by name: releases differ.
        [[nodiscard]] std::string_view get(std::string_view column) const;

    private:
        friend class Table;
        const Table* table_{nullptr};
        std::vector<std::string_view> cells_;
    };
    template <class F>
    void for_each(F&& visit) const {
        Row row;
        for (const std::string_view line : lines_)
            if (split(line, row)) visit(static_cast<const Row&>(row));
    }
    [[nodiscard]] std::size_t size() const { return lines_.size(); }
    /// Rows with fewer cells than the header has: left out.
    [[nodiscard]] std::size_t short_rows() const;

private:
    [[nodiscard]] bool split(std::string_view line, Row& row) const;

    std::vector<std::string_view> columns_;
    std::vector<std::string_view> lines_;
    std::size_t free_{0};  // number of the free text column
};

}  // namespace surged::io::esl
