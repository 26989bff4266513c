// surged: the composition root. Knows every module, decides nothing.
#include "app/cli/completion.hpp"
#include "app/cli/help_words.hpp"
#include "app/cli/language.hpp"
#include "app/cli/mistake_words.hpp"
#include "app/daemon.hpp"
#include "version.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <string>
#include <vector>

namespace {

bool reads_chinese() { return surged::app::cli::language_for({}) == surged::plan::Language::zh_cn; }

std::string said(const std::string& words) {
    return reads_chinese() ? surged::app::cli::mistakes_in_chinese(words) : words;
}

int complain(const surged::Error& error) {
    fmt::print(
        stderr, "{}{}\n", said(error.what), error.hint.empty() ? "" : "\n" + said(error.hint)
    );
    return 1;
}

int check(const surged::app::DaemonOptions& options) {
    auto daemon = surged::config::load_daemon(options.config_file, options.sets);
    if (!daemon) return complain({surged::app::text_of(daemon.error()), {}});
    auto rules = surged::config::load_rules(daemon->rules_path, &*daemon);
    if (!rules) return complain({surged::app::text_of(rules.error()), {}});
    auto secrets = surged::config::check_secrets(options.config_file, options.sets);
    if (!secrets.mistakes.empty()) return complain({surged::app::text_of(secrets.mistakes), {}});
    auto warnings = std::move(rules->warnings);
    warnings.insert(warnings.end(), secrets.warnings.begin(), secrets.warnings.end());
    fmt::print(
        fmt::runtime(
            reads_chinese() ? "{}{}:正确;已读取密钥文件 {} 个\n"
                            : "{}{}: fine; {} secret files read\n"
        ),
        said(surged::app::text_of(warnings)),
        options.config_file,
        secrets.read
    );
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App cli{"surged: watches call-center queues and pages whoever is on call"};
    surged::app::DaemonOptions options;
    options.config_file = "/etc/surged/surged.yaml";
    std::vector<std::string> sets;
    bool only_check = false;
    cli.add_option("--config", options.config_file, "the configuration file")
        ->type_name("FILE")
        ->capture_default_str();
    cli.add_option("--set", sets, "KEY=VALUE: overrides a scalar of the file by its dotted path")
        ->type_name("KEY=VALUE");
    cli.add_flag("--check", only_check, "validate the configuration and the rules, then leave");
    std::string shell;
    cli.add_option("--completion", shell, "print a completion script for this shell, then leave")
        ->check(CLI::IsMember(surged::app::cli::shells()));
    cli.set_version_flag("--version", std::string{"surged "} + surged::version);
    surged::app::cli::speak(cli, surged::app::cli::language_asked(argc, argv));
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return cli.exit(error) == 0 ? 0 : 2;
    }
    if (!shell.empty()) {
        namespace app = surged::app;
        fmt::print("{}", app::cli::completion(app::cli::tree_of(cli, "surged"), shell));
        return 0;
    }
    for (const std::string& set : sets) {
        const auto equals = set.find('=');
        if (equals == std::string::npos || equals == 0) {
            complain({fmt::format("--set {}: KEY=VALUE was expected", set), {}});
            return 2;
        }
        options.sets.emplace_back(set.substr(0, equals), set.substr(equals + 1));
    }
    if (only_check) return check(options);
    auto daemon = surged::app::Daemon::make(options);
    if (!daemon) return complain(daemon.error());
    fmt::print("listening http://{}:{}\n", (*daemon)->address(), (*daemon)->port());
    std::fflush(stdout);
    (*daemon)->run();
    return 0;
}
