#include "store/worker.hpp"

#include "store/reader.hpp"
#include "support/memory_vfs.hpp"
#include "unit/store/fixture.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace surged;
using namespace surged::store;

TEST_CASE("journal: what was committed is read back") {
    Store store;
    auto journal = store.open();
    CHECK(journal->opened_at() == Tip{});
    Commit commit;
    commit.inputs = {
        {1, Instant{10us}, "one"},
        {2, Instant{20us}, std::string("t\0o", 3)}
    };
    commit.pages = {
        {"P06-hz-1.1", 2, Instant{20us}, "page bytes"}
    };
    commit.rules = {
        {"abc", "rule bytes", {{"site.yaml", "queues: []"}}}
    };
    commit.last_seq = 2;
    commit.effect_hash = 0xFEDCBA9876543210ULL;
    commit.state_hash = "00ff";
    const Committed done = append(*journal, commit);
    CHECK(done.error == "");
    REQUIRE(done.durable);
    CHECK_FALSE(done.ready);

    auto reader = store.reader();
    std::vector<std::string> got;
    const auto end = reader.read_after(
        0,
        [&](const InputRecord& in) {
            got.push_back(in.bytes);
            CHECK(in.core_version == 1);
            return true;
        },
        [&](std::uint64_t seq, const PageRecord& page) {
            got.push_back(fmt::format("{}/{}@{}: {}", page.page, page.attempt, seq, page.bytes));
        }
    );
    REQUIRE(end.has_value());
    CHECK(
        got == std::vector<std::string>{"one", std::string("t\0o", 3), "P06-hz-1.1/2@2: page bytes"}
    );
    CHECK(end->last_seq == 2);
    CHECK(end->highest_seq == 2);
    CHECK_FALSE(end->lost.has_value());
    CHECK(reader.rules("abc").value()->bytes == "rule bytes");
    CHECK(reader.rules("abc").value()->sources == commit.rules[0].sources);
    CHECK_FALSE(reader.rules("abd").value().has_value());
    CHECK(reader.last_note().value()->effect_hash == commit.effect_hash);
    CHECK(reader.note_at(2).value()->state_hash == "00ff");
    CHECK_FALSE(reader.note_at(1).value().has_value());
    CHECK_FALSE(reader.newest_image().value().image.has_value());
    CHECK(reader.meta("site").value() == "hz");
    CHECK(reader.meta("store_id").value()->size() == 32);
}

TEST_CASE("journal: goes on where it ended") {
    Store store;
    REQUIRE(append(*store.open(), commit_of(1, 3)).durable);
    auto journal = store.open();
    CHECK(journal->opened_at() == Tip{3, instant_of(3)});
    REQUIRE(append(*journal, commit_of(4, 4)).durable);
    CHECK(store.read().last_seq == 4);
    CHECK(store.read(3).last_seq == 4);
    CHECK(store.read(4).last_seq == 4);
}

TEST_CASE("journal: commits that wait go into one transaction, answered in order") {
    Store store;
    store.disk.delay_syncs(20ms);
    auto journal = store.open();
    std::vector<std::uint64_t> answered;
    for (std::uint64_t seq = 1; seq <= 200; ++seq)
        journal->append(commit_of(seq, seq), [&answered, seq](const Committed& c) {
            if (c.durable) answered.push_back(seq);
        });
    journal->close();
    REQUIRE(answered.size() == 200);
    CHECK(std::is_sorted(answered.begin(), answered.end()));
    const JournalStats stats = journal->stats();
    CHECK(stats.commits == 200);
    CHECK(stats.transactions < 100);
    CHECK(store.read().last_seq == 200);
}

