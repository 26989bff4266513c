#include "store/migrate.hpp"

#include "support/temp_folder.hpp"

#include <array>
#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::store;

namespace {

Database open(const std::string& file) {
    return Database::open(file, Access::write, "", 1s).value();
}

constexpr auto one = std::to_array<Migration>({
    {1, "CREATE TABLE a (x)"}
});
constexpr auto two = std::to_array<Migration>({
    {1, "CREATE TABLE a (x)"                                     },
    {2, "ALTER TABLE a ADD COLUMN y; INSERT INTO a VALUES (1, 2)"}
});
constexpr auto broken = std::to_array<Migration>({
    {1, "CREATE TABLE a (x)"                                },
    {2, "CREATE TABLE b (x); INSERT INTO no_such VALUES (1)"}
});

}  // namespace

TEST_CASE("migrate: from nothing, step by step, and only once") {
    const test::TempFolder folder;
    const std::string file = folder.path() + "/a.db";
    const auto database = open(file);
    CHECK(schema_version(database, file).value() == 0);
    REQUIRE(migrate(database, file, one).has_value());
    CHECK(schema_version(database, file).value() == 1);
    REQUIRE(migrate(database, file, two).has_value());
    REQUIRE(migrate(database, file, two).has_value());
    CHECK(schema_version(database, file).value() == 2);
    CHECK(database.integer("SELECT count(*) FROM a WHERE y = 2").value() == 1);
}

TEST_CASE("migrate: a step that fails leaves the file as it was") {
    const test::TempFolder folder;
    const std::string file = folder.path() + "/a.db";
    const auto database = open(file);
    REQUIRE_FALSE(migrate(database, file, broken).has_value());
    CHECK(schema_version(database, file).value() == 1);
    CHECK(database.integer("SELECT count(*) FROM sqlite_master WHERE name = 'b'").value() == 0);
    CHECK(migrate(database, file, two).has_value());
}

TEST_CASE("migrate: a newer schema and another program's file are refused in words") {
    const test::TempFolder folder;
    const std::string newer = folder.path() + "/newer.db";
    {
        const auto database = open(newer);
        REQUIRE(migrate(database, newer, two).has_value());
        const auto refused = migrate(database, newer, one);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().what.find("schema 2") != std::string::npos);
        CHECK(refused.error().what.find(newer) != std::string::npos);
        CHECK(refused.error().hint.find("newer surged") != std::string::npos);
    }
    const std::string foreign = folder.path() + "/foreign.db";
    const auto database = open(foreign);
    REQUIRE(database.script("CREATE TABLE bookmarks (url)").has_value());
    const auto refused = migrate(database, foreign);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().what.find("another program") != std::string::npos);
    CHECK(database.integer("PRAGMA user_version").value() == 0);
}

TEST_CASE("migrate: numbers rise by one") {
    int version = 0;
    for (const Migration& step : migrations()) CHECK(step.version == ++version);
    const test::TempFolder folder;
    const std::string file = folder.path() + "/a.db";
    const auto database = open(file);
    REQUIRE(migrate(database, file).has_value());
    CHECK(require_current(database, file).has_value());
}
