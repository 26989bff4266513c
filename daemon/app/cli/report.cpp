// surgectl report and plan list.
#include "app/cli/api.hpp"
#include "app/cli/language.hpp"
#include "app/cli/manner.hpp"
#include "app/cli/queries.hpp"
#include "app/cli/show.hpp"
#include "app/cli/table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>
#include <string_view>

namespace surged::app::cli {
namespace {

namespace json = boost::json;

void put(json::object& body, const char* key, const std::string& text) {
    if (!text.empty()) body[key] = text;
}

/// Parts of a plan that are read and checked but not carried out.
std::string not_run(const Manner& manner, const json::value& plan) {
    struct Word {
        std::string_view en, zh;
    };
    constexpr Word words[] = {
        {"notices",   "客户公告"},
        {"actions",   "联动动作"},
        {"review",    "复盘"    },
        {"drill",     "演练"    },
        {"readiness", "应急准备"},
    };
    if (manner.language() == plan::Language::en) return cell(plan, "/not_run");
    std::string out;
    for (const json::value& part : plan.at("not_run").as_array()) {
        std::string name = cell(part, "");
        for (const Word& word : words)
            if (name == word.en) name = word.zh;
        out += (out.empty() ? "" : "、") + name;
    }
    return out;
}

}  // namespace

Exit report(const Globals& globals, const ReportOptions& options) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    json::object body{
        {"kind", options.kind},
        {"by",   options.by  }
    };
    put(body, "plan", options.plan);
    put(body, "level", options.level);
    put(body, "queue", options.queue);
    put(body, "place", options.place);
    put(body, "scope", options.scope);
    put(body, "cause", options.cause);
    put(body, "text", options.text);
    const auto answer = api->post("/api/v1/incidents", json::serialize(body));
    if (!answer) return complain(globals, answer.error());
    const Manner manner{language_for(globals.language)};
    const std::string ids = cell(*answer, "/detail");
    if (globals.json)
        *globals.out << json::serialize(*answer) << '\n' << std::flush;
    else
        *globals.out << manner.say("已上报", "reported")
                     << (ids.empty() ? "" : manner.say(":", ": ")) << ids << '\n'
                     << std::flush;
    return Exit::fine;
}

Exit plan_list(const Globals& globals) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    const auto body = api->get("/api/v1/plans");
    if (!body) return complain(globals, body.error());
    if (globals.json) {
        *globals.out << json::serialize(*body) << '\n' << std::flush;
        return Exit::fine;
    }
    const Manner manner{language_for(globals.language)};
    const bool zh = manner.language() == plan::Language::zh_cn;
    Table table{
        {manner.say("预案", "PLAN"),
         manner.say("来源", "SOURCE"),
         manner.say("版本", "VERSION"),
         manner.say("标题", "TITLE"),
         manner.say("触发条件", "TRIGGERS"),
         manner.say("尚未执行", "NOT RUN YET")}
    };
    boost::system::error_code ec;
    const json::value* plans = body->find_pointer("/plans", ec);
    if (plans != nullptr && plans->is_array())
        for (const json::value& plan : plans->get_array())
            table.add(
                {cell(plan, "/plan"),
                 cell(plan, "/source"),
                 cell(plan, "/version"),
                 cell(plan, zh ? "/title_zh" : "/title_en"),
                 cell(plan, "/triggers"),
                 not_run(manner, plan)}
            );
    *globals.out << table.text() << std::flush;
    return Exit::fine;
}

}  // namespace surged::app::cli
