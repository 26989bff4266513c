// The call floor: pairs and orders raw events into calls and agents, and keeps the board of
// figures.
//
// Invariant, at every instant: offered = answered + abandoned + exited + waiting, per queue.
#pragma once

#include "base/codec.hpp"
#include "core/acd/event.hpp"
#include "core/board/changes.hpp"
#include "core/board/view.hpp"
#include "core/plan/rules.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::acd {

/// Why an event was not counted, in the words of surged_events_rejected_total{reason}.
enum class Reject : std::uint8_t {
    none,
    duplicate,
    late,
    limit,
    other_source,
    missing_field,
    unknown_call,
    out_of_range,
};
[[nodiscard]] std::string_view name_of(Reject reject);

struct Rejected {
    std::size_t index;  // in the batch
    Reject reason;
    bool operator==(const Rejected&) const = default;
};

/// What a quarter hour counted before surged was there: an event `counted`.
struct Counted {
    std::string queue;
    board::Kpi kpi{board::Kpi::calls_offered};
    Wall from;
    std::uint32_t count{0};
};

struct Applied {
    std::size_t accepted{0};
    std::vector<Rejected> rejected;
};

/// Counters per source for surged_events_total and surged_events_rejected_total.
struct SourceCounts {
    std::map<EventType, std::uint64_t> accepted;
    std::map<Reject, std::uint64_t> rejected;
    Wall newest{};    // the source's own newest event time
    Instant heard{};  // last input from it
    bool up{false};
    bool exits_known{true};
    template <class A>
    void fields(A& a) {
        a(accepted, rejected, newest, heard, up, exits_known);
    }
    bool operator==(const SourceCounts&) const = default;
};

class Floor {
public:
    Floor();
    ~Floor();
    Floor(Floor&&) noexcept;
    Floor& operator=(Floor&&) noexcept;
    Floor(const Floor&);
    Floor& operator=(const Floor&);

    /// New rules: limits, T and S, wrap, windows and classes that the rules measure. State is kept
    /// by name. `measures`: all that any rule reads (a quantile or class is allocated only then).
    void load(const plan::RuleSet& rules, const std::vector<board::Measure>& measures, Instant now);

    /// Advances to `now` (settles, wrap-ups, ttl), each deadline at its own instant. Call before
    /// apply and before reading. now never falls. next_wake(): the earliest such deadline.
    void advance(Instant now);
    [[nodiscard]] std::optional<Instant> next_wake() const;

    /// Applies a batch of one source at the instant advanced to. `offset`: wall minus engine.
    Applied apply(const Batch& batch, const std::string& source, Micros offset);
    /// The connection to a source is there or gone. While down its queues have no live data; the
    /// PBX's snapshot after the next up reconciles: callers gone meanwhile exit as unknown.
    /// `exits_known`: whether this feed settles abandons (class dialplan).
    void source_up(const std::string& source, bool exits_known);
    /// `resumes`: when it was our own stop that ended it, the instant at which we are back.
    /// Outcomes that a companion may still tell wait for it from then on.
    void source_down(const std::string& source, std::optional<Instant> resumes = {});
    /// How far a source had read by the last event that was applied; empty if it never said.
    [[nodiscard]] std::string_view cursor(std::string_view source) const;

    /// Queues changed since the last call, in order, without repeats. They stand until the next.
    [[nodiscard]] const std::vector<board::QueueIx>& take_touched();
    /// What was told of before surged was there, since the last call. No queue comes of it.
    [[nodiscard]] std::vector<Counted> take_counted();
    /// What of one queue has changed since it was last asked about. `time` is always among it.
    [[nodiscard]] board::Changes take_changes(board::QueueIx queue);

    /// Wall minus engine, by which the board reads its plans and its day: of the last batch.
    [[nodiscard]] Micros offset() const;
    [[nodiscard]] const board::View& view() const;
    [[nodiscard]] const std::map<std::string, SourceCounts>& sources() const;
    [[nodiscard]] Instant now() const;

    /// Canonical: the same for equal histories however `advance` was sliced. Reading restores all
    /// but what load() derives; call load() after.
    void write(std::string& out) const;
    [[nodiscard]] bool read(std::string_view& in, std::uint16_t version = codec::format_version);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace surged::acd
