// surgectl: the composition root. Knows every command, decides nothing.
#include "app/cli/check.hpp"
#include "app/cli/queries.hpp"
#include "app/cli/receive.hpp"
#include "app/cli/simulate.hpp"
#include "app/cli/top.hpp"
#include "version.hpp"

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>
#include <memory>

namespace {

using namespace surged::app;

using Run = std::function<cli::Exit(const cli::Globals&)>;

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

void add_simulate(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("simulate", "a call centre that does not exist");
    const auto o = std::make_shared<cli::SimulateOptions>();
    command->add_option("--scenario", o->scenario, "normal or surge")->capture_default_str();
    command->add_option("--seed", o->seed, "the same seed, the same day")->capture_default_str();
    command->add_option("--agents", o->agents, "agents in all")->capture_default_str();
    command->add_option("--queues", o->queues, "names, separated by commas")->delimiter(',');
    command->add_option("--duration", o->duration, "90s, 10m, 8h; default: no end, a file 1h");
    command->add_option("--speed", o->speed, "so many times faster")->capture_default_str();
    command->add_option("--to", o->to, "write events to this file; - is standard output");
    command->add_option("--start", o->start, "first instant of such a file, RFC 3339");
    command->add_option("--as-ami", o->as_ami, "act as an Asterisk manager on HOST:PORT");
    command->add_option("--user", o->user, "the manager account's name")->capture_default_str();
    command->add_option("--secret-file", o->secret_file, "the manager account's secret");
    command->add_flag("--wait", o->wait, "begin with the first manager login");
    command->add_option("--linger", o->linger, "go on answering so long after the end");
    command->add_option("--summary", o->summary, "write the true counts to this file as JSON");
    command->callback([&run, o] {
        run = [o](const cli::Globals& globals) { return cli::simulate(globals, *o); };
    });
}

void add_check(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("check", "are these rules right?");
    const auto options = std::make_shared<cli::CheckOptions>();
    auto* folder = command->add_option("DIR", options->folder, "rules")->capture_default_str();
    command->add_option("--config", options->config, "a surged.yaml, with its rules")
        ->excludes(folder);
    command->callback([&run, options] {
        run = [options](const cli::Globals& globals) { return cli::check(globals, *options); };
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

void add_incident(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("incident", "list, show, end");
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
}

void add_top(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("top", "the queues live, the gravest first; q ends it");
    const auto o = std::make_shared<cli::TopOptions>();
    command->add_flag("--once", o->once, "one picture, for scripts; so too without a terminal");
    command->add_option("--every", o->every, "how often to look")->capture_default_str();
    command->add_option("--language", o->language, "zh-CN or en; default by LANG")
        ->check(CLI::IsMember({"zh-CN", "en"}));
    command->callback([&run, o] {
        run = [o](const cli::Globals& globals) { return cli::top(globals, *o); };
    });
}

void add_plain(CLI::App& app, Run& run) {
    const auto add = [&](const char* name, const char* help, cli::Exit (*what)(const cli::Globals&)
                     ) { app.add_subcommand(name, help)->callback([&run, what] { run = what; }); };
    add("status", "is surged well?", cli::status);
    add("queues", "the queues now", cli::queues);
    add("reload", "read the rules again", cli::reload);
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
    app.add_option("--output", output, "table or json")->check(CLI::IsMember({"table", "json"}));
    Run run;
    add_check(app, run);
    add_plain(app, run);
    add_top(app, run);
    add_incident(app, run);
    add_pages(app, run);
    add_receive(app, run);
    add_simulate(app, run);
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
