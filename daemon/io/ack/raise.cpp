#include "io/ack/raise.hpp"

#include "core/board/kpi.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>

namespace surged::io::ack {
namespace {

template <std::size_t N>
std::optional<int> offered(const std::string& text, const int (&choices)[N]) {
    int value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end) return std::nullopt;
    if (std::find(std::begin(choices), std::end(choices), value) == std::end(choices))
        return std::nullopt;
    return value;
}

const plan::Trigger* of_one_figure(const plan::RuleSet& rules, const engine::TriggerView& view) {
    const auto plan = rules.plans.find(view.plan);
    if (plan == rules.plans.end()) return nullptr;
    for (const plan::Trigger& trigger : plan->second.triggers)
        if (trigger.id == view.trigger && trigger.condition.kind == plan::ConditionKind::leaf)
            return &trigger;
    return nullptr;
}

}  // namespace

double harder(const plan::Leaf& leaf, double now, double factor) {
    const bool plain = leaf.ratio_to == plan::Relative::none && leaf.change_over == Micros{0};
    const bool share = plain && board::info_of(leaf.measure.kpi).share;
    if (share && !leaf.ladder.below) return 1 - (1 - now) / factor;
    return leaf.ladder.below == (now > 0) ? now / factor : now * factor;
}

std::optional<RaiseAsked> raise_asked(
    const std::map<std::string, std::string>& fields, Micros most
) {
    const auto field = [&](const char* name) {
        const auto it = fields.find(name);
        return it == fields.end() ? std::string{} : it->second;
    };
    const auto percent = offered(field("percent"), percents_offered);
    const auto minutes = offered(field("hold"), hold_minutes_offered);
    std::string why = field("why");
    const bool says = why.find_first_not_of(' ') != std::string::npos;
    if (!percent || !minutes || !says || why.size() > reason_bytes_max) return std::nullopt;
    const Micros lasts = std::chrono::minutes{*minutes};
    if (lasts > most) return std::nullopt;
    return RaiseAsked{*percent, lasts, std::move(why)};
}

std::vector<engine::Temporary> raised(
    const engine::Engine& engine,
    const incident::Incident& incident,
    const RaiseAsked& asked,
    const std::string& by
) {
    std::vector<engine::Temporary> out;
    const double factor = 1 + asked.percent / 100.0;
    const auto already = set_already(engine, incident);
    const auto is_set = [&](const engine::TriggerView& view) {
        return std::any_of(already.begin(), already.end(), [&](const engine::Temporary& one) {
            return one.trigger == view.trigger && (one.queue.empty() || one.queue == view.queue);
        });
    };
    for (const engine::TriggerView& view : engine.triggers()) {
        if (is_set(view)) continue;
        const bool ours = view.plan == incident.plan && view.firing != plan::Level::none &&
                          (incident.queue.empty() || view.queue == incident.queue);
        const plan::Trigger* trigger = ours ? of_one_figure(engine.rules(), view) : nullptr;
        if (trigger == nullptr) continue;
        engine::Temporary temporary{
            view.plan, view.trigger, view.queue, {}, asked.lasts, by, asked.why
        };
        for (const plan::Level level : plan::levels)
            if (const auto& now = view.thresholds.at(level))
                temporary.at.at(level) =
                    std::llround(harder(trigger->condition.leaf, *now, factor) * 1e6);
        out.push_back(std::move(temporary));
    }
    return out;
}

std::vector<engine::Temporary> set_already(
    const engine::Engine& engine, const incident::Incident& incident
) {
    std::vector<engine::Temporary> out = engine.temporaries();
    std::erase_if(out, [&](const engine::Temporary& one) {
        return one.plan != incident.plan ||
               !(one.queue.empty() || incident.queue.empty() || one.queue == incident.queue);
    });
    return out;
}

}  // namespace surged::io::ack