TEST_CASE("journal: a hole, a repeat and a wrong last_seq are refused") {
    Store store;
    auto journal = store.open();
    REQUIRE(append(*journal, commit_of(1, 10)).durable);
    Commit wrong_end = commit_of(11, 12);
    wrong_end.last_seq = 13;
    Commit hole_inside = commit_of(11, 12);
    hole_inside.inputs[1].seq = 14;
    hole_inside.last_seq = 14;
    struct Row {
        const char* name;
        Commit commit;
        const char* words;
    };
    const Row rows[] = {
        {"hole", commit_of(12, 13), "input 12 does not follow 10"},
        {"repeat", commit_of(10, 11), "input 10 does not follow 10"},
        {"wrong last_seq", wrong_end, "its last_seq is 13"},
        {"hole inside", hole_inside, "input 14 does not follow 11"},
        {"image of the past", gap_commit_of(9), "input 9 does not follow 10"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const Committed c = append(*journal, row.commit);
        CHECK_FALSE(c.durable);
        CHECK(c.error.find(row.words) != std::string::npos);
        CHECK(c.ready);  // the store is well: a gap record and an image may come
    }
    CHECK(append(*journal, commit_of(11, 11)).durable);
    CHECK(append(*journal, gap_commit_of(20)).durable);
    CHECK(append(*journal, commit_of(21, 21)).durable);
}

TEST_CASE("journal: begins with input 1 or with an image") {
    Store store;
    auto journal = store.open();
    store.disk.fill_disk();
    CHECK_FALSE(append(*journal, commit_of(1, 3)).durable);
    store.disk.heal();
    const Committed refused = append(*journal, commit_of(4, 4));
    CHECK_FALSE(refused.durable);
    CHECK(refused.ready);
    CHECK(append(*journal, gap_commit_of(5)).durable);
    CHECK(append(*journal, commit_of(6, 6)).durable);
    CHECK(store.read().lost.value().find("between inputs 0 and 5") != std::string::npos);
}

TEST_CASE("journal: a full queue drops, says so, and leaves no hole") {
    Store store;
    store.disk.delay_syncs(50ms);
    store.options.queue_commits_max = 4;
    auto journal = store.open();
    std::atomic<int> durable{0}, refused{0};
    for (std::uint64_t seq = 1; seq <= 100; ++seq)
        journal->append(commit_of(seq, seq), [&](const Committed& c) {
            ++(c.durable ? durable : refused);
        });
    journal->close();
    CHECK(durable + refused == 100);
    CHECK(durable >= 1);
    CHECK(refused >= 1);
    const auto end = store.read();
    CHECK(end.last_seq == static_cast<std::uint64_t>(durable));
    CHECK_FALSE(end.lost.has_value());
}

TEST_CASE("journal: a write that the power tears takes its own commit with it and no other") {
    for (const std::uint64_t at : {1U, 2U, 3U}) {
        CAPTURE(at);
        Store store;
        test::MemoryVfs disk;
        store.options.vfs = disk.name();
        auto journal = store.open();
        REQUIRE(append(*journal, commit_of(1, 5)).durable);
        REQUIRE(append(*journal, commit_of(6, 8)).durable);
        disk.lose_power_at(at);
        bool lost = false;
        for (std::uint64_t seq = 9; seq < 30 && !lost; ++seq)
            lost = !append(*journal, commit_of(seq, seq)).durable;
        CHECK(lost);
        CHECK(disk.torn() == 1);
        const auto durable = journal->stats().commits;
        disk.freeze();
        journal.reset();
        disk.restore();
        journal = store.open();
        const std::uint64_t last = 8 + (durable - 2);
        CHECK(journal->opened_at().seq == last);
        CHECK(append(*journal, commit_of(last + 1, last + 1)).durable);
    }
}

TEST_CASE("journal: a full disk answers durable=false; after repair a gap and an image open it") {
    Store store;
    auto journal = store.open();
    REQUIRE(append(*journal, commit_of(1, 5)).durable);
    store.disk.fill_disk();
    Committed c = append(*journal, commit_of(6, 6));
    CHECK_FALSE(c.durable);
    CHECK_FALSE(c.ready);
    CHECK(c.error.find("disk is full") != std::string::npos);
    CHECK(c.error.find("free space") != std::string::npos);
    CHECK(c.error.find(store.options.file()) != std::string::npos);
    CHECK_FALSE(journal->stats().up);
    c = append(*journal, commit_of(7, 7));
    CHECK_FALSE(c.ready);

    store.disk.heal();
    c = append(*journal, commit_of(8, 8));
    CHECK_FALSE(c.durable);
    CHECK(c.ready);
    CHECK(append(*journal, gap_commit_of(9)).durable);
    CHECK(append(*journal, commit_of(10, 12)).durable);
    CHECK(journal->stats().up);
    CHECK(journal->stats().repairs == 1);

    const auto reader = store.reader();
    const auto image = reader.newest_image().value().image.value();
    CHECK(image.seq == 9);
    CHECK(image.bytes == "image 9");
    CHECK(image.effect_hash == hash_of(9));
    CHECK(store.read(image.seq).last_seq == 12);
    const auto gaps = reader.gaps().value();
    REQUIRE(gaps.size() == 1);
    CHECK(gaps[0].after_seq == 5);
    CHECK(gaps[0].seq == 9);
    const auto across = store.read(0);
    CHECK(across.last_seq == 5);
    CHECK(across.highest_seq == 12);
    CHECK(across.lost.value().find("between inputs 5 and 9") != std::string::npos);
}

TEST_CASE("journal: the very commit that failed may be sent again") {
    Store store;
    auto journal = store.open();
    REQUIRE(append(*journal, commit_of(1, 5)).durable);
    store.disk.make_read_only();
    CHECK_FALSE(append(*journal, commit_of(6, 6)).durable);
    store.disk.heal();
    CHECK(append(*journal, commit_of(6, 6)).durable);
    CHECK(store.reader().gaps().value().empty());
    CHECK(store.read().last_seq == 6);
}

TEST_CASE("journal: whatever operation fails, nothing acknowledged is lost and it repairs itself") {
    std::uint64_t operations = 0;
    for (const bool forever : {false, true}) {
        for (std::uint64_t n = 1; n == 1 || n <= operations; ++n) {
            CAPTURE(n);
            CAPTURE(forever);
            Store store;
            if (n > 1 || forever) forever ? store.disk.fail_from(n) : store.disk.fail_nth(n - 1);
            auto opened = SqliteJournal::open(store.options);
            std::uint64_t acknowledged = 0;
            if (opened) {
                for (std::uint64_t seq = 1; seq <= 6; ++seq)
                    if (append(**opened, seq == 4 ? gap_commit_of(seq) : commit_of(seq, seq))
                            .durable)
                        acknowledged = seq;
                store.disk.heal();
                const Committed again = append(**opened, commit_of(100, 100));
                if (acknowledged > 0) CHECK_FALSE(again.durable);
                CHECK(append(**opened, gap_commit_of(101)).durable);
                (*opened)->close();
                if (n == 1 && !forever) operations = store.disk.operations();
            } else {
                CHECK(opened.error().what.size() > 10);
                CHECK(opened.error().hint.size() > 5);
            }
            store.disk.heal();
            opened = {};
            opened = SqliteJournal::open(store.options);
            REQUIRE(opened.has_value());
            if (acknowledged > 0) CHECK((*opened)->opened_at().seq == 101);
            std::vector<std::uint64_t> seen;
            for (std::uint64_t after : {std::uint64_t{0}, std::uint64_t{4}}) {
                auto end = store.reader().read_after(after, [&](const InputRecord& in) {
                    seen.push_back(in.seq);
                    return true;
                });
                REQUIRE(end.has_value());
            }
            // Input 4 opens the journal again: a replay begins with its image.
            if (acknowledged == 4)
                CHECK(store.reader().newest_image(4).value().image.value().seq == 4);
            else if (acknowledged > 0)
                CHECK(std::find(seen.begin(), seen.end(), acknowledged) != seen.end());
        }
    }
    CHECK(operations > 20);  // else the faults hit nothing
}

TEST_CASE("journal: a slow disk is waited for and counted") {
    Store store;
    store.options.slow_commit = 30ms;
    auto journal = store.open();
    REQUIRE(append(*journal, commit_of(1, 1)).durable);
    store.disk.delay_syncs(60ms);
    const Committed c = append(*journal, commit_of(2, 2));
    CHECK(c.durable);
    CHECK(c.took >= 60ms);
    CHECK(journal->stats().slow >= 1);
}

TEST_CASE("journal: another writer's lock is waited for, then said") {
    Store store;
    auto journal = store.open();
    REQUIRE(append(*journal, commit_of(1, 1)).durable);
    auto other = Database::open(store.options.file(), Access::write, store.options.vfs, 1s).value();
    std::optional<Transaction> held{Transaction::begin(other).value()};
    const Committed refused = append(*journal, commit_of(2, 2));
    CHECK_FALSE(refused.durable);
    CHECK(refused.error.find("locked") != std::string::npos);
    held.reset();
    CHECK(append(*journal, commit_of(2, 2)).durable);
}

TEST_CASE("journal: a second daemon on one store is refused in words") {
    Store store;
    auto journal = store.open();
    const auto second = SqliteJournal::open(store.options);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().what.find(store.options.path) != std::string::npos);
    CHECK(second.error().what.find(fmt::format("process {}", ::getpid())) != std::string::npos);
    CHECK_FALSE(second.error().hint.empty());
    journal.reset();
    CHECK(SqliteJournal::open(store.options).has_value());
}

