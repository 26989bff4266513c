// What comes in beside the figures: reports of people, alerts of other systems, thresholds for a
// while.
#include "core/engine/machine.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::engine {

using plan::Level;

namespace {

constexpr std::size_t reports_most = 1'000, alerts_most = 1'000, temporaries_most = 1'000;

/// The condition asks for reports of this kind, itself or in a part.
const plan::Condition* asks_for(const plan::Condition& condition, const std::string& kind) {
    const auto& kinds = condition.reports;
    if (condition.kind == plan::ConditionKind::report &&
        std::find(kinds.begin(), kinds.end(), kind) != kinds.end())
        return &condition;
    for (const plan::Condition& member : condition.members)
        if (const auto* found = asks_for(member, kind)) return found;
    return nullptr;
}

bool takes(const plan::Plan& plan, const std::string& kind) {
    return std::any_of(plan.triggers.begin(), plan.triggers.end(), [&](const auto& trigger) {
        return asks_for(trigger.condition, kind) != nullptr;
    });
}

Level level_of_kind(const plan::Plan& plan, const std::string& kind) {
    for (const plan::KindRule& rule : plan.kinds)
        if (rule.id == kind) return rule.level;
    return Level::none;
}

std::string names_of(const std::vector<const plan::Plan*>& plans) {
    std::string out;
    for (const plan::Plan* plan : plans) out += (out.empty() ? "" : ", ") + plan->name;
    return out;
}

std::string words(const Report& report) {
    std::string out;
    for (const std::string& part :
         {report.text, report.place, report.queue, report.scope, report.cause}) {
        if (part.empty()) continue;
        if (!out.empty()) out += "; ";
        out += part;
    }
    return out;
}

}  // namespace

// Nobody has said whose the report is: it is the one plan's to which all others yield. nullptr:
// there is none.
const plan::Plan* Machine::first_of(const std::vector<const plan::Plan*>& plans) const {
    const auto yields = [](const plan::Plan& one, const plan::Plan& to) {
        const auto& names = one.yields_to;
        return std::find(names.begin(), names.end(), to.name) != names.end();
    };
    for (const plan::Plan* one : plans) {
        const bool first = std::all_of(plans.begin(), plans.end(), [&](const plan::Plan* other) {
            return one == other || (yields(*other, *one) && leads(*one, *other));
        });
        if (first) return one;
    }
    return nullptr;
}

void Machine::report(const Report& report, Step& step) {
    std::vector<const plan::Plan*> plans;
    for (const auto& [name, plan] : rules->plans)
        if ((report.plan.empty() || report.plan == name) && takes(plan, report.kind))
            plans.push_back(&plan);
    if (plans.empty()) {
        step.verdict = Verdict::not_found;
        step.detail =
            report.plan.empty()
                ? fmt::format("no plan starts on a report of {}", report.kind)
                : fmt::format("plan {} does not start on a report of {}", report.plan, report.kind);
        return;
    }
    if (plans.size() > 1) {
        const plan::Plan* first = first_of(plans);
        if (first == nullptr) {
            step.verdict = Verdict::conflict;
            step.detail = fmt::format(
                "{} plans know {}, so name one: {}", plans.size(), report.kind, names_of(plans)
            );
            return;
        }
        plans = {first};
    }
    if (outside.reports.size() + plans.size() > reports_most) {
        step.verdict = Verdict::conflict;
        step.detail = "too many reports stand: end some incidents first";
        return;
    }
    for (const plan::Plan* plan : plans) {
        const Level level =
            report.level == Level::none ? level_of_kind(*plan, report.kind) : report.level;
        outside.reports.push_back({plan->name, report.kind, level, words(report), report.by, now});
        suppressed.erase({plan->name, ""});  // a new report is news
    }
    evaluate("");
    settle_incidents();
    for (const plan::Plan* plan : plans) {
        const auto stands = open.find({plan->name, ""});
        if (stands == open.end()) continue;
        incident::Incident& incident = incidents.at(stands->second);
        learn_of_reports(incident);
        const std::size_t told = incident.timeline.size();
        incident::note(
            incident,
            {now,
             incident::Entry::reported,
             incident.level,
             report.by,
             words(report).empty() ? report.kind : report.kind + ": " + words(report)}
        );
        incident_changed(incident, told);
        run_tasks(incident);
        arm(incident);
        if (!step.detail.empty()) step.detail += " ";
        step.detail += incident.id;
    }
}

