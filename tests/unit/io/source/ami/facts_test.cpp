// What the manager interface means, fact by fact, from its frames to the counts.
#include "support/ami_floor.hpp"
#include "support/ami_virtual.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::test;
using acd::ExitReason;
using board::Kpi;

TEST_CASE("ami: an abandon is what QUEUESTATUS says it is") {
    struct Row {
        const char* status;  // empty: none comes
        std::uint64_t abandoned, timeout, withdrawn, empty;
    };
    const Row rows[] = {
        {"",             1, 0, 0, 0},
        {"TIMEOUT",      0, 1, 0, 0},
        {"WITHDRAW",     0, 0, 1, 0},
        {"LEAVEEMPTY",   0, 0, 0, 1},
        {"LEAVEUNAVAIL", 0, 0, 0, 1},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string{row.status});
        AmiFloor pbx;
        pbx.feed({"Event: Newexten", "Uniqueid: 1", "Application: Queue", "AppData: sales,tT"});
        pbx.join("1");
        pbx.at(30s);
        pbx.abandon("1", "30");
        pbx.leave("1");
        if (*row.status != '\0') pbx.queue_status("1", row.status);
        pbx.at(40s);
        CHECK(pbx.totals().abandoned == row.abandoned);
        CHECK(pbx.exited(ExitReason::timeout) == row.timeout);
        CHECK(pbx.exited(ExitReason::withdrawn) == row.withdrawn);
        CHECK(pbx.exited(ExitReason::empty) == row.empty);
        CHECK(pbx.totals().wait_max == 30s);
        CHECK(identity_holds(pbx.floor.view()));
    }
}

TEST_CASE("ami: without class dialplan every abandon counts, and that is said") {
    AmiFloor pbx;
    pbx.join("1");
    pbx.at(60s);
    pbx.abandon("1", "60");
    pbx.leave("1");
    pbx.at(70s);
    CHECK(pbx.totals().abandoned == 1);
    CHECK_FALSE(pbx.floor.view().exits_known(0));
}

TEST_CASE("ami: one Leave for every exit; a Leave alone is an exit by key") {
    AmiFloor pbx;
    pbx.join("1");
    pbx.join("2");
    CHECK(pbx.value(Kpi::calls_waiting) == 2);
    pbx.at(10s);
    pbx.leave("1");
    pbx.connect("1", "10");  // an answer: Leave, then AgentConnect
    pbx.leave("2");          // nothing follows
    pbx.at(12s);
    CHECK(pbx.totals().answered == 1);
    CHECK(pbx.exited(ExitReason::key) == 1);
    CHECK(pbx.value(Kpi::calls_waiting) == 0);
    CHECK(identity_holds(pbx.floor.view()));
}

TEST_CASE("ami: HoldTime is the wait in seconds, and at most T is within T") {
    AmiFloor pbx;
    pbx.snapshot({
        {"Event: QueueParams",
         "Queue: sales", "ServiceLevel: 20",
         "Holdtime: 77", "TalkTime: 88",
         "Completed: 99", "Abandoned: 5",
         "ServicelevelPerf: 33.7"}
    });
    pbx.join("1");
    pbx.join("2");
    pbx.at(3s);  // arrival times are not believed where the wait is given
    for (const auto& [call, hold] : {
             std::pair{"1", "20"},
             std::pair{"2", "21"}
    }) {
        pbx.leave(call);
        pbx.connect(call, hold);
    }
    CHECK(pbx.totals().wait_sum == 41s);
    CHECK(pbx.totals().answered_in_target == 1);
}

TEST_CASE("ami: the PBX's own averages and counters are never ours") {
    AmiFloor pbx;
    const std::vector<std::vector<std::string>> params{
        {"Event: QueueParams",
         "Queue: sales", "ServiceLevel: 20",
         "Holdtime: 77", "TalkTime: 88",
         "Completed: 99", "Abandoned: 5",
         "ServicelevelPerf: 33.7"}
    };
    pbx.snapshot(params);
    CHECK(pbx.totals().offered + pbx.totals().answered + pbx.totals().completed == 0);
    CHECK(pbx.value(Kpi::average_speed_of_answer, "sales", board::Window::m5) == -1);
    CHECK(pbx.value(Kpi::service_level, "sales", board::Window::m5) == -1);
    pbx.join("1");
    pbx.leave("1");
    pbx.connect("1", "0");
    pbx.complete("1", "30", "caller");
    // A QueueReset or a reload sets its counters to nothing; ours stay.
    pbx.snapshot({
        {"Event: QueueParams", "Queue: sales", "ServiceLevel: 20", "Completed: 0"}
    });
    CHECK(pbx.totals().completed == 1);
    CHECK(pbx.totals().talk_sum == 30s);
}

TEST_CASE("ami: parallel calls of one member are all counted") {
    AmiFloor pbx;
    for (const char* call : {"1", "2", "3"}) {
        pbx.join(call);
        pbx.leave(call);
        pbx.connect(call, "1");
    }
    for (const char* call : {"2", "3", "1"}) pbx.complete(call, "5", "caller");
    CHECK(pbx.totals().answered == 3);
    CHECK(pbx.totals().completed == 3);
}

