#include "io/source/esl/picture.hpp"
#include "support/esl_floor.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::test;
using acd::ExitReason;
using board::Kpi;
using Lines = EslFloor::Lines;
using Tables = EslFloor::Tables;

namespace {

Tables with_members(Lines rows, Lines agents = {}) {
    Tables tables;
    if (!agents.empty()) tables.tiers = {"sales@d|101@d|Ready|1|1"};
    tables.agents = std::move(agents);
    tables.members = {
        {"sales@d", std::move(rows)}
    };
    return tables;
}

}  // namespace

TEST_CASE("esl poll: the first tables of a connection are a snapshot") {
    EslFloor fs;
    fs.picture.connected();
    fs.at(60s);
    Tables tables = with_members(
        {member_row("w1", "Waiting", 20),
         member_row("w2", "Trying", 30, 0, "101@d"),
         member_row("a1", "Answered", 10, 15, "102@d"),
         member_row("x1", "Abandoned", 40)},
        {agent_row("101@d", "Available", "Receiving"),
         agent_row("102@d", "Available (On Demand)", "In a queue call"),
         agent_row("103@d", "On Break", "Waiting"),
         agent_row("104@d", "Logged Out", "Waiting")}
    );
    tables.queues = {"sales@d", "support@d"};
    tables.tiers = {
        "sales@d|101@d|Ready|1|1",
        "support@d|101@d|Ready|1|1",
        "sales@d|102@d|Active Inbound|1|2",
        "sales@d|103@d|Ready|2|1",
        "sales@d|104@d|Ready|2|2"
    };
    CHECK(
        fs.poll(tables) ==
        Lines{
            "snapshot_begin",
            "snapshot_queue queue=sales@d",
            "snapshot_queue queue=support@d",
            "snapshot_agent queue=sales@d agent=101@d state=busy",
            "snapshot_agent queue=support@d agent=101@d state=busy",
            "snapshot_agent queue=sales@d agent=102@d state=busy",
            "snapshot_agent queue=sales@d agent=103@d state=paused reason=On Break",
            "snapshot_agent queue=sales@d agent=104@d state=offline",
            "snapshot_call queue=sales@d call=w1 caller=ref-00@sales@d",
            "snapshot_call queue=sales@d call=w2 caller=ref-00@sales@d",
            "snapshot_end"
        }
    );
    CHECK(fs.value(Kpi::calls_waiting) == 2);
    CHECK(fs.value(Kpi::longest_wait) == 40);
    CHECK(fs.value(Kpi::agents_staffed) == 3);
    CHECK(fs.value(Kpi::agents_busy) == 2);
    CHECK(fs.value(Kpi::agents_paused) == 1);
    CHECK(fs.totals().offered == 2);
    // Nothing has changed: nothing is said.
    CHECK(fs.poll(tables).empty());
    fs.check_books();
}

TEST_CASE("esl poll: after a lost connection what was believed is reconciled") {
    EslFloor fs;
    fs.at(1s);
    for (const char* id : {"stays", "gone", "answered", "talks"})
        fs.member("member-queue-start", id);
    fs.at(2s);
    fs.member(
        "bridge-agent-start",
        "talks",
        {
            {"Agent", "101@d"}
    }
    );
    fs.floor.source_down("fs-1");
    fs.at(60s);
    fs.picture.connected();
    fs.floor.source_up("fs-1", true);
    fs.at(61s);
    fs.member("member-queue-start", "new");  // between the subscription and the tables
    fs.poll(with_members(
        {member_row("stays", "Waiting", 1),
         member_row("answered", "Answered", 1, 30, "102@d"),
         member_row("missed", "Waiting", 45)},
        {agent_row("101@d", "Available", "Waiting", 2, 40),
         agent_row("102@d", "Available", "In a queue call", 30, 0)}
    ));
    CHECK(fs.totals().offered == 6);
    CHECK(fs.totals().answered == 2);
    fs.at(63s);  // who is in no table is waited for a second longer: his own leave may be under way
    CHECK(fs.totals().wait_max == Micros{60s});
    CHECK(fs.exited(ExitReason::unknown) == 1);
    CHECK(fs.totals().completed == 1);
    CHECK(fs.totals().talk_sum == Micros{38s});  // by the agent's last_bridge_end
    CHECK(fs.value(Kpi::calls_waiting) == 3);    // stays, missed, new
    CHECK(fs.value(Kpi::longest_wait) == 62);
    fs.check_books();
}

