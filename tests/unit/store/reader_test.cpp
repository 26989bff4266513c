#include "store/reader.hpp"

#include "store/attempts.hpp"
#include "store/envelope.hpp"
#include "store/writing.hpp"
#include "unit/store/fixture.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::store;

namespace {

/// Three commits: 1–10, 11–20, 21–30.
void fill(const Store& store) {
    auto journal = store.open();
    for (const std::uint64_t first : {1U, 11U, 21U})
        REQUIRE(append(*journal, commit_of(first, first + 9)).durable);
}
std::string flip_byte(std::uint64_t commit, std::uint64_t at) {
    return fmt::format(
        "UPDATE commits SET records = CAST(substr(records, 1, {0}) || x'00' || "
        "substr(records, {0} + 2) AS BLOB) WHERE id = {1}",
        at,
        commit
    );
}

}  // namespace

TEST_CASE("reader: stops at the last good record and says what was lost") {
    struct Row {
        const char* name;
        std::string damage;
        std::uint64_t last_seq;
        const char* words;
    };
    const std::uint64_t one = envelope_bytes + body_of(11).size();
    const Row rows[] = {
        {"nothing", "SELECT 1", 30, nullptr},
        {"first of a commit", flip_byte(2, envelope_bytes + 2), 10, "CRC"},
        {"second of a commit", flip_byte(2, one + envelope_bytes + 2), 11, "CRC"},
        {"torn", "UPDATE commits SET records = substr(records, 1, 200) WHERE id = 3", 23, "torn"},
        {"empty blob", "UPDATE commits SET records = x'' WHERE id = 2", 10, "ends at input 10"},
        {"a row is gone", "DELETE FROM commits WHERE id = 2", 10, "11 to 20"},
        {"first row is gone", "DELETE FROM commits WHERE id = 1", 0, "1 to 10"},
        {"a strange record", flip_byte(3, 0), 20, "no record begins"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        Store store;
        fill(store);
        store.tamper(row.damage);
        const ReadEnd end = store.read();
        CHECK(end.last_seq == row.last_seq);
        CHECK(end.highest_seq == 30);
        CHECK(end.lost.has_value() == (row.words != nullptr));
        if (end.lost && row.words != nullptr) {
            CAPTURE(*end.lost);
            CHECK(end.lost->find(row.words) != std::string::npos);
        }
    }
}

TEST_CASE("reader: after a loss the journal goes on behind it, with a gap and an image") {
    Store store;
    fill(store);
    store.tamper(flip_byte(2, envelope_bytes + 2));
    auto journal = store.open();
    const auto next = store.read().highest_seq + 1;
    REQUIRE(append(*journal, gap_commit_of(next)).durable);
    REQUIRE(append(*journal, commit_of(next + 1, next + 5)).durable);
    const auto image = store.reader().newest_image().value().image.value();
    CHECK(image.seq == next);
    const auto end = store.read(image.seq);
    CHECK(end.last_seq == next + 5);
    CHECK_FALSE(end.lost.has_value());
}

TEST_CASE("reader: from, up to, and stopping early") {
    Store store;
    fill(store);
    struct Row {
        std::uint64_t after, upto, stop_at, first, last;
    };
    const Row rows[] = {
        {0,  end_of_journal, 0,  1,  30},
        {4,  end_of_journal, 0,  5,  30},
        {10, 20,             0,  11, 20},
        {13, 17,             0,  14, 17},
        {0,  end_of_journal, 12, 1,  12},
        {30, end_of_journal, 0,  0,  30},
        {99, end_of_journal, 0,  0,  99},
    };
    for (const Row& row : rows) {
        CAPTURE(row.after);
        std::uint64_t first = 0;
        const auto end = store.reader().read_after(
            row.after,
            [&](const InputRecord& in) {
                if (first == 0) first = in.seq;
                return in.seq != row.stop_at;
            },
            {},
            row.upto
        );
        REQUIRE(end.has_value());
        CHECK(first == row.first);
        CHECK(end->last_seq == row.last);
        CHECK_FALSE(end->lost.has_value());
    }
}

TEST_CASE("reader: many rows, and page records only of what follows") {
    Store store;
    store.options.queue_commits_max = 100'000;
    auto journal = store.open();
    for (std::uint64_t seq = 1; seq <= 1000; ++seq) {
        Commit commit = commit_of(seq, seq);
        commit.pages = {
            {fmt::format("page-{}", seq), 1, instant_of(seq), "p"}
        };
        journal->append(std::move(commit), {});
    }
    journal->close();
    std::uint64_t inputs = 0;
    std::uint64_t pages = 0;
    const auto end = store.reader().read_after(
        400,
        [&](const InputRecord&) {
            ++inputs;
            return true;
        },
        [&](std::uint64_t seq, const PageRecord& page) {
            CHECK(page.page == fmt::format("page-{}", seq));
            CHECK(seq == 400 + inputs);
            ++pages;
        }
    );
    CHECK(end.value().last_seq == 1000);
    CHECK(inputs == 600);
    CHECK(pages == 600);
}

TEST_CASE("reader: a damaged image is passed over for an older one") {
    Store store;
    {
        auto journal = store.open();
        for (const std::uint64_t seq : {1U, 5U, 9U})
            REQUIRE(append(*journal, gap_commit_of(seq)).durable);
    }
    CHECK(store.reader().newest_image().value().image->seq == 9);
    CHECK(store.reader().newest_image(8).value().image->seq == 5);
    store.tamper("UPDATE images SET record = substr(record, 1, 40) WHERE seq = 9");
    auto found = store.reader().newest_image().value();
    CHECK(found.image->seq == 5);
    CHECK(found.image->bytes == "image 5");
    REQUIRE(found.damaged.size() == 1);
    CHECK(found.damaged[0].find("at input 9") != std::string::npos);
    store.tamper("UPDATE images SET record = x''");
    found = store.reader().newest_image().value();
    CHECK_FALSE(found.image.has_value());
    CHECK(found.damaged.size() == 3);
}

TEST_CASE("reader: a damaged rule set is an error, not another rule set") {
    Store store;
    Commit commit = commit_of(1, 1);
    commit.rules = {
        {"aa", "A", {}},
        {"bb", "B", {}}
    };
    REQUIRE(append(*store.open(), commit).durable);
    store.tamper(
        "UPDATE rules SET record = (SELECT record FROM rules WHERE hash = 'aa') WHERE hash = 'bb'"
    );
    CHECK(store.reader().rules("aa").value()->bytes == "A");
    const auto damaged = store.reader().rules("bb");
    REQUIRE_FALSE(damaged.has_value());
    CHECK(damaged.error().what.find("bb") != std::string::npos);
}

TEST_CASE("reader: no journal, and one of another schema") {
    Store store;
    CHECK(JournalReader::open(store.options).error().what.find("cannot open") != std::string::npos);
    fill(store);
    store.tamper("PRAGMA user_version = 99");
    CHECK(JournalReader::open(store.options).error().what.find("schema 99") != std::string::npos);
}

TEST_CASE("attempts: three deaths in one input quarantine it, and replay goes around it") {
    Store store;
    fill(store);
    // Each round is one process: it replays up to input 17, where it dies.
    for (unsigned round = 0; round < attempts_max; ++round) {
        CAPTURE(round);
        auto attempts = RecoveryAttempts::open(store.options).value();
        CHECK_FALSE(attempts.must_quarantine());
        CHECK(attempts.suspect() == std::pair<std::uint64_t, unsigned>{round == 0 ? 0 : 17, round});
        for (std::uint64_t seq = 1; seq <= 17; ++seq) attempts.begin(seq);
    }
    auto attempts = RecoveryAttempts::open(store.options).value();
    REQUIRE(attempts.must_quarantine());
    REQUIRE(quarantine(store.options, attempts.suspect().first, "three times").has_value());
    attempts.clear();
    CHECK_FALSE(RecoveryAttempts::open(store.options).value().must_quarantine());

    bool seen = false;
    const auto end = store.reader().read_after(0, [&](const InputRecord& in) {
        seen = seen || in.seq == 17;
        return true;
    });
    CHECK(end.value().last_seq == 30);
    CHECK(end->skipped == 1);
    CHECK_FALSE(seen);
    CHECK(store.reader().quarantined().value().at(0).why == "three times");
}

TEST_CASE("attempts: deaths in different inputs are no suspicion") {
    Store store;
    fill(store);
    for (const std::uint64_t seq : {3U, 4U, 3U, 5U, 5U})
        RecoveryAttempts::open(store.options).value().begin(seq);
    auto attempts = RecoveryAttempts::open(store.options).value();
    CHECK(attempts.suspect() == std::pair<std::uint64_t, unsigned>{5, 2});
    CHECK_FALSE(attempts.must_quarantine());
}
