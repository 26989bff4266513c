#include "core/acd/floor.hpp"
#include "io/source/esl/frame.hpp"
#include "io/source/esl/picture.hpp"
#include "io/source/esl/values.hpp"
#include "support/esl_recording.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::test;
using acd::ExitReason;
using board::Kpi;
using io::esl::Table;

namespace {

/// The recorded run, as its frames and the answers to a second connection arrived.
struct Run {
    Run() {
        io::esl::Framer framer;
        for (const Chunk& chunk : load_esl_recording("plain").chunks) {
            if (!chunk.from_server) continue;
            framer.push(chunk.bytes);
            while (framer.next() == io::esl::Found::frame)
                if (framer.frame().content_type() == "text/event-plain")
                    events.push_back({chunk.at, std::string{framer.frame().body()}});
        }
        for (EslAnswer& answer : esl_answers("control"))
            if (answer.command.starts_with("api callcenter_config")) {
                answer.command.erase(0, 22);
                answers.push_back(std::move(answer));
            }
        floor.load(plan::RuleSet{}, {}, Instant{Micros{events.front().at.us}} - 10s);
        floor.source_up("fs-1", true);
    }
    [[nodiscard]] Table table(std::string_view command, std::size_t nth) const {
        for (const EslAnswer& answer : answers)
            if (answer.command == command && nth-- == 0)
                return *Table::parse(answer.text, "contact");
        FAIL("not recorded: ", command);
        return *Table::parse("+OK\n", "");
    }
    /// Events up to this time of arrival.
    void play_until(Wall until) {
        for (; next < events.size() && events[next].at <= until; ++next) {
            REQUIRE(event.read_plain(events[next].body));
            acd::Batch batch;
            const auto decoded = picture.apply(event, batch);
            CHECK(decoded.meaning == io::esl::Meaning::center);
            CHECK(decoded.reason.empty());
            apply(batch, events[next].at);
        }
        floor.advance(std::max(floor.now(), Instant{Micros{until.us}}));
    }
    void poll(std::size_t members_nth) {
        acd::Batch batch;
        picture.begin_poll();
        picture.queues(table("queue list", 0), batch);
        picture.agents(table("agent list", 0), batch);
        picture.tiers(table("tier list", 0), batch);
        picture.members(
            "support@default", table("queue list members support@default", members_nth), batch
        );
        picture.end_poll(batch);
        apply(batch, events.front().at);
    }
    void apply(const acd::Batch& batch, Wall at) {
        floor.advance(std::max(floor.now(), Instant{Micros{at.us}}));
        if (batch.empty()) return;
        const auto applied = floor.apply(batch, "fs-1", Micros{0});
        CHECK(applied.rejected.empty());
    }
    [[nodiscard]] const board::Totals& totals(const std::string& queue) const {
        return floor.view().totals(*floor.view().find(queue + "@default"));
    }
    [[nodiscard]] double value(const std::string& queue, Kpi kpi) const {
        board::Measure measure;
        measure.kpi = kpi;
        measure.window = board::Window::now;
        return floor.view().value(*floor.view().find(queue + "@default"), measure)->value();
    }
    [[nodiscard]] Wall answered_at(std::string_view command, std::size_t nth) const {
        for (const EslAnswer& answer : answers)
            if (answer.command == command && nth-- == 0) return answer.at;
        return {};
    }

