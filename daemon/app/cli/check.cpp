#include "app/cli/check.hpp"

#include "config/advice.hpp"
#include "config/daemon.hpp"
#include "config/schema.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <ostream>

namespace surged::app::cli {
namespace {

namespace json = boost::json;

json::array as_json(const config::Diagnostics& found) {
    json::array out;
    for (const auto& d : found)
        out.push_back(json::object{
            {"file",         d.file      },
            {"line",         d.line      },
            {"column",       d.column    },
            {"what",         d.what      },
            {"expected",     d.expected  },
            {"did_you_mean", d.suggestion},
        });
    return out;
}

Exit tell(
    const Globals& globals,
    const config::Diagnostics& mistakes,
    const config::Diagnostics& warnings,
    const std::string& good
) {
    if (globals.json) {
        *globals.out << json::serialize(json::object{
                            {"mistakes", as_json(mistakes)},
                            {"warnings", as_json(warnings)}
        })
                     << '\n'
                     << std::flush;
    } else {
        for (const auto& d : mistakes) *globals.out << d.text() << '\n';
        for (const auto& d : warnings) *globals.out << "warning: " << d.text() << '\n';
        if (mistakes.empty())
            *globals.out << good << '\n' << std::flush;
        else
            *globals.out << fmt::format(
                                "{} mistake{}", mistakes.size(), mistakes.size() == 1 ? "" : "s"
                            )
                         << '\n'
                         << std::flush;
    }
    return mistakes.empty() ? Exit::fine : Exit::finding;
}

}  // namespace

Exit check(const Globals& globals, const CheckOptions& options) {
    std::string folder = options.folder;
    tl::expected<config::Daemon, config::Diagnostics> daemon{};
    if (!options.config.empty()) {
        daemon = config::load_daemon(options.config, {});
        if (!daemon) return tell(globals, daemon.error(), {}, "");
        folder = daemon->rules_path;
    }
    const auto rules = config::load_rules(folder, options.config.empty() ? nullptr : &*daemon);
    if (!rules) return tell(globals, rules.error(), {}, "");
    config::Diagnostics warnings = rules->warnings;
    for (auto& one : config::advice_on(*rules, options.config.empty() ? nullptr : &*daemon))
        warnings.push_back(std::move(one));
    return tell(
        globals,
        {},
        warnings,
        fmt::format(
            "{}: good. {} plans, {} teams, {} people; hash {}",
            folder,
            rules->rules.plans.size(),
            rules->rules.teams.size(),
            rules->rules.people.size(),
            rules->hash.substr(0, 12)
        )
    );
}

Exit schema(const Globals& globals, const std::string& file) {
    using config::File;
    const File which = file == "surged"   ? File::surged
                       : file == "site"   ? File::site
                       : file == "roster" ? File::roster
                       : file == "plan"   ? File::plan
                                          : File::notices;
    *globals.out << config::schema_of(which) << std::flush;
    return Exit::fine;
}

}  // namespace surged::app::cli
