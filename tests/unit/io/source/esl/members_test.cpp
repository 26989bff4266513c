#include "io/source/esl/members.hpp"

#include "support/esl_floor.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <numeric>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::test;
using acd::ExitReason;
using board::Kpi;
using Lines = EslFloor::Lines;

namespace {

const Fields by_101{
    {"Agent",               "101@d"     },
    {"Agent-Called-Time",   "1795454203"},
    {"Agent-Answered-Time", "1795454205"},
    {"Member-Joined-Time",  "1795454201"}
};
const Fields bridge_over{
    {"Agent",                  "101@d"     },
    {"Agent-Bridged",          "true"      },
    {"Agent-Answered-Time",    "1795454205"},
    {"Bridge-Terminated-Time", "1795454215"}
};
const Fields terminated{
    {"Cause",               "Terminated"},
    {"Agent",               "101@d"     },
    {"Agent-Answered-Time", "1795454205"},
    {"Member-Leaving-Time", "1795454215"}
};

}  // namespace

TEST_CASE("esl members: a call from the queue to its end") {
    EslFloor fs;
    fs.at(1500ms);
    CHECK(
        fs.member("member-queue-start", "m1") ==
        Lines{"offered queue=sales@d call=m1 caller=ref-00@sales@d"}
    );
    CHECK(fs.value(Kpi::calls_waiting) == 1);
    fs.at(5600ms);
    CHECK(
        fs.member("bridge-agent-start", "m1", by_101) ==
        Lines{"answered queue=sales@d call=m1 agent=101@d"}
    );
    CHECK(fs.value(Kpi::calls_waiting) == 0);
    CHECK(fs.totals().wait_sum == Micros{4100ms});  // by the events, not by whole seconds
    fs.at(15600ms);
    CHECK(
        fs.member("bridge-agent-end", "m1", bridge_over) ==
        Lines{"completed queue=sales@d call=m1 agent=101@d"}
    );
    CHECK(fs.member("member-queue-end", "m1", terminated).empty());  // said twice
    CHECK(fs.totals().completed == 1);
    CHECK(fs.totals().talk_sum == Micros{10s});
    CHECK(fs.rejected() == 0);
    CHECK(fs.reasons.empty());
    fs.check_books();
}

TEST_CASE("esl members: how a wait ends without an agent") {
    struct Row {
        const char* reason;
        Fields more;
        std::string want;
    };
    const Row rows[] = {
        {"BREAK_OUT",        {{"Answer-State", "hangup"}},                  "abandoned queue=sales@d call=m1"            },
        {"BREAK_OUT",        {},                                            "abandoned queue=sales@d call=m1"            },
        {"NONE",             {{"Answer-State", "hangup"}},                  "abandoned queue=sales@d call=m1"            },
        {"BREAK_OUT",        {{"Answer-State", "answered"}},                "exited queue=sales@d call=m1 exit=withdrawn"
        },
        {"BREAK_OUT",
         {{"Answer-State", "hangup"}, {"Hangup-Cause", "SYSTEM_SHUTDOWN"}},
         "exited queue=sales@d call=m1 exit=shutdown"                                                                    },
        {"TIMEOUT",          {{"Answer-State", "answered"}},                "exited queue=sales@d call=m1 exit=timeout"  },
        {"NO_AGENT_TIMEOUT",
         {{"Answer-State", "answered"}},
         "exited queue=sales@d call=m1 exit=empty"                                                                       },
        {"EXIT_WITH_KEY",    {{"Answer-State", "answered"}},                "exited queue=sales@d call=m1 exit=key"      },
        {"NEWER_THAN_US",
         {{"Answer-State", "answered"}},
         "exited queue=sales@d call=m1 exit=unknown"                                                                     },
    };
    for (const Row& row : rows) {
        CAPTURE(row.want);
        EslFloor fs;
        fs.at(1s);
        fs.member("member-queue-start", "m1");
        fs.at(8s);
        CHECK(fs.cancel("m1", row.reason, row.more) == Lines{row.want});
        CHECK(fs.value(Kpi::calls_waiting) == 0);
        CHECK(fs.totals().wait_max == Micros{7s});
        CHECK(fs.reasons.size() == (row.reason == std::string{"NEWER_THAN_US"} ? 1 : 0));
        fs.check_books();
    }
}