void Machine::alerts(const Alerts& alerts, Step& step) {
    std::size_t refused = 0;
    for (const Alerts::One& one : alerts.list) {
        std::string key;
        for (const auto& [name, value] : one.labels) key += fmt::format("{}={}\n", name, value);
        const auto earlier = outside.alerts.find(key);
        if (one.lasts <= Micros{0}) {
            if (earlier != outside.alerts.end()) outside.alerts.erase(earlier);
            continue;
        }
        if (earlier == outside.alerts.end() && outside.alerts.size() >= alerts_most) {
            ++refused;
            continue;
        }
        threshold::Alerting& alert = outside.alerts[key];
        if (earlier == outside.alerts.end()) alert.since = now;
        alert.labels = one.labels;
        alert.summary = one.summary;
        alert.until = now + one.lasts;
    }
    if (refused > 0) {
        step.verdict = Verdict::conflict;
        step.detail = fmt::format("{} alerts are too many: {} stand", refused, alerts_most);
    }
    find_lapses();
    evaluate("");
}

const TemporaryRule* Machine::temporary_for(const TriggerKey& key) const {
    if (temporaries.empty()) return nullptr;
    for (const std::string& queue : {key.queue, std::string{}}) {
        const auto found = temporaries.find({key.plan, key.trigger, queue});
        if (found != temporaries.end()) return &found->second;
    }
    return nullptr;
}

void Machine::set_temporary(const Temporary& temporary, Step& step) {
    const auto refuse = [&](Verdict verdict, std::string why) {
        step.verdict = verdict;
        step.detail = std::move(why);
    };
    const TriggerKey key{temporary.plan, temporary.trigger, temporary.queue};
    const bool takes_back =
        std::none_of(temporary.at.of.begin(), temporary.at.of.end(), [](const auto& at) {
            return at.has_value();
        });
    const auto plan = rules->plans.find(key.plan);
    if (plan == rules->plans.end()) return refuse(Verdict::not_found, "no such plan");
    const auto& triggers_of = plan->second.triggers;
    const auto trigger = std::find_if(triggers_of.begin(), triggers_of.end(), [&](const auto& one) {
        return one.id == key.trigger;
    });
    if (trigger == triggers_of.end()) return refuse(Verdict::not_found, "no such trigger");
    if (takes_back) {
        if (temporaries.erase(key) == 0) return refuse(Verdict::not_found, "none is set");
    } else {
        if (trigger->condition.kind != plan::ConditionKind::leaf)
            return refuse(Verdict::conflict, "only a trigger with one figure can be given others");
        const bool below = trigger->condition.leaf.ladder.below;
        std::optional<board::Millionths> milder;
        for (const auto& at : temporary.at.of) {
            if (at && milder && (below ? *at > *milder : *at < *milder))
                return refuse(Verdict::conflict, "a graver level cannot be easier to reach");
            if (at) milder = at;
        }
        if (temporary.lasts <= Micros{0})
            return refuse(Verdict::conflict, "it must end at some time");
        if (temporaries.size() >= temporaries_most && !temporaries.contains(key))
            return refuse(Verdict::conflict, "too many are set");
        temporaries[key] = {temporary.at, now + temporary.lasts, temporary.by, temporary.why};
    }
    find_lapses();
    for (const auto& [queue, entry] : watched)
        if (key.queue.empty() || key.queue == queue) evaluate(queue);
}

void Machine::find_lapses() {
    lapses.reset();
    const auto consider = [&](Instant at) {
        if (!lapses || at < *lapses) lapses = at;
    };
    for (const auto& [key, alert] : outside.alerts) consider(alert.until);
    for (const auto& [key, rule] : temporaries) consider(rule.until);
}

void Machine::lapse() {
    if (!lapses || *lapses > now) return;
    std::erase_if(outside.alerts, [&](const auto& item) { return item.second.until <= now; });
    const auto gone =
        std::erase_if(temporaries, [&](const auto& item) { return item.second.until <= now; });
    find_lapses();
    evaluate("");
    if (gone == 0) return;
    for (const auto& [queue, entry] : watched) evaluate(queue);
}

}  // namespace surged::engine
