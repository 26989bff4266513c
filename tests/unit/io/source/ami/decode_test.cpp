#include "io/source/ami/decode.hpp"

#include "support/ami_fake.hpp"
#include "support/ami_sink.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::io::ami;
using test::ami_frame;

namespace {

using Lines = std::vector<std::string>;

/// Feeds frames to a decoder and tells what came of them.
struct Bench {
    Decoder decoder{[](std::string_view number, std::string_view queue) {
        return "ref-" + std::string{number.substr(number.size() - 2)} + "@" + std::string{queue};
    }};
    Framer framer;
    std::vector<Meaning> meanings;
    Lines reasons;

    Bench() {
        framer.push("Asterisk Call Manager/11.0.0\r\n");
        CHECK(framer.next() == Found::banner);
    }
    Lines feed(const Lines& headers) {
        acd::Batch batch;
        framer.push(ami_frame(headers));
        REQUIRE(framer.next() == Found::frame);
        const Decoded decoded = decoder.decode(framer.frame(), batch);
        meanings.push_back(decoded.meaning);
        if (!decoded.reason.empty()) reasons.emplace_back(decoded.reason);
        Lines out;
        batch.for_each([&](std::size_t, const acd::Event& e) { out.push_back(test::describe(e)); });
        CHECK(batch.well_formed());
        return out;
    }
};

/// The headers that every event about a caller carries, with a number and a name to leak.
Lines caller_event(const std::string& event, const Lines& more) {
    Lines headers{
        "Event: " + event,
        "Privilege: agent,all",
        "Channel: PJSIP/13800138000-0001",
        "CallerIDNum: 13800138000",
        "CallerIDName: 王小明",
        "ConnectedLineNum: 13800138000",
        "Uniqueid: 17.1",
        "Linkedid: 17.1"
    };
    headers.insert(headers.end(), more.begin(), more.end());
    return headers;
}
Lines member_event(const std::string& event, const Lines& more) {
    Lines headers{
        "Event: " + event,
        "Privilege: agent,all",
        "Queue: sales",
        "MemberName: Erin",
        "Interface: PJSIP/103",
        "StateInterface: PJSIP/103",
        "Membership: static"
    };
    headers.insert(headers.end(), more.begin(), more.end());
    return headers;
}
Lines var_set(const std::string& status) {
    return {
        "Event: VarSet",
        "Privilege: dialplan,all",
        "CallerIDNum: 13800138000",
        "Uniqueid: 17.1",
        "Variable: QUEUESTATUS",
        "Value: " + status
    };
}
Lines queue_app(const std::string& data) {
    return {"Event: Newexten", "Uniqueid: 17.1", "Application: Queue", "AppData: " + data};
}

}  // namespace

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
        Bench bench;
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
        Bench bench;
        CHECK(bench.feed(queue_app("sales,tT,,,60")).empty());
        const Lines want = *row.want == '\0' ? Lines{} : Lines{row.want};
        CHECK(bench.feed(var_set(row.status)) == want);
        CHECK(bench.decoder.exits_known());
        CHECK(bench.reasons.empty());
    }
}

TEST_CASE("ami decode: a refusal needs the queue that the dialplan named") {
    Bench bench;
    CHECK(bench.feed(var_set("FULL")).empty());  // Queue() was not seen
    CHECK(bench.feed(queue_app("nosuch")).empty());
    CHECK(bench.feed(var_set("UNKNOWN")).empty());
    CHECK(bench.reasons == Lines{"missing_field", "unknown_queue"});
    CHECK(bench.feed(var_set("TIMEOUT")) == Lines{"settled call=17.1 exit=timeout"});
}

