// The client on real files, and on files in memory where a real one cannot be made to fail.
#include "io/source/queue_log/client.hpp"

#include "io/runtime/wall_clock.hpp"
#include "support/ami_fake.hpp"
#include "support/ami_sink.hpp"
#include "support/memory_files.hpp"
#include "support/temp_folder.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::test;
using io::queue_log::Client;
using io::queue_log::ClientOptions;
namespace net = boost::asio;

namespace {

constexpr auto patience = std::chrono::milliseconds{10'000};

std::string now_s() { return std::to_string(io::wall_now().us / 1'000'000); }
std::string entered(const std::string& call) {
    return now_s() + "|" + call + "|sales|NONE|ENTERQUEUE||13800138000|1\n";
}

struct Rig {
    TempFolder folder;
    net::io_context context;
    std::unique_ptr<KeepingSink> sink{std::make_unique<KeepingSink>()};
    std::optional<Client> client;
    bool finished{true};
    std::string path{folder.path() + "/queue_log"};

    ~Rig() { stop(); }
    void start(ClientOptions options = {}, std::unique_ptr<io::queue_log::Files> files = nullptr) {
        options.name = "log-1";
        if (options.path.empty()) options.path = path;
        if (!files) files = std::make_unique<io::queue_log::PosixFiles>();
        client.emplace(context.get_executor(), std::move(options), std::move(files), *sink);
        finished = false;
        net::co_spawn(context, client->run(), [this](std::exception_ptr e) {
            CHECK_FALSE(e);
            finished = true;
        });
    }
    void stop() {
        if (finished) return;
        client->stop();
        CHECK(run_until(context, patience, [this] { return finished; }));
    }
    void write(const std::string& text) const {
        std::ofstream{path, std::ios::binary | std::ios::app} << text;
    }
    bool until(const std::function<bool()>& done) { return run_until(context, patience, done); }
    bool until_up() {
        return until([&] { return !sink->states.empty() && sink->states.back().up; });
    }
    [[nodiscard]] std::size_t offers() const { return sink->count(acd::EventType::offered); }
    /// The newest cursor that was told, as the state would keep it.
    [[nodiscard]] std::string cursor() const {
        std::string out;
        for (const acd::Batch& batch : sink->batches)
            batch.for_each([&](std::size_t, const acd::Event& e) {
                if (!e.cursor.empty()) out = e.cursor;
            });
        return out;
    }
};

}  // namespace

TEST_CASE("queue_log: what is there is read before it is up, and what comes after") {
    Rig rig;
    rig.write(entered("1") + entered("2"));
    std::size_t known_when_up = 0;
    rig.sink->on_change = [&] {
        if (rig.sink->states.empty()) known_when_up = rig.offers();
    };
    bool settled = false;
    rig.start();
    rig.client->when_settled([&] { settled = true; });
    CHECK(rig.client->status().detail == "not read yet");
    REQUIRE(rig.until_up());
    CHECK(known_when_up == 2);
    CHECK(settled);
    REQUIRE(rig.sink->states.size() == 1);
    CHECK(rig.sink->states[0].exits_known);
    CHECK(rig.sink->states[0].detail == "following " + rig.path);
    // No wait for the next look: the system tells.
    rig.write(entered("3"));
    REQUIRE(rig.until([&] { return rig.offers() == 3; }));
    const io::SourceStatus status = rig.client->status();
    CHECK(status.up);
    CHECK(status.type == "queue_log");
    CHECK(
        status.detail ==
        fmt::format("following {} at byte {}", rig.path, std::filesystem::file_size(rig.path))
    );
    // Rotated, as `logger rotate` does it.
    std::filesystem::rename(rig.path, rig.path + ".0");
    rig.write(now_s() + "|NONE|NONE|NONE|CONFIGRELOAD|\n" + entered("4"));
    REQUIRE(rig.until([&] { return rig.offers() == 4; }));
    CHECK(rig.sink->states.size() == 1);
    CHECK(rig.sink->bad.empty());
}

TEST_CASE("queue_log: a restart goes on behind the last line that was told") {
    Rig rig;
    rig.write(entered("1"));
    rig.write(
        now_s() + "|1|sales|Erin|CONNECT|0|1.1|1\n" + now_s() + "|NONE|sales|Erin|PAUSE|tea\n"
    );
    rig.start();
    REQUIRE(rig.until_up());
    const std::string cursor = rig.cursor();
    CHECK_FALSE(cursor.empty());
    rig.stop();
    rig.sink = std::make_unique<KeepingSink>();
    rig.write(now_s() + "|1|sales|Erin|COMPLETEAGENT|0|5|1\n");
    std::filesystem::rename(rig.path, rig.path + ".0");
    rig.write(entered("2") + now_s() + "|NONE|sales|Erin|UNPAUSE|\n");
    ClientOptions options;
    options.cursor = cursor;
    rig.start(options);
    REQUIRE(rig.until_up());
    CHECK(rig.offers() == 1);
    CHECK(rig.sink->count(acd::EventType::completed) == 1);
    CHECK(rig.sink->count(acd::EventType::answered) == 0);
    // Who paused before the stop is still known to pause: one change, at the end of the pause.
    CHECK(rig.sink->count(acd::EventType::agent_state) == 1);
    CHECK(rig.sink->bad.empty());
}

TEST_CASE("queue_log: where reading begins is told before anything is read") {
    Rig rig;
    rig.write(entered("old"));
    ClientOptions options;
    options.from_end = true;
    rig.start(options);
    REQUIRE(rig.until_up());
    CHECK(rig.offers() == 0);
    const std::string cursor = rig.cursor();
    REQUIRE_FALSE(cursor.empty());
    rig.stop();
    rig.write(entered("new"));  // while nobody listened
    options.cursor = cursor;
    rig.start(options);
    REQUIRE(rig.until([&] { return rig.offers() == 1; }));
}

TEST_CASE("queue_log: a file that is not there is waited for, and that is said once") {
    Rig rig;
    ClientOptions options;
    options.poll = 5ms;
    rig.start(options);
    REQUIRE(rig.until([&] { return !rig.sink->states.empty(); }));
    run_until(rig.context, std::chrono::milliseconds{60}, [] { return false; });
    REQUIRE(rig.sink->states.size() == 1);
    CHECK_FALSE(rig.sink->states[0].up);
    CHECK(rig.sink->states[0].detail == "waiting for " + rig.path + ": there is no such file");
    rig.write(entered("1"));
    REQUIRE(rig.until_up());
    CHECK(rig.offers() == 1);
}

TEST_CASE("queue_log: what cannot be read is said in words, once, until it can") {
    Rig rig;
    auto files = std::make_unique<MemoryFiles>();
    MemoryFiles& log = *files;
    log.write("/log", entered("1"));
    log.deny("/log");
    ClientOptions options;
    options.path = "/log";
    options.poll = 5ms;
    rig.start(options, std::move(files));
    bool settled = false;
    rig.client->when_settled([&] { settled = true; });
    REQUIRE(rig.until([&] { return settled; }));
    run_until(rig.context, std::chrono::milliseconds{60}, [] { return false; });
    REQUIRE(rig.sink->states.size() == 1);
    CHECK(rig.sink->states[0].detail == "cannot read /log: Permission denied");
    CHECK(rig.client->status().detail == "cannot read /log: Permission denied");
    CHECK_FALSE(rig.client->status().up);
    log.allow("/log");
    REQUIRE(rig.until_up());
    CHECK(rig.offers() == 1);
    log.break_disk(true);
    REQUIRE(rig.until([&] { return rig.sink->states.size() == 3; }));
    CHECK(rig.sink->states[2].detail == "cannot read /log: Input/output error");
    log.break_disk(false);
    log.write("/log", entered("2"));
    REQUIRE(rig.until([&] { return rig.sink->states.size() == 4; }));
    CHECK(rig.offers() == 2);
}

TEST_CASE("queue_log: a folder in place of a log") {
    Rig rig;
    ClientOptions options;
    options.path = rig.folder.path();
    rig.start(options);
    REQUIRE(rig.until([&] { return !rig.sink->states.empty(); }));
    CHECK(rig.sink->states[0].detail == "cannot read " + rig.folder.path() + ": it is not a file");
}

TEST_CASE("queue_log: a companion tells how callers leave at once, the rest when others have") {
    Rig rig;
    rig.write(entered("1"));
    ClientOptions options;
    options.companion = true;
    options.companion_delay = 1500ms;
    rig.start(options);
    REQUIRE(rig.until_up());
    CHECK(rig.offers() == 1);  // the first reading counts at once
    const std::string before = rig.cursor();
    rig.write(now_s() + "|1|sales|NONE|EXITWITHTIMEOUT|1|1|0\n");
    REQUIRE(rig.until([&] { return rig.sink->count(acd::EventType::settled) == 1; }));
    CHECK(rig.sink->count(acd::EventType::exited) == 0);
    CHECK(rig.cursor() == before);  // a kill now, and the line is read again
    REQUIRE(rig.until([&] { return rig.sink->count(acd::EventType::exited) == 1; }));
    CHECK(rig.cursor() != before);
    CHECK(rig.sink->count(acd::EventType::settled) == 1);
}

TEST_CASE("queue_log: no more is read while the journal is behind") {
    Rig rig;
    rig.write(entered("1"));
    bool behind = true;
    int asked = 0;
    ClientOptions options;
    options.hold_back = [&] {
        ++asked;
        return behind;
    };
    rig.start(options);
    REQUIRE(rig.until([&] { return asked >= 3; }));
    CHECK(rig.sink->batches.empty());
    behind = false;
    REQUIRE(rig.until_up());
    CHECK(rig.offers() == 1);
}

TEST_CASE("queue_log: bad lines are counted by reason and shown without a number") {
    Rig rig;
    rig.write(
        std::string{"\x01\x02 garbage 13800138000\n"} + now_s() +
        "|17.1|sales|NONE|CALLBACK_REQ|13800138000|later\n" + std::string(100'000, 'x') + "\n" +
        entered("1")
    );
    rig.start();
    REQUIRE(rig.until_up());
    CHECK(rig.offers() == 1);
    CHECK(rig.sink->bad_count("not_a_line") == 1);
    CHECK(rig.sink->bad_count("unknown_event") == 1);
    CHECK(rig.sink->bad_count("line_too_long") == 1);
    for (const auto& bad : rig.sink->bad) {
        CAPTURE(bad.excerpt);
        CHECK(bad.excerpt.find("138") == std::string::npos);
        CHECK(bad.excerpt.find("later") == std::string::npos);
    }
}

TEST_CASE("queue_log: a cursor that cannot be read is said, and reading begins anew") {
    Rig rig;
    rig.write(entered("1"));
    ClientOptions options;
    options.cursor = "what?";
    rig.start(options);
    REQUIRE(rig.until_up());
    CHECK(rig.sink->bad_count("bad_cursor") == 1);
    CHECK(rig.offers() == 1);
}

TEST_CASE("queue_log: after stop() nothing is told any more") {
    Rig rig;
    rig.write(entered("1"));
    rig.start();
    REQUIRE(rig.until_up());
    rig.stop();
    const std::size_t told = rig.sink->batches.size();
    rig.write(entered("2"));
    run_until(rig.context, std::chrono::milliseconds{30}, [] { return false; });
    CHECK(rig.sink->batches.size() == told);
}
