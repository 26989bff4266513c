#include "app/cli/rules.hpp"

#include "app/cli/api.hpp"
#include "app/cli/language.hpp"
#include "app/cli/manner.hpp"
#include "app/cli/mistake_words.hpp"
#include "app/cli/queries.hpp"
#include "app/cli/show.hpp"
#include "app/cli/table.hpp"
#include "config/daemon.hpp"
#include "core/paging/words.hpp"
#include "io/api/encode_rules.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <map>
#include <ostream>
#include <set>

namespace surged::app::cli {
namespace {

namespace json = boost::json;
using plan::Language;

struct Word {
    std::string_view what, zh, en;
};
constexpr std::array<Word, 19> words{
    {{"plan_added", "新增预案", "plan added"},
     {"plan_removed", "删除预案", "plan removed"},
     {"trigger_added", "新增触发条件", "trigger added"},
     {"trigger_removed", "删除触发条件", "trigger removed"},
     {"condition", "触发条件重写", "trigger built otherwise"},
     {"threshold", "阈值", "threshold"},
     {"hold", "持续时间", "hold (for)"},
     {"way_down", "降级条件", "way down"},
     {"floor", "下限", "floor"},
     {"figure", "指标", "figure"},
     {"paging", "呼叫对象", "who is paged"},
     {"activation", "启动方式", "activation"},
     {"step", "步骤", "step"},
     {"scope", "适用范围", "scope"},
     {"person", "人员", "person"},
     {"team", "班组", "team"},
     {"calendar", "日历", "calendar"},
     {"site", "站点", "site"},
     {"words", "文字,不影响运行", "words, nothing that runs"}}
};

std::string word_of(const std::string& what, Language language) {
    const auto* const found = std::find_if(words.begin(), words.end(), [&](const Word& word) {
        return word.what == what;
    });
    if (found == words.end()) return what;
    return std::string{language == Language::zh_cn ? found->zh : found->en};
}

std::string change_line(const json::value& change, Language language) {
    std::string where = cell(change, "/plan");
    if (const std::string trigger = cell(change, "/trigger"); !trigger.empty())
        where += "/" + trigger;
    std::string out = where.empty() ? "" : where + ": ";
    out += word_of(cell(change, "/what"), language);
    if (const auto level = plan::parse_level(cell(change, "/level")); level)
        out += " " + paging::level_word(*level, language);
    if (const std::string subject = cell(change, "/subject"); !subject.empty())
        out += " " + subject;
    const std::string before = cell(change, "/before"), after = cell(change, "/after");
    if (!before.empty() && !after.empty())
        out += before == after ? paging::phrase(language, " 有变化", " changed")
                               : fmt::format(" {} → {}", before, after);
    else if (!before.empty() || !after.empty())
        out += before.empty() ? " + " + after : " - " + before;
    if (const std::string during = cell(change, "/during"); !during.empty())
        out += paging::phrase(language, ",在 {} 期间", ", during {}", during);
    if (const std::string queues = cell(change, "/queues"); !queues.empty() && queues != "*")
        out += paging::phrase(language, "(队列 {})", " (queues {})", queues);
    return out;
}

Exit show(const Globals& globals, const Result<json::value>& found) {
    if (!found) return complain(globals, found.error());
    if (globals.json)
        *globals.out << json::serialize(*found) << '\n' << std::flush;
    else
        *globals.out << changes_text(*found, language_for(globals.language)) << std::flush;
    return Exit::fine;
}

Result<json::value> compare_folders(const std::string& before, const std::string& after) {
    std::array<config::LoadedRules, 2> sides;
    for (std::size_t i = 0; i < 2; ++i) {
        auto loaded = config::load_rules(i == 0 ? before : after, nullptr);
        if (loaded) {
            sides.at(i) = std::move(*loaded);
            continue;
        }
        return tl::make_unexpected(as_error(loaded.error()));
    }
    io::RulesComparison found;
    found.from = sides[0].hash;
    found.to = sides[1].hash;
    const auto& [one, other] = std::tie(sides[0].rules, sides[1].rules);
    found.changes = plan::difference(one, other, plan::queues_of(one, other, {}));
    const std::map<std::string, std::string> texts{
        sides[0].sources.begin(), sides[0].sources.end()
    };
    for (const auto& [path, text] : sides[1].sources)
        if (const auto old = texts.find(path); old == texts.end() || old->second != text)
            found.files.push_back(path);
    return json::parse(io::api::encode_comparison(found));
}

/// Why two are needed, as surged says it, in the language of the reader.
std::string because(const Manner& manner, const std::string& text) {
    constexpr std::string_view during = "during ", incident = "incident ", open = " is open";
    if (text.starts_with(during))
        return manner.say("在 {} 期间", "during {}", text.substr(during.size()));
    if (text.starts_with(incident) && text.ends_with(open))
        return manner.say(
            "事件 {} 未终止",
            "incident {} is open",
            text.substr(incident.size(), text.size() - incident.size() - open.size())
        );
    return text;
}

Exit tell_pending(const Globals& globals, const Manner& manner, const json::value& body) {
    const std::string id = cell(body, "/pending/id");
    const bool nobody = cell(body, "/pending/by").empty();
    *globals.out << manner.say(
                        "尚未加载:{},须由{}在 {} 前确认\n"
                        "  surgectl reload --confirm {} --by 姓名\n",
                        "not loaded yet, {}: {} must agree until {}\n"
                        "  surgectl reload --confirm {} --by NAME\n",
                        because(manner, cell(body, "/pending/because")),
                        nobody ? manner.say("两人", "two persons")
                               : manner.say("第二人", "a second person"),
                        manner.time(body, "/pending/until"),
                        id
                    )
                 << std::flush;
    return Exit::finding;
}

Result<std::map<std::string, std::string>> files_of(Api& api, const std::string& version) {
    auto body = api.get("/api/v1/rules/versions/" + percent_encoded(version));
    if (!body) return tl::make_unexpected(body.error());
    std::map<std::string, std::string> out;
    for (const auto& file : body->at("files").as_object())
        out[std::string{file.key()}] = std::string{file.value().as_string()};
    return out;
}

}  // namespace

std::string changes_text(const json::value& comparison, Language language) {
    const json::array& changes = comparison.at("changes").as_array();
    if (changes.empty())
        return paging::phrase(
            language,
            "没有变化:{} 已经生效\n",
            "nothing changes: {} on both sides\n",
            cell(comparison, "/to").substr(0, 12)
        );
    std::string out;
    for (const json::value& change : changes) out += change_line(change, language) + "\n";
    return out + paging::phrase(
                     language,
                     "{} 处变化,文件:{}\n",
                     "{} changes, files: {}\n",
                     changes.size(),
                     cell(comparison, "/files")
                 );
}

Exit reload(const Globals& globals, const ReloadOptions& options) {
    if (!options.folders.empty()) {
        if (!options.diff || options.folders.size() != 2)
            return complain(globals, {"folders go with --diff: OLD NEW", ""}, Exit::usage);
        return show(globals, compare_folders(options.folders[0], options.folders[1]));
    }
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    if (options.diff) return show(globals, api->get("/api/v1/rules/diff"));
    const auto body = api->post(
        "/api/v1/rules/reload",
        json_of({
            {"by",      options.by     },
            {"why",     options.why    },
            {"confirm", options.confirm}
    })
    );
    if (!body) return complain(globals, body.error());
    const bool waits = body->as_object().contains("pending");
    if (globals.json) {
        *globals.out << json::serialize(*body) << '\n' << std::flush;
        return waits ? Exit::finding : Exit::fine;
    }
    const Manner manner = manner_of(globals, *api);
    if (waits) return tell_pending(globals, manner, *body);
    *globals.out << manner.say("规则已加载:{}\n", "rules loaded: {}\n", cell(*body, "/loaded"))
                 << std::flush;
    if (cell(*body, "/durable") == "no")
        *globals.err << manner.say(
            "已生效,尚未落盘:日志库缓慢或故障\n",
            "in force, not yet on disk: the store is slow or fails\n"
        );
    return Exit::fine;
}

Exit rules_versions(const Globals& globals) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    const auto body = api->get("/api/v1/rules/versions");
    if (!body) return complain(globals, body.error());
    if (globals.json) {
        *globals.out << json::serialize(*body) << '\n' << std::flush;
        return Exit::fine;
    }
    const Manner manner = manner_of(globals, *api);
    Table table{
        {manner.say("版本", "VERSION"),
         manner.say("生效中", "IN FORCE"),
         manner.say("自", "SINCE"),
         manner.say("加载人", "BY"),
         manner.say("途径", "VIA"),
         manner.say("第二人", "SECOND"),
         manner.say("原因", "WHY")}
    };
    bool newest = true;
    for (const json::value& one : body->at("versions").as_array()) {
        const bool here = newest && cell(one, "/hash") == cell(*body, "/in_force");
        newest = false;
        table.add(
            {cell(one, "/hash").substr(0, 12),
             here ? manner.say("是", "yes") : "",
             manner.time(one, "/at"),
             cell(one, "/who"),
             cell(one, "/via"),
             cell(one, "/second"),
             cell(one, "/why")}
        );
    }
    *globals.out << table.text() << std::flush;
    if (!body->at("pending").is_null()) return tell_pending(globals, manner, *body);
    return Exit::fine;
}