    struct Arrived {
        Wall at;
        std::string body;
    };
    std::vector<Arrived> events;
    std::vector<EslAnswer> answers;
    std::size_t next{0};
    io::esl::Event event;
    io::esl::Picture picture{nullptr};
    acd::Floor floor;
};

constexpr Wall end{1'795'454'400'000'000};

}  // namespace

TEST_CASE("esl recording: every count, per queue") {
    Run run;
    run.poll(0);
    run.play_until(end);
    struct Row {
        const char* queue;
        std::uint64_t offered, answered, in_target, abandoned, timeout, empty, completed;
        double wait_s, wait_max_s, talk_s;
    };
    const Row rows[] = {
        {"support", 18, 11, 9, 7, 0, 0, 11, 114.84, 22.76, 163.68},
        {"sales",   3,  1,  1, 1, 1, 0, 1,  17.12,  19.52, 12.22 },
        {"empty",   2,  0,  0, 1, 0, 1, 0,  0,      10.52, 0     },
    };
    const auto near = [](Micros span, double seconds) {
        return std::abs(static_cast<double>(span.count()) - seconds * 1e6) < 10'000;
    };
    for (const Row& row : rows) {
        CAPTURE(std::string{row.queue});
        const board::Totals& t = run.totals(row.queue);
        CHECK(t.offered == row.offered);
        CHECK(t.answered == row.answered);
        CHECK(t.answered_in_target == row.in_target);
        CHECK(t.abandoned == row.abandoned);
        CHECK(t.exited[static_cast<std::size_t>(ExitReason::timeout)] == row.timeout);
        CHECK(t.exited[static_cast<std::size_t>(ExitReason::empty)] == row.empty);
        CHECK(t.exited[static_cast<std::size_t>(ExitReason::unknown)] == 0);
        CHECK(t.completed == row.completed);
        CHECK(t.transferred == 0);
        CHECK(near(t.wait_sum, row.wait_s));
        CHECK(near(t.wait_max, row.wait_max_s));
        CHECK(near(t.talk_sum, row.talk_s));
        CHECK(run.value(row.queue, Kpi::calls_waiting) == 0);
    }
    CHECK(run.picture.waiting() == 0);
}

TEST_CASE("esl recording: polls that are answered with an old table change no count") {
    Run run;
    run.poll(0);
    for (const std::int64_t s : {30, 60, 90}) {
        run.play_until(Wall{run.events.front().at.us + s * 1'000'000});
        run.poll(0);
    }
    run.play_until(end);
    const board::Totals& t = run.totals("support");
    CHECK(t.offered == 18);
    CHECK(t.answered == 11);
    CHECK(t.abandoned == 7);
    CHECK(t.completed == 11);
    CHECK(t.exited[static_cast<std::size_t>(ExitReason::unknown)] == 0);
}

TEST_CASE("esl recording: the gauges agree with the switch's own tables") {
    Run run;
    run.poll(0);
    const char* members = "queue list members support@default";
    for (const std::size_t nth : {1U, 2U}) {
        CAPTURE(nth);
        run.play_until(run.answered_at(members, nth));
        double waiting = 0;
        run.table(members, nth).for_each([&](const Table::Row& row) {
            const auto state = row.get("state");
            if (state == "Waiting" || state == "Trying") ++waiting;
        });
        CHECK(waiting > 1);
        CHECK(run.value("support", Kpi::calls_waiting) == waiting);
        if (nth != 1) continue;
        double available = 0, busy = 0;
        run.table("agent list", 1).for_each([&](const Table::Row& row) {
            if (row.get("name") == "401@default") return;  // serves sales alone
            if (row.get("state") == "Waiting") ++available;
            if (row.get("state") == "In a queue call") ++busy;
        });
        CHECK(run.value("support", Kpi::agents_available) == available);
        CHECK(run.value("support", Kpi::agents_busy) == busy);
    }
}

TEST_CASE("esl recording: a late start from either recorded table gives the same gauges") {
    for (const std::size_t nth : {1U, 2U}) {
        CAPTURE(nth);
        Run run;
        const Wall at = run.answered_at("queue list members support@default", nth);
        while (run.next < run.events.size() && run.events[run.next].at <= at) ++run.next;
        run.poll(nth);
        const double waiting = run.value("support", Kpi::calls_waiting);
        CHECK(waiting == (nth == 1 ? 2 : 3));
        run.play_until(end);
        const board::Totals& t = run.totals("support");
        CHECK(t.offered == t.answered + t.abandoned);
        CHECK(t.completed == (nth == 1 ? 10 : 7));  // the calls that were over later
        CHECK(t.answered == (nth == 1 ? 8 : 4));
        CHECK(run.value("support", Kpi::calls_waiting) == 0);
    }
}
