// The options of surgectl reload and rules.
#include "app/cli/definitions.hpp"
#include "app/cli/rules.hpp"

#include <CLI/CLI.hpp>
#include <memory>

namespace surged::app::cli {

void define_reload(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("reload", "read the rules again");
    const auto o = std::make_shared<ReloadOptions>();
    command->add_option("--by", o->by, "who loads them");
    command->add_option("--why", o->why, "the reason: it is kept with the version");
    command->add_option("--confirm", o->confirm, "agree, as a second person, to what waits");
    auto* diff = command->add_flag("--diff", o->diff, "only say what would change");
    command->add_option("FOLDERS", o->folders, "with --diff, offline: the old rules, the new ones")
        ->needs(diff)
        ->type_name("DIR");
    command->callback([&run, o] {
        run = [o](const Globals& globals) { return reload(globals, *o); };
    });
}

void define_rules(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("rules", "the versions that were in force");
    command->require_subcommand(1);
    command->add_subcommand("versions", "each loading: who, when, why")->callback([&run] {
        run = rules_versions;
    });
    const auto o = std::make_shared<RulesOptions>();
    auto* show = command->add_subcommand("show", "the files of a version");
    show->add_option("VERSION", o->version, "its hash, or six characters of it")->required();
    show->add_option("FILE", o->file, "only this one, such as plans/P06.yaml");
    show->callback([&run, o] {
        run = [o](const Globals& globals) { return rules_show(globals, *o); };
    });
    auto* diff = command->add_subcommand("diff", "what changed in behaviour between two versions");
    diff->add_option("VERSION", o->version, "the older one")->required();
    diff->add_option("OTHER", o->other, "the newer one; default: what is in force");
    diff->add_flag("--text", o->text, "line by line");
    diff->callback([&run, o] {
        run = [o](const Globals& globals) { return rules_diff(globals, *o); };
    });
}

}  // namespace surged::app::cli