TEST_CASE("esl poll: one contradiction may be an event under way, two are not") {
    EslFloor fs;
    fs.at(1s);
    fs.member("member-queue-start", "m1");
    fs.at(30s);
    CHECK(fs.poll(with_members({})).empty());
    SUBCASE("the event comes") {
        fs.cancel("m1", "BREAK_OUT");
        fs.at(60s);
        CHECK(fs.poll(with_members({})).empty());
        CHECK(fs.totals().abandoned == 1);
        CHECK(fs.exited(ExitReason::unknown) == 0);
    }
    SUBCASE("it was lost") {
        fs.at(60s);
        CHECK(fs.poll(with_members({})) == Lines{"exited queue=sales@d call=m1 exit=unknown"});
        CHECK(fs.exited(ExitReason::unknown) == 1);
        CHECK(fs.cancel("m1", "BREAK_OUT").empty());  // late after all
    }
    SUBCASE("the row is back") {
        fs.at(60s);
        CHECK(fs.poll(with_members({member_row("m1", "Waiting", 1)})).empty());
        fs.at(90s);
        CHECK(fs.poll(with_members({})).empty());
        CHECK(fs.value(Kpi::calls_waiting) == 1);
        return;
    }
    SUBCASE("the row is back too late: he enters again") {
        fs.at(60s);
        fs.poll(with_members({}));
        fs.at(90s);
        CHECK(
            fs.poll(with_members({member_row("m1", "Waiting", 1)})) ==
            Lines{"snapshot_call queue=sales@d call=m1 caller=ref-00@sales@d"}
        );
        CHECK(fs.value(Kpi::calls_waiting) == 1);
        fs.check_books();
        fs.at(99s);
        fs.cancel("m1", "BREAK_OUT");
        CHECK(fs.totals().abandoned == 1);
    }
    CHECK(fs.value(Kpi::calls_waiting) == 0);
    fs.check_books();
}

TEST_CASE("esl poll: a table that is older than the events proves nothing") {
    EslFloor fs;
    fs.at(1s);
    fs.member("member-queue-start", "m1");
    fs.at(5s);
    fs.cancel("m1", "BREAK_OUT");
    fs.at(6s);
    fs.member("member-queue-start", "m2");
    for (int s = 30; s < 300; s += 30) {
        fs.at(Seconds{s});
        CHECK(fs.poll(with_members({member_row("m1", "Waiting", 1)})).empty());
    }
    CHECK(fs.value(Kpi::calls_waiting) == 1);
    CHECK(fs.totals().abandoned == 1);
    fs.check_books();
}

TEST_CASE("esl poll: who joins while the tables are read is not taken for gone") {
    EslFloor fs;
    fs.at(30s);
    fs.picture.begin_poll();
    fs.member("member-queue-start", "m1");
    acd::Batch batch;
    const auto queues = io::esl::Table::parse("name|strategy\nsales@d|ring-all\n+OK\n", "");
    const auto none = io::esl::Table::parse("+OK\n", "");
    REQUIRE((queues && none));
    fs.picture.queues(*queues, batch);
    fs.picture.agents(*none, batch);
    fs.picture.tiers(*none, batch);
    fs.picture.members("sales@d", *none, batch);
    fs.picture.end_poll(batch);
    CHECK(batch.empty());
    CHECK(fs.picture.waiting() == 1);
}

TEST_CASE("esl poll: lost events are made up for") {
    EslFloor fs;
    SUBCASE("a start") {
        fs.at(40s);
        CHECK(
            fs.poll(with_members({member_row("m1", "Waiting", 10)})) ==
            Lines{"snapshot_call queue=sales@d call=m1 caller=ref-00@sales@d"}
        );
        CHECK(fs.value(Kpi::longest_wait) == 30);
        fs.event_at(
            10200ms,
            "member-queue-start",
            {
                {"Queue",       "sales@d"},
                {"Member-UUID", "m1"     }
        }
        );
        CHECK(fs.totals().offered == 1);  // it was only late
        CHECK(fs.poll(with_members({member_row("m1", "Waiting", 10)})).empty());
    }
    SUBCASE("a bridge") {
        fs.at(1s);
        fs.member("member-queue-start", "m1");
        fs.at(40s);
        const Tables tables = with_members(
            {member_row("m1", "Answered", 1, 12, "101@d")},
            {agent_row("101@d", "Available", "In a queue call", 12)}
        );
        fs.poll(tables);
        CHECK(fs.value(Kpi::calls_waiting) == 1);
        fs.at(70s);
        CHECK(fs.poll(tables) == Lines{"answered queue=sales@d call=m1 agent=101@d"});
        CHECK(fs.totals().wait_sum == Micros{11s});
        fs.at(80s);
        fs.member(
            "bridge-agent-end",
            "m1",
            {
                {"Agent",         "101@d"},
                {"Agent-Bridged", "true" }
        }
        );
        CHECK(fs.totals().completed == 1);
        CHECK(fs.totals().talk_sum == Micros{68s});
    }
    SUBCASE("an end of a bridge") {
        fs.at(1s);
        fs.member("member-queue-start", "m1");
        fs.at(5s);
        fs.member(
            "bridge-agent-start",
            "m1",
            {
                {"Agent", "101@d"}
        }
        );
        const Tables tables = with_members({}, {agent_row("101@d", "Available", "Waiting", 5, 25)});
        fs.at(30s);
        fs.poll(tables);
        fs.at(60s);
        CHECK(fs.poll(tables) == Lines{"completed queue=sales@d call=m1 agent=101@d"});
        CHECK(fs.totals().talk_sum == Micros{20s});
    }
    SUBCASE("a hang-up and a resumption") {
        fs.at(1s);
        fs.member("member-queue-start", "m1");
        fs.at(5s);
        fs.cancel("m1", "BREAK_OUT");
        fs.at(40s);
        CHECK(fs.poll(with_members({member_row("m1", "Waiting", 1, 0, "", 35)})).size() == 1);
        CHECK(fs.value(Kpi::longest_wait) == 5);
        CHECK(fs.totals().offered == 2);
    }
    fs.check_books();
}

