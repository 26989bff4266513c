// A trigger's condition: of which kind it is, and what belongs to that.
#include "config/decode_plan.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace surged::config {
namespace {

using plan::Condition;
using plan::ConditionKind;
using plan::Level;

/// What makes a condition one of its kind, and the keys that then belong to it.
struct Kind {
    ConditionKind kind;
    std::string_view word;
    std::vector<std::string_view> keys;
};
const std::array<Kind, 9>& kinds() {
    static const std::vector<std::string_view> leaf{
        "kpi",
        "gauge",
        "window",
        "class",
        "topic",
        "severity",
        "above",
        "below",
        "floor",
        "for",
        "clear",
        "min_calls",
        "min_count",
        "ratio_to",
        "event",
        "factor",
        "change_over",
        "keep",
        "overrides"
    };
    static const std::array<Kind, 9> all{
        {
         {ConditionKind::leaf, "kpi", leaf},
         {ConditionKind::leaf, "gauge", leaf},
         {ConditionKind::all, "all", {"all"}},
         {ConditionKind::any, "any", {"any"}},
         {ConditionKind::not_, "not", {"not", "level"}},
         {ConditionKind::absent, "absent", {"absent", "for", "level", "then"}},
         {ConditionKind::alert, "alert", {"alert", "for", "level"}},
         {ConditionKind::report, "report", {"report", "level"}},
         {ConditionKind::calendar, "calendar", {"calendar", "lead", "level"}},
         }
    };
    return all;
}

/// Which kind this condition is; what does not go with it is reported.
const Kind* kind_of(const Cursor& at, int depth) {
    const Kind* found = nullptr;
    for (const Kind& kind : kinds()) {
        if (!at.has(kind.word)) continue;
        if (found != nullptr && found->kind != kind.kind)
            at.say_at(
                kind.word,
                fmt::format("{} and {} at once", found->word, kind.word),
                "one of them; all and any combine conditions"
            );
        if (found == nullptr) found = &kind;
    }
    if (found == nullptr) {
        at.say("nothing to watch", "kpi, gauge, all, any, not, absent, alert, report or calendar");
        return nullptr;
    }
    for (const Node::Entry& entry : at.keys()) {
        const Key* key = find_key(File::plan, "triggers[]." + entry.key);
        const bool of_trigger =
            entry.key == "id" || entry.key == "page" || entry.key == "inhibited_by";
        if (entry.key == "during") continue;  // every condition may be bound to a calendar
        if (key == nullptr || !key->built || (of_trigger && depth == 0)) continue;
        const bool starts = std::any_of(kinds().begin(), kinds().end(), [&](const Kind& kind) {
            return kind.word == entry.key;
        });
        if (starts || std::count(found->keys.begin(), found->keys.end(), entry.key) > 0) continue;
        at.say_at(
            entry.key,
            fmt::format(
                "{} does not go with {}",
                entry.key,
                of_trigger ? "a condition inside another" : found->word
            )
        );
    }
    return found;
}

Level level_of(const Cursor& at, std::string_view key) {
    return plan::parse_level(at.choice(key)).value_or(Level::none);
}

Level required_level(const Cursor& at) {
    if (!at.has("level")) at.say("level is missing", "IV, III, II or I");
    return level_of(at, "level");
}

/// Every source a trigger may wait for: those of the daemon, and what callers post as.
void check_source(const Cursor& at, const std::string& name, const Daemon& daemon) {
    std::vector<std::string_view> known;
    known.reserve(daemon.sources.size() + daemon.http.tokens.size() + 1);
    for (const Source& source : daemon.sources) known.push_back(source.name);
    for (const Token& token : daemon.http.tokens)
        if (token.role == "source") known.push_back(token.name);
    known.push_back("local");
    if (std::find(known.begin(), known.end(), name) != known.end()) return;
    at.say("no source " + shown(name), one_of(known), nearest(name, known));
}

void decode_absent(const Cursor& at, const PlanContext& context, Condition& out) {
    out.source = at.name("absent");
    if (const auto source = at.get("absent"); source && !out.source.empty() && context.daemon)
        check_source(*source, out.source, *context.daemon);
    if (const auto hold = at.get("for"); hold && hold->node().kind == Node::Kind::map)
        hold->say("a duration per level", "one duration; `then` makes it graver");
    out.hold = at.durations("for", {}).at(Level::IV);
    out.level = required_level(at);
    const auto then = at.get("then");
    if (!then || !then->is_map()) return;
    out.then_after = then->duration("after");
    out.then_level = level_of(*then, "level");
    if (out.then_level != Level::none && out.then_level <= out.level)
        then->say_at("level", "not graver than the level before", "a graver level");
}

/// alert, report and calendar: what stands without a figure.
void decode_standing(const Cursor& at, const PlanContext& context, Condition& out) {
    out.level = required_level(at);
    if (out.kind == ConditionKind::alert) {
        out.hold = at.durations("for", {}).at(Level::IV);
        if (const auto labels = at.get("alert")) {
            for (const auto& [label, where] : labels->entries()) out.labels[label] = where.text();
            if (out.labels.empty()) labels->say("it matches every alert", "at least one label");
        }
    } else if (out.kind == ConditionKind::report) {
        for (const auto& [kind, where] : at.names("report")) {
            if (context.kinds != nullptr) check_kind(*context.kinds, kind, where);
            out.reports.push_back(kind);
        }
        if (out.reports.empty()) at.say_at("report", "no kind", "at least one");
    } else {
        out.calendar = at.name("calendar");
        if (const auto where = at.get("calendar")) check_calendar(context, out.calendar, *where);
        out.lead = at.duration("lead");
    }
}

void decode_members(
    const Cursor& at, const Kind& kind, const PlanContext& context, int depth, Condition& out
) {
    const auto list = at.get(kind.word);
    if (!list) return;
    if (kind.kind == ConditionKind::not_) {
        out.level = required_level(at);
        out.members.push_back(decode_condition(list->as("triggers[]"), context, depth + 1));
        return;
    }
    const auto items = list->items();
    if (list->node().kind == Node::Kind::list && items.empty())
        list->say("an empty list", "at least one condition");
    for (const Cursor& item : items)
        out.members.push_back(decode_condition(item.as("triggers[]"), context, depth + 1));
}

}  // namespace

