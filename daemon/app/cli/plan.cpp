#include "app/cli/plan.hpp"

#include "app/cli/language.hpp"
#include "app/cli/mistake_words.hpp"
#include "app/offline/binder.hpp"
#include "config/cursor.hpp"
#include "config/daemon.hpp"
#include "core/paging/words.hpp"

#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <ostream>
#include <system_error>

namespace surged::app::cli {
namespace {

namespace fs = std::filesystem;

std::optional<config::LoadedRules> rules_in(const Globals& globals, const std::string& folder) {
    auto loaded = config::load_rules(folder, nullptr);
    if (loaded) return std::move(*loaded);
    for (const auto& d : loaded.error())
        *globals.err << told(d, language_for(globals.language)) << '\n';
    return std::nullopt;
}

/// A text as YAML takes it, whatever is in it.
std::string quoted(const std::string& text) {
    return boost::json::serialize(boost::json::string_view{text});
}

/// The template with the new plan's name, title and source in place of its own.
std::string filled(const std::string& text, const PlanNewOptions& options) {
    std::string out;
    std::size_t at = 0;
    bool in_title = false, described = false;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string line = text.substr(at, end - at);
        at = end + 1;
        if (line.starts_with("plan:")) {
            described = true;
            line = "plan: " + options.name;
        } else if (line.starts_with("title:")) {
            in_title = true;
        } else if (in_title && line.starts_with("  zh-CN:")) {
            line = "  zh-CN: " + quoted(options.zh);
        } else if (in_title && line.starts_with("  en:")) {
            line = "  en: " + quoted(options.en);
        } else if (line.starts_with("source:")) {
            line = options.source.empty() ? "" : "source: " + options.source;
            in_title = false;
            if (line.empty()) continue;
        } else if (line.starts_with("version:")) {
            line = "version: 1";
        } else if (!described && line.starts_with("#")) {
            continue;  // what the template says of itself
        }
        // An alert goes to the plan that its label names.
        const std::string own = "{plan: P10}";
        if (const std::size_t label = line.find(own); label != std::string::npos)
            line.replace(label, own.size(), fmt::format("{{plan: {}}}", options.name));
        out += line + "\n";
    }
    return out;
}

}  // namespace

Exit plan_print(const Globals& globals, const PlanPrintOptions& options) {
    const auto loaded = rules_in(globals, options.rules);
    if (!loaded) return Exit::finding;
    const auto language = language_for(globals.language);
    std::vector<std::string> names;
    for (const std::string& word : options.plans) {
        const std::size_t before = names.size();
        for (const auto& [name, plan] : loaded->rules.plans)
            if (name == word || plan.source == word) names.push_back(name);
        if (names.size() == before)
            return complain(
                globals,
                {paging::phrase(language, "没有预案 {}", "there is no plan {}", word), ""},
                Exit::usage
            );
    }
    offline::Document document;
    if (options.contacts) {
        document = offline::binder(loaded->rules, names, language);
    } else {
        for (const std::string& name : names) {
            const auto one =
                offline::plan_document(loaded->rules, loaded->rules.plans.at(name), language);
            document.insert(document.end(), one.begin(), one.end());
        }
    }
    const std::string text = options.format == "html" ? offline::as_html(document, language)
                                                      : offline::as_text(document);
    if (options.to.empty()) {
        *globals.out << text << std::flush;
        return Exit::fine;
    }
    if (const auto written = write_file(options.to, text); !written)
        return complain(globals, written.error());
    *globals.out << options.to << '\n' << std::flush;
    return Exit::fine;
}

Exit plan_new(const Globals& globals, const PlanNewOptions& options) {
    const auto language = language_for(globals.language);
    const auto refuse = [&](std::string what, std::string hint, Exit code = Exit::finding) {
        return complain(globals, {std::move(what), std::move(hint)}, code);
    };
    if (!config::parse_name(options.name))
        return refuse(
            paging::phrase(language, "{} 不能作名称", "{} is no name", options.name),
            paging::phrase(language, "只用字母、数字、- 和 _", "letters, digits, - and _"),
            Exit::usage
        );
    const auto loaded = rules_in(globals, options.rules);
    if (!loaded) return Exit::finding;
    if (loaded->rules.plans.contains(options.name))
        return refuse(
            paging::phrase(language, "已有预案 {}", "there is a plan {} already", options.name), ""
        );
    const std::string* text = nullptr;
    for (const auto& [path, bytes] : loaded->sources)
        if (path.starts_with("plans/") && bytes.find("\nplan: template\n") != std::string::npos)
            text = &bytes;
    if (text == nullptr)
        return refuse(
            paging::phrase(language, "{} 中没有模板", "no template in {}", options.rules),
            paging::phrase(language, "需要一个名为 template 的预案", "a plan named template")
        );
    const fs::path path = fs::path{options.rules} / "plans" / (options.name + ".yaml");
    std::error_code error;
    if (fs::exists(path, error))
        return refuse(paging::phrase(language, "{} 已存在", "{} is there", path.string()), "");
    if (const auto written = write_file(path.string(), filled(*text, options)); !written)
        return complain(globals, written.error());
    *globals.out << path.string()
                 << paging::phrase(
                        language,
                        "\n编辑后运行:surgectl check {}\n",
                        "\nEdit it, then: surgectl check {}\n",
                        options.rules
                    )
                 << std::flush;
    return Exit::fine;
}

}  // namespace surged::app::cli
