// A plan: triggers of every kind, activation, who is paged, steps, end.
#include "config/decode.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

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
const std::array<Kind, 6>& kinds() {
    static const std::vector<std::string_view> leaf{
        "kpi",
        "gauge",
        "window",
        "class",
        "topic",
        "above",
        "below",
        "floor",
        "for",
        "clear",
        "min_calls",
        "min_count",
        "overrides"
    };
    static const std::array<Kind, 6> all{
        {
         {ConditionKind::leaf, "kpi", leaf},
         {ConditionKind::leaf, "gauge", leaf},
         {ConditionKind::all, "all", {"all"}},
         {ConditionKind::any, "any", {"any"}},
         {ConditionKind::not_, "not", {"not", "level"}},
         {ConditionKind::absent, "absent", {"absent", "for", "level", "then"}},
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
        const bool later = at.has("calendar") || at.has("alert") || at.has("report");
        if (!later) at.say("nothing to watch", "kpi, gauge, all, any, not or absent");
        return nullptr;
    }
    for (const Node::Entry& entry : at.keys()) {
        const Key* key = find_key(File::plan, "triggers[]." + entry.key);
        const bool of_trigger = entry.key == "id" || entry.key == "page";
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

/// Levels that a condition can take at all.
std::set<Level> reachable(const Condition& condition) {
    std::set<Level> out{condition.level, condition.then_level};
    for (const Level level : plan::levels) {
        bool has = condition.leaf.ladder.at.at(level).has_value();
        for (const plan::Override& over : condition.overrides)
            has = has || over.leaf.ladder.at.at(level).has_value();
        if (has) out.insert(level);
    }
    if (condition.kind == ConditionKind::all || condition.kind == ConditionKind::any)
        for (const Condition& member : condition.members) out.merge(reachable(member));
    out.erase(Level::none);
    return out;
}

class PlanDecoder {
public:
    PlanDecoder(const Cursor& top, const PlanContext& context) : top_{top}, context_{context} {}

    plan::Plan run() {
        if (!top_.is_map()) return std::move(out_);
        out_.name = top_.name("plan");
        out_.title = top_.bilingual("title");
        out_.source = top_.name("source");
        out_.version = static_cast<std::uint32_t>(top_.integer("version"));
        out_.scope = top_.choice("scope") == "queue" ? plan::Scope::queue : plan::Scope::plan;
        if (const auto at = top_.get("applies_to"); at && at->is_map()) {
            out_.queues = at->globs("queues");
            queues_known(*at);
        }
        teams();
        triggers();
        activation();
        page();
        steps();
        if (const auto at = top_.get("end"); at && at->is_map()) {
            out_.end.when_clear_for = at->duration("when_clear_for");
            out_.end.declared_by = at->name("declared_by");
            if (const auto by = at->get("declared_by")) party(out_.end.declared_by, *by);
        }
        nobody();
        return std::move(out_);
    }

private:
    void queues_known(const Cursor& at) const {
        constexpr std::size_t most = 200;  // a hint is not worth more time
        if (context_.site == nullptr || context_.site->queues.size() > most) return;
        std::vector<std::string_view> names;
        names.reserve(context_.site->queues.size());
        for (const auto& [name, rule] : context_.site->queues) names.push_back(name);
        for (const std::string& glob : out_.queues) {
            if (glob.find_first_of("*?") != std::string::npos) continue;
            const std::string near = nearest(glob, names);
            if (!near.empty() && near != glob)
                at.warn(*context_.warnings, "site.yaml has no queue " + shown(glob), near);
        }
    }

    /// A role of this plan or a team of the roster.
    void party(const std::string& name, const Cursor& at) const {
        if (name.empty() || out_.teams.contains(name) || context_.roster == nullptr) return;
        if (context_.roster->teams.contains(name) || at.enough()) return;
        std::vector<std::string_view> known;
        known.reserve(out_.teams.size());
        for (const auto& [role, team] : out_.teams) known.push_back(role);
        for (const auto& [team, value] : context_.roster->teams)
            if (!out_.teams.contains(team)) known.push_back(team);
        at.say("no role or team " + shown(name), one_of(known), nearest(name, known));
    }

    void teams() {
        const auto at = top_.get("teams");
        if (!at) return;
        std::vector<std::string_view> known;
        if (context_.roster != nullptr)
            for (const auto& [team, value] : context_.roster->teams) known.push_back(team);
        for (const auto& [role, each] : at->entries()) {
            std::string team = each.name();
            const bool checked = context_.roster != nullptr && !team.empty();
            if (checked && !context_.roster->teams.contains(team) && !each.enough())
                each.say("no team " + shown(team), one_of(known), nearest(team, known));
            out_.teams[role] = std::move(team);
        }
    }

    std::vector<std::string> parties(const Cursor& at, std::string_view key) const {
        std::vector<std::string> out;
        for (const auto& [name, where] : at.names(key)) {
            party(name, where);
            out.push_back(name);
        }
        return out;
    }

    /// A name that no other item of its list may have; the item under that name for messages.
    static Cursor identified(
        const Cursor& item, std::string_view list, std::set<std::string>& seen, std::string& id
    ) {
        id = item.name("id");
        if (id.empty()) return item;
        Cursor named = item.named(fmt::format("{}.{}", list, id));
        if (!seen.insert(id).second)
            named.say_at("id", "id " + shown(id) + " stands twice", "each once");
        return named;
    }

    void triggers() {
        const auto list = top_.get("triggers");
        if (!list) return;
        std::set<std::string> seen;
        const auto items = list->items();
        if (list->node().kind == Node::Kind::list && items.empty())
            list->say("an empty list", "at least one trigger");
        for (const Cursor& item : items) {
            if (item.node().kind != Node::Kind::map) {
                item.say("not a trigger", "a map");
                continue;
            }
            plan::Trigger trigger;
            const Cursor named = identified(item, "triggers", seen, trigger.id);
            trigger.page = parties(named, "page");
            trigger.condition = decode_condition(named, context_, 0);
            out_.triggers.push_back(std::move(trigger));
        }
    }

    void activation() {
        const auto at = top_.get("activation");
        if (!at) return;
        plan::PerLevel<std::optional<plan::Activation>> said;
        for (const auto& [level, each] : at->levels()) {
            if (!each.is_map()) continue;
            said.at(level) = each.choice("mode") == "automatic" ? plan::Activation::automatic
                                                                : plan::Activation::warn;
        }
        auto milder = plan::Activation::warn;
        for (const Level level : plan::levels)
            out_.activation.at(level).mode = milder = said.at(level).value_or(milder);
    }

    void page() {
        const auto at = top_.get("page");
        if (!at) return;
        plan::PerLevel<std::optional<std::vector<std::string>>> said;
        for (const auto& [level, each] : at->levels()) {
            std::vector<std::string> names;
            for (const Cursor& item : each.items()) {
                names.push_back(item.name());
                party(names.back(), item);
            }
            said.at(level) = std::move(names);
        }
        std::vector<std::string> milder;
        for (const Level level : plan::levels)
            out_.page.at(level) = milder = said.at(level).value_or(milder);
    }

    void steps() {
        const auto list = top_.get("steps");
        if (!list) return;
        std::set<std::string> seen;
        for (const Cursor& item : list->items()) {
            if (item.node().kind != Node::Kind::map) {
                item.say("not a step", "a map");
                continue;
            }
            plan::StepRule step;
            const Cursor at = identified(item, "steps", seen, step.id);
            if (!at.is_map()) continue;
            step.phase = at.choice("phase");
            step.team = at.name("team");
            if (const auto team = at.get("team")) party(step.team, *team);
            step.from_level = level_of(at, "from_level");
            step.within = at.duration("within");
            step.text = at.bilingual("do");
            out_.steps.push_back(std::move(step));
        }
    }

    /// A level that starts by itself and pages nobody is likely not meant.
    void nobody() const {
        std::set<Level> levels;
        for (const plan::Trigger& trigger : out_.triggers)
            if (trigger.page.empty()) levels.merge(reachable(trigger.condition));
        for (const Level level : levels)
            if (out_.activation.at(level).mode == plan::Activation::automatic &&
                out_.page.at(level).empty())
                top_.warn(
                    *context_.warnings,
                    fmt::format("level {} starts by itself and pages nobody", name_of(level))
                );
    }

    const Cursor& top_;
    const PlanContext& context_;
    plan::Plan out_;
};

}  // namespace

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
    switch (kind->kind) {
        case ConditionKind::leaf:
            decode_leaf(at, out);
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
            break;  // refused above, as not built yet
    }
    return out;
}

plan::Plan decode_plan(const Cursor& top, const PlanContext& context) {
    return PlanDecoder{top, context}.run();
}

}  // namespace surged::config
