#include "app/last_bad.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace surged;

TEST_CASE("bad records: a feed that is wrong at every turn hides no other") {
    std::vector<io::BadSeen> last;
    app::keep_bad(last, {"acd: bad_frame", "half a line"});
    for (int i = 0; i < 50; ++i) app::keep_bad(last, {"crm: no_json", std::to_string(i)});
    REQUIRE(last.size() == 4);
    CHECK(last.front().what == "acd: bad_frame");
    CHECK(last.back().excerpt == "49");
    for (int i = 0; i < 50; ++i) {
        app::keep_bad(last, {"crm: reason " + std::to_string(i % 9), std::to_string(i)});
        CHECK(last.front().what == "acd: bad_frame");
    }
    CHECK(last.size() == 10);
    CHECK(last.back().excerpt == "49");
    for (int i = 0; i < 50; ++i) app::keep_bad(last, {"feed-" + std::to_string(i) + ": x", ""});
    CHECK(last.size() == 10);
    CHECK(last.back().what == "feed-49: x");
}
