// A back-test told to people and programs: text, JSON, one page of HTML. Pure.
#pragma once

#include "app/backtest/feed.hpp"
#include "app/backtest/outcome.hpp"
#include "core/plan/level.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace surged::io::http {
class JsonWriter;
}

namespace surged::app::backtest {

struct Sheet {
    Outcome outcome;
    Reading reading;
    std::string rules_path;
    std::vector<std::string> files;
    std::optional<Micros> ack_after;
    /// The rules were read with a surged.yaml, which is part of their version: without it this is
    /// another one than the daemon's, and is not shown.
    bool configured{false};
    Micros lateness{5min};  // of the site
};

/// Shifts of the day in local time, of 8 hours from midnight.
inline constexpr std::size_t shifts = 3;
[[nodiscard]] std::size_t shift_of(const Outcome& outcome, Instant at);
[[nodiscard]] std::string shift_name(std::size_t shift);  // 00:00-08:00

struct PersonTally {
    std::uint64_t pages{0}, step_pages{0};
    std::array<std::uint64_t, shifts> by_shift{};  // of pages
};
struct Tally {
    /// Incidents by plan and the highest level they reached.
    std::map<std::string, plan::PerLevel<std::uint64_t>> incidents;
    plan::PerLevel<std::uint64_t> levels{};
    std::map<std::string, PersonTally> people;
    std::uint64_t pages{0}, step_pages{0};
};
[[nodiscard]] Tally tally_of(const Outcome& outcome);

[[nodiscard]] std::string text_report(const Sheet& sheet, plan::Language language);
[[nodiscard]] std::string json_report(const Sheet& sheet);
/// Of both JSON reports: what was not in the order of time and where, or null.
void write_disorder(io::http::JsonWriter& json, const Sheet& sheet);
/// Everything is in the page: no script, no font, no picture from elsewhere.
[[nodiscard]] std::string html_report(const Sheet& sheet, plan::Language language);

}  // namespace surged::app::backtest
