#include "base/nearest.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <vector>

using namespace surged;

TEST_CASE("base: the nearest word is a help, not a guess") {
    const std::vector<std::string_view> keys{"port", "host", "secret_file", "stale_after", "type"};
    struct Row {
        const char* word;
        const char* want;
    };
    const Row rows[] = {
        {"prot",        "port"       },
        {"Port",        "port"       },
        {"secret-file", "secret_file"},
        {"secret",      "secret_file"},
        {"stale_afer",  "stale_after"},
        {"x",           ""           },
        {"colour",      ""           },
        {"post",        ""           },
        {"",            ""           },
    };
    for (const Row& row : rows) {
        CAPTURE(row.word);
        CHECK(nearest(row.word, keys) == row.want);
    }
    CHECK(nearest(std::string(100'000, 'a'), keys) == "");
}

TEST_CASE("base: where no word is near, those that have it as a part") {
    const std::vector<std::string_view> names{
        "calls_waiting", "waiting_per_agent", "longest_wait", "wait_p50", "wait_p90", "wait_p99"
    };
    CHECK(nearest("waiting", names) == "calls_waiting or waiting_per_agent");
    CHECK(nearest("longest", names) == "longest_wait");
    CHECK(nearest("wait", names) == "");  // of too many
    CHECK(nearest("per-agent", names) == "");
}
