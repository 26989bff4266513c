#include "io/api/threshold_check.hpp"

#include "base/nearest.hpp"
#include "core/board/kpi.hpp"
#include "io/api/encode_explain.hpp"
#include "io/http/json_writer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::io::api {
namespace {

constexpr std::size_t named_most = 20;

/// What was not found, among what.
struct Unknown {
    unsigned status{404};
    std::string what, given, plan;
    std::string words;               // the sentence
    std::string list;                // what the known ones are
    std::vector<std::string> known;  // as one may write them
    std::string meant;
};

http::Response refused(Unknown one) {
    const std::size_t all = one.known.size();
    one.known.resize(std::min(all, named_most));
    std::string detail = std::move(one.words);
    if (!one.meant.empty()) detail += "; did you mean " + one.meant + "?";
    if (!one.known.empty())
        detail += fmt::format(
            "{} {}: {}", one.meant.empty() ? ";" : "", one.list, fmt::join(one.known, ", ")
        );
    if (all > named_most) detail += fmt::format(" and {} more", all - named_most);
    http::JsonWriter json;
    json.begin_object();
    json.member("unknown", one.what);
    json.member("given", one.given);
    json.member("plan", one.plan);
    json.key("known");
    json.begin_array();
    for (const std::string& word : one.known) json.value(word);
    json.end_array();
    json.member("more", std::uint64_t{all - one.known.size()});
    json.member("meant", one.meant);
    json.end_object();
    std::string members = std::move(json).take();
    members.front() = ',';
    members.pop_back();
    return http::problem(one.status, detail, members);
}

std::string near(const std::string& word, const std::vector<std::string>& names) {
    const std::vector<std::string_view> views{names.begin(), names.end()};
    return nearest(word, views);
}

http::Response no_plan(const std::string& given, const plan::RuleSet& rules) {
    Unknown out;
    out.what = "plan";
    out.given = given;
    out.list = "there are";
    std::vector<std::string> names;
    std::size_t of_source = 0;
    for (const auto& [name, plan] : rules.plans) {
        out.known.push_back(plan.source.empty() ? name : fmt::format("{} ({})", name, plan.source));
        names.push_back(name);
        if (!plan.source.empty()) names.push_back(plan.source);
        of_source += plan.source == given ? 1U : 0U;
    }
    out.words = of_source > 1 ? fmt::format("{} plans have the source {}", of_source, given)
                              : fmt::format("there is no plan {}", given);
    if (of_source == 0) out.meant = near(given, names);
    return refused(std::move(out));
}

/// Triggers with one figure: no others can be given thresholds.
std::vector<const plan::Trigger*> settable(const plan::Plan& plan) {
    std::vector<const plan::Trigger*> out;
    for (const plan::Trigger& trigger : plan.triggers)
        if (trigger.condition.kind == plan::ConditionKind::leaf) out.push_back(&trigger);
    return out;
}

std::string_view kpi_of(const plan::Trigger& trigger) {
    return board::info_of(trigger.condition.leaf.measure.kpi).name;
}

std::optional<http::Response> check_trigger(const std::string& given, const plan::Plan& plan) {
    const auto& triggers = plan.triggers;
    const auto named = [&](const plan::Trigger& one) { return one.id == given; };
    const auto trigger = std::find_if(triggers.begin(), triggers.end(), named);
    const bool there = trigger != triggers.end();
    if (there && trigger->condition.kind == plan::ConditionKind::leaf) return std::nullopt;
    Unknown out;
    out.what = there ? "figure" : "trigger";
    out.status = there ? 409 : 404;
    out.given = given;
    out.plan = plan.name;
    out.list = "of one figure it has";
    out.words = there ? fmt::format("{} of {} is not of one figure", given, plan.name)
                      : fmt::format("{} has no trigger {}", plan.name, given);
    std::vector<std::string> ids, measuring;
    for (const plan::Trigger* one : settable(plan)) {
        out.known.push_back(fmt::format("{} ({})", one->id, kpi_of(*one)));
        ids.push_back(one->id);
        if (kpi_of(*one) == given) measuring.push_back(one->id);
    }
    if (!there && !board::parse_kpi(given)) out.meant = near(given, ids);
    if (measuring.size() == 1) out.meant = measuring.front();
    return refused(std::move(out));
}

bool names_one(const std::vector<std::string>& globs, const std::string& queue) {
    return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
        // "*" names nothing.
        return glob.find_first_not_of('*') != std::string::npos && plan::glob_matches(glob, queue);
    });
}

bool named_by(const plan::Condition& condition, const std::string& queue) {
    return std::any_of(
        condition.overrides.begin(),
        condition.overrides.end(),
        [&](const plan::Override& one) { return names_one(one.queues, queue); }
    );
}

