#include "io/exporter/incident_metrics.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <tuple>
#include <utility>

namespace surged::io::exporter {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::string trigger_labels(const engine::TriggerView& trigger, std::string_view site) {
    return labels({
        {"site",    site           },
        {"plan",    trigger.plan   },
        {"trigger", trigger.trigger},
        {"queue",   trigger.queue  }
    });
}

std::string with_level(const std::string& text, plan::Level level) {
    return fmt::format("{},level=\"{}\"", text, plan::name_of(level));
}

std::vector<std::string> first_of(const plan::Team& team) {
    const auto rung =
        std::find_if(team.escalation.begin(), team.escalation.end(), [](const plan::Rung& r) {
            return !r.page.empty();
        });
    if (rung != team.escalation.end()) return rung->page;
    if (team.last_resort.empty()) return {};
    return {team.last_resort};
}

}  // namespace

void trigger_metrics(
    Text& out, const std::vector<engine::TriggerView>& triggers, std::string_view site
) {
    out.family(metric::trigger_value);
    for (const engine::TriggerView& trigger : triggers) {
        out.sample(trigger_labels(trigger, site), trigger.value.value_or(nan));
    }
    out.family(metric::trigger_threshold);
    for (const engine::TriggerView& trigger : triggers) {
        for (const plan::Level level : plan::levels) {
            const auto& threshold = trigger.thresholds.at(level);
            if (threshold) {
                out.sample(with_level(trigger_labels(trigger, site), level), *threshold);
            }
        }
    }
    out.family(metric::trigger_firing);
    for (const engine::TriggerView& trigger : triggers) {
        for (const plan::Level level : plan::levels) {
            const bool fires = trigger.firing == level;
            if (!fires && !trigger.thresholds.at(level)) continue;
            out.sample(
                with_level(trigger_labels(trigger, site), level), std::uint64_t{fires ? 1U : 0U}
            );
        }
    }
}

void incident_metrics(
    Text& out,
    const std::map<std::string, incident::Incident>& incidents,
    const std::map<std::string, plan::Plan>& plans,
    std::string_view site
) {
    std::map<std::tuple<std::string, plan::Level, incident::Phase>, std::uint64_t> open;
    std::map<std::pair<std::string, plan::Level>, std::uint64_t> reached;
    for (const auto& [name, plan] : plans) {
        for (const plan::Level level : plan::levels) reached[{name, level}] = 0;
    }
    for (const auto& [id, incident] : incidents) {
        if (incident.phase != incident::Phase::ended) {
            ++open[{incident.plan, incident.level, incident.phase}];
        }
        for (const plan::Level level : plan::levels) {
            if (incident.highest >= level) ++reached[{incident.plan, level}];
        }
    }
    out.family(metric::incidents);
    for (const auto& [key, count] : open) {
        const auto& [name, level, phase] = key;
        out.sample(
            with_level(
                labels({
                    {"site",  site                    },
                    {"plan",  name                    },
                    {"phase", incident::name_of(phase)}
        }),
                level
            ),
            count
        );
    }
    out.family(metric::incidents_total);
    for (const auto& [key, count] : reached) {
        out.sample(
            with_level(
                labels({
                    {"site", site     },
                    {"plan", key.first}
        }),
                key.second
            ),
            count
        );
    }
}

void oncall_metrics(
    Text& out, const std::map<std::string, plan::Team>& teams, std::string_view site
) {
    out.family(metric::oncall);
    for (const auto& [name, team] : teams) {
        for (const std::string& person : first_of(team)) {
            const std::string text = labels({
                {"site",   site  },
                {"team",   name  },
                {"person", person}
            });
            out.sample(text, std::uint64_t{1});
        }
    }
}

}  // namespace surged::io::exporter
