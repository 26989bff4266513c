// Files that are whole or not there.
#include "app/whole_file.hpp"

#include "app/parts.hpp"
#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace surged;

namespace {

std::string text_of(const std::string& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

TEST_CASE("whole file: takes the other's place, whatever a killed process left") {
    const test::TempFolder folder;
    const std::string file = folder.path() + "/site.key";
    std::ofstream{file + ".new"} << "half of";
    REQUIRE(app::write_whole(file, "first").has_value());
    CHECK(text_of(file) == "first");
    REQUIRE(app::write_whole(file, "second").has_value());
    CHECK(text_of(file) == "second");
    CHECK_FALSE(std::filesystem::exists(file + ".new"));
    CHECK(
        (std::filesystem::status(file).permissions() & std::filesystem::perms::others_all) ==
        std::filesystem::perms::none
    );
    const auto failed = app::write_whole(folder.path() + "/none/site.key", "x");
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().what.find("/none/site.key") != std::string::npos);
}

TEST_CASE("whole file: a process killed while it makes the site's key makes it anew") {
    const test::TempFolder folder;
    std::ofstream{folder.path() + "/site.key.new"} << "half of";
    const auto key = app::site_key(folder.path());
    REQUIRE(key.has_value());
    CHECK(key->size() == 32);
    CHECK(app::site_key(folder.path()).value() == *key);
}
