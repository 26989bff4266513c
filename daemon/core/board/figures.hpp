// The figures of one queue: gauges now, counters since it was first seen, and windows.
#pragma once

#include "core/board/changes.hpp"
#include "core/board/day_plan.hpp"
#include "core/board/named_gauges.hpp"
#include "core/board/service_level.hpp"
#include "core/board/tally.hpp"
#include "core/board/view.hpp"
#include "core/board/window.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::board {

/// Which windows of each group are kept: a bit per Window. What no rule reads costs no memory.
struct Kept {
    std::uint8_t traffic{0}, handling{0}, staff{0}, care{0}, repeats{0}, waits{0}, responses{0},
        replies{0};
    void want(const Measure& measure);
    [[nodiscard]] bool covers(const Kept& other) const;
    /// Quantiles of this window.
    void want_quantiles(Window window);
    /// What the API shows of every queue: 5m and day of all but quantiles and repeats; complaints
    /// closed in the last hour.
    [[nodiscard]] static Kept always();
    bool operator==(const Kept&) const = default;
};

/// Contacts or complaints that some rule measures apart from all others of the queue.
struct SliceKey {
    std::string klass, topic;
    std::int32_t severity{0};  // so grave or graver; 0: any
    std::uint8_t channels{0};  // a bit per acd::Channel; 0: any
    template <class A>
    void fields(A& a) {
        a(klass, topic);
        if (a.version() >= 2) a(severity);
        if (a.version() >= 3) a(channels);
    }
    auto operator<=>(const SliceKey&) const = default;
};

/// Counters over the windows kept, of a whole queue or of a part of it (SliceKey).
class Slice {
public:
    /// Keeps exactly these windows: those kept before with what they hold, new ones empty.
    void keep(const Kept& kept);
    [[nodiscard]] bool keeps(const Kept& wanted) const { return kept_.covers(wanted); }
    /// The local day; at a later one the day's counters begin again.
    void begin_day(std::int64_t day) {
        if (day > day_) begin_later_day(day);
    }

    // Each applies `change` to every window kept; `at` ≤ `now`. Before today it misses `day`.
    template <class F>
    void traffic(Instant at, Instant now, bool today, F&& change) {
        changed |= changes::traffic;
        for (auto& window : traffic_)
            if (window.add(at, now, change)) changed |= changes::sooner;
        if (today) change(day_traffic_);
    }
    template <class F>
    void handling(Instant at, Instant now, bool today, F&& change) {
        changed |= changes::handling;
        for (auto& window : handling_)
            if (window.add(at, now, change)) changed |= changes::sooner;
        if (today) change(day_handling_);
    }
    template <class F>
    void care(Instant at, Instant now, bool today, F&& change) {
        changed |= changes::care;
        for (auto& window : care_)
            if (window.add(at, now, change)) changed |= changes::sooner;
        if (today) change(day_care_);
    }
    template <class F>
    void repeats(Instant at, Instant now, bool today, F&& change) {
        changed |= changes::repeats;
        for (auto& window : repeats_)
            if (window.add(at, now, change)) changed |= changes::sooner;
        if (today) change(day_repeats_);
    }
    template <class F>
    void responses(Instant at, Instant now, bool today, F&& change) {
        changed |= changes::responses;
        for (auto& window : responses_)
            if (window.add(at, now, change)) changed |= changes::sooner;
        if (today) change(day_responses_);
    }
    [[nodiscard]] bool counts_repeats() const { return kept_.repeats != 0; }
    void answered_after(Instant at, Instant now, bool today, Micros wait);
    void replied_after(Instant at, Instant now, bool today, Micros wait);
    /// `busy` and `ready` agents from `from` to `to`, spread over the buckets between.
    void staff(Instant from, Instant to, Instant day_start, std::int64_t busy, std::int64_t ready);

