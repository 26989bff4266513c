#include "app/ack_keys.hpp"

#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <fstream>
#include <sys/stat.h>

using namespace surged;

TEST_CASE("ack: the signing keys are made once, are for nobody else, and rotate after a month") {
    const test::TempFolder folder;
    const Wall begun{1'764'000'000'000'000};
    const auto at = [&](int days) {
        return Wall{begun.us + Micros{std::chrono::days{days}}.count()};
    };
    const auto first = app::ack_keys(folder.path(), begun);
    REQUIRE(first.has_value());
    REQUIRE(first->size() == 1);
    CHECK(first->front().secret.size() == 32);
    struct stat found{};
    REQUIRE(::stat((folder.path() + "/ack.keys").c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);

    const auto same = app::ack_keys(folder.path(), at(29));
    REQUIRE(same.has_value());
    REQUIRE(same->size() == 1);
    CHECK(same->front().secret == first->front().secret);

    const auto second = app::ack_keys(folder.path(), at(31));
    REQUIRE(second.has_value());
    REQUIRE(second->size() == 2);
    CHECK(second->at(1).secret == first->front().secret);
    CHECK(second->at(0).secret != first->front().secret);
    CHECK(second->at(0).id != second->at(1).id);

    const auto third = app::ack_keys(folder.path(), at(62));
    REQUIRE(third.has_value());
    REQUIRE(third->size() == 2);
    CHECK(third->at(1).secret == second->at(0).secret);
}

TEST_CASE("ack: a damaged file of keys is made anew; one that cannot be written is an error") {
    const test::TempFolder folder;
    for (const char* text :
         {"", "surged ack keys 1\n", "surged ack keys 1\n1 2 short\n", "something else\n1 2 3\n"}) {
        CAPTURE(text);
        std::ofstream{folder.path() + "/ack.keys"} << text;
        const auto keys = app::ack_keys(folder.path(), Wall{1'764'000'000'000'000});
        REQUIRE(keys.has_value());
        CHECK(keys->size() == 1);
    }
    CHECK_FALSE(app::ack_keys(folder.path() + "/missing", Wall{0}).has_value());
}
