// A board that says what a test tells it to, for tests of what reads the board.
#pragma once

#include "base/assert.hpp"
#include "core/board/view.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::test {

/// One queue by default, fed by a live source, with nobody waiting. `now` is the test's clock.
class FakeView final : public board::View {
public:
    struct Queue {
        std::string name{"sales"};
        bool live{true};
        Micros target{20s};
        std::optional<Instant> oldest;  // joined then and still waits; drives longest_wait
        std::map<board::Measure, board::Quantity> values;
        std::map<board::Measure, std::uint64_t> bases;
        std::optional<board::Millionths> planned;  // of any span
        /// From the instant on, the measure has this value (none: no value). Read by next_change.
        std::map<std::pair<board::Measure, Instant>, std::optional<board::Quantity>> later;
        board::Totals totals;
        board::Histogram waits, handles;
        std::map<board::ComplaintKey, std::uint64_t> complaints;
        std::vector<std::string> gauges;
        board::NamedGauges told;  // gauges that have a value
    };

    Instant now;
    std::vector<Queue> all{Queue{}};

    Queue& queue(board::QueueIx ix = 0) { return all.at(ix); }
    /// value = num / den of a measure, until told otherwise.
    void set(const board::Measure& measure, std::int64_t num, std::int64_t den = 1) {
        queue().values[measure] = board::Quantity{num, den};
    }
    void set_none(const board::Measure& measure) { queue().values.erase(measure); }

    std::vector<board::QueueIx> queues() const override {
        std::vector<board::QueueIx> out;
        for (std::size_t i = 0; i < all.size(); ++i) out.push_back(static_cast<board::QueueIx>(i));
        return out;
    }
    const std::string& name(board::QueueIx ix) const override { return all.at(ix).name; }
    std::optional<board::QueueIx> find(std::string_view wanted) const override {
        for (const board::QueueIx ix : queues())
            if (name(ix) == wanted) return ix;
        return std::nullopt;
    }
    std::optional<board::Quantity> value(board::QueueIx ix, const board::Measure& measure)
        const override {
        const Queue& queue = all.at(ix);
        if (!queue.live) return std::nullopt;
        if (measure.kpi == board::Kpi::longest_wait && measure.klass.empty()) {
            const Instant joined = queue.oldest.value_or(now);
            return board::Quantity{(now - joined).count(), 1'000'000};
        }
        const auto told = gauge_place(ix, measure.gauge);
        if (measure.kpi == board::Kpi::gauge && told)
            return board::Quantity{std::llround(*gauge(ix, *told) * 1e6), 1'000'000};
        std::optional<board::Quantity> value;
        if (const auto found = queue.values.find(measure); found != queue.values.end())
            value = found->second;
        for (const auto& [key, changed] : queue.later)
            if (key.first == measure && key.second <= now) value = changed;
        return value;
    }
    std::uint64_t base_count(board::QueueIx ix, const board::Measure& measure) const override {
        const auto found = all.at(ix).bases.find(measure);
        return found == all.at(ix).bases.end() ? 0 : found->second;
    }
    std::optional<Instant> next_change(board::QueueIx ix, const board::Measure& measure)
        const override {
        std::optional<Instant> next;
        for (const auto& [key, changed] : all.at(ix).later)
            if (key.first == measure && key.second > now && (!next || key.second < *next))
                next = key.second;
        return next;
    }
    std::optional<Instant> grows_since(board::QueueIx ix, const board::Measure& measure)
        const override {
        const Queue& queue = all.at(ix);
        if (measure.klass.empty()) return queue.oldest;
        // Of a class: by the value that was set.
        const auto wait = value(ix, measure);
        if (!wait) return std::nullopt;
        return now - Micros{wait->num * 1'000'000 / wait->den};
    }
    bool keeps(board::QueueIx ix, const board::Measure& measure) const override {
        if (!board::info_of(measure.kpi).windowed) return true;
        const auto& values = all.at(ix).values;
        return std::any_of(values.begin(), values.end(), [&](const auto& item) {
            return item.first.window == measure.window;
        });
    }
    const board::Totals& totals(board::QueueIx ix) const override { return all.at(ix).totals; }
    const board::Histogram& answer_wait(board::QueueIx ix) const override {
        return all.at(ix).waits;
    }
    const board::Histogram& handle_time(board::QueueIx ix) const override {
        return all.at(ix).handles;
    }
    const std::map<board::ComplaintKey, std::uint64_t>& complaints(board::QueueIx ix
    ) const override {
        return all.at(ix).complaints;
    }
    std::optional<board::NamedGauges::Place> gauge_place(board::QueueIx ix, std::string_view wanted)
        const override {
        return all.at(ix).told.find(wanted);
    }
    const double* gauge(board::QueueIx ix, board::NamedGauges::Place place) const override {
        return all.at(ix).told.at(place);
    }
    std::vector<std::string> gauges(board::QueueIx ix) const override { return all.at(ix).gauges; }
    board::Contacts contacts(board::QueueIx) const override { return {}; }
    bool exits_known(board::QueueIx) const override { return true; }
    bool data_live(board::QueueIx ix) const override { return all.at(ix).live; }
    std::uint64_t settling(board::QueueIx) const override { return 0; }
    std::optional<board::Millionths> planned(board::QueueIx ix, Instant, Instant) const override {
        return all.at(ix).planned;
    }
    bool has_plan(board::QueueIx ix) const override { return all.at(ix).planned.has_value(); }
    Micros target(board::QueueIx ix) const override { return all.at(ix).target; }
};

}  // namespace surged::test
