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

/// What the amounts of a leaf mean: the figure itself, a multiple of what is expected, or a change.
struct Scale {
    const KpiInfo& info;
    bool multiple{false}, change{false};
    [[nodiscard]] Span span() const {
        if (multiple && change) return {-one * 1'000, one * 1'000, "a ratio from -1000 to 1000"};
        if (multiple) return {0, one * 1'000, "a ratio from 0 to 1000, such as 1.5 or 150%"};
        Span out = span_of(info);
        if (change) out = {-out.high, out.high, "an amount that it changes by"};
        return out;
    }
    [[nodiscard]] bool seconds() const {
        return !multiple && info.unit == Unit::seconds && info.kpi != Kpi::gauge;
    }
    [[nodiscard]] bool whole() const {
        return !multiple && info.unit == Unit::count && info.kpi != Kpi::gauge;
    }
};

Parsed<Millionths> parse_seconds(std::string_view text, bool change) {
    const bool minus = change && text.starts_with('-');
    const auto span = parse_span(minus ? text.substr(1) : text);
    if (!span) return tl::make_unexpected(span.error());
    return minus ? -span->count() : span->count();
}

Parsed<Millionths> parse_for(const Scale& scale, std::string_view text) {
    const KpiInfo& info = scale.info;
    Parsed<Millionths> amount =
        scale.seconds() ? parse_seconds(text, scale.change) : parse_amount(text);
    if (!amount) {
        if (!scale.seconds() && parse_span(text))
            amount.error().what = shown(text) + " is a duration";
        return amount;
    }
    const Span span = scale.span();
    if (*amount < span.low || *amount > span.high) {
        Complaint out{fmt::format("{} is out of range for {}", shown(text), info.name), "", ""};
        if (span.high == one && *amount > one && *amount <= 100 * one && !text.ends_with('%'))
            out.suggestion = format_amount(*amount) + "%";
        return tl::make_unexpected(out);
    }
    if (scale.whole() && *amount % one != 0)
        return tl::make_unexpected(Complaint{shown(text) + " is not whole", "", ""});
    return amount;
}

std::optional<Millionths> amount(const Cursor& at, const Scale& scale) {
    const auto parse = [&](std::string_view text) { return parse_for(scale, text); };
    return at.value<Millionths>(parse, scale.span().said);
}

/// nullptr: none. Of a mistyped one, which is said, the one that was surely meant: so the mistakes
/// behind it are said, too.
const KpiInfo* kpi_named(const Cursor& at, std::string_view word) {
    if (std::find(later_kpis.begin(), later_kpis.end(), word) != later_kpis.end()) {
        at.say(std::string{word} + " is not built yet");
        return nullptr;
    }
    if (const auto kpi = board::parse_kpi(word)) return &board::info_of(*kpi);
    std::vector<std::string_view> names;
    for (const KpiInfo& info : board::kpi_table()) names.push_back(info.name);
    const std::string meant = nearest(word, names);
    at.say("no KPI is called " + shown(word), "the name of a KPI", meant);
    const auto kpi = is_mistyped(word, meant) ? board::parse_kpi(meant) : std::nullopt;
    return kpi && *kpi != Kpi::gauge ? &board::info_of(*kpi) : nullptr;
}

/// Keys of a leaf, from a trigger or from an override: those that are there replace what `leaf`
/// has.
class LeafKeys {
public:
    LeafKeys(const Cursor& at, const KpiInfo& info, std::uint8_t channels)
        : at_{at}, info_{info}, channels_{channels} {}

    /// What it is compared with is read before: the amounts depend on it.
    void read(plan::Leaf& leaf) const {
        window(leaf.measure);
        const Scale scale{
            info_, leaf.ratio_to != plan::Relative::none, leaf.change_over > Micros{0}
        };
        ladder("above", false, scale, leaf.ladder);
        ladder("below", true, scale, leaf.ladder);
        if (at_.has("above") && at_.has("below"))
            at_.say_at("below", "above and below at once", "one of them");
        floors(leaf);
        if (at_.has("for")) leaf.hold = at_.durations("for", {});
        clear(leaf.clear);
        least(
            "min_calls",
            info_.base != board::Base::none || leaf.ratio_to != plan::Relative::none,
            "a KPI counted over contacts",
            leaf.min_calls
        );
        least("min_count", info_.unit == Unit::count, "a KPI that is a count", leaf.min_count);
        if (at_.has("keep")) leaf.keep = at_.duration("keep");
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

    void ladder(const char* key, bool below, const Scale& scale, plan::Ladder& out) const {
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
            const auto threshold = amount(where, scale);
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
            if (!scale.change) always(where, below, *threshold);
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
            if (info->filter != board::Filter::none) floor.measure.channels = channels_;
            const auto least = amount(where, Scale{*info});
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
    std::uint8_t channels_;
};

/// What the figure is compared with: other days, or itself some time ago.
class Comparison {
public:
    Comparison(const Cursor& at, const PlanContext& context, const KpiInfo& info)
        : at_{at}, context_{context}, info_{info} {}

    void read(plan::Leaf& leaf) const {
        if (at_.has("change_over")) leaf.change_over = at_.duration("change_over");
        if (at_.has("ratio_to")) {
            relative(leaf);
        } else {
            for (const char* key : {"event", "factor"})
                if (at_.has(key))
                    at_.say_at(key, fmt::format("{} does not go without ratio_to", key));
        }
    }

private:
    void relative(plan::Leaf& leaf) const {
        const std::string word = at_.choice("ratio_to");
        leaf.ratio_to = word == "profile" ? plan::Relative::profile
                        : word == "plan"  ? plan::Relative::plan
                        : word == "event" ? plan::Relative::event
                                          : plan::Relative::none;
        const bool counts = info_.windowed && info_.unit == Unit::count;
        if (!counts)
            at_.say_at(
                "ratio_to",
                fmt::format("{} is no count over a window", info_.name),
                "calls_offered, complaints or another count"
            );
        if (leaf.ratio_to == plan::Relative::plan) of_plan(leaf);
        if (leaf.ratio_to != plan::Relative::event) {
            for (const char* key : {"event", "factor"})
                if (at_.has(key))
                    at_.say_at(key, fmt::format("{} goes with ratio_to: event alone", key));
            return;
        }
        if (!at_.has("event")) at_.say_at("ratio_to", "event is missing", "the name of a calendar");
        leaf.event = at_.name("event");
        if (const auto where = at_.get("event")) check_calendar(context_, leaf.event, *where);
        leaf.factor = at_.percent("factor");
    }
    void of_plan(const plan::Leaf& leaf) const {
        const board::Measure& measure = leaf.measure;
        const bool whole = measure.klass.empty() && measure.channels == 0;
        if (info_.kpi != Kpi::calls_offered)
            at_.say_at(
                "ratio_to",
                fmt::format("the plan of the day says nothing of {}", info_.name),
                "calls_offered"
            );
        else if (!whole)
            at_.say_at(
                "ratio_to",
                "the plan of the day is of all contacts of a queue",
                "no class, and no applies_to.channels"
            );
    }

    const Cursor& at_;
    const PlanContext& context_;
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
    if (info->filter != board::Filter::none) out.leaf.measure.channels = context.channels;
    Comparison{at, context, *info}.read(out.leaf);
    LeafKeys{at, *info, context.channels}.read(out.leaf);
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
        LeafKeys{item, *info, context.channels}.read(over.leaf);
        check_globs(over, item);
        out.overrides.push_back(std::move(over));
    }
}

}  // namespace surged::config
