// surgectl replay: a store of the past, at its end and on the way there.
#include "app/cli/replay.hpp"

#include "places.hpp"
#include "support/ran.hpp"
#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>

using namespace surged;
namespace cli = surged::app::cli;

namespace {

struct Kept {
    test::TempFolder folder;
    Kept() {
        std::filesystem::copy_file(
            std::string{SURGED_SOURCE_DIR} + "/tests/data/journal/format-2/journal.db",
            folder.path() + "/journal.db"
        );
    }
    [[nodiscard]] test::Ran ask(cli::ReplayOptions options, bool json = false) const {
        options.store = folder.path();
        const auto command = [&options](const cli::Globals& globals) {
            return cli::replay(globals, options);
        };
        return test::run_command(command, json);
    }
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("surgectl replay: the end of a journal, and the way there") {
    const Kept kept;
    const test::Ran end = kept.ask({});
    CAPTURE(end.out + end.err);
    CHECK(end.code == cli::Exit::fine);
    CHECK(has(end.out, "172"));  // offered
    CHECK(has(end.out, "recorded in format 2, not compared"));
    CHECK(has(end.out, "acknowledged"));

    cli::ReplayOptions early;
    early.record = 40;
    const test::Ran before = kept.ask(early);
    CHECK(before.code == cli::Exit::fine);
    CHECK(has(before.out, "record 40, 40 replayed from the start"));
    CHECK_FALSE(has(before.out, "acknowledged"));

    const test::Ran json = kept.ask({}, true);
    CHECK(has(json.out, R"("incidents":[{"id":"P06-)"));
    CHECK(has(json.out, R"("lost":"")"));
}

TEST_CASE("surgectl replay: an instant, and a time that is none") {
    const Kept kept;
    const std::string shown = kept.ask({}).out;
    cli::ReplayOptions at;
    at.at = shown.substr(0, shown.find(' '));  // where it ended
    CHECK(kept.ask(at).code == cli::Exit::fine);
    at.at = "2001-01-01T00:00:00Z";
    CHECK(has(kept.ask(at).out, "record 0, 0 replayed"));
    at.at = "yesterday";
    const test::Ran wrong = kept.ask(at);
    CHECK(wrong.code == cli::Exit::finding);
    CHECK(has(wrong.err, "yesterday is no time"));
}

TEST_CASE("surgectl replay: a store that is not there") {
    cli::ReplayOptions options;
    options.store = "/nonexistent";
    const test::Ran ran = test::run_command([&options](const cli::Globals& globals) {
        return cli::replay(globals, options);
    });
    CHECK(ran.code == cli::Exit::finding);
    CHECK(has(ran.err, "/nonexistent"));
}
