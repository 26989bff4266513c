// What a back-test reads: which kind a file is of, order, and what cannot be read.
#include "app/backtest/history.hpp"

#include "base/codec.hpp"
#include "store/worker.hpp"
#include "support/engine_driver.hpp"
#include "support/packed.hpp"
#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <future>

using namespace surged;
using namespace surged::app::backtest;

namespace {

struct Files {
    test::TempFolder folder;
    std::string put(const std::string& name, const std::string& text) const {
        const std::string path = folder.path() + "/" + name;
        std::ofstream{path, std::ios::binary} << text;
        return path;
    }
};

FeedOptions options() {
    FeedOptions out;
    out.site = "hz";
    out.source = "acd";
    out.zone = {"Asia/Shanghai", {{Wall{0}, 8 * 3600}}};
    return out;
}

struct Read {
    std::vector<std::pair<std::int64_t, std::string>> calls;  // second and call of each event
    std::vector<Instant> instants;
    Reading reading;
    std::string error;
};

Read read(const std::vector<std::string>& paths) {
    Read out;
    auto history = History::open(paths, options());
    if (!history) {
        out.error = history.error().what;
        return out;
    }
    for (auto inputs = history->next();; inputs = history->next()) {
        if (!inputs) out.error = inputs.error().what;
        if (!inputs || inputs->empty()) break;
        for (const engine::Input& input : *inputs) {
            out.instants.push_back(input.instant);
            const auto* events = std::get_if<engine::Events>(&input.body);
            if (events == nullptr) continue;
            events->batch.for_each([&](std::size_t, const acd::Event& event) {
                out.calls.emplace_back(event.ts.value_or(Wall{}).us / 1'000'000, event.call);
            });
        }
    }
    out.reading = history->reading();
    CHECK(std::is_sorted(out.instants.begin(), out.instants.end()));
    return out;
}

std::string event(std::int64_t second, const std::string& call) {
    return fmt::format(
        R"({{"ts":{},"type":"offered","queue":"sales","call":"{}"}})"
        "\n",
        second,
        call
    );
}

using Calls = std::vector<std::pair<std::int64_t, std::string>>;

}  // namespace

TEST_CASE("backtest: the first bytes tell what a file is") {
    const Files files;
    const std::string json = event(1794398709, "c-1");
    CHECK(
        read({
                 files.put("a", json)
    })
            .calls == Calls{{1794398709, "c-1"}}
    );
    CHECK(read({files.put("b", "\n  " + json)}).calls.size() == 1);
    CHECK(
        read({
                 files.put("c", "time,event,queue,call\n1794398709,offered,sales,c-1\n")
    })
            .calls == Calls{{1794398709, "c-1"}}
    );
    CHECK(
        read({
                 files.put("d", "1794398709|c-1|sales|NONE|ENTERQUEUE||13800138000|1\n")
    })
            .calls == Calls{{1794398709, "c-1"}}
    );
    CHECK(read({files.put("e", "")}).calls.empty());
    CHECK(read({files.put("f", "hello\n")}).error.find("neither events") != std::string::npos);
    CHECK(read({files.folder.path() + "/none"}).error.find("none: ") != std::string::npos);
}