void check_calendar(const PlanContext& context, const std::string& name, const Cursor& at) {
    if (name.empty() || context.site == nullptr || context.site->calendars.contains(name)) return;
    std::vector<std::string_view> names;
    for (const auto& [known, calendar] : context.site->calendars) names.push_back(known);
    at.say("no calendar " + shown(name), one_of(names), nearest(name, names));
}

plan::Condition decode_condition(const Cursor& at, const PlanContext& context, int depth) {
    constexpr int deepest = 6;
    Condition out;
    if (!at.is_map()) return out;
    if (depth > deepest) {
        at.say("conditions nested too deeply", fmt::format("at most {} levels", deepest));
        return out;
    }
    const Kind* kind = kind_of(at, depth);
    if (kind == nullptr) return out;
    out.kind = kind->kind;
    if (const auto during = at.get("during")) {
        out.during = during->name();
        check_calendar(context, out.during, *during);
    }
    switch (kind->kind) {
        case ConditionKind::leaf:
            decode_leaf(at, context, out);
            break;
        case ConditionKind::absent:
            decode_absent(at, context, out);
            break;
        case ConditionKind::all:
        case ConditionKind::any:
        case ConditionKind::not_:
            decode_members(at, *kind, context, depth, out);
            break;
        case ConditionKind::alert:
        case ConditionKind::report:
        case ConditionKind::calendar:
            decode_standing(at, context, out);
            break;
    }
    return out;
}

}  // namespace surged::config
