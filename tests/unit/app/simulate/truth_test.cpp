// The whole way from a simulated Asterisk to the board, in virtual time: what surged counts is what
// happened, over days of transfers, refusals, time-outs and exits by key.
#include "app/simulate/truth.hpp"

#include "app/simulate/centre.hpp"
#include "app/simulate/pbx.hpp"
#include "core/acd/floor.hpp"
#include "io/source/ami/decode.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::app::simulate;

namespace {

constexpr Wall start{1'795'395'600'400'000};

struct Run {
    acd::Floor floor;
    Truth truth;
    std::size_t bad{0};
};

/// @param mask  the classes that the account may read
Run run(const Setup& setup, EventClass mask) {
    Run run{acd::Floor{}, Truth{setup}};
    const auto at = [](Wall wall) { return to_instant(wall, Micros{0}); };
    run.floor.load({}, {}, at(start));
    run.floor.advance(at(start));
    run.floor.source_up("acd-1", false);
    Centre centre{setup};
    Pbx pbx{setup, start};
    io::ami::Decoder decoder{nullptr};
    io::ami::Framer framer;
    framer.push("Asterisk Call Manager/11.0.0\r\n");
    (void)framer.next();
    Wall now = start;
    while (const auto h = centre.next()) {
        run.truth.count(*h, start);
        now = Wall{start.us + h->at.count()};
        acd::Batch batch;
        const bool known = decoder.exits_known();
        for (const auto& event : pbx.apply(*h)) {
            if ((event.of & mask) == 0) continue;
            framer.push(event.text);
            REQUIRE(framer.next() == io::ami::Found::frame);
            if (!decoder.decode(framer.frame(), batch).reason.empty()) ++run.bad;
        }
        run.floor.advance(at(now));
        if (decoder.exits_known() != known) run.floor.source_up("acd-1", true);
        if (!batch.empty()) run.floor.apply(batch, "acd-1", Micros{0});
    }
    run.floor.advance(at(now) + 10s);  // lets what is held be settled
    return run;
}

Setup busy_day() {
    Wish wish;
    wish.duration = 24h;
    wish.agents = 24;
    auto setup = *make_setup(wish);
    setup.queues[0].wait_max = 90s;
    setup.queues[1].waiting_max = 5;
    for (auto& queue : setup.queues) queue.key_exit_share = 0.2;
    return setup;
}

std::uint64_t exited(const board::Totals& totals, acd::ExitReason reason) {
    return totals.exited[static_cast<std::size_t>(reason)];
}

}  // namespace

TEST_CASE("simulate: the board counts what really happened, with class dialplan") {
    const auto setup = busy_day();
    const Run day = run(setup, event_class::all);
    CHECK(day.bad == 0);
    std::uint64_t timeouts = 0, keys = 0, refused = 0, transferred = 0;
    for (std::size_t q = 0; q < setup.queues.size(); ++q) {
        CAPTURE(setup.queues[q].name);
        const QueueTruth& truth = day.truth.queues()[q];
        const auto found = day.floor.view().find(setup.queues[q].name);
        REQUIRE(found.has_value());
        const board::Totals& totals = day.floor.view().totals(*found);
        CHECK(totals.offered == truth.offered);
        CHECK(totals.answered == truth.answered);
        CHECK(totals.abandoned == truth.abandoned);
        CHECK(exited(totals, acd::ExitReason::timeout) == truth.exited_timeout);
        CHECK(exited(totals, acd::ExitReason::key) == truth.exited_key);
        CHECK(totals.refused == truth.refused);
        CHECK(totals.completed == truth.completed);
        CHECK(totals.transferred == truth.transferred);
        CHECK(totals.wait_sum == Seconds{truth.hold_sum_s});
        CHECK(day.floor.view().exits_known(*found));
        timeouts += truth.exited_timeout;
        keys += truth.exited_key;
        refused += truth.refused;
        transferred += truth.transferred;
    }
    CHECK(timeouts > 0);
    CHECK(keys > 0);
    CHECK(refused > 0);
    CHECK(transferred > 0);
}

TEST_CASE("simulate: without class dialplan a time-out counts as abandoned, and it is said") {
    const auto setup = busy_day();
    const Run day = run(setup, event_class::all & ~event_class::dialplan);
    for (std::size_t q = 0; q < setup.queues.size(); ++q) {
        CAPTURE(setup.queues[q].name);
        const QueueTruth& truth = day.truth.queues()[q];
        const auto found = day.floor.view().find(setup.queues[q].name);
        REQUIRE(found.has_value());
        const board::Totals& totals = day.floor.view().totals(*found);
        CHECK(totals.offered == truth.offered);
        CHECK(totals.answered == truth.answered);
        CHECK(totals.abandoned == truth.abandoned + truth.exited_timeout);
        CHECK_FALSE(day.floor.view().exits_known(*found));
    }
}
