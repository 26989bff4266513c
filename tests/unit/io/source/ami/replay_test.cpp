#include "support/ami_virtual.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace surged;
using namespace surged::test;
using acd::ExitReason;

namespace {

std::uint64_t exits(const board::Totals& totals, ExitReason reason) {
    return totals.exited[static_cast<std::size_t>(reason)];
}
std::uint64_t count(std::int64_t value) { return static_cast<std::uint64_t>(value); }
Micros whole_sum(double mean_s, std::int64_t n) {
    return Seconds{std::llround(mean_s * static_cast<double>(n))};
}

void check_queue(
    const std::string& name, const TruthRow& want, const board::View& view, bool settles
) {
    CAPTURE(name);
    const auto queue = view.find(name);
    REQUIRE(queue.has_value());
    const board::Totals& got = view.totals(*queue);
    CHECK(view.target(*queue) == Seconds{want.target_s});
    CHECK(got.offered == count(want.offered));
    CHECK(got.answered == count(want.answered));
    CHECK(got.answered_in_target == count(want.answered_in_target));
    CHECK(got.wait_sum == whole_sum(want.asa_s, want.answered));
    CHECK(got.completed == count(want.completed));
    CHECK(got.transferred == count(want.transferred));
    CHECK(got.talk_sum == whole_sum(want.avg_talk_s, want.completed));
    CHECK(got.wait_max == Seconds{std::max(want.max_abandon_wait_s, want.max_answered_wait_s)});
    if (settles) {
        CHECK(got.abandoned == count(want.abandoned));
        CHECK(got.abandoned_in_target == count(want.abandoned_in_target));
        CHECK(exits(got, ExitReason::timeout) == count(want.exit_timeout));
        CHECK(exits(got, ExitReason::withdrawn) == count(want.withdrawn));
    } else {
        CHECK(got.abandoned == count(want.abandoned + want.exit_timeout + want.withdrawn));
        CHECK(exits(got, ExitReason::timeout) + exits(got, ExitReason::withdrawn) == 0);
    }
    CHECK(exits(got, ExitReason::key) == count(want.exit_key));
    CHECK(exits(got, ExitReason::unknown) == 0);
    CHECK(exits(got, ExitReason::shutdown) == 0);
}

std::uint64_t refused(const board::View& view) {
    std::uint64_t all = 0;
    for (const auto queue : view.queues()) all += view.totals(queue).refused;
    return all;
}

/// One row of queue_summary_poll.csv.
struct Poll {
    Wall at;
    std::string queue;
    QueueGauges gauges;
    std::int64_t longest_s{0};
};

std::vector<Poll> load_polls(std::string_view run) {
    std::vector<Poll> polls;
    std::istringstream csv{read_fixture(recording_folder(run) / "queue_summary_poll.csv")};
    std::string line;
    std::getline(csv, line);  // names
    while (std::getline(csv, line)) {
        std::vector<std::string> cells;
        std::istringstream row{line};
        for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
        REQUIRE(cells.size() == 8);
        Poll poll;
        poll.at = Wall{std::llround(std::strtod(cells[0].c_str(), nullptr) * 1e6)};
        poll.queue = cells[1];
        poll.gauges.staffed = std::atoll(cells[2].c_str());
        poll.gauges.available = std::atoll(cells[3].c_str());
        poll.gauges.waiting = std::atoll(cells[4].c_str());
        poll.longest_s = std::atoll(cells[7].c_str());
        polls.push_back(poll);
    }
    return polls;
}

/// True if the state at some instant within 10 ms of the row's arrival is the row.
bool agrees(const Poll& poll, const std::vector<Sample>& samples) {
    constexpr std::int64_t slack_us = 10'000;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const bool begins_before = samples[i].from.us <= poll.at.us + slack_us;
        const bool ends_after =
            i + 1 == samples.size() || samples[i + 1].from.us >= poll.at.us - slack_us;
        if (!begins_before || !ends_after) continue;
        const auto found = samples[i].queues.find(poll.queue);
        if (found == samples[i].queues.end()) continue;
        const QueueGauges& got = found->second;
        if (got.waiting != poll.gauges.waiting || got.staffed != poll.gauges.staffed ||
            got.available != poll.gauges.available)
            continue;
        const double longest_s =
            got.oldest_us == 0 ? 0 : static_cast<double>(poll.at.us - got.oldest_us) / 1e6;
        if (std::abs(longest_s - static_cast<double>(poll.longest_s)) <= 1.0) return true;
    }
    return false;
}

/// The state in force at `at`.
const Sample* sample_at(const std::vector<Sample>& samples, Wall at) {
    const auto after = std::upper_bound(
        samples.begin(), samples.end(), at, [](Wall t, const Sample& s) { return t < s.from; }
    );
    return after == samples.begin() ? nullptr : &*std::prev(after);
}

/// The same gauges; a join known only from a snapshot is known to the second.
bool same(const Sample& a, const Sample& b) {
    return std::equal(
        a.queues.begin(),
        a.queues.end(),
        b.queues.begin(),
        b.queues.end(),
        [](const auto& x, const auto& y) {
            const auto [p, q] = std::pair{x.second, y.second};
            return x.first == y.first && p.waiting == q.waiting && p.staffed == q.staffed &&
                   p.available == q.available && std::abs(p.oldest_us - q.oldest_us) <= 1'000'000;
        }
    );
}

