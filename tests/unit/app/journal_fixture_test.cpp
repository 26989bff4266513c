// A journal of the first release, read by every later one: the figures are the true ones of the
// simulated center that wrote it.
#include "app/store_view.hpp"
#include "places.hpp"
#include "store/housekeeping.hpp"
#include "store/reader.hpp"
#include "store/writer.hpp"
#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <memory>
#include <numeric>
#include <string>

using namespace surged;

namespace {

/// A journal of that format, in a folder of its own.
struct Kept {
    test::TempFolder folder;
    store::Options where;
    explicit Kept(const std::string& format) {
        const std::string kept =
            std::string{SURGED_SOURCE_DIR} + "/tests/data/journal/" + format + "/journal.db";
        std::filesystem::copy_file(kept, folder.path() + "/journal.db");
        where.path = folder.path();
    }
};

/// Its end, replayed from its beginning.
app::Recovered recovered(const store::Options& where) {
    auto opened = store::JournalReader::open(where);
    REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().what));
    const auto reader = std::make_shared<const store::JournalReader>(std::move(*opened));
    const auto found = std::make_shared<app::Found>();
    auto whole = app::recover(app::view_of(reader, found), true);
    REQUIRE_MESSAGE(whole.has_value(), (whole ? "" : whole.error().what));
    CHECK(found->lost.empty());
    return std::move(*whole);
}

void check_format_2(const app::Recovered& whole) {
    const board::View& board = whole.engine.board();
    const auto sales = board.find("sales");
    REQUIRE(sales.has_value());
    const board::Totals& totals = board.totals(*sales);
    CHECK(totals.offered == 172);
    CHECK(totals.answered == 52);
    CHECK(totals.answered_in_target == 25);
    CHECK(totals.abandoned == 111);
    CHECK(totals.completed == 42);
    const auto waiting = board.value(*sales, {board::Kpi::calls_waiting, {}, {}, {}, {}});
    REQUIRE(waiting.has_value());
    CHECK(waiting->value() == 8.0);
    REQUIRE(whole.engine.incidents().size() == 1);
    CHECK(whole.engine.incidents().begin()->second.level == plan::Level::I);
    REQUIRE(whole.engine.pages().size() == 3);
    const delivery::Page& last = whole.engine.pages().rbegin()->second;
    CHECK(last.id == "P06-hz-20261126-1.4.0.0.wang.hook");
    CHECK(last.state == delivery::State::acknowledged);
    CHECK(last.acked_by == "wang");
}

}  // namespace

TEST_CASE("journal: format 1 is read by this version") {
    const Kept kept{"format-1"};
    const app::Recovered whole = recovered(kept.where);
    const board::View& board = whole.engine.board();
    const auto sales = board.find("sales");
    REQUIRE(sales.has_value());
    const board::Totals& totals = board.totals(*sales);
    CHECK(totals.offered == 152);
    CHECK(totals.answered == 37);
    CHECK(totals.answered_in_target == 24);
    CHECK(totals.abandoned == 92);
    CHECK(totals.completed == 25);
    const auto exited =
        std::accumulate(totals.exited.begin(), totals.exited.end(), std::uint64_t{0});
    CHECK(exited == 1);
    CHECK(totals.wait_sum == Micros{548'528'044});
    CHECK(totals.talk_sum == Micros{413'893'829});
    const auto waiting = board.value(*sales, {board::Kpi::calls_waiting, {}, {}, {}, {}});
    REQUIRE(waiting.has_value());
    CHECK(waiting->value() == 22.0);

    REQUIRE(whole.engine.incidents().size() == 1);
    CHECK(whole.engine.incidents().begin()->second.level == plan::Level::I);
    REQUIRE(whole.engine.pages().size() == 3);
    const delivery::Page& last = whole.engine.pages().rbegin()->second;
    CHECK(last.id == "P06-hz-20261124-1.4.0.0.wang.hook");
    CHECK(last.state == delivery::State::acknowledged);
    CHECK(last.acked_by == "wang");
}

TEST_CASE("journal: format 2 is read by this version") {
    const Kept kept{"format-2"};
    check_format_2(recovered(kept.where));
}

TEST_CASE("journal: schema 2, with packs, is read by this version") {
    const Kept kept{"schema-2"};
    check_format_2(recovered(kept.where));
}

TEST_CASE("journal: one of schema 1 is opened, packed, and tells the same") {
    for (const char* format : {"format-1", "format-2"}) {
        CAPTURE(format);
        const Kept kept{format};
        const app::Recovered before = recovered(kept.where);
        REQUIRE(store::Writer::open(kept.where).has_value());
        store::KeepingRules rules;
        rules.packing.commits = 10;
        rules.packing.packs_at_once = 10'000;
        auto keeping = store::Housekeeping::open(kept.where, rules);
        REQUIRE(keeping.has_value());
        CHECK(keeping->pack().value() > 100);
        const app::Recovered after = recovered(kept.where);
        CHECK(after.effect_hash == before.effect_hash);
        CHECK(after.last_seq == before.last_seq);
        CHECK(after.engine.snapshot() == before.engine.snapshot());
    }
}
