// The board over all queues: names, days, and when time alone changes a figure.
#include "core/board/board.hpp"

#include "../acd/floor_bench.hpp"
#include "base/random.hpp"

#include <fmt/format.h>
#include <map>
#include <optional>
#include <string>

using namespace surged;
using namespace surged::test;

TEST_CASE("board: queues in order of their index, found by name") {
    board::Board board;
    const auto b = board.add("b");
    const auto a = board.add("a");
    CHECK(board.queues() == std::vector{b, a});
    CHECK(board.find("a") == a);
    CHECK(board.name(b) == "b");
    board.remove(b);
    CHECK_FALSE(board.find("b"));
    CHECK(board.name(b).empty());
    CHECK(board.totals(b) == board::Totals{});
    CHECK_FALSE(board.value(b, {}));
    CHECK_FALSE(board.next_change(b, {}));
    CHECK_FALSE(board.grows_since(b, {}));
    CHECK(board.add("b") != b);
    CHECK(board.queues().size() == 2);
}

TEST_CASE("board: a name is found for what it is, whatever was found before it") {
    board::Board board;
    std::map<std::string, board::QueueIx> known;
    Random random{3};
    for (int step = 0; step < 3'000; ++step) {
        // Of one length and one last letter, most of them; some come and go.
        const std::string name = fmt::format("{}-{}", random.below(40), random.below(2));
        const auto at = known.find(name);
        const auto want = at == known.end() ? std::nullopt : std::optional{at->second};
        REQUIRE(board.find(name) == want);
        if (!want) {
            known[name] = board.add(name);
        } else if (random.below(3) == 0) {
            board.remove(*want);
            known.erase(at);
        }
        if (step % 500 != 499) continue;
        codec::Writer out;
        board.write(out);
        codec::Reader in{out.bytes()};
        board.read(in);  // over what it was, what it had found included
        REQUIRE(in.at_end());
    }
    CHECK_FALSE(board.find(""));
}

TEST_CASE("board: the day begins at local midnight, also where clocks change") {
    FloorBench bench;
    // Berlin, 2026-10-25: summer time ends at 01:00 UTC, so the day has 25 hours.
    bench.rules.site.zone = {
        "Europe/Berlin", {{Wall{0}, 7200}, {Wall{1'792'890'000'000'000}, 3600}}
    };
    const Instant midnight{Seconds{1'792'879'200}};  // 2026-10-24T22:00Z
    bench.load(midnight - 1s);
    const auto tell = [&](Instant now, std::string_view call, std::optional<Instant> ts = {}) {
        bench.floor.advance(now);
        acd::Batch batch;
        Event e = offered(call);
        if (ts) e.ts = to_wall(*ts, Micros{0});
        batch.append(e);
        bench.floor.apply(batch, bench.source, Micros{0});
        return bench.value(Kpi::calls_offered, Window::day);
    };
    CHECK(tell(midnight - 1s, "1") == 1);
    const Measure day{Kpi::calls_offered, Window::day, {}, {}, {}};
    CHECK(bench.view().next_change(bench.queue(), day) == midnight);
    CHECK(tell(midnight, "2") == 1);
    CHECK(tell(midnight + 1s, "3", midnight - 1s) == 1);  // it was yesterday
    CHECK(tell(midnight + 24h, "4") == 2);
    CHECK(bench.view().next_change(bench.queue(), day) == midnight + 25h);
    CHECK(tell(midnight + 25h, "5") == 1);
}

TEST_CASE("board: next_change is the instant at which the value is another one") {
    FloorBench bench;
    bench.tell(2, offered("c-1"));
    bench.tell(61, answered("c-1"));
    const Measure offers{Kpi::calls_offered, Window::m1, {}, {}, {}};
    const Measure level{Kpi::service_level, Window::m5, {}, {}, {}};
    const auto queue = bench.queue();
    CHECK(bench.view().next_change(queue, offers) == at(62));
    bench.wait_until(61.999999);
    CHECK(bench.value(Kpi::calls_offered, Window::m1) == 1);
    bench.wait_until(62);
    CHECK(bench.value(Kpi::calls_offered, Window::m1) == 0);
    CHECK(bench.view().next_change(queue, level) == at(300));  // the offer leaves: no change yet
    bench.wait_until(300);
    CHECK(bench.view().next_change(queue, level) == at(360));
    bench.wait_until(360);
    CHECK(bench.value(Kpi::service_level, Window::m5) == -1);
    CHECK_FALSE(bench.view().next_change(queue, level));
    CHECK_FALSE(bench.view().next_change(queue, {Kpi::longest_wait, Window::now, {}, {}, {}}));
    bench.tell(361, agent("1", AgentState::available));
    CHECK(bench.view().next_change(queue, {Kpi::occupancy, Window::m5, {}, {}, {}}) == at(365));
    CHECK_FALSE(bench.view().grows_since(queue, {Kpi::longest_wait, Window::now, {}, {}, {}}));
}

TEST_CASE("board: base_count is what min_calls wants to know") {
    FloorBench bench;
    bench.tell(0, offered("c-1"));
    const Measure level{Kpi::service_level, Window::m5, {}, {}, {}};
    CHECK(bench.view().base_count(bench.queue(), level) == 0);
    bench.tell(1, answered("c-1"));
    CHECK(bench.view().base_count(bench.queue(), level) == 1);
    bench.floor.source_down(bench.source);
    CHECK(bench.view().base_count(bench.queue(), level) == 0);
}
