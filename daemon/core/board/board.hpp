// The board: the figures of all queues, and every KPI as a formula over them.
#pragma once

#include "base/flat_map.hpp"
#include "core/board/box.hpp"
#include "core/board/figures.hpp"
#include "core/board/view.hpp"
#include "core/plan/rules.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::board {

struct Sight;

/// What a contact or a complaint is like, to find the slices that it counts in.
struct Kind {
    std::string_view klass{}, topic{};
    std::int32_t severity{0};
    acd::Channel channel{acd::Channel::voice};
};

class Board final : public View {
public:
    /// What to keep for these measures, and the site's midnight. Figures kept before stay. A
    /// set_rule for every queue must follow.
    void load(const std::vector<Measure>& measures, const plan::Zone& zone);
    /// Rules of one queue: T, S, formula, limits, quantiles to keep.
    void set_rule(QueueIx queue, const plan::QueueRule& rule);
    void set_offset(Micros wall_minus_engine);
    void advance(Instant now);
    [[nodiscard]] Instant now() const { return now_; }
    [[nodiscard]] Micros offset() const { return offset_; }

    QueueIx add(std::string_view name);
    void remove(QueueIx queue);
    [[nodiscard]] bool exists(QueueIx queue) const {
        return queue < queues_.size() && queues_[queue];
    }
    [[nodiscard]] Figures& at(QueueIx queue) const;
    [[nodiscard]] std::size_t size() const { return index_.size(); }
    /// All queues ever added have a smaller index.
    [[nodiscard]] QueueIx end() const { return static_cast<QueueIx>(queues_.size()); }
    /// Of the queue, since it was last asked about. `time` is always among them.
    [[nodiscard]] Changes take_changes(QueueIx queue);
    void accrue(Figures& figures) const {
        figures.all.begin_day(day_);
        figures.accrue(now_, day_start_);
    }

    /// Applies `each(slice)` to the whole queue and to the slices that this counts in.
    template <class F>
    void for_slices(Figures& q, const Kind& kind, F&& each) const {
        each(ready(q.all));
        for (std::size_t i = 0; i < q.slices.size(); ++i)
            if (matches(slices_[i], kind)) change(q, q.slices[i], each);
    }
    /// … to the slices that this counts in now, and did not when its severity was `before`.
    template <class F>
    void for_graver_slices(Figures& q, const Kind& kind, std::int32_t before, F&& each) const {
        const Kind was{kind.klass, kind.topic, before, kind.channel};
        for (std::size_t i = 0; i < q.slices.size(); ++i)
            if (matches(slices_[i], kind) && !matches(slices_[i], was))
                change(q, q.slices[i], each);
    }
    /// True if an event at `at` counts in the local day that now is.
    [[nodiscard]] bool today(Instant at) const { return at >= day_start_; }
    [[nodiscard]] bool counts_repeats() const { return counts_repeats_; }

    std::vector<QueueIx> queues() const override;
    const std::string& name(QueueIx queue) const override;
    std::optional<QueueIx> find(std::string_view name) const override;
    std::optional<Quantity> value(QueueIx queue, const Measure& measure) const override;
    std::uint64_t base_count(QueueIx queue, const Measure& measure) const override;
    std::optional<Instant> next_change(QueueIx queue, const Measure& measure) const override;
    std::optional<Instant> grows_since(QueueIx queue, const Measure& measure) const override;
    bool keeps(QueueIx queue, const Measure& measure) const override;
    const Totals& totals(QueueIx queue) const override;
    const Histogram& answer_wait(QueueIx queue) const override;
    const Histogram& handle_time(QueueIx queue) const override;
    const std::map<ComplaintKey, std::uint64_t>& complaints(QueueIx queue) const override;
    std::optional<NamedGauges::Place> gauge_place(QueueIx queue, std::string_view name)
        const override;
    const double* gauge(QueueIx queue, NamedGauges::Place place) const override;
    std::vector<std::string> gauges(QueueIx queue) const override;
    Contacts contacts(QueueIx queue) const override;
    bool exits_known(QueueIx queue) const override;
    bool data_live(QueueIx queue) const override;
    std::uint64_t settling(QueueIx queue) const override;
    std::optional<Millionths> planned(QueueIx queue, Instant from, Instant to) const override;
    bool has_plan(QueueIx queue) const override;
    Micros target(QueueIx queue) const override;

    void write(codec::Writer& out) const;
    void read(codec::Reader& in);

private:
    [[nodiscard]] static bool matches(const SliceKey& key, const Kind& kind);
    [[nodiscard]] Slice& ready(Slice& slice) const {
        slice.begin_day(day_);
        return slice;
    }
    /// Of many slices few change: what has is told of the queue at once.
    template <class F>
    void change(Figures& q, Slice& slice, F& each) const {
        each(ready(slice));
        q.changed |= std::exchange(slice.changed, Changes{0});
    }
    [[nodiscard]] Slice* slice_of(Figures& figures, const SliceKey& key) const;
    [[nodiscard]] Sight sight_of_all(Figures& figures, const Measure& measure) const;
    /// What a formula sees for this measure; nullopt: it is not kept.
    [[nodiscard]] std::optional<Sight> sight_of(Figures& figures, const Measure& measure) const;
    void find_day();

    Instant now_;
    Micros offset_{0};
    std::int64_t day_{0};  // days since the epoch, local; never falls
    Instant day_start_, day_end_;
    std::vector<Box<Figures>> queues_;  // by index; empty where a queue is gone
    std::vector<SliceKey> slices_;

    // By the rules in force.
    plan::Zone zone_;
    Kept kept_{Kept::always()};
    std::vector<Kept> slices_kept_;
    bool counts_repeats_{false};
    FlatMap<QueueIx> index_;                   // looked up only
    mutable std::array<QueueIx, 32> found_{};  // lately, by what is seen of a name at once
};

}  // namespace surged::board