TEST_CASE("ami: callers refused at the door are seen through the dialplan alone") {
    AmiFloor pbx;
    pbx.feed({"Event: Newexten", "Uniqueid: 1", "Application: Queue", "AppData: sales,tT,,,60"});
    pbx.queue_status("1", "FULL");
    pbx.feed({"Event: Newexten", "Uniqueid: 2", "Application: Queue", "AppData: sales"});
    pbx.queue_status("2", "JOINEMPTY");
    CHECK(pbx.totals().refused == 2);
    CHECK(pbx.totals().offered == 0);
}

TEST_CASE("ami: a ring that ends without an event leaves nothing behind") {
    AmiFloor pbx;
    pbx.join("1");
    pbx.caller("AgentCalled", "1", {"Interface: PJSIP/103"});
    pbx.caller("AgentCalled", "1", {"Interface: PJSIP/104"});
    pbx.caller("AgentRingNoAnswer", "1", {"Interface: PJSIP/104", "RingTime: 5000"});
    pbx.at(5s);
    pbx.abandon("1", "5");
    pbx.leave("1");
    pbx.at(10s);
    CHECK(pbx.totals().abandoned == 1);
    CHECK(pbx.totals().wait_max == 5s);  // milliseconds of ringing are no wait
    CHECK(pbx.rejected() == 0);
}

TEST_CASE("ami: AgentDump is no answer and no exit: the caller waits on") {
    AmiFloor pbx;
    pbx.join("1");
    pbx.caller("AgentDump", "1", {"Interface: PJSIP/103"});
    CHECK(pbx.value(Kpi::calls_waiting) == 1);
    CHECK(pbx.rejected() == 0);
}

TEST_CASE("ami: a completion without a channel is found by queue and agent") {
    AmiFloor pbx;
    pbx.join("1");
    pbx.leave("1");
    pbx.connect("1", "1");
    pbx.at(30s);
    const std::vector<std::string> complete{
        "Event: AgentComplete",
        "Queue: sales",
        "Interface: PJSIP/103",
        "TalkTime: 30",
        "Reason: caller"
    };
    pbx.feed(complete);
    CHECK(pbx.totals().completed == 1);
    CHECK(pbx.totals().talk_sum == 30s);
    pbx.complete("1", "30", "caller");  // the same call once more
    CHECK(pbx.totals().completed == 1);
}

TEST_CASE("ami: an attended transfer is transferred, not completed") {
    AmiFloor pbx;
    pbx.join("1");
    pbx.leave("1");
    pbx.connect("1", "1");
    pbx.at(30s);
    pbx.complete("1", "29", "transfer");
    CHECK(pbx.totals().transferred == 1);
    CHECK(pbx.totals().completed == 0);
}

TEST_CASE("ami: a caller may enter another queue with the same Uniqueid") {
    AmiFloor pbx;
    pbx.join("1");
    pbx.at(10s);
    pbx.leave("1");  // by key
    pbx.feed({"Event: QueueCallerJoin", "Queue: vip", "Uniqueid: 1"});
    pbx.at(20s);
    CHECK(pbx.exited(ExitReason::key) == 1);
    CHECK(pbx.value(Kpi::calls_waiting, "vip") == 1);
    CHECK(identity_holds(pbx.floor.view()));
}

TEST_CASE("ami: phantom abandons of a stop are exits") {
    struct Row {
        const char* name;
        bool shutdown_event;  // else the connection just ends
    };
    for (const Row& row : {
             Row{"Shutdown",            true },
             Row{"the connection ends", false}
    }) {
        CAPTURE(row.name);
        AmiFloor pbx;
        for (const char* call : {"1", "2", "3"}) pbx.join(call);
        pbx.at(30s);
        for (const char* call : {"1", "2", "3"}) {
            pbx.abandon(call, "30");
            pbx.leave(call);
            pbx.at(30s + 10ms * (*call - '0'));
        }
        pbx.at(31s);
        CHECK(pbx.totals().abandoned == 0);  // held
        if (row.shutdown_event)
            pbx.feed({"Event: Shutdown", "Privilege: system,all", "Shutdown: Cleanly"});
        pbx.floor.source_down("acd-1");
        pbx.at(40s);
        CHECK(pbx.totals().abandoned == 0);
        CHECK(pbx.exited(ExitReason::shutdown) == 3);
        CHECK(identity_holds(pbx.floor.view()));
    }
    // The same without a stop: they did give up.
    AmiFloor pbx;
    for (const char* call : {"1", "2"}) pbx.join(call);
    pbx.at(30s);
    for (const char* call : {"1", "2"}) {
        pbx.abandon(call, "30");
        pbx.leave(call);
    }
    pbx.at(40s);
    CHECK(pbx.totals().abandoned == 2);
}

