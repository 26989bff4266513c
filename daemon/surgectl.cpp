// surgectl: the composition root. Knows every command, decides nothing.
#include "app/cli/check.hpp"
#include "app/cli/completion.hpp"
#include "app/cli/definitions.hpp"
#include "app/cli/dry_run.hpp"
#include "app/cli/help_words.hpp"
#include "app/cli/plan.hpp"
#include "app/cli/queries.hpp"
#include "app/cli/receive.hpp"
#include "app/cli/run_command.hpp"
#include "app/cli/simulate.hpp"
#include "app/cli/test.hpp"
#include "app/cli/top.hpp"
#include "version.hpp"

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

namespace {

using namespace surged::app;

using cli::Run;

void add_receive(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("receive", "take pages as a webhook and show them");
    const auto options = std::make_shared<cli::ReceiveOptions>();
    command->add_option("--listen", options->listen, "address to listen on")->capture_default_str();
    command->add_option("--secret-file", options->secret_file, "the channel's signing secret");
    command->add_option("--ack-after", options->ack_after, "acknowledge each page so much later");
    command->add_option("--by", options->by, "who acknowledges")->capture_default_str();
    command->callback([&run, options] {
        run = [options](const cli::Globals& globals) { return cli::receive(globals, *options); };
    });
}

void add_run_command(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("run-command", "run a program with a page from a socket");
    const auto o = std::make_shared<cli::RunCommandOptions>();
    command->add_option("--timeout", o->timeout, "so long it may take")->capture_default_str();
    command->add_option("PROGRAM", o->argv, "its absolute path, and arguments, after --")
        ->required();
    command->callback([&run, o] {
        run = [o](const cli::Globals& globals) { return cli::run_command(globals, *o); };
    });
}

void add_simulate(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("simulate", "a call centre that does not exist");
    const auto o = std::make_shared<cli::SimulateOptions>();
    const auto* what = "normal, surge, outage, complaints, shortage, double11";
    auto* named = command->add_option("--scenario", o->scenario, what)->capture_default_str();
    command->add_option("SCENARIO", o->scenario, "the same")->excludes(named);
    command->add_option("--seed", o->seed, "the same seed, the same day")->capture_default_str();
    command->add_option("--agents", o->agents, "agents in all; default 30, double11 300");
    command->add_option("--queues", o->queues, "names, separated by commas")->delimiter(',');
    command->add_option(
        "--duration", o->duration, "90s, 10m, 8h; default: no end; a file: 1h, 2h, 7h"
    );
    command->add_option("--speed", o->speed, "so many times faster")->capture_default_str();
    command->add_flag("--ndjson", o->ndjson, "write events to standard output");
    command->add_option("--to,--out", o->to, "write events to this file; - is standard output")
        ->type_name("FILE");
    command->add_option("--start", o->start, "first instant of such a file, RFC 3339");
    command->add_option("--as-ami", o->as_ami, "act as an Asterisk manager on HOST:PORT");
    command->add_option("--user", o->user, "the manager account's name")->capture_default_str();
    command->add_option("--secret-file", o->secret_file, "the manager account's secret");
    command->add_flag("--wait", o->wait, "begin with the first manager login");
    command->add_option("--linger", o->linger, "go on answering so long after the end");
    command->add_option("--summary", o->summary, "write the true counts to this file as JSON")
        ->type_name("FILE");
    command->callback([&run, o] {
        run = [o](const cli::Globals& globals) { return cli::simulate(globals, *o); };
    });
}

void add_check(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("check", "are these rules right?");
    const auto options = std::make_shared<cli::CheckOptions>();
    auto* folder = command->add_option("DIR", options->folder, "rules")
                       ->capture_default_str()
                       ->type_name("DIR");
    command->add_option("--config", options->config, "a surged.yaml, with its rules")
        ->type_name("FILE")
        ->excludes(folder);
    command->callback([&run, options] {
        run = [options](const cli::Globals& globals) { return cli::check(globals, *options); };
    });
}

void add_test(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("test", "run the tests of rules, in virtual time");
    const auto o = std::make_shared<cli::TestOptions>();
    command->add_option("PATH", o->paths, "files of tests, or rules folders with tests/")
        ->type_name("FILE");
    command->add_option("--rules", o->rules, "these rules instead of those that the files name")
        ->type_name("DIR");
    command->add_option("--only", o->only, "tests whose name fits this; * matches any");
    command->add_flag(
        "--missed", o->missed, "list triggers, levels and steps that no test reached"
    );
    command->callback([&run, o] {
        run = [o](const cli::Globals& globals) { return cli::test(globals, *o); };
    });
}

void add_pages(CLI::App& app, Run& run) {
    auto* pages = app.add_subcommand("pages", "pages still open");
    const auto all = std::make_shared<bool>(false);
    pages->add_flag("--all", *all, "the settled ones too");
    pages->callback([&run, all] {
        run = [all](const cli::Globals& globals) { return cli::pages(globals, *all); };
    });
    auto* ack = app.add_subcommand("ack", "take a page: the first who does stops the escalation");
    const auto page = std::make_shared<std::string>();
    const auto by = std::make_shared<std::string>();
    ack->add_option("PAGE", *page, "its id")->required();
    ack->add_option("--by", *by, "who takes it")->required();
    ack->callback([&run, page, by] {
        run = [page, by](const cli::Globals& g) { return cli::acknowledge(g, *page, *by); };
    });
}

/// What a person says to an incident, as the JSON of its POST.
struct Said {
    std::string id, by, why, level, lasts, step, text;
    bool skip{false};
};

void add_decisions(CLI::App& command, Run& run) {
    const auto add = [&](const char* name, const char* help) {
        const auto said = std::make_shared<Said>();
        auto* made = command.add_subcommand(name, help);
        made->add_option("ID", said->id)->required();
        made->add_option("--by", said->by, "who says so")->required();
        return std::pair{made, said};
    };
    for (const char* verb : {"activate", "decline"}) {
        auto [made, said] = add(verb, "decide: the first answer stands");
        made->add_option("--why", said->why, "the reason, for the timeline");
        made->callback([&run, said, verb] {
            run = [=](const cli::Globals& g) {
                const auto body = cli::json_of({
                    {"by",  said->by },
                    {"why", said->why}
                });
                return cli::incident_command(g, said->id, verb, body);
            };
        });
    }
    auto [level, pinned] = add("level", "pin the level for a while; none takes the pin away");
    level->add_option("LEVEL", pinned->level, "IV, III, II, I or none")->required();
    level->add_option("--for", pinned->lasts, "so long: 30m, 2h; default 30m");
    level->add_option("--why", pinned->why, "the reason");
    level->callback([&run, said = pinned] {
        run = [said](const cli::Globals& g) {
            const auto body = cli::json_of({
                {"by",    said->by   },
                {"level", said->level},
                {"for",   said->lasts},
                {"why",   said->why  }
            });
            return cli::incident_command(g, said->id, "level", body);
        };
    });
    auto [step, marked] = add("step", "a step is done, or skipped for a reason");
    step->add_option("STEP", marked->step)->required();
    step->add_flag("--skip", marked->skip, "it is skipped");
    step->add_option("--why", marked->why, "the reason");
    step->callback([&run, said = marked] {
        run = [said](const cli::Globals& g) {
            const auto body = cli::json_of({
                {"by",    said->by                       },
                {"state", said->skip ? "skipped" : "done"},
                {"why",   said->why                      }
            });
            return cli::incident_command(g, said->id, "steps/" + said->step, body);
        };
    });
    auto [note, noted] = add("note", "write to the timeline");
    note->add_option("TEXT", noted->text)->required();
    note->callback([&run, said = noted] {
        run = [said](const cli::Globals& g) {
            const auto body = cli::json_of({
                {"by",   said->by  },
                {"text", said->text}
            });
            return cli::incident_command(g, said->id, "note", body);
        };
    });
}

void add_incident(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("incident", "list, show, decide, pin, work, end");
    command->require_subcommand(1);
    const auto all = std::make_shared<bool>(false);
    const auto id = std::make_shared<std::string>();
    const auto by = std::make_shared<std::string>();
    const auto why = std::make_shared<std::string>();
    auto* list = command->add_subcommand("list", "incidents not ended");
    list->add_flag("--all", *all, "the ended ones too");
    list->callback([&run, all] {
        run = [all](const cli::Globals& globals) { return cli::incident_list(globals, *all); };
    });
    auto* show = command->add_subcommand("show", "one incident and its timeline");
    show->add_option("ID", *id)->required();
    show->callback([&run, id] {
        run = [id](const cli::Globals& globals) { return cli::incident_show(globals, *id); };
    });
    auto* end = command->add_subcommand("end", "declare an incident over");
    end->add_option("ID", *id)->required();
    end->add_option("--by", *by, "who declares it")->required();
    end->add_option("--why", *why, "the reason, for the timeline");
    end->callback([&run, id, by, why] {
        run = [=](const cli::Globals& g) { return cli::incident_end(g, *id, *by, *why); };
    });
    add_decisions(*command, run);
}

void add_report(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("report", "something has happened: the plans for it start");
    const auto o = std::make_shared<cli::ReportOptions>();
    command->add_option("KIND", o->kind, "a kind of a plan, such as system_fault")->required();
    command->add_option("--by", o->by, "who reports it")->required();
    command->add_option("--plan", o->plan, "only this plan");
    command->add_option("--level", o->level, "IV, III, II or I; default: the kind's");
    command->add_option("--queue", o->queue, "which queue");
    command->add_option("--place", o->place, "where");
    command->add_option("--scope", o->scope, "who and what is touched");
    command->add_option("--cause", o->cause, "first guess at the cause");
    command->add_option("--text", o->text, "what happened, in words");
    command->callback([&run, o] {
        run = [o](const cli::Globals& globals) { return cli::report(globals, *o); };
    });
}

void add_plan(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("plan", "the plans in force");
    command->require_subcommand(1);
    command->add_subcommand("list", "each with its triggers, and what does not run yet")
        ->callback([&run] { run = cli::plan_list; });
    const auto rules = [](CLI::App* app_of, std::string& folder) {
        app_of->add_option("--rules", folder, "the rules")->capture_default_str()->type_name("DIR");
    };
    for (const bool whole : {false, true}) {
        auto* print = whole ? command->add_subcommand("print", "plans, cards and contacts on paper")
                            : command->add_subcommand("show", "what is written in a plan");
        const auto o = std::make_shared<cli::PlanPrintOptions>();
        o->contacts = whole;
        auto* plans = print->add_option("PLAN", o->plans, "by name or source");
        if (!whole) plans->required();
        rules(print, o->rules);
        print->add_option("--format", o->format, "text, or html: one file that needs no other")
            ->capture_default_str()
            ->check(CLI::IsMember({"text", "html"}));
        print->add_option("--to", o->to, "write to this file")->type_name("FILE");
        print->callback([&run, o] {
            run = [o](const cli::Globals& globals) { return cli::plan_print(globals, *o); };
        });
    }
    auto* made = command->add_subcommand("new", "write a new plan from the template");
    const auto o = std::make_shared<cli::PlanNewOptions>();
    made->add_option("NAME", o->name, "letters, digits, -")->required();
    made->add_option("--title-zh", o->zh, "its title in Chinese")->required();
    made->add_option("--title-en", o->en, "its title in English")->required();
    made->add_option("--source", o->source, "what incident ids begin with, such as P22");
    rules(made, o->rules);
    made->callback([&run, o] {
        run = [o](const cli::Globals& globals) { return cli::plan_new(globals, *o); };
    });
}

void add_dry_run(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("dry-run", "a plan's whole chain, if nobody answers");
    const auto o = std::make_shared<cli::DryRunOptions>();
    command->add_option("PLAN", o->plan, "by name or source")->required();
    command->add_option("--at", o->at, "local time, such as '2026-11-11 20:05'; default now");
    command->add_option("--level", o->level, "IV, III, II or I")->capture_default_str();
    command->add_option("--kind", o->kind, "a kind of event: its steps open too");
    command->add_option("--queue", o->queue, "of which queue the report speaks");
    command->add_option("--lasts", o->lasts, "how far to look")->capture_default_str();
    command->add_option("--rules", o->rules, "the rules")->capture_default_str()->type_name("DIR");
    command->callback([&run, o] {
        run = [o](const cli::Globals& globals) { return cli::dry_run(globals, *o); };
    });
}

void add_top(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("top", "the queues live, the gravest first; q ends it");
    const auto o = std::make_shared<cli::TopOptions>();
    command->add_flag("--once", o->once, "one picture, for scripts; so too without a terminal");
    command->add_option("--every", o->every, "how often to look")->capture_default_str();
    command->callback([&run, o] {
        run = [o](const cli::Globals& globals) { return cli::top(globals, *o); };
    });
}

void add_schema(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("schema", "print the JSON Schema of a file, for editors");
    const auto file = std::make_shared<std::string>("plan");
    command->add_option("FILE", *file, "which")
        ->check(CLI::IsMember({"surged", "site", "roster", "plan", "notices"}))
        ->capture_default_str();
    command->callback([&run, file] {
        run = [file](const cli::Globals& globals) { return cli::schema(globals, *file); };
    });
}

void add_completion(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("completion", "print a completion script for a shell");
    const auto shell = std::make_shared<std::string>();
    command->add_option("SHELL", *shell, "which")->required()->check(CLI::IsMember(cli::shells()));
    command->callback([&app, &run, shell] {
        run = [&app, shell](const cli::Globals& globals) {
            *globals.out << cli::completion(cli::tree_of(app, "surgectl"), *shell) << std::flush;
            return cli::Exit::fine;
        };
    });
}

void add_plain(CLI::App& app, Run& run) {
    const auto add = [&](const char* name, const char* help, cli::Exit (*what)(const cli::Globals&)
                     ) { app.add_subcommand(name, help)->callback([&run, what] { run = what; }); };
    add("status", "is surged well?", cli::status);
    add("queues", "the queues now", cli::queues);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"surgectl: the operator's tool of surged"};
    app.set_version_flag("--version", surged::version);
    app.require_subcommand(1);
    app.fallthrough();
    cli::Globals globals{};
    globals.out = &std::cout;
    globals.err = &std::cerr;
    std::string output{"table"};
    app.add_option("--url", globals.url, "where surged listens")->capture_default_str();
    app.add_option("--token-file", globals.token_file, "bearer token for the API");
    app.add_option("--language", globals.language, "zh-CN or en; default by LANG")
        ->check(CLI::IsMember({"zh-CN", "en"}));
    app.add_option("--output", output, "table or json")->check(CLI::IsMember({"table", "json"}));
    Run run;
    add_check(app, run);
    add_test(app, run);
    cli::define_backtest(app, run);
    cli::define_tune(app, run);
    add_plain(app, run);
    add_top(app, run);
    add_incident(app, run);
    add_report(app, run);
    cli::define_threshold(app, run);
    cli::define_explain(app, run);
    cli::define_reload(app, run);
    cli::define_replay(app, run);
    cli::define_rules(app, run);
    add_plan(app, run);
    add_dry_run(app, run);
    add_pages(app, run);
    add_receive(app, run);
    add_run_command(app, run);
    add_simulate(app, run);
    add_schema(app, run);
    add_completion(app, run);
    cli::speak(app, cli::language_asked(argc, argv));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        const bool asked = e.get_exit_code() == 0;  // --help, --version
        app.exit(e, std::cout, std::cerr);
        return static_cast<int>(asked ? cli::Exit::fine : cli::Exit::usage);
    }
    globals.json = output == "json";
    return static_cast<int>(run(globals));
}
