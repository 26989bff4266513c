#include "store/packing.hpp"

#include "store/housekeeper.hpp"
#include "store/housekeeping.hpp"
#include "unit/store/fixture.hpp"

#include <atomic>
#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::store;

namespace {

KeepingRules packs_of(std::size_t commits) {
    KeepingRules rules;
    rules.packing.commits = commits;
    return rules;
}
std::int64_t number(const Store& store, const std::string& sql) {
    const auto database =
        Database::open(store.options.file(), Access::read, store.options.vfs, 1s).value();
    return database.integer(sql).value().value();
}
std::int64_t rows(const Store& store) { return number(store, "SELECT count(*) FROM commits"); }
std::int64_t packs(const Store& store) { return number(store, "SELECT count(*) FROM packs"); }

/// Commits of two inputs and a page each: 1–2, 3–4, …
void fill(Journal& journal, std::uint64_t from, std::uint64_t commits) {
    for (std::uint64_t i = 0; i < commits; ++i) {
        Commit commit = commit_of(from + 2 * i, from + 2 * i + 1);
        commit.pages = {
            {fmt::format("page-{}", commit.last_seq), 1, instant_of(commit.last_seq), "p"}
        };
        REQUIRE(append(journal, std::move(commit)).durable);
    }
}
/// Every input and page from `after` on, as lines.
std::string told(const JournalReader& reader, std::uint64_t after) {
    std::string out;
    const auto end = reader.read_after(
        after,
        [&](const InputRecord& in) {
            const auto at = in.instant.time_since_epoch().count();
            out +=
                fmt::format("{} {} {} {} {}\n", in.seq, at, in.core_version, in.format, in.bytes);
            return true;
        },
        [&](std::uint64_t seq, const PageRecord& page) {
            const auto at = page.at.time_since_epoch().count();
            out += fmt::format("{} {} {} {}\n", seq, page.page, at, page.format);
        }
    );
    REQUIRE(end.has_value());
    return out + end->lost.value_or("whole") + fmt::format(" {}\n", end->highest_seq);
}

}  // namespace

TEST_CASE("packing: the journal tells the same before and after, from wherever it is read") {
    Store store;
    auto journal = store.open();
    fill(*journal, 1, 47);
    Commit pages_alone;
    pages_alone.last_seq = 94;
    pages_alone.effect_hash = 5;
    pages_alone.pages = {
        {"late", 2, instant_of(99), "q"}
    };
    REQUIRE(append(*journal, pages_alone).durable);
    fill(*journal, 95, 40);
    std::vector<std::string> before;
    for (std::uint64_t after = 0; after <= 176; ++after)
        before.push_back(told(store.reader(), after));
    const auto notes = [&] {
        std::string out;
        for (std::uint64_t seq = 0; seq <= 180; ++seq)
            if (const auto note = store.reader().note_at(seq).value())
                out += fmt::format("{} {} {}\n", seq, note->last_seq, note->effect_hash);
        return out;
    };
    const std::string noted = notes();

    auto keeping = Housekeeping::open(store.options, packs_of(8)).value();
    CHECK(keeping.pack().value() == 80);
    CHECK(packs(store) == 10);
    CHECK(rows(store) == 8);
    CHECK(keeping.pack().value() == 0);
    for (std::uint64_t after = 0; after <= 176; ++after) {
        CAPTURE(after);
        CHECK(told(store.reader(), after) == before[after]);
    }
    CHECK(notes() == noted);
    CHECK(store.reader().note_at(94).value()->effect_hash == 5);

    journal.reset();  // and the next start goes on behind it
    journal = store.open();
    CHECK(journal->opened_at().seq == 174);
    fill(*journal, 175, 1);
    CHECK(store.read().last_seq == 176);
}

