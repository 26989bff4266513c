// surgectl reload --diff and rules: what a person reads of a change.
#include "app/cli/rules.hpp"

#include "places.hpp"
#include "support/temp_folder.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

using namespace surged;
using namespace surged::app;
namespace fs = std::filesystem;

TEST_CASE("surgectl rules: changes in words, a line each") {
    const auto found = boost::json::parse(R"({"from":"a","to":"b","files":["site.yaml"],"changes":[
        {"what":"threshold","plan":"platform-service","trigger":"pressure","level":"III",
         "subject":"calls_waiting","before":"4","after":"5.5","queues":["sales"],"during":"d11"},
        {"what":"person","subject":"wang","before":"hook","after":"hook"},
        {"what":"plan_added","plan":"other","before":"","after":"P22","queues":["*"]}]})");
    CHECK(
        cli::changes_text(found, plan::Language::en) ==
        "platform-service/pressure: threshold level III calls_waiting 4 → 5.5, during d11 "
        "(queues sales)\n"
        "person wang changed\n"
        "other: plan added + P22\n"
        "3 changes, files: site.yaml\n"
    );
    CHECK(
        cli::changes_text(found, plan::Language::zh_cn).find("阈值 Ⅲ级 calls_waiting 4 → 5.5") !=
        std::string::npos
    );
}

TEST_CASE("surgectl rules: two texts line by line") {
    CHECK(cli::line_difference("f", "a\nb\n", "a\nb\n").empty());
    CHECK(
        cli::line_difference(
            "f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5\nsix\n7\n8\n9\nten\n"
        ) == "--- f\n+++ f\n@@ 3 3 @@\n 3\n 4\n 5\n-6\n+six\n 7\n 8\n 9\n+ten\n"
    );
    CHECK(cli::line_difference("f", "", "x\n") == "--- f\n+++ f\n@@ 1 1 @@\n+x\n");
}

TEST_CASE("surgectl reload: two folders are compared without a daemon") {
    const test::TempFolder folder;
    const std::string before = SURGED_SOURCE_DIR "/rules", after = folder.path() + "/rules";
    fs::copy(before, after, fs::copy_options::recursive);
    for (const auto& entry : fs::directory_iterator{after + "/plans"}) {
        if (entry.path().filename().string().find("P06") != 0) continue;
        std::ifstream in{entry.path()};
        std::string text{std::istreambuf_iterator<char>{in}, {}};
        const auto at = text.find("when_clear_for: ");
        REQUIRE(at != std::string::npos);
        text.replace(at, text.find('\n', at) - at, "when_clear_for: 77m}");
        std::ofstream{entry.path()} << text;
    }
    std::ostringstream out, err;
    cli::Globals globals{};
    globals.language = "en";
    globals.out = &out;
    globals.err = &err;
    cli::ReloadOptions options;
    options.diff = true;
    options.folders = {before, after};
    CHECK(cli::reload(globals, options) == cli::Exit::fine);
    CAPTURE(out.str() + err.str());
    CHECK(out.str().find("platform-service: scope end clear for") == 0);
    CHECK(out.str().find("→ clear for 1h17m") != std::string::npos);
    options.folders = {before};
    CHECK(cli::reload(globals, options) == cli::Exit::usage);
    options.folders = {before, folder.path() + "/nowhere"};
    CHECK(cli::reload(globals, options) == cli::Exit::finding);
}
