// A plan: triggers of every kind, activation, who is paged, steps, end.
#include "config/decode_plan.hpp"

#include "core/acd/event.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

namespace surged::config {
namespace {

using plan::Condition;
using plan::ConditionKind;
using plan::Level;

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
    PlanDecoder(const Cursor& top, const PlanContext& context)
        : top_{top}, context_{context}, parties_{context_, out_.teams} {
        context_.kinds = &out_.kinds;
    }

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
            channels(*at);
        }
        teams();
        out_.kinds = decode_kinds(top_);
        yields();
        quiet();
        triggers();
        out_.activation = decode_activation(parties_, top_);
        page();
        steps();
        out_.binder = decode_binder(parties_, out_.kinds, top_);
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

    void channels(const Cursor& at) {
        const std::vector<std::string_view> words{"voice", "chat", "email", "social", "front_desk"};
        for (const auto& [word, where] : at.names("channels")) {
            if (const auto channel = acd::parse_name<acd::Channel>(word)) {
                context_.channels |=
                    static_cast<std::uint8_t>(1U << static_cast<unsigned>(*channel));
                out_.channels.push_back(word);
            } else {
                where.say("no channel " + shown(word), one_of(words), nearest(word, words));
            }
        }
    }

    void party(const std::string& name, const Cursor& at) const { parties_.check(name, at); }

    void yields() {
        for (const auto& [name, where] : top_.names("yields_to")) {
            if (name == out_.name) where.say("a plan cannot yield to itself");
            out_.yields_to.push_back(name);  // that it exists is checked when all are read
        }
    }

    void quiet() {
        const auto at = top_.get("quiet");
        if (!at || !at->is_map()) return;
        out_.quiet.during = at->name("during");
        if (const auto where = at->get("during"))
            check_calendar(context_, out_.quiet.during, *where);
        out_.quiet.below = plan::parse_level(at->choice("below")).value_or(Level::II);
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
            for (const auto& [name, where] : named.names("inhibited_by"))
                trigger.inhibited_by.push_back(name);
            trigger.condition = decode_condition(named, context_, 0);
            inhibitors_.emplace_back(out_.triggers.size(), named);
            out_.triggers.push_back(std::move(trigger));
        }
        for (const auto& [index, at] : inhibitors_)
            check_inhibitors(out_.triggers[index], at, seen);
    }

    /// Triggers of this plan, and not the trigger itself.
    static void check_inhibitors(
        const plan::Trigger& trigger, const Cursor& at, const std::set<std::string>& ids
    ) {
        std::vector<std::string_view> known{ids.begin(), ids.end()};
        for (const auto& [name, where] : at.names("inhibited_by")) {
            if (name == trigger.id) where.say("a trigger cannot inhibit itself");
            if (!ids.contains(name))
                where.say("no trigger " + shown(name), one_of(known), nearest(name, known));
        }
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
            std::string id;
            const Cursor at = identified(item, "steps", seen, id);
            if (!at.is_map()) continue;
            plan::StepRule step = decode_step(parties_, out_.kinds, at);
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
    PlanContext context_;
    plan::Plan out_;
    PlanParties parties_;
    std::vector<std::pair<std::size_t, Cursor>> inhibitors_;
};

}  // namespace

void PlanParties::check(const std::string& name, const Cursor& at) const {
    if (name.empty() || roles_.contains(name) || context_.roster == nullptr) return;
    if (context_.roster->teams.contains(name) || at.enough()) return;
    std::vector<std::string_view> known;
    known.reserve(roles_.size());
    for (const auto& [role, team] : roles_) known.push_back(role);
    for (const auto& [team, value] : context_.roster->teams)
        if (!roles_.contains(team)) known.push_back(team);
    at.say("no role or team " + shown(name), one_of(known), nearest(name, known));
}

void PlanParties::check_text(const std::string& name, const Cursor& at) const {
    if (name.empty() || context_.texts == nullptr || context_.texts->contains(name)) return;
    std::vector<std::string_view> known;
    for (const auto& [text, words] : *context_.texts) known.push_back(text);
    at.say("notices.yaml has no text " + shown(name), one_of(known), nearest(name, known));
}

plan::Plan decode_plan(const Cursor& top, const PlanContext& context) {
    return PlanDecoder{top, context}.run();
}

}  // namespace surged::config
