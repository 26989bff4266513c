// The program itself: how it ends when a world fails, and that it finds the shortest one that does.
#include "places.hpp"
#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <vector>

using namespace surged;
using namespace std::chrono_literals;

namespace {

struct Ended {
    std::optional<int> code;
    std::string told;
    [[nodiscard]] bool tells(const std::string& text) const {
        return told.find(text) != std::string::npos;
    }
};

Ended run_worlds(std::vector<std::string> words) {
    const test::TempFolder folder;
    words.insert(words.begin(), SURGED_BINARY_DIR "/tests/worlds");
    test::Process process{words, folder.path() + "/err"};
    Ended out;
    while (const auto line = process.line(120s)) out.told += *line + "\n";
    out.code = process.wait(10s);
    return out;
}

}  // namespace

TEST_CASE("worlds: crash, wrong and stuck end it with codes of their own, and name the world") {
    const auto crash =
        run_worlds({"--seed", "5", "--days", "1", "--plant", "crash", "--plant-at", "200"});
    CHECK(crash.code == 10);
    CHECK(crash.tells("world 5: CRASHED\n  again: worlds --world 5 --days 1"));
    const auto wrong =
        run_worlds({"--seed", "5", "--days", "1", "--plant", "wrong", "--plant-at", "200"});
    CHECK(wrong.code == 11);
    CHECK(wrong.tells("world 5: WRONG: planted: a mistake\n  at step 200"));
    const auto stuck = run_worlds(
        {"--seed", "5", "--days", "1", "--plant", "stuck", "--plant-at", "200", "--patience", "3"}
    );
    CHECK(stuck.code == 12);
    CHECK(stuck.tells("world 5: STUCK: no end\n  again: worlds --world 5 --days 1"));
}

TEST_CASE("worlds: the shortest prefix that fails is found, and one step less holds") {
    const std::vector<std::string> failing{
        "--world", "5", "--days", "1", "--plant", "wrong", "--plant-at", "37", "--patience", "60"
    };
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), failing.begin(), failing.end());
        return run_worlds(more);
    };
    const auto shrunk = with({"--shrink"});
    CHECK(shrunk.code == 11);
    CHECK(shrunk.tells("shortest: worlds --world 5 --days 1 --until 37\n"));
    CHECK(with({"--until", "37"}).code == 11);
    CHECK(with({"--until", "36"}).code == 0);
}
