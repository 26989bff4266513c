// A small journal for tests: inputs with made-up bytes, and everything read back as lines.
#pragma once

#include "base/log.hpp"
#include "store/reader.hpp"
#include "store/worker.hpp"
#include "support/faulty_vfs.hpp"
#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace surged::store {

inline std::string body_of(std::uint64_t seq) {
    return fmt::format("input {}{}", seq, std::string(seq % 97, '.'));
}
inline Instant instant_of(std::uint64_t seq) {
    return Instant{Seconds{1'700'000'000 + static_cast<std::int64_t>(seq)}};
}
inline std::uint64_t hash_of(std::uint64_t seq) { return 0xF000'0000'0000'0000ULL + seq; }

inline Commit commit_of(std::uint64_t first, std::uint64_t last) {
    Commit commit;
    for (auto seq = first; seq <= last; ++seq)
        commit.inputs.push_back({seq, instant_of(seq), body_of(seq)});
    commit.last_seq = last;
    commit.effect_hash = hash_of(last);
    return commit;
}
/// As after a gap: the commit that opens the journal again.
inline Commit gap_commit_of(std::uint64_t seq) {
    Commit commit = commit_of(seq, seq);
    commit.snapshot = fmt::format("image {}", seq);
    return commit;
}
inline Committed append(Journal& journal, Commit commit) {
    std::promise<Committed> answer;
    auto future = answer.get_future();
    journal.append(std::move(commit), [&](Committed c) { answer.set_value(std::move(c)); });
    return future.get();
}

struct Store {
    test::TempFolder folder;
    test::FaultyVfs disk;
    Options options;
    Store() {
        log::set_threshold(log::Severity{0});  // failures are what these tests are about
        options.path = folder.path() + "/store";
        options.site = "hz";
        options.vfs = disk.name();
        options.busy_wait = 200ms;
        options.repair_every = 0us;
    }
    [[nodiscard]] std::unique_ptr<SqliteJournal> open() const {
        auto journal = SqliteJournal::open(options);
        INFO((journal ? "" : journal.error().what));
        REQUIRE(journal.has_value());
        return std::move(*journal);
    }
    [[nodiscard]] JournalReader reader() const {
        auto reader = JournalReader::open(options);
        INFO((reader ? "" : reader.error().what));
        REQUIRE(reader.has_value());
        return std::move(*reader);
    }
    /// Reads on from `after`, checking that every input has the bytes it was given.
    [[nodiscard]] ReadEnd read(std::uint64_t after = 0) const {
        auto before = after;
        auto end = reader().read_after(after, [&](const InputRecord& in) {
            CHECK(in.seq > before);
            CHECK(in.bytes == body_of(in.seq));
            CHECK(in.instant == instant_of(in.seq));
            before = in.seq;
            return true;
        });
        REQUIRE(end.has_value());
        return *end;
    }
    /// Changes the file behind everybody's back.
    void tamper(const std::string& sql) const {
        auto database = Database::open(options.file(), Access::write, options.vfs, 1s);
        REQUIRE(database.has_value());
        const auto done = database->script(sql);
        INFO((done ? "" : done.error().what));
        REQUIRE(done.has_value());
    }
};

}  // namespace surged::store
