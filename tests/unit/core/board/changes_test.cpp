#include "core/board/changes.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::board;

TEST_CASE("changes: every figure is made of something, few of everything") {
    for (const KpiInfo& info : kpi_table()) {
        CAPTURE(info.name);
        const Window window = info.windowed ? Window::m5 : Window::now;
        const Changes of = made_of({info.kpi, window, {}, {}, {}});
        CHECK(of != 0);
        CHECK((of == changes::all) == (info.kpi == Kpi::occupancy));  // agent time runs on
    }
}

TEST_CASE("changes: what thins out over the day moves with time") {
    CHECK((made_of({Kpi::load_ratio, Window::day, {}, {}, {}}) & changes::time) != 0);
    CHECK((made_of({Kpi::load_ratio, Window::m15, {}, {}, {}}) & changes::time) == 0);
    CHECK((made_of({Kpi::calls_offered, Window::day, {}, {}, {}}) & changes::time) == 0);
}
