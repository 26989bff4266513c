// Two sources that tell of the same calls: a manager and its log.
#include "base/random.hpp"
#include "floor_bench.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::test;

namespace {

/// A manager that cannot tell exits from abandons, and its log; both up.
struct Pair : FloorBench {
    Pair() {
        rules.companions["log"] = "pbx";
        load();
        floor.source_up("pbx", false);
        floor.source_up("log", true);
    }
    Reject main(double seconds, const Event& e) {
        source = "pbx";
        return tell(seconds, e);
    }
    /// By its own time, which is in whole seconds.
    Reject log(double seconds, Event e, double written) {
        source = "log";
        return tell(seconds, when(std::move(e), std::floor(written)));
    }
    Reject log(double seconds, Event e) { return log(seconds, std::move(e), seconds); }
};

Event row_of(std::string_view call, double wait) {
    Event e = event(EventType::snapshot_call, "sales", call);
    e.wait = span(wait);
    return e;
}
std::vector<Event> snapshot(std::vector<Event> rows) {
    rows.insert(rows.begin(), event(EventType::snapshot_begin));
    rows.push_back(event(EventType::snapshot_end));
    return rows;
}
Event exited_after(std::string_view call, ExitReason reason, double wait) {
    Event e = exited(call, reason);
    e.wait = span(wait);
    return e;
}

}  // namespace

TEST_CASE("acd: a companion tells how a caller left, whoever speaks first") {
    struct Row {
        const char* name;
        std::optional<ExitReason> word;
        double word_at;  // the manager abandons at 10
        std::uint64_t abandoned;
        double sure;
    };
    const Row rows[] = {
        {"a timeout, at once",        ExitReason::timeout,   10.002, 0, 10.002},
        {"a timeout, a second later", ExitReason::timeout,   11,     0, 11    },
        {"withdrawn, word first",     ExitReason::withdrawn, 9.999,  0, 10    },
        {"an empty queue",            ExitReason::empty,     10.01,  0, 10.01 },
        {"an abandon",                std::nullopt,          10.01,  1, 10.06 },
        {"an abandon, word first",    std::nullopt,          9.999,  1, 10.05 },
        {"only the line, later",      ExitReason::timeout,   13,     0, 13    },
        {"the word comes too late",   ExitReason::timeout,   14.5,   1, 14    },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        Pair pair;
        pair.main(0, offered("c"));
        pair.main(0, offered("stays"));
        CHECK(pair.log(0.1, offered("c")) == Reject::none);
        std::vector<std::pair<double, bool>> order{
            {10,          true },
            {row.word_at, false}
        };
        std::sort(order.begin(), order.end());
        for (const auto& [at, manager] : order) {
            if (at > row.sure) pair.wait_until(row.sure);
            if (manager) {
                pair.main(at, abandoned("c", 10s, true));
                pair.main(at, left("c"));
            } else {
                CHECK(pair.log(at, settled("c", row.word)) == Reject::none);
            }
        }
        pair.wait_until(std::max(row.sure, row.word_at));
        CHECK(pair.value(Kpi::calls_waiting) == 1);
        CHECK(pair.totals().abandoned == row.abandoned);
        if (row.word && row.abandoned == 0) CHECK(pair.exits(*row.word) == 1);
        // The whole line, later.
        Event line = row.word ? exited_after("c", *row.word, 10) : abandoned("c", 10s);
        CHECK(pair.log(15, line, 10) == Reject::none);
        CHECK(pair.totals().offered == 2);
        CHECK(pair.totals().wait_max == 10s);
        CHECK(pair.value(Kpi::calls_waiting) == 1);
        CHECK(pair.balanced());
    }
}

TEST_CASE("acd: a word that came before its caller was known is said again by the line") {
    Pair pair;
    CHECK(pair.log(9.99, settled("c", ExitReason::timeout)) == Reject::none);
    pair.main(10, offered("c"));
    pair.main(10.01, abandoned("c", 10ms, true));
    pair.main(10.01, left("c"));
    pair.wait_until(12.99);  // a line is told when its second is three seconds old
    CHECK(pair.log(13, offered("c"), 10) == Reject::none);
    CHECK(pair.log(13, exited_after("c", ExitReason::timeout, 0), 10) == Reject::none);
    pair.wait_until(20);
    CHECK(pair.totals().offered == 1);
    CHECK(pair.totals().abandoned == 0);
    CHECK(pair.exits(ExitReason::timeout) == 1);
    CHECK(pair.balanced());
}

TEST_CASE("acd: who gave up seconds before the connection is lost was not shut down") {
    Pair pair;
    pair.main(0, offered("a"));
    pair.main(0, offered("b"));
    pair.main(5, answered("b", 5s));
    pair.main(10, abandoned("a", 10s, true));
    pair.main(10, left("a"));
    pair.main(13, completed("b"));
    pair.floor.source_down("pbx");
    pair.wait_until(30);
    CHECK(pair.totals().abandoned == 1);
    CHECK(pair.exits(ExitReason::shutdown) == 0);
}

