#include "store/housekeeping.hpp"

#include "store/housekeeper.hpp"
#include "unit/store/fixture.hpp"

#include <atomic>
#include <doctest/doctest.h>
#include <filesystem>
#include <future>
#include <string>

using namespace surged;
using namespace surged::store;

namespace {

/// As the app's recover driver does it: newest image, then the tail up to `upto`. The "state" is
/// the number of inputs seen, the "effect hash" the one of the fixture.
Result<Image> replay(const JournalReader& journal, std::uint64_t upto) {
    auto newest = journal.newest_image();
    if (!newest) return tl::make_unexpected(newest.error());
    Image image = newest->image.value_or(Image{0, {}, 0, "0"});
    std::uint64_t count = std::stoull(image.bytes);
    auto end = journal.read_after(
        image.seq,
        [&](const InputRecord& in) {
            ++count;
            image.instant = in.instant;
            return true;
        },
        {},
        upto
    );
    if (!end) return tl::make_unexpected(end.error());
    if (end->lost) return fail(*end->lost);
    return Image{end->last_seq, image.instant, hash_of(end->last_seq), std::to_string(count)};
}

constexpr std::uint64_t day = 86'400;

/// Commits of one input each, one every `step` seconds of engine time.
void fill(Journal& journal, std::uint64_t first, std::uint64_t count, std::uint64_t step) {
    for (auto seq = first; seq < first + count; ++seq) {
        Commit commit = commit_of(seq, seq);
        commit.inputs[0].instant = instant_of(seq * step);
        REQUIRE(append(journal, std::move(commit)).durable);
    }
}

std::int64_t count(const Store& store, const std::string& table) {
    auto database = Database::open(store.options.file(), Access::read, store.options.vfs, 1s);
    return database->integer("SELECT count(*) FROM " + table).value().value();
}

}  // namespace

TEST_CASE("housekeeping: image and tail give what the whole journal gives") {
    Store store;
    auto journal = store.open();
    auto keeping = Housekeeping::open(store.options, {}).value();
    CHECK(keeping.make_image(replay).value().seq == 0);  // nothing to make one of
    REQUIRE(append(*journal, commit_of(1, 10)).durable);
    CHECK(keeping.make_image(replay).value().seq == 10);
    CHECK(keeping.make_image(replay).value().seq == 0);  // nothing new
    REQUIRE(append(*journal, commit_of(11, 14)).durable);
    CHECK(keeping.make_image(replay).value().seq == 14);
    const auto image = store.reader().newest_image().value().image.value();
    CHECK(image.seq == 14);
    CHECK(image.bytes == "14");
    CHECK(image.instant == instant_of(14));
    CHECK(image.effect_hash == hash_of(14));
    REQUIRE(append(*journal, commit_of(15, 15)).durable);
    CHECK(replay(store.reader(), 15).value().bytes == "15");
}

TEST_CASE("housekeeping: a difference is reported and no image is stored") {
    Store store;
    auto journal = store.open();
    REQUIRE(append(*journal, commit_of(1, 10)).durable);
    auto keeping = Housekeeping::open(store.options, {}).value();
    const auto wrong = [](const JournalReader& reader, std::uint64_t upto) {
        return replay(reader, upto).map([](Image image) {
            ++image.effect_hash;
            return image;
        });
    };
    const auto made = keeping.make_image(wrong).value();
    REQUIRE(made.difference.has_value());
    CHECK(made.difference->seq == 10);
    CHECK(made.difference->live == hash_of(10));
    CHECK(made.difference->replayed == hash_of(10) + 1);
    CHECK_FALSE(store.reader().newest_image().value().image.has_value());
    const auto nowhere = [](const JournalReader&, std::uint64_t) -> Result<Image> {
        return Image{7, {}, 0, "x"};
    };
    CHECK(keeping.make_image(nowhere).error().what.find("input 7") != std::string::npos);
    const auto unable = [](const JournalReader&, std::uint64_t) -> Result<Image> {
        return fail("no rules");
    };
    CHECK(keeping.make_image(unable).error().what == "no rules");
}

TEST_CASE("housekeeping: retention deletes what is old and before the images kept") {
    Store store;
    auto journal = store.open();
    KeepingRules rules;
    rules.retention = std::chrono::days{10};
    auto keeping = Housekeeping::open(store.options, rules).value();
    // 40 days, six commits a day.
    fill(*journal, 1, 120, day / 6);
    CHECK(keeping.delete_old().value() == 0);  // no image: all of it is needed to recover
    REQUIRE(keeping.make_image(replay).value().seq == 120);
    CHECK(keeping.delete_old().value() == 0);  // one image: should it be damaged, all is needed
    fill(*journal, 121, 119, day / 6);
    REQUIRE(keeping.make_image(replay).value().seq == 239);
    fill(*journal, 240, 1, day / 6);
    REQUIRE(keeping.make_image(replay).value().seq == 240);
    CHECK(count(store, "commits") == 240);
    // Ten days before input 240 is input 180.
    CHECK(keeping.delete_old().value() == 179);
    CHECK(count(store, "commits") == 61);
    CHECK(keeping.delete_old().value() == 0);

    const auto end =
        store.reader().read_after(240, [](const InputRecord&) { return true; }).value();
    CHECK_FALSE(end.lost.has_value());
    const auto from_start =
        store.reader().read_after(0, [](const InputRecord&) { return true; }).value();
    CHECK(from_start.lost.value().find("up to 179") != std::string::npos);
    CHECK(from_start.highest_seq == 240);
}

