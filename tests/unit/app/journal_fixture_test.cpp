// A journal of the first release, read by every later one: the figures are the true ones of the
// simulated center that wrote it.
#include "app/store_view.hpp"
#include "places.hpp"
#include "store/reader.hpp"
#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <memory>
#include <numeric>
#include <string>

using namespace surged;

namespace {

/// The end of a journal of that format, replayed from its beginning.
app::Recovered recovered(const std::string& format) {
    const test::TempFolder folder;
    const std::string kept =
        std::string{SURGED_SOURCE_DIR} + "/tests/data/journal/" + format + "/journal.db";
    std::filesystem::copy_file(kept, folder.path() + "/journal.db");
    store::Options where;
    where.path = folder.path();
    auto opened = store::JournalReader::open(where);
    REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().what));
    const auto reader = std::make_shared<const store::JournalReader>(std::move(*opened));
    const auto found = std::make_shared<app::Found>();
    auto whole = app::recover(app::view_of(reader, found), true);
    REQUIRE_MESSAGE(whole.has_value(), (whole ? "" : whole.error().what));
    CHECK(found->lost.empty());
    return std::move(*whole);
}

}  // namespace

TEST_CASE("journal: format 1 is read by this version") {
    const app::Recovered whole = recovered("format-1");
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
    const app::Recovered whole = recovered("format-2");
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