TEST_CASE("acd: exits are known while a companion is up") {
    Pair pair;
    pair.main(0, offered("c"));
    CHECK(pair.view().exits_known(pair.queue()));
    pair.floor.source_down("log");
    CHECK_FALSE(pair.view().exits_known(pair.queue()));
    pair.floor.source_up("log", true);
    CHECK(pair.view().exits_known(pair.queue()));
    CHECK(pair.view().data_live(pair.queue()));
    pair.floor.source_down("pbx");
    CHECK_FALSE(pair.view().data_live(pair.queue()));
    pair.rules.companions.clear();
    pair.load(at(1));
    CHECK_FALSE(pair.view().exits_known(pair.queue()));
}

TEST_CASE("acd: what the main source has told is no news from its companion") {
    Pair pair;
    pair.main(0.7, offered("c"));
    pair.main(5.7, left("c"));
    pair.main(5.7, answered("c", 5s, "Local/101@agents"));
    for (const Event& e :
         {offered("c"), answered("c", 5s, "Alice"), agent("Alice", AgentState::busy)})
        CHECK(pair.log(9, e, e.type == EventType::offered ? 0 : 5) == Reject::none);
    CHECK(pair.value(Kpi::agents_staffed) == 0);  // the manager knows her by another name
    pair.main(60.2, completed("c", 54s, "Local/101@agents"));
    CHECK(pair.log(63, completed("c", 54s, "Alice"), 60) == Reject::none);
    CHECK(pair.totals().offered == 1);
    CHECK(pair.totals().answered == 1);
    CHECK(pair.totals().completed == 1);
    CHECK(pair.floor.sources().at("log").rejected.empty());
    // A slow manager: its log came first.
    pair.log(73, offered("d"), 70);
    pair.log(76, answered("d", 3s, "Alice"), 73);
    CHECK(pair.main(76.5, offered("d")) == Reject::duplicate);
    CHECK(pair.main(76.5, answered("d", 0s)) == Reject::duplicate);
    CHECK(pair.totals().offered == 2);
    CHECK(pair.totals().answered == 2);
    // Told by the manager so long ago that it is forgotten: not counted again.
    for (int i = 0; i < 3; ++i) pair.main(1000 + i, offered("e"));
    CHECK(pair.log(1010, offered("c"), 0) == Reject::none);
    CHECK(pair.totals().offered == 3);
    CHECK(pair.balanced());
}

TEST_CASE("acd: a companion counts what the main source missed while it was away") {
    Pair pair;
    pair.main(0, offered("waits"));
    pair.main(0, offered("goes"));
    pair.main(0, offered("talks"));
    pair.main(5, answered("talks", 5s));
    pair.wait_until(10);
    pair.floor.source_down("pbx");
    pair.log(23, exited_after("goes", ExitReason::timeout, 20), 20);
    pair.log(24, offered("new"), 21);
    pair.log(24, answered("new", 3s, "Alice"), 24);
    pair.log(33, completed("talks", 25s, "Alice"), 30);
    pair.log(33, offered("late"), 31);
    pair.source = "pbx";
    pair.tell_all(40, snapshot({row_of("waits", 40), row_of("late", 9)}));
    pair.floor.source_up("pbx", false);
    CHECK(pair.exits(ExitReason::timeout) == 1);
    CHECK(pair.exits(ExitReason::unknown) == 0);
    CHECK(pair.totals().offered == 5);
    CHECK(pair.totals().answered == 2);
    CHECK(pair.totals().completed == 1);
    CHECK(pair.value(Kpi::calls_waiting) == 2);
    CHECK(pair.balanced());
}

TEST_CASE("acd: our own stop in the middle of an abandon: the log tells which it was") {
    Pair pair;
    pair.main(0, offered("c"));
    pair.main(0, offered("d"));
    pair.main(0, offered("stays"));
    pair.main(9.9, left("d"));
    pair.main(10, abandoned("c", 10s, true));
    pair.floor.source_down("pbx", at(3600));
    pair.floor.source_down("log", at(3600));
    pair.wait_until(3600);
    CHECK(pair.totals().abandoned == 0);
    pair.log(3600.5, exited_after("c", ExitReason::timeout, 10), 10);
    pair.log(3600.5, answered("d", 9s), 9);
    CHECK(pair.exits(ExitReason::timeout) == 1);
    CHECK(pair.totals().answered == 1);
    pair.wait_until(3611);
    CHECK(pair.totals().abandoned == 0);
    pair.floor.source_up("pbx", false);
    CHECK(pair.balanced());
}

