// One figure and its thresholds: the leaf of a trigger, and its overrides.
#include "config/decode_plan.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace surged::config {
namespace {

using board::Kpi;
using board::KpiInfo;
using board::Millionths;
using board::Unit;

constexpr Millionths one = 1'000'000;

/// KPIs of the full language that this version has not yet.
constexpr std::array<std::string_view, 5> later_kpis{
    "arrival_surge",
    "complaint_surge",
    "forecast_offered",
    "agents_required",
    "predicted_service_level"
};

struct Span {
    Millionths low, high;
    std::string_view said;
};

/// What a threshold on this figure can sensibly be.
Span span_of(const KpiInfo& info) {
    if (info.kpi == Kpi::gauge) return {-one * 1'000'000'000, one * 1'000'000'000, "a number"};
    if (info.share) return {0, one, "a share from 0% to 100%"};
    switch (info.unit) {
        case Unit::count:
            return {0, one * 1'000'000'000, "a whole number"};
        case Unit::seconds:
            if (info.kpi == Kpi::oldest) return {0, one * 30 * 86'400, "a duration from 0s to 30d"};
            return {0, one * 86'400, "a duration from 0s to 24h"};
        case Unit::ratio:
            return {0, one * 1'000, "a ratio from 0 to 1000, or a percentage"};
        case Unit::per_second:
            return {0, one * 1'000'000, "a number per second"};
        case Unit::score:
            return {0, one * 5, "a score from 0 to 5"};
    }
    return {};
}

Parsed<Millionths> parse_for(const KpiInfo& info, std::string_view text) {
    Parsed<Millionths> amount = parse_amount(text);
    if (info.unit == Unit::seconds && info.kpi != Kpi::gauge) {
        const auto span = parse_span(text);
        if (!span) return tl::make_unexpected(span.error());
        amount = span->count();
    }
    if (!amount) {
        if (parse_span(text)) amount.error().what = shown(text) + " is a duration";
        return amount;
    }
    const Span span = span_of(info);
    if (*amount < span.low || *amount > span.high) {
        Complaint out{fmt::format("{} is out of range for {}", shown(text), info.name), "", ""};
        if (span.high == one && *amount > one && *amount <= 100 * one && !text.ends_with('%'))
            out.suggestion = format_amount(*amount) + "%";
        return tl::make_unexpected(out);
    }
    if (info.unit == Unit::count && info.kpi != Kpi::gauge && *amount % one != 0)
        return tl::make_unexpected(Complaint{shown(text) + " is not whole", "", ""});
    return amount;
}

std::optional<Millionths> amount(const Cursor& at, const KpiInfo& info) {
    const auto parse = [&](std::string_view text) { return parse_for(info, text); };
    return at.value<Millionths>(parse, span_of(info).said);
}

const KpiInfo* kpi_named(const Cursor& at, std::string_view word) {
    if (std::find(later_kpis.begin(), later_kpis.end(), word) != later_kpis.end()) {
        at.say(std::string{word} + " is not built yet");
        return nullptr;
    }
    if (const auto kpi = board::parse_kpi(word)) return &board::info_of(*kpi);
    std::vector<std::string_view> names;
    for (const KpiInfo& info : board::kpi_table()) names.push_back(info.name);
    at.say("no KPI is called " + shown(word), "the name of a KPI", nearest(word, names));
    return nullptr;
}

/// Keys of a leaf, from a trigger or from an override: those that are there replace what `leaf`
/// has.
class LeafKeys {
public:
    LeafKeys(const Cursor& at, const KpiInfo& info) : at_{at}, info_{info} {}

    void read(plan::Leaf& leaf) const {
        window(leaf.measure);
        ladder("above", false, leaf.ladder);
        ladder("below", true, leaf.ladder);
        if (at_.has("above") && at_.has("below"))
            at_.say_at("below", "above and below at once", "one of them");
        floors(leaf);
        if (at_.has("for")) leaf.hold = at_.durations("for", {});
        clear(leaf.clear);
        least(
            "min_calls",
            info_.base != board::Base::none,
            "a KPI counted over contacts",
            leaf.min_calls
        );
        least("min_count", info_.unit == Unit::count, "a KPI that is a count", leaf.min_count);
    }

private:
    void window(board::Measure& measure) const {
        if (!at_.has("window")) return;
        const auto chosen = board::parse_window(at_.choice("window"));
        if (!info_.windowed) {
            at_.say_at(
                "window", fmt::format("{} is a figure of this moment", info_.name), "no window"
            );
        } else if (chosen) {
            measure.window = *chosen;
        }
    }

    void ladder(const char* key, bool below, plan::Ladder& out) const {
        const auto levels = at_.get(key);
        if (!levels) return;
        if (info_.kpi != Kpi::gauge && info_.less_is_worse != below) {
            at_.say_at(
                key,
                fmt::format(
                    "{} does not fit {}: there {} is worse",
                    key,
                    info_.name,
                    below ? "more" : "less"
                ),
                "",
                below ? "above" : "below"
            );
            return;
        }
        out = {below, {}};
        std::optional<Millionths> milder;
        for (const auto& [level, where] : levels->levels()) {
            const auto threshold = amount(where, info_);
            if (!threshold) continue;
            if (milder && (below ? *threshold >= *milder : *threshold <= *milder))
                where.say(
                    fmt::format(
                        "the threshold of {} does not go beyond that of the milder level",
                        name_of(level)
                    ),
                    below ? "thresholds that fall as the level gets graver"
                          : "thresholds that rise as the level gets graver"
                );
            always(where, below, *threshold);
            milder = threshold;
            out.at.at(level) = threshold;
        }
    }
    /// A threshold that every value reaches says nothing.
    void always(const Cursor& where, bool below, Millionths threshold) const {
        if (info_.kpi == Kpi::gauge) return;
        if (!below && threshold == 0) where.say("every value is at or above 0", "more than 0");
        if (below && info_.share && threshold == one)
            where.say("every value is at or below 100%", "less than 100%");
    }

    void floors(plan::Leaf& leaf) const {
        const auto map = at_.get("floor");
        if (!map) return;
        leaf.floors.clear();
        if (map->node().kind != Node::Kind::map) {
            map->say("not a map", "KPIs and amounts, such as {calls_waiting: 5}");
            return;
        }
        for (const auto& [word, where] : map->entries()) {
            const KpiInfo* info = kpi_named(where, word);
            if (info == nullptr) continue;
            plan::Floor floor;
            floor.measure.kpi = info->kpi;
            if (info->kpi == Kpi::gauge) where.say("a gauge cannot be a floor", "a KPI");
            if (info->windowed) {
                floor.measure.window = leaf.measure.window;
                if (!info_.windowed)
                    where.say(
                        fmt::format("{} needs a window and this trigger has none", word),
                        "a KPI of this moment"
                    );
            }
            const auto least = amount(where, *info);
            if (!least) continue;
            floor.least = *least;
            leaf.floors.push_back(std::move(floor));
        }
    }

    void clear(plan::Clear& out) const {
        const auto found = at_.get("clear");
        if (!found) return;
        const Cursor section = found->as("triggers[].clear");
        if (!section.is_map()) return;
        const plan::Clear standard;
        out.margin = section.percent("margin");
        out.hold = section.durations("for", standard.hold);
        out.dwell = section.durations("dwell", standard.dwell);
    }

    void least(const char* key, bool fits, const char* wanted, std::uint64_t& out) const {
        if (!at_.has(key)) return;
        out = static_cast<std::uint64_t>(at_.integer(key));
        if (!fits) at_.say_at(key, fmt::format("{} does not go with {}", key, info_.name), wanted);
    }

    const Cursor& at_;
    const KpiInfo& info_;
};

const KpiInfo* measure_of(const Cursor& at, board::Measure& measure) {
    const KpiInfo* info = nullptr;
    if (at.has("gauge")) {
        measure.gauge = at.name("gauge");
        info = &board::info_of(Kpi::gauge);
        if (at.has("kpi") && at.text("kpi") != "gauge")
            at.say_at("gauge", "kpi and gauge at once", "one of them");
    } else if (const auto word = at.get("kpi")) {
        const std::string text = word->text();
        if (!text.empty()) info = kpi_named(*word, text);
        if (info != nullptr && info->kpi == Kpi::gauge)
            at.say_at("kpi", "no gauge is named", "gauge: its name, instead of kpi");
    }
    if (info == nullptr) return nullptr;
    measure.kpi = info->kpi;
    measure.klass = at.name("class");
    measure.topic = at.text("topic");
    if (at.has("severity")) measure.severity = static_cast<std::int32_t>(at.integer("severity"));
    const auto narrows = [&](const char* key, bool fits, const char* wanted) {
        if (at.has(key) && !fits)
            at.say_at(key, fmt::format("{} does not go with {}", key, info->name), wanted);
    };
    const bool of_complaints = info->filter == board::Filter::complaint;
    narrows("class", info->filter != board::Filter::none, "a KPI of contacts");
    narrows("topic", of_complaints, "complaints or complaint_ratio");
    narrows("severity", of_complaints, "complaints or complaint_ratio");
    if (info->windowed && !at.has("window"))
        at.say_at(
            "kpi",
            fmt::format("{} is counted over a window, and none is given", info->name),
            "window: 1m, 5m, 15m, 30m, 60m or day"
        );
    return info;
}

void check_globs(const plan::Override& over, const Cursor& at) {
    const bool any = std::find(over.queues.begin(), over.queues.end(), "*") != over.queues.end();
    if (any) at.say_at("queues", "an override for every queue", "the values in the trigger itself");
}

}  // namespace

void decode_leaf(const Cursor& at, const PlanContext& context, plan::Condition& out) {
    const KpiInfo* info = measure_of(at, out.leaf.measure);
    if (info == nullptr) return;  // what the amounts mean is not known
    if (!at.has("above") && !at.has("below"))
        at.say(
            fmt::format("{} is missing", info->less_is_worse ? "below" : "above"),
            "a threshold per level"
        );
    LeafKeys{at, *info}.read(out.leaf);
    const auto overrides = at.get("overrides");
    if (!overrides) return;
    for (const Cursor& item : overrides->items()) {
        if (!item.is_map()) continue;
        plan::Override over;
        over.leaf = out.leaf;
        over.queues = item.globs("queues");
        if (const auto when = item.get("when")) {
            over.when = when->name();
            check_calendar(context, over.when, *when);
        }
        if (over.queues.empty() && over.when.empty())
            item.say("it replaces the trigger everywhere", "queues, when or both");
        LeafKeys{item, *info}.read(over.leaf);
        check_globs(over, item);
        out.overrides.push_back(std::move(over));
    }
}

}  // namespace surged::config
