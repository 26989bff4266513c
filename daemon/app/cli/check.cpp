#include "app/cli/check.hpp"

#include "app/cli/language.hpp"
#include "app/cli/mistake_words.hpp"
#include "config/advice.hpp"
#include "config/daemon.hpp"
#include "config/schema.hpp"
#include "core/paging/words.hpp"

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
    const plan::Language language = language_for(globals.language);
    if (globals.json) {
        *globals.out << json::serialize(json::object{
                            {"mistakes", as_json(mistakes)},
                            {"warnings", as_json(warnings)}
        })
                     << '\n'
                     << std::flush;
    } else {
        for (const auto& d : mistakes) *globals.out << told(d, language) << '\n';
        for (const auto& d : warnings)
            *globals.out << paging::phrase(language, "提醒:", "warning: ") << told(d, language)
                         << '\n';
        if (mistakes.empty())
            *globals.out << good << '\n' << std::flush;
        else
            *globals.out << (language == plan::Language::zh_cn
                                 ? fmt::format("{} 处错误", mistakes.size())
                                 : fmt::format(
                                       "{} mistake{}",
                                       mistakes.size(),
                                       mistakes.size() == 1 ? "" : "s"
                                   ))
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
    const plan::Language language = language_for(globals.language);
    const plan::RuleSet& set = rules->rules;
    std::string good = paging::phrase(
        language,
        "{}:正确。预案 {} 个,班组 {} 个,人员 {} 人",
        "{}: good. {} plans, {} teams, {} people",
        folder,
        set.plans.size(),
        set.teams.size(),
        set.people.size()
    );
    // What surged.yaml says of the sources belongs to the rules: without it this is another hash
    // than the one in force.
    if (!options.config.empty())
        good += paging::phrase(language, ";版本 {}", "; hash {}", rules->hash.substr(0, 12));
    // Who is told "good" must not believe that all of it was looked at.
    good +=
        options.config.empty()
            ? paging::phrase(
                  language,
                  "\n未检查数据源、通道和密钥:请用 surged --check --config FILE",
                  "\nSources, channels and secrets were not checked: surged --check --config FILE"
              )
            : paging::phrase(
                  language,
                  "\n未读取密钥文件:请以 surged 的用户运行 surged --check --config {}",
                  "\nSecret files were not read: surged --check --config {}, as surged's user",
                  options.config
              );
    return tell(globals, {}, warnings, good);
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