TEST_CASE("packing: a pack is filled, by commits or by bytes, and the newest stay rows") {
    Store store;
    auto journal = store.open();
    auto keeping = Housekeeping::open(store.options, packs_of(10)).value();
    fill(*journal, 1, 19);
    CHECK(keeping.pack().value() == 0);
    fill(*journal, 39, 1);
    CHECK(keeping.pack().value() == 10);
    CHECK(rows(store) == 10);

    KeepingRules rules = packs_of(1000);
    rules.packing.bytes = 1;
    rules.packing.bytes_kept = 1;
    auto by_bytes = Housekeeping::open(store.options, rules).value();
    CHECK(by_bytes.pack().value() == 9);
    CHECK(rows(store) == 1);
    CHECK(by_bytes.pack().value() == 0);  // the last one: where the journal goes on
    CHECK(store.read().last_seq == 40);
}

TEST_CASE("packing: in bounded steps") {
    Store store;
    auto journal = store.open();
    fill(*journal, 1, 30);
    KeepingRules rules = packs_of(2);
    rules.packing.packs_at_once = 3;
    auto keeping = Housekeeping::open(store.options, rules).value();
    CHECK(keeping.pack().value() == 6);
    CHECK(rows(store) == 24);
}

TEST_CASE("packing: what a disk does in the middle of it costs no record") {
    for (std::uint64_t n = 1; n <= 40; ++n) {
        CAPTURE(n);
        Store store;
        auto journal = store.open();
        fill(*journal, 1, 20);
        const std::string before = told(store.reader(), 0);
        auto keeping = Housekeeping::open(store.options, packs_of(4)).value();
        store.disk.fail_nth(n);
        static_cast<void>(keeping.pack());
        store.disk.heal();
        CHECK(told(store.reader(), 0) == before);
        CHECK(keeping.pack().has_value());
        CHECK(packs(store) == 4);
        CHECK(told(store.reader(), 0) == before);
    }
}

TEST_CASE("packing: damage is packed as it is, and said as before") {
    Store store;
    auto journal = store.open();
    fill(*journal, 1, 20);
    store.tamper("UPDATE commits SET records = substr(records, 1, 50) WHERE id = 3");
    const std::string before = told(store.reader(), 0);
    CHECK(before.find("torn") != std::string::npos);
    auto keeping = Housekeeping::open(store.options, packs_of(4)).value();
    CHECK(keeping.pack().value() == 16);
    CHECK(told(store.reader(), 0) == before);
    CHECK(store.read(7).last_seq == 40);
}

TEST_CASE("packing: no pack spans a hole, and the hole is said") {
    Store store;
    auto journal = store.open();
    fill(*journal, 1, 20);
    store.tamper("DELETE FROM commits WHERE id = 6");
    const std::string before = told(store.reader(), 0);
    CHECK(before.find("inputs 11 to 12 are not in the journal") != std::string::npos);
    auto keeping = Housekeeping::open(store.options, packs_of(4)).value();
    CHECK(keeping.pack().value() == 13);
    CHECK(packs(store) == 4);
    CHECK(told(store.reader(), 0) == before);
    CHECK(store.read(12).last_seq == 40);
}

TEST_CASE("packing: a torn pack, a rotten one and a lost one end the reading before them") {
    struct Row {
        const char* name;
        const char* damage;
        const char* words;
    };
    const Row damages[] = {
        {"torn",   "UPDATE packs SET records = substr(records, 1, 100) WHERE last_id = 8", "torn"                                 },
        {"rotten",
         "UPDATE packs SET records = CAST(substr(records, 1, 60) || 'zzzz' || substr(records, 65) "
         "AS "
         "BLOB) WHERE last_id = 8",                                                        "CRC"                                  },
        {"empty",  "UPDATE packs SET records = x'' WHERE last_id = 8",                     "empty"                                },
        {"lost",   "DELETE FROM packs WHERE last_id = 8",                                  "inputs 9 to 16 are not in the journal"}
    };
    for (const Row& row : damages) {
        CAPTURE(row.name);
        Store store;
        auto journal = store.open();
        fill(*journal, 1, 20);
        auto keeping = Housekeeping::open(store.options, packs_of(4)).value();
        REQUIRE(keeping.pack().value() == 16);
        store.tamper(row.damage);
        const ReadEnd end = store.read();
        CHECK(end.last_seq == 8);
        CHECK(end.highest_seq == 40);
        CHECK(end.lost.value().find(row.words) != std::string::npos);
        CHECK(store.read(18).last_seq == 40);  // an image behind it leads on
        if (std::string{row.name} == "lost") continue;
        CHECK_FALSE(store.reader().note_at(12).has_value());
    }
}

