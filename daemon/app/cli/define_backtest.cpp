// The options of surgectl backtest.
#include "app/cli/backtest.hpp"
#include "app/cli/definitions.hpp"

#include <CLI/CLI.hpp>
#include <memory>

namespace surged::app::cli {

void define_backtest(CLI::App& app, Run& run) {
    auto* command =
        app.add_subcommand("backtest", "what would these rules have done on recorded days?");
    const auto o = std::make_shared<BacktestOptions>();
    auto* rules =
        command->add_option("--rules", o->rules, "rules")->capture_default_str()->type_name("DIR");
    command->add_option("--config", o->config, "a surged.yaml, with its rules")
        ->type_name("FILE")
        ->excludes(rules);
    command->add_option("--against", o->against, "compare with these rules, side by side")
        ->type_name("DIR");
    command->add_option("--format", o->format, "text, json or html")
        ->capture_default_str()
        ->check(CLI::IsMember({"text", "json", "html"}));
    command->add_option("--out", o->out, "write to this file")->type_name("FILE");
    command->add_option("--ack-after", o->ack_after, "each page is taken so much later");
    command->add_option("--source", o->source, "the feed that the files are of");
    command->add_option("FILES", o->files, "events, queue_logs, tables, a journal; - is input")
        ->required()
        ->type_name("FILE");
    command->callback([&run, o] {
        run = [o](const Globals& globals) { return backtest(globals, *o); };
    });
}

}  // namespace surged::app::cli
