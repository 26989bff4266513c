// A table of events: a heading, then one event a row. Pure.
//
// Columns are named as the fields of an event in POST /api/v1/events; `time` may stand for ts and
// `event` for type. Cells are separated by comma, semicolon or tab, and may be quoted.
#pragma once

#include "base/error.hpp"
#include "core/plan/zone.hpp"
#include "io/api/event_fields.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::app::backtest {

class CsvTable {
public:
    /// Refused without a column for the time and one for the event. Other columns are passed over.
    [[nodiscard]] static Result<CsvTable> from_heading(std::string_view line);

    /// One row. `zone`: of times without an offset. The draft's texts live until the next row.
    [[nodiscard]] io::api::Outcome read(
        std::string_view line, std::string_view site, const plan::Zone& zone, io::api::Draft& draft
    );

private:
    void cut(std::string_view line);
    char separator_{','};
    std::vector<std::optional<io::api::Key>> columns_;
    std::vector<std::string> cells_;
    std::size_t count_{0};
};

/// Unix seconds, RFC 3339, or local time as 2026-11-11 20:05:09.5, 2026/11/11 20:05 too.
[[nodiscard]] std::optional<Wall> parse_time(std::string_view text, const plan::Zone& zone);

}  // namespace surged::app::backtest