TEST_CASE("esl members: a caller who resumes enters again, and the books balance") {
    EslFloor fs;
    fs.at(41s);
    fs.member("member-queue-start", "m1");
    fs.at(46s);
    fs.cancel(
        "m1",
        "BREAK_OUT",
        {
            {"Answer-State", "hangup"}
    }
    );
    CHECK(fs.totals().abandoned == 1);
    fs.at(48s);
    CHECK(fs.member("member-queue-resume", "m1").size() == 1);
    CHECK(fs.value(Kpi::calls_waiting) == 1);
    CHECK(fs.value(Kpi::longest_wait) == 0);  // it is this wait, not the one that he gave up
    fs.at(58s);
    fs.member("bridge-agent-start", "m1", by_101);
    CHECK(fs.totals().offered == 2);
    CHECK(fs.totals().answered == 1);
    CHECK(fs.totals().abandoned == 1);
    CHECK(fs.totals().wait_sum == Micros{10s});
    fs.at(70s);
    fs.member("member-queue-end", "m1", terminated);
    CHECK(fs.totals().completed == 1);
    CHECK(fs.rejected() == 0);
    fs.check_books();
}

TEST_CASE("esl members: events out of order") {
    SUBCASE("the offer and the bridge overtake the start") {
        EslFloor fs;
        fs.at(1s);
        fs.member("agent-offering", "m1", by_101);
        fs.at(2s);
        fs.member("bridge-agent-start", "m1", by_101);
        fs.event_at(
            500ms,
            "member-queue-start",
            {
                {"Queue",       "sales@d"},
                {"Member-UUID", "m1"     }
        }
        );
        CHECK(fs.totals().offered == 1);
        CHECK(fs.totals().answered == 1);
        CHECK(fs.value(Kpi::calls_waiting) == 0);
        fs.check_books();
    }
    SUBCASE("the end overtakes the start") {
        EslFloor fs;
        fs.at(2s);
        fs.cancel("m1", "BREAK_OUT");
        fs.event_at(
            1s,
            "member-queue-start",
            {
                {"Queue",       "sales@d"},
                {"Member-UUID", "m1"     }
        }
        );
        CHECK(fs.totals().offered == 1);
        CHECK(fs.totals().abandoned == 1);
        CHECK(fs.value(Kpi::calls_waiting) == 0);
        fs.check_books();
    }
    SUBCASE("the member's end overtakes the bridge's") {
        EslFloor fs;
        fs.at(1s);
        fs.member("member-queue-start", "m1");
        fs.at(5s);
        fs.member("bridge-agent-start", "m1", by_101);
        fs.at(15s);
        CHECK(fs.member("member-queue-end", "m1", terminated).size() == 1);
        CHECK(fs.member("bridge-agent-end", "m1", bridge_over).empty());
        CHECK(fs.totals().completed == 1);
    }
    SUBCASE("the end overtakes the bridge: answered all the same") {
        EslFloor fs;
        fs.at(1s);
        fs.member("member-queue-start", "m1");
        fs.at(15s);
        fs.member("member-queue-end", "m1", terminated);
        CHECK(fs.totals().answered == 1);
        CHECK(fs.totals().talk_sum == Micros{10s});
        fs.event_at(
            5s,
            "bridge-agent-start",
            {
                {"Queue",       "sales@d"},
                {"Member-UUID", "m1"     }
        }
        );
        CHECK(fs.totals().answered == 1);
        CHECK(fs.totals().completed == 1);
        fs.check_books();
    }
    SUBCASE("a bridge that is told after the hang-up that prevented it") {
        EslFloor fs;
        fs.at(1s);
        fs.member("member-queue-start", "m1");
        fs.at(5s);
        fs.cancel("m1", "NONE");
        CHECK(fs.member("bridge-agent-start", "m1", by_101).empty());
        CHECK(fs.totals().abandoned == 1);
        CHECK(fs.totals().answered == 0);
        CHECK(fs.rejected() == 0);
    }
}

