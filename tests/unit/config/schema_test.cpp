#include "config/schema.hpp"

#include "places.hpp"

#include <array>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

using namespace surged::config;

namespace {

constexpr std::array<std::pair<File, const char*>, 5> files{
    {{File::surged, "surged"},
     {File::site, "site"},
     {File::roster, "roster"},
     {File::plan, "plan"},
     {File::notices, "notices"}}
};

TEST_CASE("schema: editors are told every key that the decoder reads") {
    for (const auto& [file, name] : files) {
        CAPTURE(name);
        const std::string path =
            fmt::format("{}/docs/reference/schema/{}.schema.json", SURGED_SOURCE_DIR, name);
        const std::string now = schema_of(file);
        if (std::getenv("SURGED_UPDATE_GOLDEN") != nullptr) std::ofstream{path} << now;
        std::ifstream in{path, std::ios::binary};
        const std::string kept{std::istreambuf_iterator<char>{in}, {}};
        CHECK_MESSAGE(now == kept, "run with SURGED_UPDATE_GOLDEN=1 and read the difference");
        for (const Key& key : key_table()) {
            if (key.file != file || !key.built) continue;
            const auto leaf = key.path.substr(key.path.rfind('.') + 1);
            if (leaf.starts_with('*')) continue;
            CAPTURE(key.path);
            CHECK(now.find(fmt::format("\"{}\": {{", leaf)) != std::string::npos);
        }
    }
}

}  // namespace
