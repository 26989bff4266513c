#include "app/refusals.hpp"

#include <doctest/doctest.h>

using namespace surged;

TEST_CASE("refusals: a source whose queue is another's is told while it lasts") {
    acd::Batch batch;
    for (const char* queue : {"support", "sales"}) {
        acd::Event event;
        event.type = acd::EventType::offered;
        event.queue = queue;
        event.call = "c";
        batch.append(event);
    }
    app::Refusals refusals;
    const Wall noon{1'000'000'000'000'000};
    const auto after = [&](Micros by) { return Wall{noon.us + by.count()}; };
    refusals.note(
        "acd-1",
        batch,
        {
            {0, acd::Reject::duplicate}
    },
        noon
    );
    CHECK(refusals.components(noon).empty());
    refusals.note(
        "acd-1",
        batch,
        {
            {1, acd::Reject::other_source}
    },
        noon
    );
    refusals.note(
        "acd-1",
        batch,
        {
            {0, acd::Reject::other_source}
    },
        after(1min)
    );
    const auto told = refusals.components(after(2min));
    REQUIRE(told.size() == 1);
    CHECK(told[0].name == "events of acd-1");
    CHECK_FALSE(told[0].ok);
    CHECK(
        told[0].detail == "2 refused: another source feeds queue sales, and a queue is fed by one"
    );
    CHECK(told[0].since == format_rfc3339(noon));
    CHECK(refusals.components(after(7min)).empty());
    refusals.note(
        "acd-1",
        batch,
        {
            {0, acd::Reject::other_source}
    },
        after(8min)
    );
    CHECK(refusals.components(after(8min))
              .at(0)
              .detail.starts_with("1 refused: another source feeds queue support"));
}
