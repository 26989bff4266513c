#include "io/api/encode_explain.hpp"

#include "core/paging/words.hpp"

#include <array>

namespace surged::io::api {
namespace {

using board::Measure;
using http::JsonWriter;
using plan::Condition;
using plan::ConditionKind;
using plan::Level;
using threshold::NodeTold;

double seconds(Micros span) { return static_cast<double>(span.count()) / 1e6; }
double units(board::Millionths amount) { return static_cast<double>(amount) / 1e6; }

struct Clock {
    Instant now;
    Micros offset;
    [[nodiscard]] std::string at(Instant instant) const {
        return format_rfc3339(to_wall(instant, offset));
    }
};

void time_member(
    JsonWriter& json, std::string_view name, const std::optional<Instant>& at, const Clock& clock
) {
    json.key(name);
    if (at)
        json.value(clock.at(*at));
    else
        json.null();
}

void amount_member(
    JsonWriter& json, std::string_view name, const std::optional<board::Quantity>& value
) {
    json.key(name);
    if (value)
        json.value(value->value());
    else
        json.null();
}

std::string_view name_of(ConditionKind kind) {
    constexpr std::array<std::string_view, 8> names{
        "leaf", "all", "any", "not", "absent", "alert", "report", "calendar"
    };
    return names.at(static_cast<std::size_t>(kind));
}

std::string_view name_of(plan::Relative relative) {
    constexpr std::array<std::string_view, 4> names{"", "profile", "plan", "event"};
    return names.at(static_cast<std::size_t>(relative));
}

std::string_view name_of(board::Unit unit) {
    constexpr std::array<std::string_view, 5> names{
        "count", "seconds", "ratio", "per_second", "score"
    };
    return names.at(static_cast<std::size_t>(unit));
}

void names(JsonWriter& json, std::string_view name, const auto& list) {
    json.key(name);
    json.begin_array();
    for (const std::string& one : list) json.value(one);
    json.end_array();
}

/// The figure by its name in the rules and as people read it.
void figure(JsonWriter& json, const Measure& measure) {
    const board::KpiInfo& info = board::info_of(measure.kpi);
    json.member("kpi", info.name);
    if (measure.kpi == board::Kpi::gauge) json.member("gauge", measure.gauge);
    if (measure.window != board::Window::now) json.member("window", board::name_of(measure.window));
    json.member("unit", name_of(info.unit));
    const auto words = [&](plan::Language language) {
        const std::string more = paging::qualifier_words(measure, language);
        return paging::measure_words(measure, std::nullopt, language) +
               (more.empty() ? "" : " (" + more + ")");
    };
    json.key("words");
    json.begin_object();
    json.member("zh-CN", words(plan::Language::zh_cn));
    json.member("en", words(plan::Language::en));
    json.end_object();
}

void rung(JsonWriter& json, const NodeTold& node, Level level, const Clock& clock) {
    const plan::Leaf& leaf = *node.leaf;
    const board::Millionths at = *node.ladder.at.at(level);
    const auto& since = node.state.over_since.at(level);
    json.begin_object();
    json.member("level", plan::name_of(level));
    json.member("threshold", units(at));
    json.member(
        "met", node.counts && node.value && threshold::over(node.ladder, level, *node.value)
    );
    json.member("for", seconds(leaf.hold.at(level)));
    time_member(json, "met_since", since, clock);
    json.key("held");
    if (since)
        json.value(seconds(clock.now - *since));
    else
        json.null();
    plan::Leaf in_force = leaf;
    in_force.ladder = node.ladder;
    json.member("clear", units(threshold::clear_threshold(in_force, level).value_or(at)));
    json.member("clear_for", seconds(leaf.clear.hold.at(level)));
    json.member("dwell", seconds(leaf.clear.dwell.at(level)));
    json.end_object();
}

void where_from(JsonWriter& json, const NodeTold& node) {
    json.member(
        "from",
        node.temporary             ? "temporary"
        : node.override_number > 0 ? "override"
                                   : "rule"
    );
    if (node.override_number == 0) return;
    const plan::Override& other = node.condition->overrides.at(node.override_number - 1);
    json.key("override");
    json.begin_object();
    json.member("number", std::uint64_t{node.override_number});
    names(json, "queues", other.queues);
    json.member("during", other.when);
    json.end_object();
}

void conditions_of_value(JsonWriter& json, const NodeTold& node) {
    const plan::Leaf& leaf = *node.leaf;
    json.key("floors");
    json.begin_array();
    for (const threshold::FloorTold& floor : node.floors) {
        json.begin_object();
        figure(json, floor.measure);
        json.member("least", units(floor.least));
        amount_member(json, "value", floor.value);
        json.member("met", floor.met);
        json.end_object();
    }
    json.end_array();
    if (leaf.min_calls > 0) {
        json.member("min_calls", leaf.min_calls);
        json.member("calls", node.contacts);
    }
    if (leaf.min_count > 0) {
        json.member("min_count", leaf.min_count);
        json.member("count", node.count);
    }
}

void way_down(JsonWriter& json, const NodeTold& node, const Clock& clock) {
    const plan::Leaf& leaf = *node.leaf;
    const threshold::LeafState& state = node.state;
    json.member("margin", units(leaf.clear.margin));
    json.member("keep", seconds(leaf.keep));
    if (state.level == Level::none) return;
    time_member(json, "gone_since", state.gone_since, clock);
    time_member(json, "inside_since", state.inside_since, clock);
    json.member("held_up", node.held_up);
    std::optional<Instant> until;
    if (state.raised_at)
        until = threshold::later(*state.raised_at, leaf.clear.dwell.at(state.level));
    time_member(json, "dwells_until", until, clock);
}

void leaf_members(JsonWriter& json, const NodeTold& node, const Clock& clock) {
    const plan::Leaf& leaf = *node.leaf;
    figure(json, leaf.measure);
    json.member("below", node.ladder.below);
    amount_member(json, "value", node.value);
    amount_member(json, "measured", node.measured);
    if (leaf.ratio_to != plan::Relative::none) {
        json.member("ratio_to", name_of(leaf.ratio_to));
        if (!leaf.event.empty()) json.member("event", leaf.event);
        json.key("expected");
        if (node.expected)
            json.value(units(*node.expected));
        else
            json.null();
    }
    if (leaf.change_over > Micros{0}) json.member("change_over", seconds(leaf.change_over));
    json.member("data", node.has_data);
    json.member("counts", node.counts);
    where_from(json, node);
    json.key("levels");
    json.begin_array();
    for (const Level level : plan::levels)
        if (node.ladder.at.at(level)) rung(json, node, level, clock);
    json.end_array();
    conditions_of_value(json, node);
    way_down(json, node, clock);
}

void other_members(JsonWriter& json, const NodeTold& node, const Clock& clock) {
    const Condition& condition = *node.condition;
    if (condition.level != Level::none) json.member("stands_for", plan::name_of(condition.level));
    if (condition.hold > Micros{0}) json.member("for", seconds(condition.hold));
    if (condition.kind == ConditionKind::absent) {
        json.member("source", condition.source);
        json.member("silent", node.silent);
        time_member(json, "silent_since", node.state.silent_since, clock);
    }
    if (condition.kind == ConditionKind::alert) {
        json.key("labels");
        json.begin_object();
        for (const auto& [name, value] : condition.labels) json.member(name, value);
        json.end_object();
    }
    if (condition.kind == ConditionKind::report) names(json, "reports", condition.reports);
    if (condition.kind == ConditionKind::calendar) {
        json.member("calendar", condition.calendar);
        json.member("lead", seconds(condition.lead));
    }
    if (!node.told.empty()) json.member("told", node.told);
}

void encode_node(JsonWriter& json, const NodeTold& node, const Clock& clock) {
    json.begin_object();
    json.member("depth", std::uint64_t{node.depth});
    json.member("kind", name_of(node.condition->kind));
    json.member("level", plan::name_of(node.state.level));
    if (!node.condition->during.empty()) json.member("during", node.condition->during);
    json.member("asleep", node.asleep);
    if (node.leaf != nullptr)
        leaf_members(json, node, clock);
    else
        other_members(json, node, clock);
    json.end_object();
}

void encode_temporary(JsonWriter& json, const engine::Temporary& rule, const Clock& clock) {
    json.begin_object();
    json.member("plan", rule.plan);
    json.member("trigger", rule.trigger);
    json.member("queue", rule.queue);
    json.key("levels");
    json.begin_object();
    for (const Level level : plan::levels)
        if (const auto& at = rule.at.at(level)) json.member(plan::name_of(level), units(*at));
    json.end_object();
    json.member("until", clock.at(clock.now + rule.lasts));
    json.member("left", seconds(rule.lasts));
    json.member("by", rule.by);
    json.member("why", rule.why);
    json.end_object();
}

void encode_trigger(JsonWriter& json, const engine::TriggerTold& told, const Clock& clock) {
    json.begin_object();
    json.member("trigger", told.trigger->id);
    json.member("queue", told.queue);
    json.member("level", plan::name_of(told.level));
    time_member(json, "since", told.since, clock);
    names(json, "muted_by", told.muted_by);
    json.key("temporary");
    if (told.temporary)
        encode_temporary(json, *told.temporary, clock);
    else
        json.null();
    json.key("nodes");
    json.begin_array();
    for (const NodeTold& node : told.nodes) encode_node(json, node, clock);
    json.end_array();
    json.end_object();
}

void encode_plans(
    JsonWriter& json, std::string_view name, const std::vector<engine::PlanFiring>& plans
) {
    json.key(name);
    json.begin_array();
    for (const engine::PlanFiring& one : plans) {
        json.begin_object();
        json.member("plan", one.plan);
        json.member("level", plan::name_of(one.level));
        json.end_object();
    }
    json.end_array();
}

void encode_queues(JsonWriter& json, const engine::Engine& engine, const plan::Plan& plan) {
    json.key("queues");
    json.begin_array();
    for (const board::QueueIx queue : engine.board().queues()) {
        const std::string& name = engine.board().name(queue);
        if (!plan.queues.empty() && !plan::any_glob_matches(plan.queues, name)) continue;
        const auto told = engine.explain(plan.name, name);
        json.begin_object();
        json.member("queue", name);
        json.member("level", plan::name_of(told->firing));
        json.member("incident", told->incident);
        json.member("led_by", told->led_by);
        json.end_object();
    }
    json.end_array();
}

}  // namespace

std::string plan_named(const plan::RuleSet& rules, const std::string& word) {
    if (rules.plans.contains(word)) return word;
    std::string out;
    for (const auto& [name, plan] : rules.plans) {
        if (plan.source != word) continue;
        if (!out.empty()) return {};
        out = name;
    }
    return out;
}

std::string encode_explanation(const engine::Engine& engine, const engine::Explanation& told) {
    const Clock clock{engine.now(), engine.wall_offset()};
    JsonWriter json;
    json.begin_object();
    json.member("at", clock.at(clock.now));
    json.member("zone", engine.rules().site.zone.name);
    json.member("plan", told.plan->name);
    json.member("source", told.plan->source);
    json.member("title_zh", told.plan->title.zh);
    json.member("title_en", told.plan->title.en);
    json.member("queue", told.queue);
    json.member("known", told.known);
    json.member("watched", told.watched);
    json.member("firing", plan::name_of(told.firing));
    json.member("incident", told.incident);
    json.member("led_by", told.led_by);
    json.member("ended_at", plan::name_of(told.ended_at));
    names(json, "calendars", told.calendars);
    json.key("triggers");
    json.begin_array();
    for (const engine::TriggerTold& trigger : told.triggers) encode_trigger(json, trigger, clock);
    json.end_array();
    encode_plans(json, "yields_to", told.yields_to);
    encode_plans(json, "leads", told.led);
    if (told.queue.empty()) encode_queues(json, engine, *told.plan);
    json.end_object();
    return std::move(json).take();
}

std::string encode_temporaries(const engine::Engine& engine) {
    const Clock clock{engine.now(), engine.wall_offset()};
    JsonWriter json;
    json.begin_object();
    json.key("thresholds");
    json.begin_array();
    for (const engine::Temporary& rule : engine.temporaries()) encode_temporary(json, rule, clock);
    json.end_array();
    json.end_object();
    return std::move(json).take();
}

}  // namespace surged::io::api