TEST_CASE("journal: append after close is answered") {
    Store store;
    auto journal = store.open();
    journal->close();
    const Committed c = append(*journal, commit_of(1, 1));
    CHECK_FALSE(c.durable);
    CHECK(c.error == "the journal is closed");
}

TEST_CASE("journal: a folder that cannot be, a file that is no journal") {
    const test::TempFolder folder;
    std::ofstream{folder.path() + "/plain"} << "x";
    Options options;
    options.path = folder.path() + "/plain";
    CHECK(SqliteJournal::open(options).error().what.find("not a folder") != std::string::npos);
    options.path = folder.path() + "/store";
    std::filesystem::create_directory(options.path);
    std::ofstream{options.file()} << std::string(5000, 'x');
    const auto opened = SqliteJournal::open(options);
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().what.find("not a database") != std::string::npos);
    CHECK(opened.error().hint.find("aside") != std::string::npos);
}

namespace {

/// Commits as fast as it can and writes each acknowledged seq to `out`; ends by being killed.
[[noreturn]] void commit_until_killed(const Options& options, int out) {
    auto journal = SqliteJournal::open(options);
    if (!journal) std::_Exit(1);
    for (std::uint64_t seq = (*journal)->opened_at().seq + 1;; ++seq)
        (*journal)->append(commit_of(seq, seq), [out, seq](const Committed& c) {
            if (!c.durable) return;
            if (::write(out, &seq, sizeof seq) != ssize_t{sizeof seq}) std::_Exit(1);
        });
}

}  // namespace

