// The whole chain of one plan under a chosen clock, if nobody answers. Nothing is sent.
#pragma once

#include "core/plan/rules.hpp"

#include <string>
#include <vector>

namespace surged::app::offline {

struct DryRun {
    std::string plan;
    plan::Level level{plan::Level::III};
    std::string kind;  // of the incident: steps of this kind open too; empty: none
    std::string queue;
    Wall at{};
    Micros lasts{2h};
};

struct Happened {
    Micros after{0};
    std::string when;  // local time
    std::string what;  // page, incident, step, overdue, action, notice
    std::string who;   // person by channel, or team
    std::string text;
};

/// The plan alone, started at that level, by a report if a kind is named: everything else as the
/// rules have it, on the engine itself. Notices and actions are listed by their own times: no
/// machine carries them out.
/// @return in the order of time; `who` and `text` in `language`, a page's title in its person's
[[nodiscard]] std::vector<Happened> dry_run(
    const plan::RuleSet& rules, const DryRun& options, plan::Language language
);

}  // namespace surged::app::offline
