// The client on real files.
#include "io/source/csv/client.hpp"

#include "io/runtime/wall_clock.hpp"
#include "support/ami_fake.hpp"
#include "support/ami_sink.hpp"
#include "support/temp_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <string>

using namespace surged;
using namespace surged::test;
using io::csv::Client;
using io::csv::ClientOptions;
namespace net = boost::asio;

namespace {

constexpr auto patience = std::chrono::milliseconds{10'000};

struct Rig {
    TempFolder folder;
    net::io_context context;
    KeepingSink sink;
    std::optional<Client> client;
    bool finished{true};
    std::string path{folder.path() + "/table.csv"};

    void start(ClientOptions options) {
        options.name = "table";
        options.path = path;
        options.poll = 10ms;
        options.zone = [] { return plan::Zone{"UTC", {{Wall{0}, 0}}}; };
        client.emplace(context.get_executor(), std::move(options), sink);
        finished = false;
        net::co_spawn(context, client->run(), [this](std::exception_ptr e) {
            CHECK_FALSE(e);
            finished = true;
        });
    }
    ~Rig() {
        client->stop();
        CHECK(until([this] { return finished; }));
    }
    /// As a careful writer does it.
    void write(const std::string& text) const {
        std::ofstream{path + ".new", std::ios::binary} << text;
        std::filesystem::rename(path + ".new", path);
    }
    bool until(const std::function<bool()>& done) { return run_until(context, patience, done); }
    bool until_state(bool up, std::string_view words) {
        return until([&] {
            return !sink.states.empty() && sink.states.back().up == up &&
                   sink.states.back().detail.find(words) != std::string::npos;
        });
    }
    [[nodiscard]] double heads() const {
        double out = -1;
        for (const acd::Batch& batch : sink.batches)
            batch.for_each([&](std::size_t, const acd::Event& e) { out = e.value; });
        return out;
    }
};

std::string staffing(int heads) {
    const std::int64_t now = io::wall_now().us;
    const auto at = [&](std::int64_t hours) {
        return format_rfc3339(Wall{now + hours * 3'600'000'000});
    };
    return fmt::format("queue,from,to,agents\nsales,{},{},{}\n", at(-1), at(1), heads);
}

}  // namespace

TEST_CASE("csv: a table is read again when it changes; a wrong one is refused and the old one stays"
) {
    Rig rig;
    rig.start({});
    REQUIRE(rig.until_state(false, "waiting for " + rig.path + ": there is no such file"));
    rig.write(staffing(12));
    REQUIRE(rig.until_state(true, "1 rows, read at "));
    REQUIRE(rig.until([&] { return rig.heads() == 12; }));
    rig.write(staffing(13));
    REQUIRE(rig.until([&] { return rig.heads() == 13; }));
    rig.write("queue,from,to,agents\nsales,soon,,x\n\xca\xdb,,\n");
    REQUIRE(rig.until_state(
        false, rig.path + ":2:7: from: \"soon\" is no time; expected one such as 2026-11-23 08:30; "
    ));
    const std::string& words = rig.sink.states.back().detail;
    CHECK(words.find(":2:13: agents: \"x\" is no whole number") != std::string::npos);
    CHECK(words.find(":3:1: not UTF-8 (GB18030?)") != std::string::npos);
    CHECK(words.ends_with("; what it said before stays"));
    CHECK(rig.sink.bad_count("table") == 3);
    CHECK(rig.heads() == 13);
    rig.write(staffing(14));
    REQUIRE(rig.until_state(true, "1 rows"));
    CHECK(rig.until([&] { return rig.heads() == 14; }));
    std::filesystem::remove(rig.path);
    REQUIRE(rig.until_state(false, "there is no such file"));
    rig.write("");
    REQUIRE(rig.until_state(false, ":1:1: the file is empty"));
    CHECK(rig.client->status().type == "csv");
}

TEST_CASE("csv: of the plan of the day all is told that is not over, whenever it changes") {
    Rig rig;
    const std::int64_t now = io::wall_now().us;
    const auto row = [&](std::int64_t hours) {
        return fmt::format("sales,{},10\n", format_rfc3339(Wall{now + hours * 3'600'000'000}));
    };
    rig.write("queue,from,offered\n" + row(-30) + row(0) + row(1));
    ClientOptions options;
    options.kind = io::csv::Kind::plan;
    rig.start(options);
    REQUIRE(rig.until_state(true, "3 rows"));
    CHECK(rig.sink.count(acd::EventType::expected) == 2);
    rig.write("queue,from,offered\n" + row(1));
    CHECK(rig.until([&] { return rig.sink.count(acd::EventType::expected) == 3; }));
}

TEST_CASE("csv: work orders are told once, in batches; a file that is not renewed is lost") {
    Rig rig;
    std::string text = "ticket,queue,opened\n";
    const std::string at = format_rfc3339(Wall{io::wall_now().us - 60'000'000});
    for (int i = 0; i < 1200; ++i) text += fmt::format("T-{},sales,{}\n", i, at);
    rig.write(text);
    ClientOptions options;
    options.kind = io::csv::Kind::complaints;
    options.stale_after = 400ms;
    int held = 3;
    options.hold_back = [&held] { return held-- > 0; };
    rig.start(options);
    REQUIRE(rig.until([&] { return rig.sink.count(acd::EventType::complaint) == 1200; }));
    CHECK(rig.sink.batches.size() == 3);
    CHECK(held < 0);
    REQUIRE(rig.until_state(false, "was not written for 400ms"));
    rig.write(text + fmt::format("T-x,sales,{}\n", at));
    REQUIRE(rig.until_state(true, "1201 rows, 1201 open, read at "));
    CHECK(rig.sink.count(acd::EventType::complaint) == 1201);
}