TEST_CASE("ami: a member in two queues counts in each, and leaves each on its own") {
    AmiFloor pbx;
    for (const char* queue : {"sales", "vip"})
        pbx.feed(
            {"Event: QueueMemberAdded",
             std::string{"Queue: "} + queue,
             "Interface: PJSIP/103",
             "StateInterface: PJSIP/103",
             "Status: 1",
             "Paused: 0"}
        );
    CHECK(pbx.value(Kpi::agents_staffed, "sales") == 1);
    CHECK(pbx.value(Kpi::agents_staffed, "vip") == 1);
    pbx.feed(
        {"Event: QueueMemberPause",
         "Queue: vip",
         "Interface: PJSIP/103",
         "Status: 1",
         "Paused: 1",
         "Reason: Lunch"}
    );
    CHECK(pbx.value(Kpi::agents_available, "sales") == 1);
    CHECK(pbx.value(Kpi::agents_paused, "vip") == 1);
    pbx.feed({"Event: QueueMemberRemoved", "Queue: vip", "Interface: PJSIP/103", "Status: 1"});
    CHECK(pbx.value(Kpi::agents_staffed, "sales") == 1);
    CHECK(pbx.value(Kpi::agents_staffed, "vip") == 0);
}

TEST_CASE("ami: after FullyBooted the snapshot replaces provisional member states") {
    AmiFloor pbx;
    const auto row = [](const char* status) {
        return std::vector<std::string>{
            "Event: QueueMember",
            "Queue: sales",
            "Location: PJSIP/103",
            std::string{"Status: "} + status,
            "Paused: 0"
        };
    };
    pbx.snapshot({
        {"Event: QueueParams", "Queue: sales"},
        row("5")
    });
    CHECK(pbx.value(Kpi::agents_staffed) == 0);
    pbx.snapshot({
        {"Event: QueueParams", "Queue: sales"},
        row("1")
    });
    CHECK(pbx.value(Kpi::agents_staffed) == 1);
}

TEST_CASE("ami: callers gone during a lost connection leave as unknown, the others wait on") {
    AmiFloor pbx;
    pbx.join("1");
    pbx.join("2");
    pbx.at(10s);
    pbx.floor.source_down("acd-1");
    pbx.at(20s);
    pbx.snapshot({
        {"Event: QueueParams", "Queue: sales"},
        {"Event: QueueEntry", "Queue: sales", "Uniqueid: 2", "Wait: 20"},
        {"Event: QueueEntry", "Queue: sales", "Uniqueid: 3", "Wait: 5"}
    });
    pbx.floor.source_up("acd-1", false);
    CHECK(pbx.exited(ExitReason::unknown) == 1);
    CHECK(pbx.totals().offered == 3);
    CHECK(pbx.value(Kpi::calls_waiting) == 2);
    CHECK(pbx.value(Kpi::longest_wait) == 20);
    CHECK(identity_holds(pbx.floor.view()));
}

TEST_CASE("ami: Timestamp headers choose when an event counts") {
    AmiFloor pbx;
    pbx.at(100s);
    pbx.caller("QueueCallerJoin", "1", {"Timestamp: 1795451790.000000"});  // 10 s ago
    CHECK(pbx.value(Kpi::longest_wait) == 10);
}

TEST_CASE("ami: Asterisk 13 has fewer fields and means the same") {
    AmiFloor pbx;
    pbx.snapshot({
        {"Event: QueueParams",
         "Queue: sales", "Max: 0",
         "Strategy: ringall", "Calls: 1",
         "Holdtime: 0", "TalkTime: 0",
         "Completed: 0", "Abandoned: 0",
         "ServiceLevel: 15", "ServicelevelPerf: 0.0",
         "Weight: 0"},
        {"Event: QueueMember",
         "Queue: sales", "Name: Erin",
         "Location: SIP/103", "StateInterface: SIP/103",
         "Membership: static", "Penalty: 0",
         "CallsTaken: 0", "LastCall: 0",
         "Status: 1", "Paused: 0"},
        {"Event: QueueEntry",
         "Queue: sales", "Position: 1",
         "Channel: SIP/9-1", "Uniqueid: 9.1",
         "CallerIDNum: 4001", "CallerIDName: x",
         "ConnectedLineNum: unknown", "Wait: 7"}
    });
    CHECK(pbx.value(Kpi::agents_available) == 1);
    CHECK(pbx.value(Kpi::longest_wait) == 7);
    CHECK(pbx.floor.view().target(0) == 15s);
    pbx.feed(
        {"Event: QueueMemberPause",
         "Queue: sales",
         "MemberName: Erin",
         "Interface: SIP/103",
         "StateInterface: SIP/103",
         "Membership: static",
         "Penalty: 0",
         "CallsTaken: 0",
         "LastCall: 0",
         "Status: 1",
         "Paused: 1",
         "Ringinuse: 1",
         "Reason: Lunch"}
    );
    CHECK(pbx.value(Kpi::agents_paused) == 1);
}
