// Loads of rules: who, when, why, kept beside the sets themselves.
#include "store/housekeeping.hpp"
#include "unit/store/fixture.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::store;

namespace {

void load(Journal& journal, std::uint64_t seq, const std::string& hash) {
    Commit commit = commit_of(seq, seq);
    RulesRecord record{hash, "bytes", {{"site.yaml", "site: {}"}}};
    record.load = {hash, Wall{1'000}, "wang", "http", "night shift", "li"};
    commit.rules.push_back(record);
    REQUIRE(append(journal, std::move(commit)).durable);
}

}  // namespace

TEST_CASE("loads: the newest first, again when an earlier set comes back") {
    Store store;
    auto journal = store.open();
    load(*journal, 1, "a");
    load(*journal, 2, "b");
    load(*journal, 3, "a");
    const auto loads = store.reader().loads(10).value();
    REQUIRE(loads.size() == 3);
    CHECK(loads[0].hash == "a");
    CHECK(loads[1].hash == "b");
    CHECK(loads[0].who == "wang");
    CHECK(loads[0].second == "li");
    CHECK(loads[0].why == "night shift");
    CHECK(store.reader().loads(1).value().size() == 1);
    CHECK(store.reader().rules("a").value()->sources.size() == 1);
}

TEST_CASE("loads: what is old and beyond the newest few goes, with the sets that only it named") {
    Store store;
    auto journal = store.open();
    load(*journal, 1, "a");
    load(*journal, 2, "b");
    load(*journal, 3, "a");
    load(*journal, 4, "c");
    load(*journal, 5, "d");
    KeepingRules rules;
    rules.loads_kept = 1;
    rules.retention = Micros{1s};  // the last two: d and c
    auto keeping = Housekeeping::open(store.options, rules).value();
    REQUIRE(keeping.delete_rules());
    const auto loads = store.reader().loads(10).value();
    REQUIRE(loads.size() == 3);  // the second a was in force when the retention begins
    CHECK(loads[2].hash == "a");
    CHECK(store.reader().rules("a").value().has_value());
    CHECK_FALSE(store.reader().rules("b").value().has_value());
    rules.loads_kept = 200;
    CHECK(Housekeeping::open(store.options, rules).value().delete_rules());
    CHECK(store.reader().loads(10).value().size() == 3);
}

TEST_CASE("loads: one that is damaged hides no other") {
    Store store;
    auto journal = store.open();
    load(*journal, 1, "a");
    load(*journal, 2, "b");
    store.tamper("UPDATE meta SET value = 'x' WHERE key LIKE 'rules/%2/%'");
    const auto loads = store.reader().loads(10).value();
    REQUIRE(loads.size() == 1);
    CHECK(loads[0].hash == "a");
}