TEST_CASE("esl members: the events of a call in any order give the same counts") {
    struct Told {
        Micros at;
        const char* action;
        Fields fields;
    };
    const Fields hung_up{
        {"Cause",         "Cancel"   },
        {"Cancel-Reason", "BREAK_OUT"}
    };
    const std::vector<Told> answered{
        {1s,        "member-queue-start", {}         },
        {3s,        "agent-offering",     by_101     },
        {5s,        "bridge-agent-start", by_101     },
        {15s,       "bridge-agent-end",   bridge_over},
        {15s + 1us, "member-queue-end",   terminated }
    };
    const std::vector<Told> abandoned{
        {1s, "member-queue-start", {}     },
        {3s, "agent-offering",     by_101 },
        {5s, "member-queue-end",   hung_up}
    };
    for (const auto& events : {answered, abandoned}) {
        std::vector<std::size_t> order(events.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        do {
            EslFloor fs;
            fs.at(20s);
            std::string as_told;
            for (const std::size_t i : order) {
                const Told& e = events[i];
                Fields fields{
                    {"Queue",       "sales@d"},
                    {"Member-UUID", "m1"     }
                };
                fields.insert(fields.end(), e.fields.begin(), e.fields.end());
                fs.event_at(e.at, e.action, fields);
                as_told += std::string{e.action} + " ";
                fs.check_books();
            }
            CAPTURE(as_told);
            const bool is_answer = events.size() == answered.size();
            CHECK(fs.totals().offered == 1);
            CHECK(fs.totals().answered == (is_answer ? 1 : 0));
            CHECK(fs.totals().completed == (is_answer ? 1 : 0));
            CHECK(fs.totals().abandoned == (is_answer ? 0 : 1));
            CHECK(fs.value(Kpi::calls_waiting) == 0);
        } while (std::next_permutation(order.begin(), order.end()));
    }
}

TEST_CASE("esl members: who came before we did") {
    EslFloor fs;
    fs.at(20s);
    CHECK(
        fs.member("bridge-agent-start", "m1", by_101) ==
        Lines{"answered queue=sales@d call=m1 agent=101@d wait=19"}
    );
    CHECK(
        fs.cancel(
            "m2",
            "BREAK_OUT",
            {
                {"Member-Joined-Time", "1795454210"}
    }
        ) == Lines{"abandoned queue=sales@d call=m2 wait=10"}
    );
    CHECK(
        fs.member("bridge-agent-end", "m3", bridge_over) ==
        Lines{"completed queue=sales@d call=m3 agent=101@d talk=10"}
    );
    CHECK(fs.member("member-queue-end", "m3", terminated).empty());
    CHECK(fs.totals().offered == 2);  // a completion alone is no answer
    CHECK(fs.totals().answered == 1);
    CHECK(fs.totals().completed == 1);
    fs.check_books();
}

TEST_CASE("esl members: a bridge that fails after all") {
    EslFloor fs;
    fs.at(1s);
    fs.member("member-queue-start", "m1");
    fs.at(5s);
    fs.member("bridge-agent-start", "m1", by_101);
    const Fields failed{
        {"Agent",         "101@d"},
        {"Agent-Bridged", "false"}
    };
    SUBCASE("he had hung up: told before") {
        fs.cancel("m1", "NONE");
        CHECK(fs.member("bridge-agent-end", "m1", failed).empty());
    }
    SUBCASE("he had hung up: told after") {
        CHECK(fs.member("bridge-agent-end", "m1", failed).size() == 1);
        fs.at(5200ms);
        CHECK(fs.cancel("m1", "NONE").empty());
    }
    CHECK(fs.totals().offered == 1);
    SUBCASE("the agent was gone: he waits again and is offered to the next") {
        fs.at(6s);
        fs.member("bridge-agent-end", "m1", failed);
        fs.at(9s);
        CHECK(fs.member("agent-offering", "m1", by_101).size() == 1);
        CHECK(fs.value(Kpi::calls_waiting) == 1);
        CHECK(fs.value(Kpi::longest_wait) == 3);
        fs.at(10s);
        fs.cancel("m1", "BREAK_OUT");
        CHECK(fs.totals().offered == 2);
        CHECK(fs.totals().abandoned == 1);
    }
    SUBCASE("the agent was gone: he waits again and gives up") {
        fs.at(6s);
        fs.member("bridge-agent-end", "m1", failed);
        fs.at(30s);
        CHECK(fs.cancel("m1", "NONE").size() == 2);
        CHECK(fs.totals().offered == 2);
        CHECK(fs.totals().abandoned == 1);
    }
    CHECK(fs.totals().answered == 1);
    CHECK(fs.totals().completed == 1);
    CHECK(fs.value(Kpi::calls_waiting) == 0);
    fs.check_books();
}

TEST_CASE("esl members: the agent's phone transfers") {
    for (const char* how : {"BLIND_TRANSFER", "ATTENDED_TRANSFER"}) {
        EslFloor fs;
        fs.at(1s);
        fs.member("member-queue-start", "m1");
        fs.member("bridge-agent-start", "m1", by_101);
        fs.at(9s);
        Fields fields = bridge_over;
        fields.emplace_back("variable_endpoint_disposition", how);
        fs.member("bridge-agent-end", "m1", fields);
        fs.member("member-queue-end", "m1", terminated);
        CHECK(fs.totals().transferred == 1);
        CHECK(fs.totals().completed == 0);
    }
}

TEST_CASE("esl members: what lacks its queue or its member is said") {
    EslFloor fs;
    for (const char* action :
         {"member-queue-start",
          "member-queue-resume",
          "bridge-agent-start",
          "bridge-agent-end",
          "member-queue-end"}) {
        CHECK(fs.event(
                    action,
                    {
                        {"Queue", "sales@d"}
        }
        )
                  .empty());
        CHECK(fs.event(
                    action,
                    {
                        {"Member-UUID", "m1"}
        }
        )
                  .empty());
    }
    CHECK(fs.event(
                "member-queue-start",
                {
                    {"Queue", std::string(300, 'q')},
                    {"Member-UUID", "m"}
    }
    )
              .empty());
    CHECK(fs.reasons.size() == 11);
    CHECK(fs.reasons.front() == "missing_field");
    CHECK(fs.reasons.back() == "out_of_range");
    CHECK(fs.event(
                "something-new",
                {
                    {"Queue", "sales@d"}
    }
    )
              .empty());
    CHECK(fs.event(
                "members-count",
                {
                    {"Queue", "sales@d"},
                    {"Count", "3"      }
    }
    )
              .empty());
    CHECK(fs.reasons.size() == 11);
}

TEST_CASE("esl members: memory of those who are gone is bounded") {
    EslFloor fs;
    for (int i = 0; i < 30'000; ++i) {
        const std::string id = fmt::format("m{}", i);
        fs.member("member-queue-start", id);
        fs.cancel(id, "BREAK_OUT");
    }
    CHECK(fs.picture.waiting() == 0);
    CHECK(fs.totals().abandoned == 30'000);
    CHECK(fs.cancel("m29999", "BREAK_OUT").empty());  // remembered
    CHECK(fs.cancel("m0", "BREAK_OUT").size() == 1);  // not any more
}
