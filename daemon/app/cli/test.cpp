#include "app/cli/test.hpp"

#include "app/cli/language.hpp"
#include "app/cli/manner.hpp"
#include "app/cli/mistake_words.hpp"
#include "app/cli/test_words.hpp"
#include "app/offline/rule_test.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <ostream>
#include <string_view>
#include <system_error>

namespace surged::app::cli {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

/// The files of a folder of rules (its tests/) or of tests, by name; a file itself.
std::vector<std::string> files_of(const std::string& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) return {path};
    fs::path folder{path};
    if (fs::is_directory(folder / "tests", error)) folder /= "tests";
    std::vector<std::string> out;
    for (fs::directory_iterator it{folder, error}, end; !error && it != end; it.increment(error))
        if (it->path().extension() == ".yaml") out.push_back(it->path().string());
    std::sort(out.begin(), out.end());
    return out;
}

struct Ran {
    std::string file;
    offline::TestResult result;
};

/// 1 test; 2 tests
std::string counted(std::size_t count, std::string_view one) {
    return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

/// One call of the command: rules are read once a folder.
class Session {
public:
    Session(const Globals& globals, const TestOptions& options)
        : globals_{globals}, options_{options}, manner_{language_for(globals.language)} {}

    Exit run() {
        std::vector<std::string> paths = options_.paths;
        if (paths.empty()) paths.emplace_back("/etc/surged/rules");
        for (const std::string& path : paths) {
            const auto files = files_of(path);
            if (files.empty()) mistakes_.push_back({path, 0, 0, "no tests", "*.yaml", ""});
            for (const std::string& file : files) one(file);
        }
        if (ran_.empty() && mistakes_.empty() && !options_.only.empty())
            mistakes_.push_back({paths.front(), 0, 0, "no test is called " + options_.only, "", ""}
            );
        if (globals_.json)
            as_json();
        else
            as_text();
        *globals_.out << std::flush;
        return failed_ == 0 && mistakes_.empty() ? Exit::fine : Exit::finding;
    }

private:
    struct Rules {
        plan::Rules rules;
        offline::Coverage coverage;
    };

    Rules* rules_in(const std::string& folder) {
        const auto known = rules_.find(folder);
        if (known != rules_.end()) return known->second ? &*known->second : nullptr;
        auto loaded = config::load_rules(folder, nullptr);
        auto& kept = rules_[folder];
        if (!loaded) {
            mistakes_.insert(mistakes_.end(), loaded.error().begin(), loaded.error().end());
            return nullptr;
        }
        kept = Rules{std::make_shared<const plan::RuleSet>(std::move(loaded->rules)), {}};
        return &*kept;
    }

    void one(const std::string& file) {
        auto tests = config::load_rule_tests(file);
        if (!tests) {
            mistakes_.insert(mistakes_.end(), tests.error().begin(), tests.error().end());
            return;
        }
        Rules* rules = rules_in(options_.rules.empty() ? tests->rules : options_.rules);
        if (rules == nullptr) return;
        const auto unknown = config::check_names(*tests, *rules->rules);
        mistakes_.insert(mistakes_.end(), unknown.begin(), unknown.end());
        if (!unknown.empty()) return;
        for (const config::RuleTest& test : tests->tests) {
            if (!options_.only.empty() && !plan::glob_matches(options_.only, test.name)) continue;
            ran_.push_back(
                {file, offline::run_test(test, tests->source, rules->rules, rules->coverage)}
            );
            if (!ran_.back().result.passed()) ++failed_;
        }
    }

    void as_text() {
        std::ostream& out = *globals_.out;
        for (const auto& d : mistakes_) out << told(d, manner_.language()) << '\n';
        for (const Ran& ran : ran_)
            if (!ran.result.passed()) failure(ran);
        coverage();
        out
            << (is_chinese() ? fmt::format("{} 个测试,{} 个未通过", ran_.size(), failed_)
                             : fmt::format("{}, {} failed", counted(ran_.size(), "test"), failed_));
        if (!mistakes_.empty())
            out
                << (is_chinese() ? fmt::format(",{} 处错误", mistakes_.size())
                                 : fmt::format(", {}", counted(mistakes_.size(), "mistake")));
        out << '\n';
    }

    [[nodiscard]] bool is_chinese() const { return manner_.language() == plan::Language::zh_cn; }
    /// Words of the run, by one of test_words.hpp where the reader wants Chinese.
    [[nodiscard]] std::string said(
        const std::string& words, std::string (*in_chinese)(std::string_view)
    ) const {
        return is_chinese() ? in_chinese(words) : words;
    }

    void failure(const Ran& ran) {
        std::ostream& out = *globals_.out;
        out << manner_.say(
            "未通过 {}:{}:{}:{}\n",
            "FAIL {}:{}:{}: {}\n",
            ran.file,
            ran.result.place.line,
            ran.result.place.column,
            ran.result.name
        );
        for (const offline::Failure& failure : ran.result.failures) {
            out << manner_.say(
                "  {}:{}:{}:{} 时({})\n",
                "  {}:{}:{}: at {} ({})\n",
                ran.file,
                failure.place.line,
                failure.place.column,
                format_duration(failure.at),
                failure.when
            );
            for (const offline::Difference& one : failure.differences)
                out << manner_.say(
                    "    {}\n      应为  {}\n      实为  {}\n",
                    "    {}\n      expected  {}\n      found     {}\n",
                    said(one.what, compared_in_chinese),
                    said(one.expected, found_in_chinese),
                    said(one.found, found_in_chinese)
                );
            for (const std::string& line : failure.context)
                out << "    | " << said(line, context_in_chinese) << '\n';
        }
    }

    void coverage() {
        std::ostream& out = *globals_.out;
        for (const auto& [folder, rules] : rules_) {
            if (!rules) continue;
            std::size_t levels = 0, levels_reached = 0, steps = 0, steps_reached = 0;
            for (const auto& plan : rules->coverage.against(*rules->rules)) {
                levels += plan.levels;
                levels_reached += plan.levels_reached;
                steps += plan.steps;
                steps_reached += plan.steps_reached;
                if (!options_.missed) continue;
                for (const std::string& missed : plan.missed)
                    out << manner_.say(
                        "未触及:{}:{}\n",
                        "not reached: {}: {}\n",
                        plan.plan,
                        said(missed, missed_in_chinese)
                    );
            }
            out << manner_.say(
                "{}:触发级别触及 {} / {},处置步骤触及 {} / {}{}\n",
                "{}: reached {} of {} levels of triggers, {} of {} steps{}\n",
                folder,
                levels_reached,
                levels,
                steps_reached,
                steps,
                options_.missed ? ""
                                : manner_.say(";用 --missed 列出其余", "; --missed lists the rest")
            );
        }
    }

    void as_json() {
        json::array tests;
        for (const Ran& ran : ran_) {
            json::array failures;
            for (const offline::Failure& failure : ran.result.failures)
                for (const offline::Difference& one : failure.differences)
                    failures.push_back(json::object{
                        {"line",     failure.place.line                           },
                        {"at_s",     static_cast<double>(failure.at.count()) / 1e6},
                        {"what",     one.what                                     },
                        {"expected", one.expected                                 },
                        {"found",    one.found                                    }
                    });
            tests.push_back(json::object{
                {"file",     ran.file             },
                {"line",     ran.result.place.line},
                {"name",     ran.result.name      },
                {"passed",   ran.result.passed()  },
                {"failures", std::move(failures)  }
            });
        }
        json::array mistakes;
        for (const auto& d : mistakes_) mistakes.emplace_back(d.text());
        json::object missed;
        for (const auto& [folder, rules] : rules_) {
            if (!rules) continue;
            for (const auto& plan : rules->coverage.against(*rules->rules)) {
                json::array list;
                for (const std::string& one : plan.missed) list.emplace_back(one);
                if (!list.empty()) missed[plan.plan] = std::move(list);
            }
        }
        *globals_.out << json::serialize(json::object{
                             {"tests",       std::move(tests)   },
                             {"failed",      failed_            },
                             {"mistakes",    std::move(mistakes)},
                             {"not_reached", std::move(missed)  }
        })
                      << '\n';
    }

    const Globals& globals_;
    const TestOptions& options_;
    const Manner manner_;
    std::map<std::string, std::optional<Rules>> rules_;
    config::Diagnostics mistakes_;
    std::vector<Ran> ran_;
    std::size_t failed_{0};
};

}  // namespace

Exit test(const Globals& globals, const TestOptions& options) {
    return Session{globals, options}.run();
}

}  // namespace surged::app::cli
