// The options of surgectl tune.
#include "app/cli/definitions.hpp"
#include "app/cli/tune.hpp"

#include <CLI/CLI.hpp>
#include <memory>

namespace surged::app::cli {

void define_tune(CLI::App& app, Run& run) {
    auto* command =
        app.add_subcommand("tune", "which thresholds would have given the wanted alarms a week?");
    const auto o = std::make_shared<TuneOptions>();
    command->add_option("--rules", o->rules, "rules")->capture_default_str()->type_name("DIR");
    command->add_option("--want", o->want, "alarms a week of each trigger, such as III=1")
        ->required()
        ->allow_extra_args(false)
        ->type_name("LEVEL=N");
    command->add_option("--trigger", o->triggers, "only this plan, or plan/trigger")
        ->allow_extra_args(false)
        ->type_name("NAME");
    command->add_option("--patch", o->patch, "write the difference alone to this file")
        ->type_name("FILE");
    command->add_option("--source", o->source, "the feed that the files are of");
    command->add_option("FILES", o->files, "events, queue_logs, tables, a journal")
        ->required()
        ->type_name("FILE");
    command->callback([&run, o] { run = [o](const Globals& globals) { return tune(globals, *o); }; }
    );
}

}  // namespace surged::app::cli
