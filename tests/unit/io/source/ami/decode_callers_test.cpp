#include "support/ami_bench.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::io::ami;
using namespace surged::test;

TEST_CASE("ami decode: callers") {
    struct Row {
        const char* name;
        Lines headers;
        Lines want;
    };
    const Row rows[] = {
        {"join",
         caller_event("QueueCallerJoin", {"Queue: sales", "Position: 1", "Count: 1"}),
         {"offered queue=sales call=17.1 caller=ref-00@sales"}},
        {"abandon is only a first word",
         caller_event(
             "QueueCallerAbandon", {"Queue: sales", "Position: 1", "OriginalPosition: 1", "HoldTime: 14"}
         ), {"abandoned queue=sales call=17.1 wait=14 provisional"}},
        {"leave",
         caller_event("QueueCallerLeave", {"Queue: sales", "Position: 1", "Count: 0"}),
         {"left queue=sales call=17.1"}},
        {"connect: seconds waited, not an epoch; ring time is no wait",
         caller_event(
             "AgentConnect", {"DestUniqueid: 17.2",
              "Queue: sales",
              "Interface: PJSIP/103",
              "MemberName: Erin",
              "HoldTime: 4",
              "RingTime: 2"}
         ), {"answered queue=sales call=17.1 agent=PJSIP/103 wait=4"}},
        {"complete",
         caller_event(
             "AgentComplete", {"Queue: sales", "Interface: PJSIP/103", "HoldTime: 4", "TalkTime: 6", "Reason: agent"}
         ), {"completed queue=sales call=17.1 agent=PJSIP/103 talk=6"}},
        {"attended transfer",
         caller_event(
             "AgentComplete", {"Queue: sales",
              "Interface: PJSIP/103",
              "HoldTime: 4",
              "TalkTime: 6",
              "Reason: transfer"}
         ), {"transferred queue=sales call=17.1 agent=PJSIP/103 talk=6"}},
        {"complete without any channel: found by the agent",
         {"Event: AgentComplete",
          "Queue: sales",
          "Interface: PJSIP/103",
          "MemberName: Erin",
          "HoldTime: 4",
          "TalkTime: 6",
          "Reason: caller"},
         {"completed queue=sales agent=PJSIP/103 talk=6"}},
        {"a member is rung: nothing waits for the end of it",
         caller_event("AgentCalled", {"Queue: sales", "Interface: PJSIP/103"}),
         {}},
        {"ring no answer, in milliseconds",
         caller_event(
             "AgentRingNoAnswer", {"Queue: sales", "Interface: PJSIP/103", "RingTime: 5000"}
         ), {}},
        {"AgentDump", caller_event("AgentDump", {"Queue: sales", "Interface: PJSIP/103"}), {}},
        {"no number",
         {"Event: QueueCallerJoin", "CallerIDNum: <unknown>", "Uniqueid: 17.1", "Queue: sales"},
         {"offered queue=sales call=17.1"}},
        {"Timestamp header",
         {"Event: QueueCallerLeave",
          "Privilege: agent,all",
          "Timestamp: 1795451721.123456",
          "Uniqueid: 17.1",
          "Queue: sales"},
         {"left ts=1795451721123456 queue=sales call=17.1"}},
        {"another event", {"Event: Hangup", "Uniqueid: 17.1", "Cause: 16"}, {}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        AmiBench bench;
        CHECK(bench.feed(row.headers) == row.want);
        CHECK(bench.reasons.empty());
        CHECK_FALSE(bench.decoder.exits_known());
    }
}

TEST_CASE("ami decode: QUEUESTATUS tells exits from abandons") {
    struct Row {
        const char *status, *want;
    };
    const Row rows[] = {
        {"TIMEOUT",       "settled queue=sales call=17.1 exit=timeout"  },
        {"WITHDRAW",      "settled queue=sales call=17.1 exit=withdrawn"},
        {"LEAVEEMPTY",    "settled queue=sales call=17.1 exit=empty"    },
        {"LEAVEUNAVAIL",  "settled queue=sales call=17.1 exit=empty"    },
        {"FULL",          "refused queue=sales refuse=full"             },
        {"JOINEMPTY",     "refused queue=sales refuse=empty"            },
        {"JOINUNAVAIL",   "refused queue=sales refuse=empty"            },
        {"CONTINUE",      ""                                            },
        {"",              ""                                            },
        {"SOMETHING_NEW", ""                                            },
    };
    for (const Row& row : rows) {
        CAPTURE(std::string{row.status});
        AmiBench bench;
        CHECK(bench.feed(queue_app("sales,tT,,,60")).empty());
        const Lines want = *row.want == '\0' ? Lines{} : Lines{row.want};
        CHECK(bench.feed(var_set(row.status)) == want);
        CHECK(bench.decoder.exits_known());
        CHECK(bench.reasons.empty());
    }
}

TEST_CASE("ami decode: a refusal needs the queue that the dialplan named") {
    AmiBench bench;
    CHECK(bench.feed(var_set("FULL")).empty());  // Queue() was not seen
    CHECK(bench.feed(queue_app("nosuch")).empty());
    CHECK(bench.feed(var_set("UNKNOWN")).empty());
    CHECK(bench.reasons == Lines{"missing_field", "unknown_queue"});
    CHECK(bench.feed(var_set("TIMEOUT")) == Lines{"settled call=17.1 exit=timeout"});
}