    // Sums of a window; nullptr if it is not kept.
    [[nodiscard]] const Traffic<std::int64_t>* traffic(Window window, Instant now);
    [[nodiscard]] const Handling<std::int64_t>* handling(Window window, Instant now);
    [[nodiscard]] const StaffTime<std::int64_t>* staff(Window window, Instant now);
    [[nodiscard]] const Care<std::int64_t>* care(Window window, Instant now);
    [[nodiscard]] const Repeats<std::int64_t>* repeats(Window window, Instant now);
    [[nodiscard]] const Responses<std::int64_t>* responses(Window window, Instant now);
    [[nodiscard]] SlidingWaits* waits(Window window);
    [[nodiscard]] SlidingWaits* replies(Window window);

    /// When time alone next changes a group's sum over a window; for `day`, see Board.
    [[nodiscard]] std::optional<Instant> next_change(
        const Kept& groups, Window window, Instant now
    );

    // Contacts now waiting, by join time, oldest first; and those who left but are not settled.
    void joined(Instant at);
    void gone(Instant at);
    [[nodiscard]] const std::vector<Instant>& waiting() const { return waiting_; }
    void settle(int by);
    [[nodiscard]] std::uint32_t settling() const { return settling_; }
    [[nodiscard]] std::int64_t calls_waiting() const {
        return static_cast<std::int64_t>(waiting_.size()) + settling_;
    }
    // Written contacts with an agent, by join time, oldest first.
    void taken(Instant joined);
    void given_up(Instant joined);
    [[nodiscard]] const std::vector<Instant>& serving() const { return serving_; }
    void nothing_is_open();

    /// Since the board was last asked; of a part of a queue, since the queue was told of it.
    Changes changed{changes::all};

    void write(codec::Writer& out, Instant now);
    void read(codec::Reader& in, Instant now);

private:
    void begin_later_day(std::int64_t day);

    Kept kept_;
    std::int64_t day_{0};
    std::vector<Sliding<Traffic>> traffic_;
    std::vector<Sliding<Handling>> handling_;
    std::vector<Sliding<StaffTime>> staff_;
    std::vector<Sliding<Care>> care_;
    std::vector<Sliding<Repeats>> repeats_;
    std::vector<SlidingWaits> waits_;
    std::vector<Sliding<Responses>> responses_;
    std::vector<SlidingWaits> replies_;
    Traffic<std::int64_t> day_traffic_;
    Handling<std::int64_t> day_handling_;
    StaffTime<std::int64_t> day_staff_;
    Care<std::int64_t> day_care_;
    Repeats<std::int64_t> day_repeats_;
    Responses<std::int64_t> day_responses_;
    std::vector<Instant> waiting_, serving_;
    std::uint32_t settling_{0};
};

/// One queue on the board. The call floor writes it; the board's View reads it.
struct Figures {
    std::string name;
    bool live{false};         // the source of its calls is up
    bool exits_known{false};  // that source tells exits apart from abandons
    bool written{false};      // it has had chat, e-mail or social contacts
    std::uint32_t connected{0};
    std::uint32_t chats{0};  // of connected: chat and social
    std::array<std::uint32_t, acd::agent_states> agents{};
    std::uint32_t complaints_open{0}, complaints_overdue{0};
    NamedGauges gauges;
    Totals totals;
    Histogram answer_wait, handle_time;
    std::map<ComplaintKey, std::uint64_t> complaints;
    DayPlan plan;
    std::optional<Micros> pbx_target;
    Instant accrued;                // agent time is in the windows up to here
    Changes changed{changes::all};  // since the board was last asked; of `all`, see there

    // By the rules in force.
    Micros target{20s}, short_abandon{5s}, wrap{0};
    std::int32_t lines{0};
    Formula formula{Formula::V8};
    std::optional<Micros> backlog_after, complaint_limit;

    Slice all;
    std::vector<Slice> slices;  // in the order of Board::slices

    [[nodiscard]] std::uint32_t staffed() const;
    /// Brings agent time up to `now`. Call before the agents or `live` change.
    void accrue(Instant now, Instant day_start);

    void write(codec::Writer& out, Instant now);
    void read(codec::Reader& in, Instant now);
};

void observe(Histogram& histogram, Micros value);

}  // namespace surged::board