/// The rules speak of this queue, though no call of it has come.
bool configured(const engine::Temporary& wanted, const plan::RuleSet& rules) {
    const plan::Plan& plan = rules.plans.at(wanted.plan);
    if (rules.site.queues.contains(wanted.queue) || names_one(plan.queues, wanted.queue))
        return true;
    return std::any_of(plan.triggers.begin(), plan.triggers.end(), [&](const auto& trigger) {
        return trigger.id == wanted.trigger && named_by(trigger.condition, wanted.queue);
    });
}

tl::expected<std::string, http::Response> check_queue(
    const engine::Temporary& wanted, const engine::Engine& engine
) {
    const plan::RuleSet& rules = engine.rules();
    const plan::Plan& plan = rules.plans.at(wanted.plan);
    Unknown out;
    out.given = wanted.queue;
    out.plan = wanted.plan;
    const bool watched = plan.queues.empty() || plan::any_glob_matches(plan.queues, wanted.queue);
    const bool seen = engine.board().find(wanted.queue).has_value();
    if (watched && (seen || configured(wanted, rules))) return seen ? "" : wanted.queue;
    if (seen || rules.site.queues.contains(wanted.queue)) {
        out.what = "unwatched";
        out.status = 409;
        out.words = fmt::format("{} does not watch the queue {}", wanted.plan, wanted.queue);
        out.list = "it watches";
        out.known = plan.queues;
        return tl::make_unexpected(refused(std::move(out)));
    }
    out.what = "queue";
    out.words = fmt::format("there is no queue {}", wanted.queue);
    out.list = "there are";
    const board::View& view = engine.board();
    for (const board::QueueIx queue : view.queues()) out.known.push_back(view.name(queue));
    for (const auto& [name, rule] : rules.site.queues) out.known.push_back(name);
    std::erase_if(out.known, [&](const std::string& name) {
        return !plan.queues.empty() && !plan::any_glob_matches(plan.queues, name);
    });
    std::sort(out.known.begin(), out.known.end());
    out.known.erase(std::unique(out.known.begin(), out.known.end()), out.known.end());
    out.meant = near(wanted.queue, out.known);
    return tl::make_unexpected(refused(std::move(out)));
}

/// What is to be taken back was set.
std::optional<http::Response> check_set(
    const engine::Temporary& wanted, const engine::Engine& engine
) {
    Unknown out;
    for (const engine::Temporary& one : engine.temporaries()) {
        if (one.plan == wanted.plan && one.trigger == wanted.trigger && one.queue == wanted.queue)
            return std::nullopt;
        out.known.push_back(fmt::format(
            "{} {}{}", one.plan, one.trigger, one.queue.empty() ? "" : " --queue " + one.queue
        ));
    }
    const std::string where = wanted.queue.empty() ? "on all queues" : "on " + wanted.queue;
    out.what = "unset";
    out.given = wanted.queue;
    out.plan = wanted.plan;
    out.words = fmt::format("nothing is set for {} {} {}", wanted.plan, wanted.trigger, where);
    out.list = "set are";
    return refused(std::move(out));
}

/// Levels of the trigger, anywhere, for which nothing is wanted: other thresholds replace all.
std::vector<plan::Level> left_out(const engine::Temporary& wanted, const plan::Plan& plan) {
    std::vector<plan::Level> out;
    const auto named = [&](const plan::Trigger& one) { return one.id == wanted.trigger; };
    const auto trigger = std::find_if(plan.triggers.begin(), plan.triggers.end(), named);
    if (trigger == plan.triggers.end()) return out;
    const plan::Condition& condition = trigger->condition;
    for (const plan::Level level : plan::levels) {
        const auto has = [&](const plan::Override& one) {
            return one.leaf.ladder.at.at(level).has_value();
        };
        const bool written =
            condition.leaf.ladder.at.at(level).has_value() ||
            std::any_of(condition.overrides.begin(), condition.overrides.end(), has);
        if (written && !wanted.at.at(level)) out.push_back(level);
    }
    return out;
}

}  // namespace

tl::expected<ThresholdNotes, http::Response> check_threshold(
    engine::Temporary& wanted, const engine::Engine& engine
) {
    const plan::RuleSet& rules = engine.rules();
    std::string plan = plan_named(rules, wanted.plan);
    if (plan.empty()) return tl::make_unexpected(no_plan(wanted.plan, rules));
    wanted.plan = std::move(plan);
    const auto& levels = wanted.at.of;
    const bool sets =
        std::any_of(levels.begin(), levels.end(), [](const auto& at) { return at.has_value(); });
    if (!sets) {
        if (auto unset = check_set(wanted, engine)) return tl::make_unexpected(std::move(*unset));
        return ThresholdNotes{};
    }
    if (auto wrong = check_trigger(wanted.trigger, rules.plans.at(wanted.plan)))
        return tl::make_unexpected(std::move(*wrong));
    ThresholdNotes out{"", left_out(wanted, rules.plans.at(wanted.plan))};
    if (wanted.queue.empty()) return out;
    auto unseen = check_queue(wanted, engine);
    if (!unseen) return tl::make_unexpected(std::move(unseen.error()));
    out.unseen = std::move(*unseen);
    return out;
}

}  // namespace surged::io::api
