#include "support/ami_bench.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::io::ami;
using namespace surged::test;

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
        AmiBench bench;
        CHECK(bench.feed(row.headers) == row.want);
    }
    // One member in two queues: an event for each, the same agent.
    AmiBench bench;
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
        AmiBench bench;
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
        AmiBench bench;
        CHECK(bench.feed(row.headers) == row.want);
        CHECK(bench.reasons == row.reasons);
    }
}

TEST_CASE("ami decode: the server's own news") {
    AmiBench bench;
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
    AmiBench bench;
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
            "snapshot_end"
        }
    );
    CHECK(bench.meanings.front() == Meaning::snapshot_begun);
    CHECK(bench.meanings.back() == Meaning::snapshot_ended);
    CHECK(bench.feed(row({"Event: QueueParams", "Queue: late", "ServiceLevel: 5"})).empty());
}