TEST_CASE("housekeeping: keeps the newest images, the first of a day and those after gaps") {
    Store store;
    auto journal = store.open();
    KeepingRules rules;
    rules.retention = std::chrono::days{5};
    rules.images_kept = 2;
    auto keeping = Housekeeping::open(store.options, rules).value();
    for (std::uint64_t seq = 1; seq <= 48; ++seq) {  // every six hours for twelve days
        Commit commit = commit_of(seq, seq);
        commit.inputs[0].instant = instant_of(seq * day / 4);
        if (seq == 42) commit.snapshot = "42";
        REQUIRE(append(*journal, std::move(commit)).durable);
        REQUIRE(keeping.make_image(replay).has_value());
    }
    auto database =
        Database::open(store.options.file(), Access::read, store.options.vfs, 1s).value();
    CHECK(database.integer("SELECT count(*) FROM images WHERE after_gap = 1").value() == 1);
    CHECK(database.integer("SELECT max(seq) FROM images").value() == 48);
    std::string kept;
    auto rows = database.prepare("SELECT seq FROM images ORDER BY seq").value();
    while (rows.step().value()) kept += fmt::format("{} ", rows.integer(0));
    CHECK(kept == "29 33 37 41 42 45 47 48 ");  // a day begins at 29, 33 …; the gap was at 42
    CHECK(store.reader().newest_image().value().image->bytes == "48");
}

TEST_CASE("housekeeping: checkpoints shrink the log and lose nothing, whatever fails") {
    for (std::uint64_t n = 1; n <= 12; ++n) {
        CAPTURE(n);
        Store store;
        auto journal = store.open();
        KeepingRules rules;
        rules.log_bytes_max = 0;  // truncate
        {
            auto keeping = Housekeeping::open(store.options, rules).value();
            REQUIRE(append(*journal, commit_of(1, 2000)).durable);
            store.disk.fail_nth(n);
            static_cast<void>(keeping.checkpoint());
            store.disk.heal();
            CHECK(keeping.checkpoint().has_value());
        }
        CHECK(std::filesystem::file_size(store.options.file() + "-wal") == 0);
        CHECK(append(*journal, commit_of(2001, 2001)).durable);
        CHECK(store.read().last_seq == 2001);
    }
}

TEST_CASE("housekeeping: no checkpoint begins on a log that has been copied whole") {
    Store store;
    auto journal = store.open();
    auto keeping = Housekeeping::open(store.options, {}).value();
    const auto writes = [&] {
        const auto before = store.disk.operations();
        REQUIRE(keeping.checkpoint().has_value());
        return store.disk.operations() - before;
    };
    CHECK(writes() == 0);
    REQUIRE(append(*journal, commit_of(1, 10)).durable);
    CHECK(writes() > 0);
    // Else the writer, which may restart the log just now, would race with the checkpoint.
    REQUIRE(keeping.make_image(replay).value().seq == 10);
    CHECK(writes() == 0);
    REQUIRE(append(*journal, commit_of(11, 11)).durable);
    CHECK(writes() > 0);
}

TEST_CASE("housekeeper: makes images when asked, says a failure once, and goes on") {
    Store store;
    auto journal = store.open();
    REQUIRE(append(*journal, commit_of(1, 10)).durable);
    std::promise<std::uint64_t> made;
    std::promise<Difference> differs;
    std::atomic<int> errors{0};
    std::atomic<int> calls{0};
    const MakeImage make = [&](const JournalReader& reader, std::uint64_t upto) -> Result<Image> {
        const int call = ++calls;
        if (call <= 2) return fail("not yet");
        auto image = replay(reader, upto);
        if (call == 4) ++image->effect_hash;
        return image;
    };
    KeeperEvents events;
    events.on_error = [&](const Error& e) {
        CHECK(e.what == "not yet");
        ++errors;
    };
    events.on_image = [&](std::uint64_t seq) { made.set_value(seq); };
    events.on_difference = [&](const Difference& d) { differs.set_value(d); };
    KeeperPlan plan;
    plan.checkpoint_every = 5ms;
    plan.image_every = 10ms;
    Housekeeper keeper{store.options, {}, plan, make, events};
    CHECK(made.get_future().get() == 10);
    CHECK(errors == 1);
    REQUIRE(append(*journal, commit_of(11, 11)).durable);
    keeper.make_image_now();
    CHECK(differs.get_future().get().seq == 11);
    keeper.close();
    CHECK(store.reader().newest_image().value().image->seq == 10);
}

TEST_CASE("housekeeper: works beside a writer that never rests") {
    Store store;
    auto journal = store.open();
    KeeperPlan plan{.checkpoint_every = 1ms, .image_every = 3ms, .delete_every = 3ms};
    KeepingRules rules;
    rules.retention = 1s;
    std::atomic<int> images{0};
    KeeperEvents events;
    events.on_error = [](const Error& e) { FAIL_CHECK(e.what); };
    events.on_difference = [](const Difference& d) { FAIL_CHECK(d.seq); };
    events.on_image = [&](std::uint64_t) { ++images; };
    Housekeeper keeper{store.options, rules, plan, replay, events};
    std::uint64_t seq = 0;
    for (; seq < 2000 || images < 5; ++seq)
        REQUIRE(append(*journal, commit_of(seq + 1, seq + 1)).durable);
    keeper.close();
    CHECK(count(store, "commits") < 2000);
    const auto newest = store.reader().newest_image().value().image.value();
    CHECK(newest.bytes == std::to_string(newest.seq));
    CHECK(store.read(newest.seq).last_seq == seq);
}