TEST_CASE("ami decode: members, of each queue on its own") {
    struct Row {
        const char* name;
        Lines headers;
        Lines want;
    };
    const Row rows[] = {
        {"status",
         member_event("QueueMemberStatus",  {"Status: 2", "Paused: 0", "PausedReason: "}),
         {"agent_state queue=sales agent=PJSIP/103 state=busy"}               },
        {"added",
         member_event("QueueMemberAdded",   {"Status: 1", "Paused: 0"}),
         {"agent_state queue=sales agent=PJSIP/103 state=available"}          },
        {"removed, whatever his device says",
         member_event("QueueMemberRemoved", {"Status: 1", "Paused: 0"}),
         {"agent_state queue=sales agent=PJSIP/103 state=offline"}            },
        {"paused in Chinese",
         member_event("QueueMemberPause",   {"Status: 1", "Paused: 1", "PausedReason: 培训"}),
         {"agent_state queue=sales agent=PJSIP/103 state=paused reason=培训"} },
        {"Asterisk 13: the reason under its old name, no LoginTime, LastPause, Wrapuptime",
         member_event("QueueMemberPause",   {"Status: 1", "Paused: 1", "Reason: Lunch"}),
         {"agent_state queue=sales agent=PJSIP/103 state=paused reason=Lunch"}},
        {"unavailable though paused is not logged in",
         member_event("QueueMemberStatus",  {"Status: 5", "Paused: 1"}),
         {"agent_state queue=sales agent=PJSIP/103 state=offline"}            },
        {"penalty",
         member_event("QueueMemberPenalty", {"Penalty: 3", "Status: 1", "Paused: 0"}),
         {"agent_state queue=sales agent=PJSIP/103 state=available"}          },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        Bench bench;
        CHECK(bench.feed(row.headers) == row.want);
    }
    // One member in two queues: an event for each, the same agent.
    Bench bench;
    acd::Batch batch;
    for (const char* queue : {"sales", "vip"}) {
        bench.framer.push(ami_frame(
            {"Event: QueueMemberStatus",
             std::string{"Queue: "} + queue,
             "Interface: PJSIP/103",
             "Status: 2",
             "Paused: 0"}
        ));
        REQUIRE(bench.framer.next() == Found::frame);
        bench.decoder.decode(bench.framer.frame(), batch);
    }
    Lines seen;
    batch.for_each([&](std::size_t, const acd::Event& e) {
        REQUIRE(e.queues.size() == 1);
        seen.push_back(std::string{e.agent} + " in " + std::string{e.queues[0]});
    });
    CHECK(seen == Lines{"PJSIP/103 in sales", "PJSIP/103 in vip"});
}

