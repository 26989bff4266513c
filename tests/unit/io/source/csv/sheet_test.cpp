#include "io/source/csv/sheet.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>

using namespace surged;
using namespace surged::io::csv;

namespace {

plan::Zone shanghai() { return {"Asia/Shanghai", {{Wall{0}, 8 * 3600}}}; }

Content read(Kind kind, std::string_view text, const Mapping& mapping = {}) {
    const plan::Zone zone = shanghai();
    Rows rows{text};
    Row header;
    REQUIRE(rows.next(header));
    Sheet sheet{kind, mapping, zone, header};
    Row row;
    while (rows.next(row)) sheet.take(row);
    if (rows.mistake()) sheet.wrong(*rows.mistake());
    return sheet.finish();
}

std::string when(std::optional<Wall> wall) {
    return wall ? format_rfc3339(*wall).substr(5, 11) : std::string{"-"};
}

/// Slots as `queue from to agents`, orders by their members; or the mistakes.
std::string said(const Content& content) {
    std::string out;
    for (const Mistake& each : content.mistakes)
        out += fmt::format("{}:{}: {}\n", each.at.line, each.at.column, each.what);
    if (content.mistaken > 0) return out;
    for (const Slot& slot : content.slots)
        out += fmt::format(
            "{} {} {} {}\n", slot.queue, when(slot.from), when(slot.to), slot.agents.value_or(-1)
        );
    for (const Order& order : content.orders)
        out += fmt::format(
            "{} {} {} {} {} {} {} {}\n",
            order.ticket,
            order.queue,
            order.topic,
            order.severity,
            when(order.opened),
            when(order.assigned),
            when(order.due),
            when(order.closed)
        );
    return out;
}

Mapping work_orders() {
    Mapping out;
    out.columns = {
        {"ticket",   "工单编号"},
        {"opened",   "受理时间"},
        {"assigned", "派单时间"},
        {"due",      "办结时限"},
        {"closed",   "办结时间"},
        {"topic",    "类别"    },
        {"severity", "紧急程度"},
        {"queue",    "区"      }
    };
    out.queue_names = {
        {"上城", "hotline-sc"}
    };
    out.severities = {
        {"特急", 1},
        {"一般", 3}
    };
    return out;
}

}  // namespace

TEST_CASE("csv: times as tables have them") {
    const plan::Zone zone = shanghai();
    const Wall want = *parse_rfc3339("2026-11-23T00:30:00Z");
    for (const char* text :
         {"2026-11-23 08:30",
          "2026-11-23 8:30:00",
          "2026/11/23 8:30",
          "2026.11.23 08:30",
          "2026年11月23日 8:30",
          "20261123 08:30",
          "2026-11-23T08:30",
          "2026-11-23T08:30:00+08:00"}) {
        CAPTURE(text);
        CHECK(parse_time(text, zone) == want);
    }
    const auto day = parse_day("2026-11-23");
    REQUIRE(day);
    CHECK(parse_time("8:30", zone, day) == want);
    CHECK(parse_time("24:00", zone, day) == *parse_rfc3339("2026-11-23T16:00:00Z"));
    for (const char* text :
         {"",
          "8:30",
          "2026-11-23",
          "2026-13-01 8:30",
          "2026-02-30 8:30",
          "2026-11-23 25:00",
          "2026-11-23 24:01",
          "2026-11-23 8:60",
          "2026-11-23 8",
          "2026-11-23 8:30 x",
          "1999-01-01 8:30",
          "2026-11/23 8:30",
          "23.11.2026 8:30"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_time(text, zone));
    }
    for (const char* text : {"2026-11-23x", "11/23", "2026年11月23"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_day(text));
    }
}

TEST_CASE("csv: who is scheduled, by interval and queue") {
    CHECK(
        said(read(
            Kind::staffing, "queue,from,to,agents\nsales,2026-11-23 08:00,2026-11-23 08:30,12\n"
        )) == "sales 11-23T00:00 11-23T00:30 12\n"
    );
    Mapping days;
    days.columns = {
        {"date",   "日期"},
        {"from",   "开始"},
        {"to",     "结束"},
        {"agents", "应到"}
    };
    days.queue = "sales";
    CHECK(
        said(read(
            Kind::staffing,
            "日期,开始,结束,应到\n2026-11-23,23:30,00:00,3\n2026-11-23,8:00,23:30,9\n,,,\n",
            days
        )) == "sales 11-23T00:00 11-23T15:30 9\nsales 11-23T15:30 11-23T16:00 3\n"
    );
    CHECK(
        said(read(Kind::staffing, "from,agents,queue\n2026-11-23 08:00,1,a\n2026-11-23 08:15,2,a")
        ) == "a 11-23T00:00 11-23T00:15 1\na 11-23T00:15 11-23T00:30 2\n"
    );
}

