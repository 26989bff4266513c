#include "io/source/told_state.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io;

TEST_CASE("source state: news once, and since when only where up and down change") {
    ToldState told{"not asked yet"};
    CHECK_FALSE(told.is_news(false, "not asked yet"));
    CHECK(told.is_news(false, "refused"));
    CHECK_FALSE(told.is_news(false, "refused"));
    const Wall down_since = told.since();
    CHECK(told.is_news(true, "refused"));  // up, whatever the words
    CHECK(told.up());
    CHECK(told.since() >= down_since);
    const Wall up_since = told.since();
    CHECK(told.is_news(true, "fine"));
    CHECK(told.since() == up_since);
    CHECK(told.words() == "fine");
}