TEST_CASE("esl poll: a row that says Answered for hours") {
    EslFloor fs;
    fs.at(1s);
    fs.member("member-queue-start", "m1");
    fs.at(5s);
    fs.member(
        "bridge-agent-start",
        "m1",
        {
            {"Agent", "101@d"}
    }
    );
    const Lines stuck{member_row("m1", "Answered", 1, 5, "101@d")};
    SUBCASE("while its agent is in it, it is true") {
        for (int s = 30; s < 7200; s += 30) {
            fs.at(Seconds{s});
            fs.poll(with_members(stuck, {agent_row("101@d", "Available", "In a queue call", 5)}));
        }
        CHECK(fs.totals().completed == 0);
        return;
    }
    Lines agents;
    SUBCASE("its agent waits for calls") {
        agents = {agent_row("101@d", "Available", "Waiting", 5, 25)};
    }
    SUBCASE("its agent is in another call") {
        agents = {agent_row("101@d", "Available", "In a queue call", 28, 25)};
    }
    SUBCASE("its agent is no more") { agents = {agent_row("102@d", "Available", "Waiting")}; }
    fs.at(30s);
    fs.poll(with_members(stuck, agents));
    CHECK(fs.totals().completed == 0);
    fs.at(60s);
    fs.poll(with_members(stuck, agents));
    CHECK(fs.totals().completed == 1);
    fs.at(90s);
    CHECK(fs.poll(with_members(stuck, agents)).empty());  // it is known for what it is
    CHECK(fs.value(Kpi::calls_waiting) == 0);
    fs.check_books();
}

TEST_CASE("esl poll: a stuck row that was there before we came counts as nothing") {
    EslFloor fs;
    fs.picture.connected();
    const Tables tables = with_members(
        {member_row("m1", "Answered", -9000, -8000, "101@d")},
        {agent_row("101@d", "Available", "Waiting", -100, -50)}
    );
    for (int s = 10; s < 100; s += 30) {
        fs.at(Seconds{s});
        fs.poll(tables);
    }
    CHECK(fs.totals().offered == 0);
    CHECK(fs.totals().completed == 0);
}

TEST_CASE("esl poll: a row may still say Trying while the bridge is made") {
    EslFloor fs;
    fs.at(1s);
    fs.member("member-queue-start", "m1");
    fs.at(5s);
    fs.member(
        "bridge-agent-start",
        "m1",
        {
            {"Agent", "101@d"}
    }
    );
    fs.at(6s);
    // The agent who served him is in no table: a new picture, and nobody waits in it.
    CHECK(
        fs.poll(with_members({member_row("m1", "Trying", 1, 0, "101@d")})) ==
        Lines{"snapshot_begin", "snapshot_queue queue=sales@d", "snapshot_end"}
    );
    CHECK(fs.value(Kpi::calls_waiting) == 0);
    SUBCASE("it fails, and the table shows him waiting again") {
        fs.at(8s);
        fs.member(
            "bridge-agent-end",
            "m1",
            {
                {"Agent",         "101@d"},
                {"Agent-Bridged", "false"}
        }
        );
        fs.at(30s);
        fs.poll(with_members({member_row("m1", "Waiting", 1)}));
        CHECK(fs.value(Kpi::calls_waiting) == 1);
        CHECK(fs.value(Kpi::longest_wait) == 22);
        CHECK(fs.totals().answered == 1);
        CHECK(fs.totals().offered == 2);
    }
    fs.check_books();
}

TEST_CASE("esl poll: rows that make no sense are said and left out") {
    EslFloor fs;
    fs.at(30s);
    fs.poll(
        with_members({member_row("", "Waiting", 1), member_row("m1", "Sleeping", 1), "too|short"})
    );
    CHECK(fs.reasons == Lines{"short_row"});
    fs.poll(with_members({member_row("", "Waiting", 1)}));
    CHECK(fs.reasons.back() == "missing_field");
    fs.poll(with_members({member_row("m1", "Sleeping", 1)}));
    CHECK(fs.reasons.back() == "out_of_range");
    CHECK(fs.totals().offered == 0);
}
