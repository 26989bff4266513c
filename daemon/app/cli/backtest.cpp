#include "app/cli/backtest.hpp"

#include "app/backtest/compare.hpp"
#include "app/backtest/history.hpp"
#include "app/backtest/read_ahead.hpp"
#include "app/backtest/report.hpp"
#include "app/backtest/runner.hpp"
#include "app/cli/language.hpp"
#include "app/cli/mistake_words.hpp"
#include "config/daemon.hpp"

#include <fmt/format.h>
#include <optional>
#include <ostream>
#include <utility>

namespace surged::app::cli {
namespace {

using backtest::History;
using backtest::Runner;

struct Rules {
    std::string path;
    config::LoadedRules loaded;
    bool configured{false};  // with a surged.yaml
};

Result<Rules> rules_in(const std::string& folder) {
    auto loaded = config::load_rules(folder, nullptr);
    if (!loaded) return tl::make_unexpected(as_error(loaded.error()));
    return Rules{folder, std::move(*loaded), false};
}

Result<Rules> rules_of(const BacktestOptions& options) {
    if (options.config.empty()) return rules_in(options.rules);
    const auto daemon = config::load_daemon(options.config, {});
    if (!daemon) return tl::make_unexpected(as_error(daemon.error()));
    auto loaded = config::load_rules(daemon->rules_path, &*daemon);
    if (!loaded) return tl::make_unexpected(as_error(loaded.error()));
    return Rules{daemon->rules_path, std::move(*loaded), true};
}

Status run(History& history, Runner& runner, Runner* other) {
    return backtest::read_ahead(history, [&](engine::Input&& input) {
        if (other != nullptr) other->take(input);
        runner.take(std::move(input));
    });
}

Exit put(const Globals& globals, const std::string& file, const std::string& text) {
    if (file.empty() || file == "-") {
        *globals.out << text << std::flush;
        return Exit::fine;
    }
    const auto written = write_file(file, text);
    return written ? Exit::fine : complain(globals, written.error());
}

std::string report(
    const backtest::Sheet& sheet, const std::string& format, const std::string& language
) {
    if (format == "json") return backtest::json_report(sheet);
    if (format == "html") return backtest::html_report(sheet, language_for(language));
    return backtest::text_report(sheet, language_for(language));
}

std::string report(
    const backtest::Sheet& sheet,
    const backtest::Sheet& against,
    const std::string& format,
    const std::string& language
) {
    if (format == "json") return backtest::json_comparison(sheet, against);
    if (format == "html") return backtest::html_comparison(sheet, against, language_for(language));
    return backtest::text_comparison(sheet, against, language_for(language));
}

}  // namespace

Exit backtest(const Globals& globals, const BacktestOptions& options) {
    backtest::RunOptions run_options;
    if (!options.ack_after.empty()) {
        run_options.ack_after = parse_duration(options.ack_after);
        if (!run_options.ack_after)
            return complain(
                globals, {"--ack-after: want a duration such as 2m or 30s", ""}, Exit::usage
            );
    }
    auto rules = rules_of(options);
    if (!rules) return complain(globals, rules.error());
    std::optional<Rules> against;
    if (!options.against.empty()) {
        auto loaded = rules_in(options.against);
        if (!loaded) return complain(globals, loaded.error());
        against = std::move(*loaded);
    }
    backtest::FeedOptions feed;
    feed.site = rules->loaded.rules.site.id;
    feed.zone = rules->loaded.rules.site.zone;
    feed.lateness = rules->loaded.rules.site.limits.lateness;
    feed.source = options.source.empty() ? "history" : options.source;
    auto history = History::open(options.files, feed);
    if (!history) return complain(globals, history.error());
    const std::string format = globals.json ? "json" : options.format;
    if (!options.source.empty()) run_options.feeds.insert(options.source);
    run_options.knows_sources = history->tells_of_sources();
    run_options.series = format == "html" && !against;
    std::optional<Runner> other;
    if (against) other.emplace(std::move(against->loaded.rules), against->loaded.hash, run_options);
    Runner runner{std::move(rules->loaded.rules), rules->loaded.hash, run_options};
    if (auto ran = run(*history, runner, other ? &*other : nullptr); !ran)
        return complain(globals, ran.error());
    const auto sheet_of = [&](Runner& of, const Rules& read) {
        return backtest::Sheet{
            of.finish(),
            history->reading(),
            read.path,
            options.files,
            run_options.ack_after,
            read.configured,
            feed.lateness
        };
    };
    const backtest::Sheet sheet = sheet_of(runner, *rules);
    const std::string text =
        other ? report(sheet, sheet_of(*other, *against), format, globals.language)
              : report(sheet, format, globals.language);
    const Exit written = put(globals, options.out, text);
    if (written != Exit::fine) return written;
    if (sheet.reading.events > 0) return Exit::fine;
    return complain(globals, {"no event in any of the files", ""});
}

}  // namespace surged::app::cli
