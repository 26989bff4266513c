// What a plan says is to be done: kinds, activation, steps, and the binder.
#include "config/decode_plan.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::config {
namespace {

using plan::Level;

std::vector<plan::Bilingual> texts(const Cursor& at, std::string_view key) {
    std::vector<plan::Bilingual> out;
    const auto list = at.get(key);
    if (!list) return out;
    for (const Cursor& item : list->items()) out.push_back(item.bilingual());
    return out;
}

std::string party_of(const PlanParties& parties, const Cursor& at, std::string_view key) {
    std::string name = at.name(key);
    if (const auto where = at.get(key)) parties.check(name, *where);
    return name;
}

std::vector<std::string> kinds_of(
    const std::vector<plan::KindRule>& known, const Cursor& at, std::string_view key
) {
    std::vector<std::string> out;
    for (const auto& [name, where] : at.names(key)) {
        check_kind(known, name, where);
        out.push_back(name);
    }
    return out;
}

plan::Action decode_action(const PlanParties& parties, const Cursor& at) {
    plan::Action out;
    if (!at.is_map()) return out;
    for (const char* kind : {"webhook", "command"}) {
        if (!at.has(kind)) continue;
        if (!out.kind.empty()) at.say_at(kind, "two targets at once", "one of them");
        out.kind = kind;
        out.target = at.text(kind);
    }
    if (out.kind.empty()) at.say("no target", "webhook or command");
    out.approval = party_of(parties, at, "approval");
    out.undo = at.text("undo");
    out.timeout = at.duration("timeout");
    return out;
}

}  // namespace

void check_kind(
    const std::vector<plan::KindRule>& known, const std::string& name, const Cursor& where
) {
    std::vector<std::string_view> names;
    names.reserve(known.size());
    for (const plan::KindRule& kind : known) names.push_back(kind.id);
    if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
    where.say(
        fmt::format("no kind {} in this plan", shown(name)), one_of(names), nearest(name, names)
    );
}

std::vector<plan::KindRule> decode_kinds(const Cursor& top) {
    std::vector<plan::KindRule> out;
    const auto table = top.get("kinds");
    if (!table) return out;
    for (const auto& [id, each] : table->entries()) {
        if (!each.is_map()) continue;
        plan::KindRule kind;
        kind.id = id;
        kind.title = each.bilingual("title");
        kind.level = plan::parse_level(each.choice("level")).value_or(Level::none);
        out.push_back(std::move(kind));
    }
    return out;
}

plan::PerLevel<plan::ActivationRule> decode_activation(
    const PlanParties& parties, const Cursor& top
) {
    plan::PerLevel<plan::ActivationRule> out = plan::Plan{}.activation;
    const auto at = top.get("activation");
    if (!at) return out;
    plan::PerLevel<std::optional<plan::ActivationRule>> said;
    for (const auto& [level, each] : at->levels()) {
        if (!each.is_map()) continue;
        plan::ActivationRule rule;
        const std::string mode = each.choice("mode");
        const bool asks = mode == "ask" || mode == "start-then-confirm";
        if (mode == "automatic") rule.mode = plan::Activation::automatic;
        if (mode == "ask") rule.mode = plan::Activation::ask;
        if (mode == "start-then-confirm") rule.mode = plan::Activation::start_then_confirm;
        if (asks) {
            if (!each.has("by")) each.say("by is missing", "the role or team that is asked");
            rule.by = party_of(parties, each, "by");
            rule.within = each.duration("within");
            rule.then_activate = each.choice("then") != "decline";
        }
        for (const char* key : {"by", "within", "then"})
            if (each.has(key) && (!asks || (std::string_view{key} == "then" && mode != "ask")))
                each.say_at(key, fmt::format("{} does not go with {}", key, mode));
        said.at(level) = rule;
    }
    plan::ActivationRule milder;
    for (const Level level : plan::levels) out.at(level) = milder = said.at(level).value_or(milder);
    return out;
}

plan::StepRule decode_step(
    const PlanParties& parties, const std::vector<plan::KindRule>& kinds, const Cursor& at
) {
    plan::StepRule step;
    step.id = at.name("id");
    step.phase = at.choice("phase");
    step.team = party_of(parties, at, "team");
    step.from_level = plan::parse_level(at.choice("from_level")).value_or(Level::IV);
    step.within = at.duration("within");
    step.text = at.bilingual("do");
    step.kinds = kinds_of(kinds, at, "kinds");
    if (at.has("before")) step.before = at.duration("before");
    step.every = at.duration("every");
    step.required = at.boolean("required");
    if (const auto action = at.get("action")) step.action = decode_action(parties, *action);
    return step;
}

plan::Binder decode_binder(
    const PlanParties& parties, const std::vector<plan::KindRule>& kinds, const Cursor& top
) {
    plan::Binder out;
    const auto each = [&](std::string_view key, const auto& read) {
        const auto list = top.get(key);
        if (!list) return;
        for (const Cursor& item : list->items())
            if (item.is_map()) read(item);
    };
    if (const auto duties = top.get("duties"))
        for (const auto& [role, at] : duties->entries()) {
            parties.check(role, at);
            out.duties[role] = at.bilingual();
        }
    each("notices", [&](const Cursor& at) {
        plan::NoticeRule notice;
        notice.to = at.choice("to");
        for (const auto& [name, where] : at.names("via")) notice.via.push_back(name);
        notice.text = at.name("template");
        if (const auto where = at.get("template")) parties.check_text(notice.text, *where);
        notice.from_level = plan::parse_level(at.choice("from_level")).value_or(Level::IV);
        notice.within = at.duration("within");
        notice.every = at.duration("every");
        notice.approval = party_of(parties, at, "approval");
        out.notices.push_back(std::move(notice));
    });
    if (const auto at = top.get("review"); at && at->is_map())
        out.review = plan::ReviewRule{
            at->duration("within"), party_of(parties, *at, "owner"), texts(*at, "questions")
        };
    if (const auto at = top.get("drill"); at && at->is_map()) {
        plan::DrillRule drill;
        drill.every = at->duration("every");
        drill.owner = party_of(parties, *at, "owner");
        drill.kinds = kinds_of(kinds, *at, "kinds");
        if (at->has("scenario")) drill.scenario = at->bilingual("scenario");
        drill.scores = texts(*at, "scores");
        out.drill = std::move(drill);
    }
    each("readiness", [&](const Cursor& at) {
        out.readiness.push_back(
            {at.name("id"),
             at.choice("kind"),
             party_of(parties, at, "owner"),
             at.duration("every"),
             at.bilingual("do")}
        );
    });
    each("cards", [&](const Cursor& at) {
        plan::CardRule card;
        card.kind = at.name("kind");
        if (const auto where = at.get("kind")) check_kind(kinds, card.kind, *where);
        card.title = at.bilingual("title");
        card.call = texts(at, "call");
        card.record = texts(at, "record");
        card.act = texts(at, "do");
        card.never = texts(at, "never");
        out.cards.push_back(std::move(card));
    });
    each("risks", [&](const Cursor& at) {
        out.risks.push_back(
            {at.bilingual("risk"),
             at.bilingual("prevention"),
             at.choice("rating"),
             party_of(parties, at, "owner")}
        );
    });
    return out;
}

}  // namespace surged::config
