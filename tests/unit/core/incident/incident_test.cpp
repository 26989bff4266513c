#include "core/incident/incident.hpp"

#include <doctest/doctest.h>

using namespace surged;
using incident::Change;
using incident::Incident;
using incident::Phase;
using plan::Activation;
using plan::Level;

TEST_CASE("incident: rises count upward changes, the way down is silent") {
    Incident one;
    const Instant t0{};
    struct Row {
        Level top;
        Activation activation;
        Change change;
        std::uint32_t rise;
        Phase phase;
        Level level;
    };
    const Row rows[] = {
        {Level::IV,   Activation::warn,      Change::raised,  1, Phase::warned,     Level::IV },
        {Level::IV,   Activation::warn,      Change::none,    1, Phase::warned,     Level::IV },
        {Level::II,   Activation::automatic, Change::raised,  2, Phase::activated,  Level::II },
        {Level::III,  Activation::automatic, Change::lowered, 2, Phase::activated,  Level::III},
        {Level::II,   Activation::automatic, Change::raised,  3, Phase::activated,  Level::II },
        {Level::none, Activation::warn,      Change::cleared, 3, Phase::recovering, Level::II },
        {Level::none, Activation::warn,      Change::none,    3, Phase::recovering, Level::II },
        {Level::III,  Activation::automatic, Change::raised,  4, Phase::activated,  Level::III},
    };
    Seconds at{0};
    for (const Row& row : rows) {
        CAPTURE(at.count());
        CHECK(
            incident::apply_level(
                one, row.top, std::nullopt, plan::ActivationRule{row.activation}, t0 + at
            ) == row.change
        );
        CHECK(one.rise == row.rise);
        CHECK(one.phase == row.phase);
        CHECK(one.level == row.level);
        at += 60s;
    }
    CHECK(one.highest == Level::II);
    CHECK(incident::wants_pages(one));
    incident::end(one, "wang", "over", t0 + at);
    CHECK(one.phase == Phase::ended);
    CHECK_FALSE(incident::wants_pages(one));
}

TEST_CASE("incident: the timeline is bounded and keeps both its ends") {
    Incident one;
    for (int i = 0; i < 2000; ++i)
        incident::note(one, {Instant{Seconds{i}}, incident::Entry::note, Level::none, "x", ""});
    CHECK(one.timeline.size() == incident::timeline_items_max);
    CHECK(one.timeline.front().at == Instant{});
    CHECK(one.timeline.back().at == Instant{1999s});
}
