#include "store/worker.hpp"

#include "store/reader.hpp"
#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <future>
#include <string>

using namespace surged;
using namespace surged::store;

TEST_CASE("journal: what was committed is read back") {
    const test::TempFolder folder;
    Options options;
    options.path = folder.path() + "/store";
    auto journal = SqliteJournal::open(options).value();
    std::promise<Committed> answer;
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
    journal->append(commit, [&](Committed c) { answer.set_value(std::move(c)); });
    const Committed done = answer.get_future().get();
    CHECK(done.error == "");
    REQUIRE(done.durable);

    auto reader = JournalReader::open(options).value();
    std::vector<std::string> got;
    const auto end = reader.read_after(
        0,
        [&](const InputRecord& in) {
            got.push_back(in.bytes);
            return true;
        },
        [&](std::uint64_t seq, const PageRecord& page) {
            got.push_back(page.page + ":" + page.bytes + ":" + std::to_string(seq));
        }
    );
    REQUIRE(end.has_value());
    CHECK(
        got == std::vector<std::string>{"one", std::string("t\0o", 3), "P06-hz-1.1:page bytes:2"}
    );
    CHECK(end->last_seq == 2);
    CHECK_FALSE(end->lost.has_value());
    CHECK(reader.rules("abc").value()->sources == commit.rules[0].sources);
    CHECK(reader.last_note().value()->effect_hash == commit.effect_hash);
    CHECK_FALSE(reader.newest_image().value().image.has_value());
}
