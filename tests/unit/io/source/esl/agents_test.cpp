#include "io/source/esl/agents.hpp"

#include "support/esl_floor.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::test;
using board::Kpi;
using Lines = EslFloor::Lines;
using Tables = EslFloor::Tables;

namespace {

Tables two_queues(Lines agents) {
    Tables tables;
    tables.queues = {"sales@d", "support@d"};
    tables.agents = std::move(agents);
    tables.tiers = {"sales@d|101@d|Ready|1|1", "support@d|101@d|Ready|1|1"};
    return tables;
}
Lines status(EslFloor& fs, const std::string& word) {
    return fs.event(
        "agent-status-change",
        {
            {"Agent",        "101@d"},
            {"Agent-Status", word   }
    }
    );
}
Lines state(EslFloor& fs, const std::string& word) {
    return fs.event(
        "agent-state-change",
        {
            {"Agent",       "101@d"},
            {"Agent-State", word   }
    }
    );
}
std::string told(const std::string& what) {
    return "agent_state queues=sales@d,support@d agent=101@d state=" + what;
}

}  // namespace

TEST_CASE("esl agents: status and state go to all the queues of his tiers") {
    EslFloor fs;
    fs.poll(two_queues({agent_row("101@d", "Available", "Waiting")}));
    CHECK(fs.value(Kpi::agents_available, "sales@d") == 1);
    CHECK(fs.value(Kpi::agents_available, "support@d") == 1);
    fs.at(1s);
    CHECK(state(fs, "Receiving") == Lines{told("busy")});
    fs.at(2s);
    CHECK(state(fs, "In a queue call").empty());  // busy is busy
    CHECK(fs.value(Kpi::agents_busy, "support@d") == 1);
    fs.at(3s);
    CHECK(state(fs, "Waiting") == Lines{told("available")});
    CHECK(status(fs, "Available").empty());  // said again, though nothing changed
    CHECK(status(fs, "On Break") == Lines{told("paused reason=On Break")});
    CHECK(status(fs, "On Break").empty());
    CHECK(state(fs, "Receiving").empty());
    CHECK(status(fs, "Available") == Lines{told("busy")});
    CHECK(state(fs, "Reserved").empty());
    CHECK(status(fs, "Logged Out") == Lines{told("offline")});
    CHECK(fs.value(Kpi::agents_staffed) == 0);
    CHECK(status(fs, "Available (On Demand)") == Lines{told("busy")});
    CHECK(state(fs, "Idle") == Lines{told("paused reason=Idle")});
    CHECK(fs.value(Kpi::agents_paused) == 1);
    CHECK(fs.reasons.empty());
    CHECK(status(fs, "Asleep").empty());
    CHECK(fs.reasons == Lines{"out_of_range"});
}

TEST_CASE("esl agents: a break that was not his choice says so") {
    EslFloor fs;
    fs.poll(two_queues({agent_row("101@d", "Available", "Waiting")}));
    CHECK(fs.event(
                "agent-max-no-answer",
                {
                    {"Agent", "101@d"}
    }
    )
              .empty());
    CHECK(status(fs, "On Break") == Lines{told("paused reason=max-no-answer")});
    CHECK(status(fs, "Available") == Lines{told("available")});
    CHECK(status(fs, "On Break") == Lines{told("paused reason=On Break")});
}

TEST_CASE("esl agents: one who is stuck is what the table says") {
    EslFloor fs;
    fs.poll(two_queues({agent_row("101@d", "Available", "Waiting")}));
    fs.at(1s);
    state(fs, "Reserved");
    CHECK(fs.value(Kpi::agents_busy) == 1);
    const Tables waits = two_queues({agent_row("101@d", "Available", "Waiting")});
    fs.at(30s);
    CHECK(fs.poll(waits).empty());  // it may be older than the event
    fs.at(60s);
    CHECK(fs.poll(waits) == Lines{told("available")});
    CHECK(fs.value(Kpi::agents_busy) == 0);
    fs.at(61s);
    CHECK(state(fs, "Receiving") == Lines{told("busy")});  // and the next event counts again
    CHECK(fs.value(Kpi::agents_busy) == 1);
}

TEST_CASE("esl agents: after a lost connection the first table is believed") {
    EslFloor fs;
    fs.poll(two_queues({agent_row("101@d", "Available", "Waiting")}));
    fs.at(1s);
    state(fs, "In a queue call");
    fs.picture.connected();
    fs.at(30s);
    fs.poll(two_queues({agent_row("101@d", "On Break", "Waiting")}));
    CHECK(fs.value(Kpi::agents_paused) == 1);
    CHECK(fs.value(Kpi::agents_busy) == 0);
}