TEST_CASE("csv: history is whole, and in whole quarter hours") {
    const auto table = [](const std::string& row) {
        return read(Kind::history, "queue,from,to,offered,answered\n" + row);
    };
    const Content fine = table("a,2026-11-02 08:00,2026-11-02 09:00,40,\n");
    REQUIRE(fine.slots.size() == 1);
    CHECK(fine.slots[0].offered == 40);
    CHECK_FALSE(fine.slots[0].answered);
    for (const char* row :
         {"a,2026-11-02 08:05,2026-11-02 08:20,40,1\n",
          "a,2026-11-02 08:00,2026-11-02 08:20,40,1\n",
          "a,2026-11-02 08:00,2026-11-02 08:15,4.5,1\n",
          "a,2026-11-02 08:00,2026-11-02 08:15,,1\n"})
        CHECK(table(row).mistaken == 1);
}

TEST_CASE("csv: work orders under their own headers") {
    CHECK(
        said(read(
            Kind::complaints,
            "工单编号,区,类别,紧急程度,受理时间,派单时间,办结时限,办结时间,诉求人\n"
            "A-1,上城,噪音,特急,2026-11-23 08:30,2026-11-23 08:40,2026-11-24 08:30,,某\n"
            "A-2,滨江,,2,2026/11/23 9:00,,,2026/11/23 9:30\n",
            work_orders()
        )) ==
        "A-1 hotline-sc 噪音 1 11-23T00:30 11-23T00:40 11-24T00:30 -\n"
        "A-2 滨江  2 11-23T01:00 - - 11-23T01:30\n"
    );
}

TEST_CASE("csv: every mistake with its place") {
    struct Row {
        const char* name;
        Kind kind;
        const char* text;
        const char* want;
    };
    const Row rows[] = {
        {"no columns",
         Kind::staffing,
         "a,b\n1,2",                                                                              "1:1: no column from for from; there are a, b\n"
         "1:1: no column agents for agents; there are a, b\n"
         "1:1: no column for queue, and no queue in the configuration\n"
         "2:1: from: empty\n2:1: queue: empty\n2:1: agents: empty\n"                                                                                    },
        {"twice",                        Kind::staffing, "queue,from,agents,from",                "1:19: a second column from\n"                                            },
        {"cells",
         Kind::staffing,
         "queue,from,to,agents\na,2026-11-23 8,,x\n,2026-11-23 08:00,2026-11-23 07:00,1.5\n"
         "a,2026-11-23 08:00,2026-11-23 07:00,1,\na,2026-11-23 08:00,2026-11-25 07:00,1\n",       "2:3: from: \"2026-11-23 8\" is no time; expected one such as 2026-11-23 08:30\n"
         "2:17: agents: \"x\" is no whole number from 0 to 100000\n"
         "3:1: queue: empty\n3:36: agents: \"1.5\" is no whole number from 0 to 100000\n"
         "4:39: more cells than the first row has\n"
         "5:20: to: the interval does not end within a day after its beginning\n"},
        {"overlap",
         Kind::staffing,
         "queue,from,agents\na,2026-11-23 08:00,1\nb,2026-11-23 08:10,1\na,2026-11-23 08:14,1\n", "4:1: overlaps the interval in line 2\n"                                  },
        {"a plan needs what is offered",
         Kind::plan,
         "queue,from,offered,handle\na,2026-11-23 08:00,-1,x\n",                                  "2:20: offered: \"-1\" is no number from 0 to 1000000\n"
         "2:23: handle: \"x\" is no number from 0 to 86400\n"                                               },
        {"a day",
         Kind::staffing,
         "queue,date,from,agents\na,23.11.,8:00,1\na,2026-11-23,8,1\n",                           "2:3: date: \"23.11.\" is no day; expected one such as 2026-11-23\n"
         "3:14: from: \"8\" is no time; expected one such as 08:30\n"                                },
        {"orders",
         Kind::complaints,
         "ticket,queue,opened,closed,severity\nT-1,q,2026-11-23 08:00,2026-11-23 07:00,\n"
         "T-2,q,2026-11-23 08:00,,urgent\n,q,,,\nT-3,q,2026-11-23 08:00,,\n"
         "T-3,q,13800138000,,\nT-3,q,2026-11-23 08:00,,\n",                                       "2:24: closed: before it was opened\n"
         "3:25: severity: \"urgent\" is not among `severities`, and no digit from 1 to 4\n"
         "4:1: ticket: empty\n4:4: opened: empty\n"
         "6:7: opened: \"###########\" is no time; expected one such as 2026-11-23 08:30\n"
         "7:1: ticket: the same as in line 5\n"                                                                  },
        {"no CSV",
         Kind::staffing,
         "queue,from,agents\na,\"2026-11-23 08:00,1\n",                                           "2:3: the quote is not closed\n"                                          },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(said(read(row.kind, row.text)) == row.want);
    }
    std::string many = "queue,from,agents\n";
    for (int i = 0; i < 30; ++i) many += "a,x,1\n";
    const Content content = read(Kind::staffing, many);
    CHECK(content.mistakes.size() == 20);
    CHECK(content.mistaken == 30);
}
