#include "app/backtest/series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace surged::app::backtest {
namespace {

constexpr float nothing = std::numeric_limits<float>::quiet_NaN();

const plan::Condition* first_figure(const plan::Condition& condition) {
    if (condition.kind == plan::ConditionKind::leaf) return &condition;
    for (const plan::Condition& member : condition.members)
        if (const auto* found = first_figure(member)) return found;
    return nullptr;
}

plan::Level gravest(const Series& series) {
    plan::Level out = plan::Level::none;
    for (const Series::Point& point : series.points) out = std::max(out, point.level);
    return out;
}

Series::Point graver(const Series& series, Series::Point a, Series::Point b) {
    const plan::Level level = std::max(a.level, b.level);
    if (std::isnan(a.value)) return {b.value, level};
    if (std::isnan(b.value)) return {a.value, level};
    return {series.below ? std::min(a.value, b.value) : std::max(a.value, b.value), level};
}

}  // namespace

Series* SeriesKeeper::series_for(const engine::TriggerView& view, const plan::RuleSet& rules) {
    const auto known = index_.find({view.plan, view.trigger, view.queue});
    if (known != index_.end()) return &all_[known->second];
    if (all_.size() >= series_max) return nullptr;
    const auto plan = rules.plans.find(view.plan);
    if (plan == rules.plans.end()) return nullptr;
    Series made;
    made.plan = view.plan;
    made.trigger = view.trigger;
    made.queue = view.queue;
    for (const plan::Trigger& trigger : plan->second.triggers) {
        if (trigger.id != view.trigger) continue;
        const plan::Condition* const figure = first_figure(trigger.condition);
        if (figure == nullptr) return nullptr;  // nothing to draw
        made.measure = figure->leaf.measure;
        made.below = figure->leaf.ladder.below;
    }
    index_.emplace(std::tuple{view.plan, view.trigger, view.queue}, all_.size());
    return &all_.emplace_back(std::move(made));
}

void SeriesKeeper::look(const engine::Engine& engine, const plan::RuleSet& rules) {
    for (const engine::TriggerView& view : engine.triggers()) {
        if (view.queue.empty()) continue;
        const bool calm = view.firing == plan::Level::none;
        if (calm && !view.value && !index_.contains({view.plan, view.trigger, view.queue}))
            continue;
        Series* const series = series_for(view, rules);
        if (series == nullptr) continue;
        series->points.resize(count_, {nothing, plan::Level::none});
        if (series->limits.empty() || series->limits.back().at.of != view.thresholds.of)
            series->limits.push_back({count_, view.thresholds});
        const float value = view.value ? static_cast<float>(*view.value) : nothing;
        series->points.push_back({value, view.firing});
        series->fired = series->fired || !calm;
    }
    ++count_;
    if (count_ > points_max) thin_out();
    if (next_) *next_ += every_;
}

void SeriesKeeper::thin_out() {
    for (Series& series : all_) {
        series.points.resize(count_, {nothing, plan::Level::none});
        std::vector<Series::Point> half;
        for (std::size_t i = 0; i < count_; i += 2)
            half.push_back(
                i + 1 < count_ ? graver(series, series.points[i], series.points[i + 1])
                               : series.points[i]
            );
        series.points = std::move(half);
        for (Series::Limits& limits : series.limits) limits.from /= 2;
    }
    count_ = (count_ + 1) / 2;
    every_ *= 2;
}

std::vector<Series> SeriesKeeper::take() {
    std::vector<Series> out;
    for (Series& series : all_) {
        if (!series.fired) continue;
        series.points.resize(count_, {nothing, plan::Level::none});
        out.push_back(std::move(series));
    }
    std::stable_sort(out.begin(), out.end(), [](const Series& a, const Series& b) {
        return gravest(a) > gravest(b);
    });
    all_.clear();
    index_.clear();
    return out;
}

}  // namespace surged::app::backtest
