#include "io/source/queue_log/replay.hpp"

#include "support/ami_recording.hpp"
#include "support/ami_sink.hpp"
#include "support/ami_virtual.hpp"
#include "support/temp_folder.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::test;
using acd::ExitReason;
using io::queue_log::Replay;
using io::queue_log::replay_files;
using io::queue_log::ReplayCounts;

namespace {

std::vector<std::string> logs_of(const std::string& run) {
    const auto folder = recording_folder(run);
    if (std::filesystem::exists(folder / "queue_log")) return {folder / "queue_log"};
    return {folder / "log" / "queue_log", folder / "log" / "queue_log.0"};  // in any order
}

/// A log through the floor at its own times.
struct FloorReplay {
    acd::Floor floor;
    std::uint64_t rejected{0};
    ReplayCounts counts;

    FloorReplay(const plan::RuleSet& rules, const std::vector<std::string>& paths) {
        floor.load(rules, {}, Instant{});
        const auto counted = replay_files(paths, {}, [&](Wall at, acd::Batch& batch) {
            floor.advance(std::max(floor.now(), Instant{Micros{at.us}}));
            if (floor.sources().empty()) floor.source_up("log", true);
            rejected += floor.apply(batch, "log", Micros{0}).rejected.size();
            CHECK(identity_holds(floor.view()));
            return true;
        });
        REQUIRE(counted.has_value());
        counts = *counted;
        floor.advance(floor.now() + 5s);
    }
};

std::uint64_t exits(const board::Totals& totals, ExitReason reason) {
    return totals.exited[static_cast<std::size_t>(reason)];
}
Micros whole_sum(double mean_s, std::int64_t n) {
    return Seconds{std::llround(mean_s * static_cast<double>(n))};
}

}  // namespace

TEST_CASE("queue_log: every count of the recordings") {
    for (const char* run : {"16-basic", "22-basic", "22-surge"}) {
        CAPTURE(std::string{run});
        const auto truth = load_truth(run);
        const FloorReplay replay{replay_rules(truth, true), logs_of(run)};
        CHECK(replay.rejected == 0);
        for (const auto& [name, want] : truth) {
            CAPTURE(name);
            const auto queue = replay.floor.view().find(name);
            REQUIRE(queue.has_value());
            const board::Totals& got = replay.floor.view().totals(*queue);
            const auto n = [](std::int64_t value) { return static_cast<std::uint64_t>(value); };
            CHECK(got.offered == n(want.offered));
            CHECK(got.answered == n(want.answered));
            CHECK(got.answered_in_target == n(want.answered_in_target));
            CHECK(got.abandoned == n(want.abandoned));
            CHECK(got.abandoned_in_target == n(want.abandoned_in_target));
            CHECK(exits(got, ExitReason::timeout) == n(want.exit_timeout));
            CHECK(exits(got, ExitReason::key) == n(want.exit_key));
            CHECK(exits(got, ExitReason::withdrawn) == n(want.withdrawn));
            CHECK(exits(got, ExitReason::unknown) == 0);
            CHECK(got.completed == n(want.completed));
            CHECK(got.transferred == n(want.transferred));
            CHECK(got.wait_sum == whole_sum(want.asa_s, want.answered));
            CHECK(got.talk_sum == whole_sum(want.avg_talk_s, want.completed));
            const auto longest = std::max(want.max_abandon_wait_s, want.max_answered_wait_s);
            CHECK(got.wait_max == Seconds{longest});
            CHECK(
                replay.floor.view().value(
                                       *queue, {board::Kpi::calls_waiting, {}, {}, {}, {}}
                )->num == 0
            );
        }
    }
}

TEST_CASE("queue_log: of the recordings only the line that a dialplan wrote is not known") {
    const FloorReplay basic{replay_rules({}, false), logs_of("22-basic")};
    CHECK(
        basic.counts.bad ==
        std::map<std::string, std::uint64_t, std::less<>>{
            {"unknown_event", 1}
    }
    );
    const FloorReplay surge{replay_rules({}, false), logs_of("22-surge")};
    CHECK(surge.counts.bad.empty());
    CHECK(surge.counts.lines == 1218);
}