std::string words_of(const Sample& sample) {
    std::string out = format_rfc3339(sample.from);
    for (const auto& [name, g] : sample.queues)
        out += fmt::format(" {} {}/{}/{}/{}", name, g.waiting, g.staffed, g.available, g.oldest_us);
    return out;
}

}  // namespace

TEST_CASE("ami: every count of the recordings, exits settled by the dialplan") {
    for (const char* run : {"16-basic", "22-basic"}) {
        CAPTURE(std::string{run});
        const auto truth = load_truth(run);
        const Recording recording = load_recording(run, "observer");
        VirtualReplay replay{replay_rules(truth, false), recording.snapshot_ids().at(0), false};
        replay.run(recording);
        replay.wait(5s);
        CHECK(replay.exits_known());
        for (const auto& [name, row] : truth) check_queue(name, row, replay.view(), true);
        CHECK(identity_holds(replay.view()));
        CHECK(refused(replay.view()) == 6);  // the seventh was sent to a queue that does not exist
        CHECK(
            replay.bad() ==
            std::map<std::string, std::size_t>{
                {"unknown_queue", 1}
        }
        );
        CHECK(replay.rejected(acd::Reject::unknown_call) == 0);
    }
}

TEST_CASE("ami: every count of the recordings without class dialplan") {
    for (const char* run : {"16-basic", "22-basic"}) {
        CAPTURE(std::string{run});
        const auto truth = load_truth(run);
        VirtualReplay replay{replay_rules(truth, true), "", false};
        replay.run(load_recording(run, "agentclass"));
        replay.wait(5s);
        CHECK_FALSE(replay.exits_known());
        for (const auto& [name, row] : truth) check_queue(name, row, replay.view(), false);
        CHECK(identity_holds(replay.view()));
        CHECK(refused(replay.view()) == 0);
        CHECK(replay.bad().empty());
    }
}

TEST_CASE("ami: every count and every gauge of the surge") {
    const auto truth = load_truth("22-surge");
    const Recording recording = load_recording("22-surge", "observer");
    VirtualReplay replay{replay_rules(truth, false), recording.snapshot_ids().at(0), false};
    replay.run(recording);
    replay.wait(5s);
    for (const auto& [name, row] : truth) check_queue(name, row, replay.view(), false);
    CHECK(identity_holds(replay.view()));
    CHECK(replay.bad().empty());
    CHECK(replay.rejected(acd::Reject::unknown_call) == 0);
    const auto polls = load_polls("22-surge");
    REQUIRE(polls.size() > 700);
    std::size_t wrong = 0;
    for (const Poll& poll : polls) {
        if (agrees(poll, replay.samples())) continue;
        ++wrong;
        const Sample* near = sample_at(replay.samples(), poll.at);
        REQUIRE(near != nullptr);
        const QueueGauges got = near->queues.at(poll.queue);
        MESSAGE(fmt::format(
            "{} at {}: polled waiting {} staffed {} available {} longest {}; here {} {} {}",
            poll.queue,
            format_rfc3339(poll.at),
            poll.gauges.waiting,
            poll.gauges.staffed,
            poll.gauges.available,
            poll.longest_s,
            got.waiting,
            got.staffed,
            got.available
        ));
    }
    CHECK(wrong == 0);
}

TEST_CASE("ami: late start from any snapshot") {
    struct Row {
        const char *run, *asks;  // the connection with the snapshots; the observer has the events
        std::size_t snapshots;
    };
    const Row rows[] = {
        {"16-basic", "observer", 1 },
        {"22-basic", "observer", 1 },
        {"22-surge", "observer", 2 },
        {"22-surge", "poller",   50},
    };
    for (const Row& row : rows) {
        const auto truth = load_truth(row.run);
        const auto rules = replay_rules(truth, false);
        const Recording observer = load_recording(row.run, "observer");
        const Recording asks = load_recording(row.run, row.asks);
        std::vector<const Recording*> connections{&observer};
        if (std::string_view{row.asks} != "observer") connections.push_back(&asks);
        VirtualReplay whole{rules, observer.snapshot_ids().at(0), false};
        whole.run(observer);
        whole.wait(5s);
        const auto ids = asks.snapshot_ids();
        CHECK(ids.size() >= row.snapshots);
        for (const std::string& id : ids) {
            CAPTURE(std::string{row.run});
            CAPTURE(id);
            VirtualReplay late{rules, id, true};
            late.run(connections);
            late.wait(5s);
            REQUIRE(late.snapshot_done() != Wall{});
            CHECK(late.rejected(acd::Reject::unknown_call) == 0);
            CHECK(identity_holds(late.view()));
            // The same gauges from the snapshot on; two connections may differ by milliseconds.
            std::size_t wrong = 0;
            for (const Sample& sample : whole.samples()) {
                if (sample.from.us < late.snapshot_done().us + 10'000) continue;
                const Sample* want = sample_at(whole.samples(), sample.from);
                const Sample* got = sample_at(late.samples(), sample.from);
                REQUIRE(want != nullptr);
                REQUIRE(got != nullptr);
                if (same(*got, *want)) continue;
                if (++wrong == 1) MESSAGE(words_of(*got) << " | " << words_of(*want));
            }
            CHECK(wrong == 0);
        }
    }
}