Exit rules_show(const Globals& globals, const RulesOptions& options) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    const auto files = files_of(*api, options.version);
    if (!files) return complain(globals, files.error());
    if (!options.file.empty()) {
        const auto found = files->find(options.file);
        if (found == files->end())
            return complain(
                globals,
                {paging::phrase(
                     language_for(globals.language),
                     "该版本没有文件 {}",
                     "it has no file {}",
                     options.file
                 ),
                 ""}
            );
        *globals.out << found->second << std::flush;
        return Exit::fine;
    }
    for (const auto& [path, text] : *files) *globals.out << "# " << path << '\n' << text;
    *globals.out << std::flush;
    return Exit::fine;
}

Exit rules_diff(const Globals& globals, const RulesOptions& options) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    if (!options.text)
        return show(
            globals,
            api->get(
                "/api/v1/rules/diff?from=" + percent_encoded(options.version) +
                "&to=" + percent_encoded(options.other)
            )
        );
    std::string other = options.other;
    if (other.empty()) {
        const auto now = api->get("/api/v1/rules/versions");
        if (!now) return complain(globals, now.error());
        other = cell(*now, "/in_force");
    }
    const auto before = files_of(*api, options.version);
    if (!before) return complain(globals, before.error());
    const auto after = files_of(*api, other);
    if (!after) return complain(globals, after.error());
    std::set<std::string> paths;
    for (const auto* side : {&*before, &*after})
        for (const auto& [path, text] : *side) paths.insert(path);
    const auto text_in = [](const auto& files, const std::string& path) {
        const auto found = files.find(path);
        return found == files.end() ? std::string{} : found->second;
    };
    for (const std::string& path : paths)
        *globals.out << line_difference(path, text_in(*before, path), text_in(*after, path));
    *globals.out << std::flush;
    return Exit::fine;
}

}  // namespace surged::app::cli
