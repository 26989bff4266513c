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
    at.at = shown.substr(0, 19);  // where it ended, as it is shown
    const test::Ran end = kept.ask(at);
    CAPTURE(end.out + end.err);
    CHECK(end.code == cli::Exit::fine);
    CHECK(has(end.out, at.at));
    CHECK_FALSE(has(end.out, "here the journal ends"));
    at.at = "2001-01-01T00:00:00Z";
    const test::Ran early = kept.ask(at);
    CHECK(early.code == cli::Exit::finding);
    CHECK(early.out.empty());
    CHECK(has(early.err, "the journal tells of "));
    CHECK(has(early.err, shown.substr(0, 19)));
    at.at = "2099-01-01 00:00";
    const test::Ran late = kept.ask(at);
    CHECK(late.code == cli::Exit::fine);
    CHECK(has(late.out, shown.substr(0, 19)));  // nothing is made up beyond it
    CHECK(has(late.out, "here the journal ends"));
    CHECK(has(kept.ask(at, true).out, R"("after_end":true)"));
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
    CHECK(has(ran.err, "cannot open /nonexistent: there is no such folder"));
    CHECK(has(ran.err, "with journal.db in it"));
    const test::TempFolder folder;
    const auto refused = [](const std::string& store) {
        cli::ReplayOptions wrong;
        wrong.store = store;
        return test::run_command(
                   [&wrong](const cli::Globals& globals) { return cli::replay(globals, wrong); }
        ).err;
    };
    CHECK(has(refused(folder.path()), "journal.db: there is no such file"));
    std::ofstream{folder.path() + "/day.ndjson"} << "{}\n";
    CHECK(has(refused(folder.path() + "/day.ndjson"), "it is a file"));
}
