#include "app/cli/site_time.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::app;

TEST_CASE("surgectl: a time is taken as it is written, and as it is shown") {
    const plan::Zone zone{"Asia/Shanghai", {{Wall{0}, 8 * 3600}}};
    const Wall at{1'795'764'130'000'000};  // 2026-11-27 07:22:10 UTC
    for (const char* text :
         {"2026-11-27 15:22:10",
          "2026-11-27T07:22:10Z",
          "2026-11-27 07:22:10Z",
          "2026-11-27T15:22:10+08:00"})
        CHECK_MESSAGE(cli::site_time(text, zone).value() == at, text);
    CHECK(cli::site_time("2026-11-27 15:22", zone).value() == Wall{at.us - 10'000'000});
    CHECK(cli::local_time("2026-11-27", zone).has_value());
    for (const char* text :
         {"",
          "soon",
          "2026-11-27 15:22:60",
          "2026-11-27 15:22-10",
          "2026-11-27 15:22:1x",
          "2026-11-31 15:22:10"})
        CHECK_MESSAGE(!cli::site_time(text, zone).has_value(), text);
}
