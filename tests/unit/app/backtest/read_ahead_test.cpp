#include "app/backtest/read_ahead.hpp"

#include "app/backtest/blocks.hpp"
#include "support/packed.hpp"
#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace surged;
using namespace surged::app::backtest;

namespace {

/// Heartbeats a second apart, some dozen blocks of them.
struct LongHistory {
    test::TempFolder folder;
    std::string path = folder.path() + "/events.ndjson";
    std::size_t lines{0};

    LongHistory() {
        std::ofstream out{path};
        const std::string filler(200, 'x');
        for (std::size_t bytes = 0; bytes < 12 * block_bytes; ++lines) {
            const std::string line = fmt::format(
                R"({{"ts":{},"type":"heartbeat","x":"{}"}})"
                "\n",
                1'763'900'000 + lines,
                filler
            );
            bytes += line.size();
            out << line;
        }
    }
    [[nodiscard]] History open() const {
        return History::open({path}, {"hz", "history", {}}).value();
    }
};

}  // namespace

TEST_CASE("backtest: what is read ahead comes in order, and all of it") {
    const LongHistory events;
    History history = events.open();
    std::vector<Instant> seen;
    REQUIRE(read_ahead(history, [&](engine::Input&& input) { seen.push_back(input.instant); }));
    REQUIRE(seen.size() == events.lines);
    for (std::size_t i = 1; i < seen.size(); ++i) CHECK((seen[i] - seen[i - 1]) == Micros{1s});
    CHECK(history.reading().events == events.lines);
}

TEST_CASE("backtest: who takes may throw in the midst of what is read ahead") {
    const LongHistory events;
    History history = events.open();
    std::size_t taken = 0;
    // As early as that the reader goes on, and later it waits for room.
    for (const auto wait : {0ms, 200ms}) {
        const auto third = [&](engine::Input&&) {
            if (++taken % 3 != 0) return;
            std::this_thread::sleep_for(wait);
            throw std::runtime_error{"enough"};
        };
        CHECK_THROWS_WITH(static_cast<void>(read_ahead(history, third)), "enough");
        history = events.open();
    }
    CHECK(taken == 6);
}

TEST_CASE("backtest: a file that breaks off is taken as far as it goes, then told of") {
    const LongHistory events;
    std::ifstream whole{events.path};
    const std::string text{std::istreambuf_iterator<char>{whole}, {}};
    const std::string packed = test::gzipped(text);
    const std::string path = events.folder.path() + "/events.gz";
    std::ofstream{path} << packed.substr(0, packed.size() / 2);
    auto history = History::open({path}, {"hz", "history", {}}).value();
    std::size_t taken = 0;
    const auto done = read_ahead(history, [&](engine::Input&&) { ++taken; });
    REQUIRE_FALSE(done);
    CHECK(done.error().what.find("damaged") != std::string::npos);
    CHECK(taken > 0);
    CHECK(taken < events.lines);
}