TEST_CASE("esl agents: tiers and agents come and go") {
    EslFloor fs;
    fs.poll(two_queues({agent_row("101@d", "Available", "Waiting")}));
    SUBCASE("a tier goes") {
        Tables tables = two_queues({agent_row("101@d", "Available", "Waiting")});
        tables.tiers.pop_back();
        CHECK(fs.poll(tables).front() == "snapshot_begin");
        CHECK(fs.value(Kpi::agents_staffed, "support@d") == 0);
        CHECK(fs.value(Kpi::agents_staffed, "sales@d") == 1);
        CHECK(fs.poll(tables).empty());
    }
    SUBCASE("an agent goes") {
        CHECK(fs.poll(two_queues({})).front() == "snapshot_begin");
        CHECK(fs.value(Kpi::agents_staffed, "sales@d") == 0);
    }
    SUBCASE("an agent comes: his tiers are asked for soon") {
        CHECK_FALSE(fs.picture.incomplete());
        fs.event(
            "agent-add",
            {
                {"Agent",      "501@d"   },
                {"Agent-Type", "callback"}
        }
        );
        fs.event(
            "agent-status-change",
            {
                {"Agent",        "501@d"    },
                {"Agent-Status", "Available"}
        }
        );
        CHECK(fs.picture.incomplete());
        Tables tables = two_queues(
            {agent_row("101@d", "Available", "Waiting"), agent_row("501@d", "Available", "Waiting")}
        );
        tables.tiers.emplace_back("sales@d|501@d|Ready|1|5");
        fs.poll(tables);
        CHECK(fs.value(Kpi::agents_available, "sales@d") == 2);
        CHECK_FALSE(fs.picture.incomplete());
    }
    SUBCASE("an offer shows a tier before the table does") {
        fs.event(
            "agent-add",
            {
                {"Agent", "501@d"}
        }
        );
        fs.event(
            "agent-status-change",
            {
                {"Agent",        "501@d"    },
                {"Agent-Status", "Available"}
        }
        );
        fs.event(
            "agent-state-change",
            {
                {"Agent",       "501@d"    },
                {"Agent-State", "Receiving"}
        }
        );
        CHECK(
            fs.event(
                "agent-offering",
                {
                    {"Agent",       "501@d"  },
                    {"Queue",       "sales@d"},
                    {"Member-UUID", "m1"     }
        }
            ) == Lines{"agent_state queues=sales@d agent=501@d state=busy"}
        );
        CHECK(fs.value(Kpi::agents_busy, "sales@d") == 1);
    }
    SUBCASE("a queue comes and goes") {
        Tables tables = two_queues({agent_row("101@d", "Available", "Waiting")});
        tables.queues.emplace_back("vip@d");
        CHECK(fs.poll(tables).size() == 7);
        CHECK(fs.picture.queue_count() == 3);
        CHECK(fs.poll(tables).empty());
        tables.queues.pop_back();
        CHECK(fs.poll(tables).size() == 6);
        CHECK(fs.picture.queue_count() == 2);
    }
}

TEST_CASE("esl agents: his wrap-up time goes into the handle time") {
    EslFloor fs;
    fs.poll(two_queues({agent_row("101@d", "Available", "Waiting", 0, 0, 12)}));
    fs.at(1s);
    fs.member("member-queue-start", "m1");
    fs.member(
        "bridge-agent-start",
        "m1",
        {
            {"Agent", "101@d"}
    }
    );
    fs.at(11s);
    CHECK(
        fs.member(
            "bridge-agent-end",
            "m1",
            {
                {"Agent",         "101@d"},
                {"Agent-Bridged", "true" }
    }
        ) == Lines{"completed queue=sales@d call=m1 agent=101@d wrap=12"}
    );
}

TEST_CASE("esl agents: what names nobody is said") {
    EslFloor fs;
    CHECK(fs.event(
                "agent-status-change",
                {
                    {"Agent-Status", "Available"}
    }
    )
              .empty());
    CHECK(fs.event(
                "agent-state-change",
                {
                    {"Agent", "101@d"}
    }
    )
              .empty());
    CHECK(fs.reasons == Lines{"missing_field", "missing_field"});
    // Half of what he is: the other half stands in the table.
    CHECK(state(fs, "Waiting").empty());
    CHECK(fs.picture.incomplete());
}
