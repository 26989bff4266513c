// The options of surgectl explain and threshold: what is in force, and why.
#include "app/cli/definitions.hpp"
#include "app/cli/explain.hpp"
#include "app/cli/queries.hpp"

#include <CLI/CLI.hpp>
#include <memory>

namespace surged::app::cli {

void define_explain(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("explain", "why a plan fires, or does not");
    const auto o = std::make_shared<ExplainOptions>();
    command->add_option("PLAN", o->plan, "by name or source")->required();
    command->add_option("QUEUE", o->queue, "on which; none: each queue's level");
    command->add_option("--rules", o->rules, "offline: these rules")->type_name("DIR");
    command->add_option("--events", o->events, "offline: recorded files, as backtest takes them")
        ->type_name("FILE");
    command->add_option("--at", o->at, "offline: local time of the site, or RFC 3339");
    command->callback([&run, o] {
        run = [o](const Globals& globals) { return explain(globals, *o); };
    });
}

void define_threshold(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("threshold", "other thresholds for a while");
    const auto o = std::make_shared<ThresholdOptions>();
    command->add_option("PLAN", o->plan);
    command->add_option("TRIGGER", o->trigger);
    command->add_option("LEVELS", o->levels, "III=0.4 II=0.6; none: the written ones again");
    command->add_option("--queue", o->queue, "only on this queue");
    command->add_option("--for", o->lasts, "so long: 30m, 4h");
    command->add_option("--by", o->by, "who sets it");
    command->add_option("--why", o->why, "the reason");
    auto* list = command->add_subcommand("list", "those in force, and until when");
    list->callback([&run] { run = threshold_list; });
    command->callback([&run, o, list] {
        if (list->parsed()) return;
        if (o->plan.empty() || o->trigger.empty() || o->by.empty())
            throw CLI::RequiredError("PLAN, TRIGGER and --by");
        run = [o](const Globals& globals) { return threshold(globals, *o); };
    });
}

}  // namespace surged::app::cli