TEST_CASE("journal: kill -9 in mid-commit loses nothing that was acknowledged") {
    Store store;
    std::uint64_t acknowledged = 0;
    for (int round = 0; round < 8; ++round) {
        CAPTURE(round);
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::close(ends[0]);
            commit_until_killed(store.options, ends[1]);
        }
        ::close(ends[1]);
        // Not before it has committed something, and then at a moment of its own.
        std::thread killer;
        for (std::uint64_t seq = 0; ::read(ends[0], &seq, sizeof seq) == ssize_t{sizeof seq};) {
            acknowledged = seq;
            if (killer.joinable()) continue;
            killer = std::thread{[child, round] {
                std::this_thread::sleep_for(std::chrono::milliseconds{5 + 17 * round});
                ::kill(child, SIGKILL);
            }};
        }
        REQUIRE(killer.joinable());
        killer.join();
        int status = 0;
        ::waitpid(child, &status, 0);
        ::close(ends[0]);
        CHECK(WIFSIGNALED(status));
        const auto journal = store.open();
        CHECK(journal->opened_at().seq >= acknowledged);
        const auto end = store.read();
        CHECK_FALSE(end.lost.has_value());
        CHECK(end.last_seq >= acknowledged);
    }
    CHECK(acknowledged > 100);
}
