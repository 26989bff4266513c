// A source of type csv: which of their columns are which of our fields.
#include "config/decode.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <span>
#include <string_view>

namespace surged::config {
namespace {

constexpr std::string_view of_plan[] = {
    "date", "from", "to", "queue", "offered", "agents", "lines", "handle"
};
constexpr std::string_view of_staffing[] = {"date", "from", "to", "queue", "agents"};
constexpr std::string_view of_history[] = {
    "date", "from", "to", "queue", "offered", "answered", "abandoned"
};
constexpr std::string_view of_complaints[] = {
    "ticket", "opened", "assigned", "due", "closed", "queue", "topic", "severity", "class"
};

std::span<const std::string_view> fields_of(std::string_view content) {
    if (content == "complaints") return of_complaints;
    if (content == "history") return of_history;
    return content == "plan" ? std::span<const std::string_view>{of_plan} : of_staffing;
}

void check_columns(const Cursor& at, const CsvSource& of) {
    const auto fields = fields_of(of.content);
    const std::vector<std::string_view> known{fields.begin(), fields.end()};
    const auto columns = at.get("columns");
    for (const auto& [field, header] : of.columns)
        if (std::find(known.begin(), known.end(), field) == known.end())
            columns->say_at(
                field,
                fmt::format("{} is no field of {}", shown(field), of.content),
                one_of(known),
                nearest(field, known)
            );
}

}  // namespace

CsvSource decode_csv(const Cursor& at, const std::string& folder) {
    CsvSource out;
    out.path = path_of(folder, at, "path");
    out.content = at.choice("content");
    out.columns = table_at(at, "columns");
    if (!out.content.empty()) check_columns(at, out);
    out.queue = at.text("queue");
    out.queue_names = table_at(at, "queue_names");
    for (const auto& [word, digit] : table_at(at, "severities")) {
        const auto severity = parse_integer(digit);
        if (severity && *severity >= 0 && *severity <= 4)
            out.severities.emplace(word, static_cast<std::int32_t>(*severity));
        else
            at.get("severities")
                ->say_at(word, shown(digit) + " is no severity", "a digit from 0 to 4");
    }
    out.interval = at.duration("interval");
    return out;
}

}  // namespace surged::config
