// The tables that a center exports: the plan of the day, who is scheduled, work orders, and what
// was counted before.
// Rows to values; every mistake with its place.
#pragma once

#include "base/time.hpp"
#include "core/plan/zone.hpp"
#include "io/source/csv/table.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace surged::io::csv {

enum class Kind : std::uint8_t { plan, staffing, complaints, history };

using Words = std::map<std::string, std::string, std::less<>>;

/// How their table is to be read.
struct Mapping {
    Words columns;      // our field to their header; a field that is not named is its own header
    std::string queue;  // of rows that name none
    Words queue_names;  // theirs to ours
    std::map<std::string, std::int32_t, std::less<>> severities;  // their words
    Micros interval{15min};                                       // of a row without `to`
};

/// One interval of one queue, from ≤ t < to.
struct Slot {
    std::string queue;
    Wall from, to;
    double offered{0};
    std::optional<double> answered, abandoned;  // history
    std::optional<std::int32_t> agents, lines;
    std::optional<Micros> handle;
};

struct Order {
    std::string ticket, queue, topic, klass;
    std::int32_t severity{0};
    Wall opened;
    std::optional<Wall> assigned, due, closed;
    bool operator==(const Order&) const = default;
};

/// What a table says. With a mistake it is worth nothing.
struct Content {
    std::size_t rows{0};
    std::vector<Slot> slots;        // by queue and time, without overlap
    std::vector<Order> orders;      // in the order of the file
    std::vector<Mistake> mistakes;  // the first 20
    std::size_t mistaken{0};        // all of them
};

class Sheet {
public:
    /// `header`: the first row. Both outlive it.
    Sheet(Kind kind, const Mapping& mapping, const plan::Zone& zone, const Row& header);
    void take(const Row& row);
    /// The table cannot be read on.
    void wrong(Mistake mistake);
    [[nodiscard]] Content finish();

private:
    enum Field : std::uint8_t {
        date,
        from,
        to,
        queue,
        offered,
        agents,
        lines,
        handle,
        ticket,
        opened,
        assigned,
        due,
        closed,
        topic,
        severity,
        klass,
        answered,
        abandoned,
    };
    static constexpr std::size_t fields = 18;
    static constexpr std::size_t absent = SIZE_MAX;

    void find_columns(const Row& header);
    [[nodiscard]] const Cell* cell(Field field) const;  // of the row; nullptr: none, or empty
    [[nodiscard]] std::optional<std::string> name(Field field, bool needed);
    [[nodiscard]] std::optional<std::string> queue_name();
    [[nodiscard]] std::optional<Wall> time(Field field, bool needed);
    [[nodiscard]] std::optional<double> number(Field field, bool needed, double most, bool whole);
    void take_slot();
    void take_order();
    void wrong(Field field, std::string what);
    void check_overlaps();

    Kind kind_;
    const Mapping& mapping_;
    const plan::Zone& zone_;
    std::array<std::size_t, fields> columns_{};
    std::size_t width_{0};
    const Row* row_{nullptr};
    Content out_;
    std::vector<Place> places_;                             // of slots
    std::unordered_map<std::string, std::size_t> tickets_;  // their lines
    std::size_t clean_{0};                                  // mistakes before this row
};

/// 2026-11-23 8:30, 2026/11/23 08:30:15, 2026年11月23日 8:30, 20261123 …, with T for the blank;
/// with a zone as in RFC 3339. `day`: seconds since the epoch of the local day that a mere 8:30 is
/// of.
[[nodiscard]] std::optional<Wall> parse_time(
    std::string_view text, const plan::Zone& zone, std::optional<std::int64_t> day = {}
);
/// The day of 2026-11-23, 2026/11/23, 2026年11月23日, 20261123, in local seconds since 1970.
[[nodiscard]] std::optional<std::int64_t> parse_day(std::string_view text);

}  // namespace surged::io::csv