TEST_CASE("acd: the phantom abandons of a stop stand in the log too") {
    Pair pair;
    for (const char* call : {"c", "d"}) pair.main(0, offered(call));
    pair.main(10, abandoned("c", 10s, true));
    pair.log(10.001, settled("c"));
    pair.log(10.001, settled("d"));
    pair.main(10.002, abandoned("d", 10s, true));
    pair.wait_until(10.5);
    CHECK(pair.totals().abandoned == 0);
    pair.floor.source_down("pbx");
    CHECK(pair.exits(ExitReason::shutdown) == 2);
    pair.log(13, abandoned("c", 10s), 10);
    pair.log(13, abandoned("d", 10s), 10);
    pair.log(20, event(EventType::started));
    CHECK(pair.totals().abandoned == 0);
    pair.floor.source_up("pbx", false);
    CHECK(pair.balanced());
}

namespace {

/// One caller's life, and whether a source that was away in between tells of it.
struct Life {
    double joined, left, ended;  // ended: of the talk
    int how;                     // 0 answered, 1 abandoned, 2 timeout, 3 key
};
struct Told {
    double at;
    bool manager;
    Event event;
    bool operator<(const Told& other) const { return at < other.at; }
};

std::vector<Told> tell(const std::map<std::string, Life>& lives, double down, double up) {
    std::vector<Told> out;
    const auto manager = [&](double at, Event e) {
        if (at < down || at > up) out.push_back({at, true, std::move(e)});
    };
    const auto written = [&](double at, Event e) {
        const bool word = e.type == EventType::abandoned || e.type == EventType::exited;
        if (word) out.push_back({at + 0.001, false, when(settled(e.call, e.exit), std::floor(at))});
        out.push_back({at + 3, false, when(std::move(e), std::floor(at))});
    };
    for (const auto& [id, life] : lives) {
        const auto wait = std::optional{span(std::floor(life.left - life.joined))};
        manager(life.joined, offered(id));
        written(life.joined, offered(id));
        Event line = answered(id, wait, "Alice");
        if (life.how == 1) line = abandoned(id, wait);
        if (life.how == 2) line = exited(id, ExitReason::timeout);
        if (life.how == 3) line = exited(id, ExitReason::key);
        line.wait = wait;
        written(life.left, line);
        if (life.how == 1 || life.how == 2) manager(life.left, abandoned(id, wait, true));
        manager(life.left + 0.0001, left(id));
        if (life.how != 0) continue;
        manager(life.left + 0.0002, answered(id, wait, "Local/101"));
        const auto talk = std::optional{span(std::floor(life.ended - life.left))};
        manager(life.ended, completed(id, talk, "Local/101"));
        written(life.ended, completed(id, talk, "Alice"));
    }
    std::stable_sort(out.begin(), out.end());
    return out;
}

}  // namespace

TEST_CASE("acd: two sources of the same calls count each once, through any outage of the main one"
) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        Random random{seed};
        std::map<std::string, Life> lives;
        for (int i = 0; i < 120; ++i) {
            Life life{};
            life.joined = 1 + random.uniform() * 300;
            life.left = life.joined + random.uniform() * (random.below(4) == 0 ? 1.5 : 30);
            life.ended = life.left + 0.5 + random.uniform() * 60;
            life.how = static_cast<int>(random.below(4));
            lives.emplace("c-" + std::to_string(i), life);
        }
        const double down = 50 + random.uniform() * 200;
        const double up = down + random.uniform() * 60;
        Pair pair;
        bool away = false;
        bool back = false;
        const auto until = [&](double at) {
            if (!away && at >= down) {
                away = true;
                pair.wait_until(down);
                pair.floor.source_down("pbx");
            }
            if (away && !back && at >= up) {
                back = true;
                std::vector<Event> rows;
                for (const auto& [id, life] : lives)
                    if (life.joined <= up && life.left > up)
                        rows.push_back(row_of(id, std::floor(up - life.joined)));
                pair.source = "pbx";
                pair.tell_all(up, snapshot(rows));
                pair.floor.source_up("pbx", false);
            }
        };
        for (const Told& told : tell(lives, down, up)) {
            until(told.at);
            pair.source = told.manager ? "pbx" : "log";
            pair.tell(told.at, told.event);
            if (!away || back) REQUIRE(pair.balanced());
        }
        pair.wait_until(600);
        std::uint64_t by_how[4]{};
        for (const auto& [id, life] : lives) ++by_how[life.how];
        CHECK(pair.totals().offered == lives.size());
        CHECK(pair.totals().answered == by_how[0]);
        CHECK(pair.totals().completed == by_how[0]);
        CHECK(pair.totals().abandoned == by_how[1]);
        CHECK(pair.exits(ExitReason::timeout) == by_how[2]);
        CHECK(pair.exits(ExitReason::key) == by_how[3]);
        CHECK(pair.value(Kpi::calls_waiting) == 0);
    }
}
