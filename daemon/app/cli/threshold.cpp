// surgectl threshold: set, take back and list.
#include "app/cli/api.hpp"
#include "app/cli/language.hpp"
#include "app/cli/manner.hpp"
#include "app/cli/queries.hpp"
#include "app/cli/show.hpp"
#include "app/cli/table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <optional>
#include <ostream>
#include <string_view>
#include <utility>

namespace surged::app::cli {
namespace {

namespace json = boost::json;

void put(json::object& body, const char* key, const std::string& text) {
    if (!text.empty()) body[key] = text;
}

std::optional<std::pair<std::string, double>> level_and_amount(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) return std::nullopt;
    double amount = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + equals + 1, end, amount);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return std::pair{text.substr(0, equals), amount};
}

/// What was named and does not exist, in Chinese; empty where the refusal is of another kind.
std::string unknown_in_chinese(const json::value& problem, const ThresholdOptions& options) {
    const std::string what = cell(problem, "/unknown"), given = cell(problem, "/given");
    const std::string plan = cell(problem, "/plan");
    std::string out, list = "现有";
    if (what == "plan") out = "没有预案 " + given;
    if (what == "trigger") out = "预案 " + plan + " 没有触发条件 " + given;
    if (what == "figure") out = "触发条件 " + given + " 不是单一指标,不能另设阈值";
    if (what == "queue") out = "没有队列 " + given;
    if (what == "unwatched") {
        out = "预案 " + plan + " 不监测队列 " + given;
        list = "监测的是";
    }
    if (what == "unset") {
        out = "预案 " + plan + " 的 " + options.trigger + " 在" +
              (given.empty() ? std::string{"全部队列"} : "队列 " + given) + "上没有临时阈值";
        list = "已设的是";
    }
    if (out.empty()) return out;
    const std::string meant = cell(problem, "/meant");
    if (!meant.empty()) out += ";是否指 " + meant + "?";
    if (const std::string known = cell(problem, "/known"); !known.empty())
        out += (meant.empty() ? ";" : "") + list + ":" + known;
    if (const std::string more = cell(problem, "/more"); !more.empty() && more != "0")
        out += ",另有 " + more + " 个";
    return out;
}

Exit refused(const Globals& globals, const Api& api, const ThresholdOptions& options, Error error) {
    if (language_for(globals.language) == plan::Language::zh_cn)
        if (std::string words = unknown_in_chinese(api.problem(), options); !words.empty())
            error.what = std::move(words);
    return complain(globals, error);
}

/// Of the rules' levels those that do not hold meanwhile.
std::string levels_without(const json::value& answer) {
    std::string out;
    if (const auto* const without = answer.as_object().if_contains("without"))
        for (const json::value& level : without->as_array())
            out += (out.empty() ? "" : ", ") + cell(level, "");
    return out;
}

void tell(
    const Globals& globals, const ThresholdOptions& options, const json::value& answer, bool sets
) {
    const Manner manner{language_for(globals.language)};
    std::ostream& out = *globals.out;
    out
        << (sets ? manner.say("已生效,持续 {}", "in force for {}", options.lasts)
                 : manner.say("已恢复规则中的阈值", "the written thresholds are back"));
    if (const std::string unseen = cell(answer, "/unseen"); !unseen.empty())
        out << manner.say(
            "\n队列 {} 尚无来电,但规则中有它:来电后即按此执行",
            "\nno call of {} has come yet, but the rules name it: it holds as soon as one does",
            unseen
        );
    if (const std::string without = levels_without(answer); !without.empty())
        out << manner.say(
            "\n期间 {} 级没有阈值,不会触发;要保留,请一并给出",
            "\nmeanwhile {} have no threshold and do not fire: to keep them, give them, too",
            without
        );
    out << '\n' << std::flush;
    if (cell(answer, "/durable") == "no")
        *globals.err << manner.say("已生效,尚未落盘\n", "in force, not yet on disk\n");
}

/// What it takes to set thresholds and was not given.
Error missing(const Manner& manner, const ThresholdOptions& options) {
    const std::string how_long = manner.say("持续多久,如 2h", "how long, such as 2h");
    const std::string reason = manner.say("因为什么", "for what reason");
    if (!options.why.empty()) return {manner.say("缺少 --for", "--for is missing"), how_long};
    if (!options.lasts.empty()) return {manner.say("缺少 --why", "--why is missing"), reason};
    return {
        manner.say("缺少 --for 和 --why", "--for and --why are missing"),
        manner.say("{};{}", "{}; {}", how_long, reason)
    };
}

}  // namespace

Exit threshold(const Globals& globals, const ThresholdOptions& options) {
    const Manner manner{language_for(globals.language)};
    json::object levels;
    for (const std::string& one : options.levels) {
        const auto parsed = level_and_amount(one);
        const auto level = parsed ? plan::parse_level(parsed->first) : std::nullopt;
        if (!level || *level == plan::Level::none)
            return complain(
                globals,
                {manner.say("{} 不是“级别=数值”", "{} is not a level and an amount", one),
                 manner.say(
                     "如 III=0.4;级别为 IV、III、II、I,数值为秒、比例或个数",
                     "such as III=0.4; levels are IV, III, II, I; amounts seconds, shares, counts"
                 )},
                Exit::usage
            );
        levels[parsed->first] = parsed->second;
    }
    const bool sets = !levels.empty();
    if (sets && (options.lasts.empty() || options.why.empty()))
        return complain(globals, missing(manner, options), Exit::usage);
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    json::object body{
        {"plan",    options.plan   },
        {"trigger", options.trigger},
        {"by",      options.by     }
    };
    put(body, "queue", options.queue);
    put(body, "why", options.why);
    put(body, "for", options.lasts);
    if (sets) body["levels"] = std::move(levels);
    const auto answer = api->post("/api/v1/thresholds", json::serialize(body));
    if (!answer) return refused(globals, *api, options, answer.error());
    if (globals.json)
        *globals.out << json::serialize(*answer) << '\n' << std::flush;
    else
        tell(globals, options, *answer, sets);
    return Exit::fine;
}

Exit threshold_list(const Globals& globals) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    const auto body = api->get("/api/v1/thresholds");
    if (!body) return complain(globals, body.error());
    if (globals.json) {
        *globals.out << json::serialize(*body) << '\n' << std::flush;
        return Exit::fine;
    }
    const Manner manner = manner_of(globals, *api);
    Table table{
        {manner.say("预案", "PLAN"),
         manner.say("触发条件", "TRIGGER"),
         manner.say("队列", "QUEUE"),
         manner.say("阈值", "LEVELS"),
         manner.say("截止", "UNTIL"),
         manner.say("设置人", "BY"),
         manner.say("原因", "WHY")}
    };
    for (const json::value& one : body->at("thresholds").as_array()) {
        std::string levels;
        for (const auto& level : one.at("levels").as_object())
            levels += (levels.empty() ? "" : " ") + std::string{level.key()} + "=" +
                      cell(level.value(), "");
        const std::string queue = cell(one, "/queue");
        table.add(
            {cell(one, "/plan"),
             cell(one, "/trigger"),
             queue.empty() ? manner.say("全部", "all") : queue,
             levels,
             manner.time(one, "/until"),
             cell(one, "/by"),
             cell(one, "/why")}
        );
    }
    *globals.out << table.text() << std::flush;
    return Exit::fine;
}

}  // namespace surged::app::cli