TEST_CASE("packing: no reading crosses a gap, packed or not") {
    Store store;
    auto journal = store.open();
    fill(*journal, 1, 6);
    REQUIRE(append(*journal, gap_commit_of(20)).durable);
    fill(*journal, 21, 10);
    const std::string before = told(store.reader(), 0);
    CHECK(before.find("a gap lies between inputs 12 and 20") != std::string::npos);
    auto keeping = Housekeeping::open(store.options, packs_of(4)).value();
    REQUIRE(keeping.pack().value() == 12);
    CHECK(told(store.reader(), 0) == before);
    CHECK(store.read(20).last_seq == 40);
}

TEST_CASE("packing: retention deletes whole packs, then rows") {
    Store store;
    auto journal = store.open();
    auto keeping = Housekeeping::open(
                       store.options,
                       [] {
                           KeepingRules rules = packs_of(4);
                           rules.retention = 41s;  // instants are a second apart
                           return rules;
                       }()
    )
                       .value();
    fill(*journal, 1, 48);
    REQUIRE(keeping.pack().value() == 44);
    const auto image = [](const JournalReader&, std::uint64_t upto) -> Result<Image> {
        return Image{upto, instant_of(upto), hash_of(upto), "x"};
    };
    REQUIRE(keeping.make_image(image).value().seq == 96);
    fill(*journal, 97, 1);
    REQUIRE(keeping.make_image(image).value().seq == 98);
    // Forty-one seconds before input 98 is input 57, in the pack of 57 to 64: that one stays.
    CHECK(keeping.delete_old().value() == 28);
    CHECK(number(store, "SELECT min(first_seq) FROM packs") == 57);
    CHECK(keeping.delete_old().value() == 0);
    CHECK(store.read(56).last_seq == 98);
    CHECK(told(store.reader(), 0).find("up to 56") != std::string::npos);
}

TEST_CASE("packing: a file gives back what a flood has left over") {
    Store store;
    auto journal = store.open();
    fill(*journal, 1, 600);
    KeepingRules rules = packs_of(100);
    rules.packing.bytes_unused = 0;
    auto keeping = Housekeeping::open(store.options, rules).value();
    const auto pages = [&] { return number(store, "PRAGMA page_count"); };
    const auto before = pages();
    REQUIRE(keeping.pack().value() == 500);
    CHECK(pages() < before / 2);
    CHECK(number(store, "PRAGMA freelist_count") == 0);
    CHECK(store.read().last_seq == 1200);
}

TEST_CASE("packing: beside a writer that never rests, and readers that see every input") {
    Store store;
    auto journal = store.open();
    KeeperPlan plan{
        .checkpoint_every = 1ms, .image_every = 1h, .pack_every = 1ms, .delete_every = 1h
    };
    KeeperEvents events;
    events.on_error = [](const Error& e) { FAIL_CHECK(e.what); };
    Housekeeper keeper{store.options, packs_of(3), plan, {}, events};
    std::uint64_t seq = 0;
    for (int read = 0; read < 60; ++read) {
        for (int i = 0; i < 40; ++i, ++seq)
            REQUIRE(append(*journal, commit_of(seq + 1, seq + 1)).durable);
        // What stood as rows when the reading began is packed under its hands.
        std::uint64_t next = 1;
        const auto end = store.reader().read_after(0, [&](const InputRecord& in) {
            CHECK(in.seq == next++);
            if (in.seq % 50 == 0) {
                ++seq;
                REQUIRE(append(*journal, commit_of(seq, seq)).durable);
            }
            return in.seq < 500;
        });
        CHECK_FALSE(end.value().lost.has_value());
    }
    keeper.close();
    CHECK(packs(store) > 10);
    CHECK(store.read().last_seq == seq);
}