TEST_CASE("queue_log: waiting callers agree with what Asterisk was asked, within a second") {
    // Rows of queue_summary_poll.csv: epoch, queue, logged_in, available, callers, …
    acd::Floor floor;
    floor.load(replay_rules(load_truth("22-surge"), true), {}, Instant{});
    // Least and most callers within each second, by queue.
    using Range = std::pair<std::int64_t, std::int64_t>;
    std::map<std::string, std::map<std::int64_t, Range>> waiting;
    const auto counted = replay_files(logs_of("22-surge"), {}, [&](Wall at, acd::Batch& batch) {
        floor.advance(std::max(floor.now(), Instant{Micros{at.us}}));
        if (floor.sources().empty()) floor.source_up("log", true);
        batch.for_each([&](std::size_t, const acd::Event& event) {
            acd::Batch one;
            one.append(event);
            floor.apply(one, "log", Micros{0});
            for (const auto queue : floor.view().queues()) {
                const auto now =
                    floor.view().value(queue, {board::Kpi::calls_waiting, {}, {}, {}, {}})->num;
                auto& seconds = waiting[floor.view().name(queue)];
                if (seconds.empty()) seconds.emplace(0, Range{0, 0});
                auto& range = seconds.try_emplace(at.us / 1'000'000, Range{now, now}).first->second;
                range = {std::min(range.first, now), std::max(range.second, now)};
            }
        });
        return true;
    });
    REQUIRE(counted.has_value());
    std::istringstream csv{read_fixture(recording_folder("22-surge") / "queue_summary_poll.csv")};
    std::string row;
    std::getline(csv, row);
    std::size_t rows = 0;
    std::size_t wrong = 0;
    while (std::getline(csv, row)) {
        std::vector<std::string> cells;
        std::istringstream in{row};
        for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
        REQUIRE(cells.size() == 8);
        const auto second = static_cast<std::int64_t>(std::strtod(cells[0].c_str(), nullptr));
        const std::int64_t polled = std::atoll(cells[4].c_str());
        // Some instant within a second of the question: from the last line before it on.
        const auto& seconds = waiting[cells[1]];
        auto at = seconds.lower_bound(second - 1);
        if (at != seconds.begin()) --at;
        bool agrees = false;
        for (; at != seconds.end() && at->first <= second + 1; ++at)
            agrees = agrees || (polled >= at->second.first && polled <= at->second.second);
        ++rows;
        if (!agrees) ++wrong;
    }
    CHECK(rows > 700);
    CHECK(wrong == 0);
}

TEST_CASE("queue_log: a replay gives a second at a time, in order, and stops when told") {
    std::vector<std::pair<std::int64_t, std::size_t>> seconds;
    Replay replay{{}, [&](Wall at, acd::Batch& batch) {
                      seconds.emplace_back(at.us, batch.size());
                      return true;
                  }};
    const std::string text =
        "1795452001|1.1|q|NONE|ENTERQUEUE||1|1\n"
        "1795452001|1.2|q|NONE|ENTERQUEUE||1|2\n"
        "garbage\n"
        "1795452002|NONE|NONE|NONE|CONFIGRELOAD|\n"
        "1795452003|1.1|q|NONE|ABANDON|1|1|2\n"
        "1795452003|1.2|q|NONE|ABANDON|1|1|2";
    // Cut anywhere.
    for (std::size_t at = 0; at < text.size(); at += 7) CHECK(replay.feed(text.substr(at, 7)));
    CHECK(replay.finish());
    CHECK(
        seconds ==
        std::vector<std::pair<std::int64_t, std::size_t>>{
            {1'795'452'001'000'001, 2},
            {1'795'452'003'000'001, 2}
    }
    );
    CHECK(replay.counts().lines == 6);
    CHECK(replay.counts().events == 4);
    CHECK(replay.counts().bad.at("not_a_line") == 1);

    std::size_t given = 0;
    Replay once{{}, [&](Wall, acd::Batch&) {
                    ++given;
                    return false;
                }};
    CHECK_FALSE(once.feed(text));
    CHECK_FALSE(once.finish());
    CHECK(given == 1);
}

TEST_CASE("queue_log: a monster line in a replay is counted and takes no memory") {
    Replay replay{{}, [](Wall, acd::Batch&) { return true; }};
    const std::string piece(60'000, 'x');
    for (int i = 0; i < 100; ++i) replay.feed(piece);
    replay.feed("\n1795452001|1.1|q|NONE|ENTERQUEUE||1|1\n");
    CHECK(replay.finish());
    CHECK(replay.counts().bad.at("line_too_long") == 1);
    CHECK(replay.counts().events == 1);
}

TEST_CASE("queue_log: a replay of what is no log says so") {
    const TempFolder folder;
    const auto refused = [&](const std::string& name, const std::string& bytes) {
        std::ofstream{folder.path() + "/" + name, std::ios::binary} << bytes;
        const auto got =
            replay_files({folder.path() + "/" + name}, {}, [](Wall, acd::Batch&) { return true; });
        return got ? std::string{} : got.error().what;
    };
    CHECK(
        refused("queue_log.1.gz", "\x1f\x8b\x08") ==
        folder.path() + "/queue_log.1.gz is not a queue_log"
    );
    CHECK(refused("empty", "").empty());
    const auto missing = replay_files({folder.path() + "/none"}, {}, nullptr);
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().what.find("No such file") != std::string::npos);
    CHECK_FALSE(replay_files({folder.path()}, {}, nullptr).has_value());
}