TEST_CASE("ami decode: complaints and surveys as UserEvents") {
    struct Row {
        const char* name;
        Lines headers;
        Lines want, reasons;
    };
    const Row rows[] = {
        {"a complaint",
         {"Event: UserEvent",
          "Privilege: user,all",
          "ActionID: x-1",
          "UserEvent: Complaint",
          "Queue: sales",
          "TicketId: T-9",
          "Topic: 物流",
          "Severity: high",
          "Status: opened",
          "Uniqueid: 17.1",
          "Mood: bad"},
         {"complaint queue=sales call=17.1 ticket=T-9 topic=物流 severity=2 status=opened"},
         {}                                                                                                                                              },
        {"from the dialplan: its own Uniqueid beats the channel's, letter case aside",
         {"Event: UserEvent",
          "Channel: Local/1",
          "CallerIDNum: 13800138000",
          "Uniqueid: 20.1",
          "UserEvent: complaint",
          "queue:sales",
          "ticketid: T-9",
          "SEVERITY: 1",
          "uniqueid: 17.1"},
         {"complaint queue=sales call=17.1 ticket=T-9 severity=1"},
         {}                                                                                                                                              },
        {"an unknown severity is left out and said",
         {"Event: UserEvent", "UserEvent: Complaint", "Queue: sales", "Severity: dire"},
         {"complaint queue=sales"},
         {"out_of_range"}                                                                                                                                },
        {"without a queue",
         {"Event: UserEvent", "UserEvent: Complaint", "TicketId: T-9"},
         {},
         {"missing_field"}                                                                                                                               },
        {"a survey",
         {"Event: UserEvent", "UserEvent: Survey", "Queue: sales", "Score: 4", "Uniqueid: 17.1"},
         {"survey queue=sales call=17.1 score=4"},
         {}                                                                                                                                              },
        {"a survey without a score",
         {"Event: UserEvent", "UserEvent: Survey", "Queue: sales"},
         {},
         {"missing_field"}                                                                                                                               },
        {"somebody else's",                                                            {"Event: UserEvent", "UserEvent: Parking", "Queue: sales"}, {}, {}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        Bench bench;
        CHECK(bench.feed(row.headers) == row.want);
        CHECK(bench.reasons == row.reasons);
    }
}

TEST_CASE("ami decode: what is wrong is left out, counted and harms nothing") {
    struct Row {
        const char* name;
        Lines headers;
        Lines want, reasons;
    };
    const Row rows[] = {
        {"no queue",                            {"Event: QueueCallerJoin", "Uniqueid: 17.1"}, {}, {"missing_field"}},
        {"no call",
         {"Event: AgentConnect", "Queue: sales", "Interface: PJSIP/103"},
         {},
         {"missing_field"}                                                                                         },
        {"neither call nor agent",              {"Event: AgentComplete", "Queue: sales"},     {}, {"missing_field"}},
        {"a negative wait",
         {"Event: QueueCallerAbandon", "Queue: sales", "Uniqueid: 17.1", "HoldTime: -4"},
         {"abandoned queue=sales call=17.1 provisional"},
         {"out_of_range"}                                                                                          },
        {"an epoch for a wait",
         {"Event: AgentConnect",
          "Queue: sales",
          "Uniqueid: 17.1",
          "Interface: A",
          "HoldTime: 1795451721"},
         {"answered queue=sales call=17.1 agent=A"},
         {"out_of_range"}                                                                                          },
        {"no status",
         {"Event: QueueMemberStatus", "Queue: sales", "Interface: A"},
         {},
         {"missing_field"}                                                                                         },
        {"a name of a kilobyte",
         {"Event: QueueCallerJoin", "Queue: " + std::string(1000, 'q'), "Uniqueid: 1"},
         {},
         {"out_of_range"}                                                                                          },
        {"GBK",
         {"Event: QueueCallerJoin", "Queue: \xCF\xFA\xCA\xDB", "Uniqueid: 17.1"},
         {"offered queue=\\xCF\\xFA\\xCA\\xDB call=17.1"},
         {"bad_utf8"}                                                                                              },
        {"an absurd timestamp is no timestamp",
         {"Event: QueueCallerLeave",
          "Timestamp: 99999999999999999.5",
          "Queue: sales",
          "Uniqueid: 17.1"},
         {"left queue=sales call=17.1"},
         {}                                                                                                        },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        Bench bench;
        CHECK(bench.feed(row.headers) == row.want);
        CHECK(bench.reasons == row.reasons);
    }
}

TEST_CASE("ami decode: the server's own news") {
    Bench bench;
    CHECK(
        bench.feed(
            {"Event: Shutdown", "Privilege: system,all", "Shutdown: Cleanly", "Restart: False"}
        ) == Lines{"stopping"}
    );
    bench.feed({"Event: FullyBooted", "Privilege: system,all", "Status: Fully Booted"});
    bench.feed({"Event: Reload", "Module: app_queue.so", "Status: 0"});
    bench.feed({"Event: Reload", "Module: chan_pjsip", "Status: 0"});
    CHECK(
        bench.meanings ==
        std::vector<Meaning>{
            Meaning::stopping, Meaning::fully_booted, Meaning::reloaded, Meaning::ignored
        }
    );
}

TEST_CASE("ami decode: a snapshot, with news between its rows") {
    Bench bench;
    bench.decoder.expect_snapshot("s-1");
    const auto row = [](Lines headers) {
        headers.push_back("ActionID: s-1");
        return headers;
    };
    Lines told;
    const auto feed = [&](const Lines& headers) {
        for (std::string& line : bench.feed(headers)) told.push_back(std::move(line));
    };
    feed(row({"Response: Success", "EventList: start", "Message: Queue status will follow"}));
    feed(row({"Event: QueueParams", "Queue: sales", "Max: 0", "Calls: 1", "ServiceLevel: 20"}));
    feed(row(
        {"Event: QueueMember",
         "Queue: sales",
         "Name: Erin",
         "Location: PJSIP/103",
         "Status: 1",
         "Paused: 1",
         "PausedReason: Lunch"}
    ));
    feed(row(
        {"Event: QueueEntry",
         "Queue: sales",
         "Uniqueid: 17.1",
         "CallerIDNum: 13800138000",
         "Wait: 12"}
    ));
    // The first comes when the list is past his queue; the second comes and goes.
    feed({"Event: QueueCallerJoin", "Queue: sales", "Uniqueid: 17.2"});
    feed({"Event: QueueCallerJoin", "Queue: sales", "Uniqueid: 17.3"});
    feed({"Event: QueueCallerLeave", "Queue: sales", "Uniqueid: 17.3"});
    feed(member_event("QueueMemberAdded", {"Status: 1", "Paused: 0"}));
    feed({"Event: QueueParams", "Queue: other", "ActionID: somebody-else", "ServiceLevel: 5"});
    feed(row({"Event: QueueParams", "Queue: vip", "ServiceLevel: 0"}));
    feed(row({"Event: QueueStatusComplete", "EventList: Complete", "ListItems: 4"}));
    CHECK(
        told ==
        Lines{
            "snapshot_begin",
            "snapshot_queue queue=sales target=20",
            "snapshot_agent queue=sales agent=PJSIP/103 state=paused reason=Lunch",
            "snapshot_call queue=sales call=17.1 caller=ref-00@sales wait=12",
            "offered queue=sales call=17.2",
            "offered queue=sales call=17.3",
            "left queue=sales call=17.3",
            "agent_state queue=sales agent=PJSIP/103 state=available",
            "snapshot_queue queue=vip",
            "snapshot_agent queue=sales agent=PJSIP/103 state=available",
            "snapshot_call queue=sales call=17.2",
            "snapshot_end"
        }
    );
    CHECK(bench.meanings.front() == Meaning::snapshot_begun);
    CHECK(bench.meanings.back() == Meaning::snapshot_ended);
    CHECK(bench.feed(row({"Event: QueueParams", "Queue: late", "ServiceLevel: 5"})).empty());
}