TEST_CASE("backtest: compressed files are read as what is in them") {
    const Files files;
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += event(1794398709 + i, fmt::format("c-{}", i));
    const auto plain = read({files.put("plain", text)});
    CHECK(plain.calls.size() == 20'000);
    CHECK(read({files.put("a.gz", test::gzipped(text))}).calls == plain.calls);
    CHECK(read({files.put("a.zst", test::zstded(text))}).calls == plain.calls);
    const std::string half = test::gzipped(text).substr(0, 20'000);
    CHECK(read({files.put("half.gz", half)}).error.find("damaged") != std::string::npos);
}

TEST_CASE("backtest: several files are one history in the order of their times") {
    const Files files;
    const auto one = files.put("one", event(1794398709, "c-1") + event(1794398719, "c-3"));
    const auto two = files.put("two", event(1794398714, "c-2") + event(1794398724, "c-4"));
    const auto log = files.put("log", "1794398716|q-1|sales|NONE|ENTERQUEUE||1|1\n");
    const auto got = read({two, log, one});
    CHECK(
        got.calls ==
        Calls{
            {1794398709, "c-1"},
            {1794398714, "c-2"},
            {1794398716, "q-1"},
            {1794398719, "c-3"},
            {1794398724, "c-4"}
    }
    );
    CHECK(got.reading.events == 5);
}

TEST_CASE("backtest: the parts of a rotated log share what is known of its members") {
    const Files files;
    const auto first = files.put("queue_log.2", "1794398709|NONE|sales|PJSIP/1|ADDMEMBER|\n");
    const auto second = files.put(
        "queue_log",
        "1794398719|c-1|sales|NONE|ENTERQUEUE||1|1\n1794398720|c-1|sales|PJSIP/1|CONNECT|1|x|1\n"
    );
    auto history = History::open({second, first}, options());
    REQUIRE(history.has_value());
    std::vector<acd::EventType> types;
    for (auto inputs = history->next(); inputs && !inputs->empty(); inputs = history->next())
        for (const engine::Input& input : *inputs)
            std::get<engine::Events>(input.body)
                .batch.for_each([&](std::size_t, const acd::Event& one) {
                    types.push_back(one.type);
                });
    using T = acd::EventType;
    CHECK(types == std::vector{T::agent_state, T::offered, T::answered, T::agent_state});
}

TEST_CASE("backtest: what happens within a second is one input, and time never falls") {
    const Files files;
    const auto got = read({files.put(
        "a",
        R"({"ts":1794398709.2,"type":"offered","queue":"sales","call":"c-1"})"
        "\n"
        R"({"ts":1794398709.7,"type":"offered","queue":"sales","call":"c-2"})"
        "\n" +
            event(1794398708, "late") + event(1794398711, "c-3")
    )});
    CHECK(
        got.instants ==
        std::vector{Instant{Micros{1'794'398'709'700'000}}, Instant{Micros{1'794'398'711'000'000}}}
    );
    CHECK(got.calls.size() == 4);
}

TEST_CASE("backtest: what stands behind a later time is counted, with the place of that time") {
    const Files files;
    const auto jump = files.put(
        "a", event(1794398709, "c-1") + event(1794404709, "c-2") + event(1794398711, "c-3")
    );
    const auto fine = files.put("b", event(1794398710, "d-1") + event(1794398500, "d-2"));
    const auto got = read({fine, jump});
    CHECK(got.reading.disorder.events == 1);
    CHECK(got.reading.disorder.file == jump);
    CHECK(got.reading.disorder.line == 2);
    CHECK(got.reading.disorder.newest == Wall{1'794'404'709'000'000});
    const auto log = files.put(
        "log",
        "1825934709|q-1|sales|NONE|ENTERQUEUE||1|1\n1794398709|q-2|sales|NONE|ENTERQUEUE||1|1\n"
    );
    const auto rotated = read({log});
    CHECK(rotated.reading.disorder.events == 1);
    CHECK(rotated.reading.disorder.line == 1);
}

TEST_CASE("backtest: unreadable lines are counted by reason and the last few shown") {
    const Files files;
    std::string text;
    for (int i = 0; i < 8; ++i) text += "{broken\n" + event(1794398709 + i, "c");
    text += R"({"ts":1794398720,"type":"offered","queue":"sales"})";
    const auto got = read({files.put("a", text)});
    CHECK(got.calls.size() == 8);
    CHECK(got.reading.lines == 17);
    CHECK(got.reading.bad.total == 9);
    CHECK(got.reading.bad.by_reason.at("json") == 8);
    CHECK(got.reading.bad.by_reason.at("missing_field") == 1);
    REQUIRE(got.reading.bad.newest.size() == BadLines::shown_max);
    const auto log =
        read({files.put("log", "1794398709|c|sales|NONE|ENTERQUEUE||1|1\nnonsense\n")});
    CHECK(log.reading.bad.by_reason.at("not_a_line") == 1);
    CHECK(log.reading.bad.newest.back().line == 2);
}

TEST_CASE("backtest: a journal gives what came in, not what was said to its pages") {
    const Files files;
    test::EngineDriver live;
    live.load(test::small_center());
    live.source_up();
    live.join(5);
    const auto pages = live.sent();
    REQUIRE_FALSE(pages.empty());
    live.accept(pages.front());
    live.step(engine::Acknowledge{pages.front().id, "wang"});
    live.advance(10s);
    store::Options where;
    where.path = files.folder.path();
    {
        auto journal = store::SqliteJournal::open(where);
        REQUIRE(journal.has_value());
        store::Commit commit;
        for (const engine::Input& input : live.inputs) {
            commit.inputs.push_back({input.seq, input.instant, codec::encode(input)});
            commit.last_seq = input.seq;
        }
        std::promise<bool> done;
        (*journal)->append(std::move(commit), [&](const store::Committed& c) {
            done.set_value(c.durable);
        });
        CHECK(done.get_future().get());
    }
    auto history = History::open({files.folder.path() + "/journal.db"}, options());
    REQUIRE(history.has_value());
    CHECK(history->tells_of_sources());
    std::size_t states = 0, events = 0, others = 0;
    for (auto inputs = history->next(); inputs && !inputs->empty(); inputs = history->next())
        for (const engine::Input& input : *inputs) {
            const bool is_state = std::holds_alternative<engine::SourceState>(input.body);
            const bool is_events = std::holds_alternative<engine::Events>(input.body);
            ++(is_state ? states : is_events ? events : others);
        }
    CHECK(states == 1);
    CHECK(events == 5);
    CHECK(others == 0);
    CHECK(history->reading().events == 5);
}
