// surgectl status.
#include "app/cli/api.hpp"
#include "app/cli/manner.hpp"
#include "app/cli/queries.hpp"
#include "app/cli/show.hpp"
#include "app/cli/table.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>
#include <string_view>

namespace surged::app::cli {
namespace {

namespace json = boost::json;

/// "source acd-1": 数据源 acd-1. The name behind the first word is the site's own.
std::string part_name(const Manner& manner, const std::string& name) {
    struct Word {
        std::string_view en, zh;
    };
    constexpr Word words[] = {
        {"store",           "日志库"      },
        {"source ",         "数据源 "     },
        {"events of ",      "事件来自 "   },
        {"channel ",        "通道 "       },
        {"reload",          "重新加载"    },
        {"rules watch",     "规则目录"    },
        {"rules pending",   "待确认的规则"},
        {"housekeeping",    "日常维护"    },
        {"plan of the day", "当日计划"    },
    };
    if (manner.language() == plan::Language::en) return name;
    for (const Word& word : words) {
        const bool begins = word.en.ends_with(' ') && name.starts_with(word.en);
        if (name == word.en || begins) return std::string{word.zh} + name.substr(word.en.size());
    }
    return name;
}

void print_sources(std::ostream& out, const Manner& manner, const json::array& sources) {
    if (sources.empty()) return;
    Table feeds{
        {manner.say("数据源", "SOURCE"),
         manner.say("在线", "UP"),
         manner.say("能区分离开原因", "EXITS KNOWN"),
         manner.say("已接收", "ACCEPTED"),
         manner.say("已拒收", "REJECTED"),
         manner.say("最新事件", "NEWEST EVENT")}
    };
    for (const json::value& s : sources)
        feeds.add(
            {cell(s, "/name"),
             manner.flag(s, "/up"),
             manner.flag(s, "/exits_known"),
             cell(s, "/accepted"),
             cell(s, "/rejected"),
             manner.time(s, "/newest")}
        );
    out << '\n' << feeds.text();
}

/// What came last and could not be read, so that one sees what is wrong with a feed.
void print_bad(std::ostream& out, const Manner& manner, const json::array& records) {
    if (records.empty()) return;
    Table bad{
        {manner.say("最近无法读取的内容", "LAST UNREADABLE"), manner.say("片段", "EXCERPT")}
    };
    for (const json::value& r : records) bad.add({cell(r, "/what"), cell(r, "/excerpt")});
    out << '\n' << bad.text();
}

void print_parts(std::ostream& out, const Manner& manner, const json::array& components) {
    Table parts{
        {manner.say("组成部分", "PART"),
         manner.say("状态", "STATE"),
         manner.say("自", "SINCE"),
         manner.say("说明", "DETAIL")}
    };
    for (const json::value& c : components)
        parts.add(
            {part_name(manner, cell(c, "/name")),
             cell(c, "/ok") == "yes" ? manner.say("正常", "ok") : manner.say("异常", "FAILS"),
             manner.time(c, "/since"),
             cell(c, "/detail")}
        );
    out << parts.text();
}

}  // namespace

Exit status(const Globals& globals) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    const auto body = api->get("/api/v1/status");
    if (!body) return complain(globals, body.error());
    const json::array& components = list_at(*body, "components");
    const bool well = std::all_of(components.begin(), components.end(), [](const json::value& c) {
        return cell(c, "/ok") == "yes";
    });
    const Exit exit = well ? Exit::fine : Exit::finding;
    if (globals.json) {
        *globals.out << json::serialize(*body) << '\n' << std::flush;
        return exit;
    }
    const Manner manner = manner_of(globals, *body);
    const std::string zone = cell(*body, "/zone");
    *globals.out << manner.say(
        "surged {},站点 {},{}{}\n{} 个队列,{} 条呼叫未认领\n\n",
        "surged {}, site {}, {}{}\n{} queues, {} pages not acknowledged\n\n",
        cell(*body, "/version"),
        cell(*body, "/site"),
        manner.time(*body, "/now"),
        zone.empty() ? "" : " " + zone,
        cell(*body, "/queues"),
        cell(*body, "/pages_unacknowledged")
    );
    print_parts(*globals.out, manner, components);
    print_sources(*globals.out, manner, list_at(*body, "sources"));
    print_bad(*globals.out, manner, list_at(*body, "last_bad_records"));
    *globals.out << std::flush;
    return exit;
}

}  // namespace surged::app::cli
