// What readers (thresholds, API, exporter, texts) may ask of the live figures.
#pragma once

#include "core/acd/event.hpp"
#include "core/board/kpi.hpp"
#include "core/board/named_gauges.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::board {

/// Dense, stable while the queue lives; given in order of first appearance.
using QueueIx = std::uint32_t;

/// Counters since the queue was first seen; they never go back. Waits and talks in microseconds.
struct Totals {
    std::uint64_t offered{0}, answered{0}, answered_in_target{0}, abandoned{0},
        abandoned_in_target{0}, refused{0}, completed{0}, transferred{0};
    std::array<std::uint64_t, acd::exit_reasons> exited{};
    std::array<std::uint64_t, acd::refuse_reasons> refused_for{};  // of refused; the rest gave none
    Micros wait_sum{0};                                            // of answered
    Micros talk_sum{0};
    Micros wait_max{0};  // of all who left
    std::uint64_t abandon_wait_max_us{0};
    template <class A>
    void fields(A& a) {
        a(offered,
          answered,
          answered_in_target,
          abandoned,
          abandoned_in_target,
          refused,
          completed,
          transferred,
          exited,
          wait_sum,
          talk_sum,
          wait_max,
          abandon_wait_max_us);
        if (a.version() >= 2) a(refused_for);
    }
    bool operator==(const Totals&) const = default;
};

/// Cumulative histogram counts for /metrics; `bounds_s` has one entry less than `counts` (+Inf).
struct Histogram {
    static constexpr std::array<std::uint32_t, 12> bounds_s{
        1, 5, 10, 20, 30, 60, 90, 120, 180, 300, 600, 1200
    };
    std::array<std::uint64_t, bounds_s.size() + 1> counts{};  // not cumulative
    Micros sum{0};
    template <class A>
    void fields(A& a) {
        a(counts, sum);
    }
    bool operator==(const Histogram&) const = default;
};

struct ComplaintKey {
    std::string topic;
    std::int32_t severity{0};
    template <class A>
    void fields(A& a) {
        a(topic, severity);
    }
    auto operator<=>(const ComplaintKey&) const = default;
};

/// Who is at a queue now.
struct Contacts {
    std::uint32_t waiting{0}, connected{0};
    bool late{false};  // of those who wait, one has waited longer than T
};

/// Reading access, at the instant the floor was last advanced to.
class View {
public:
    virtual ~View() = default;
    /// Queues that exist now, in order of their index.
    [[nodiscard]] virtual std::vector<QueueIx> queues() const = 0;
    [[nodiscard]] virtual const std::string& name(QueueIx queue) const = 0;
    [[nodiscard]] virtual std::optional<QueueIx> find(std::string_view name) const = 0;
    /// nullopt: no value (nothing under the ratio, nobody staffed, data source lost or never seen).
    [[nodiscard]] virtual std::optional<Quantity> value(QueueIx queue, const Measure& measure)
        const = 0;
    /// What `min_calls` (Base of the KPI) or `min_count` is compared with.
    [[nodiscard]] virtual std::uint64_t base_count(QueueIx queue, const Measure& measure) const = 0;
    /// The next instant at which time alone can change `value` (a bucket running out, a second
    /// more of waiting does not count: see crossing); nullopt: only an event can.
    [[nodiscard]] virtual std::optional<Instant> next_change(QueueIx queue, const Measure& measure)
        const = 0;
    /// For longest_wait and oldest, which grow with time alone: since when they have; nullopt:
    /// nobody waits, or the measure is not kept.
    [[nodiscard]] virtual std::optional<Instant> grows_since(QueueIx queue, const Measure& measure)
        const = 0;
    /// True if the figure means something for the queue and is kept, with or without a value now.
    [[nodiscard]] virtual bool keeps(QueueIx queue, const Measure& measure) const = 0;
    [[nodiscard]] virtual const Totals& totals(QueueIx queue) const = 0;
    [[nodiscard]] virtual const Histogram& answer_wait(QueueIx queue) const = 0;
    [[nodiscard]] virtual const Histogram& handle_time(QueueIx queue) const = 0;
    [[nodiscard]] virtual const std::map<ComplaintKey, std::uint64_t>& complaints(QueueIx queue
    ) const = 0;
    /// Where the gauge of this name stands as long as the queue is there; nullopt: nobody told it.
    [[nodiscard]] virtual std::optional<NamedGauges::Place> gauge_place(
        QueueIx queue, std::string_view name
    ) const = 0;
    /// What was last told of it; nullptr: nothing stands there.
    [[nodiscard]] virtual const double* gauge(QueueIx queue, NamedGauges::Place place) const = 0;
    /// Named gauges last set on the queue.
    [[nodiscard]] virtual std::vector<std::string> gauges(QueueIx queue) const = 0;
    /// Of all kinds; who has left and is not settled waits still.
    [[nodiscard]] virtual Contacts contacts(QueueIx queue) const = 0;
    /// True where the feed tells exits apart from abandons (interface.md, exits_known).
    [[nodiscard]] virtual bool exits_known(QueueIx queue) const = 0;
    /// True while the source that feeds the queue's calls is up and not stale.
    [[nodiscard]] virtual bool data_live(QueueIx queue) const = 0;
    /// Of calls_waiting, how many have left but whose outcome is not settled yet (at most 2 s).
    [[nodiscard]] virtual std::uint64_t settling(QueueIx queue) const = 0;
    /// Contacts that the plan of the day expects from ≤ t < to; nullopt: it does not cover all of
    /// it.
    [[nodiscard]] virtual std::optional<Millionths> planned(
        QueueIx /*queue*/, Instant /*from*/, Instant /*to*/
    ) const {
        return std::nullopt;
    }
    /// False: nothing is planned for it at any time, and `planned` says nothing until it is.
    [[nodiscard]] virtual bool has_plan(QueueIx /*queue*/) const { return false; }
    /// T in force for the queue.
    [[nodiscard]] virtual Micros target(QueueIx queue) const = 0;
};

}  // namespace surged::board
