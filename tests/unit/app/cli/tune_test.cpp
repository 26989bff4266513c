// surgectl tune as a command.
#include "app/cli/tune.hpp"

#include "places.hpp"
#include "support/ran.hpp"
#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

using namespace surged;
using namespace surged::app;
using cli::Exit;

namespace {

test::Ran run(cli::TuneOptions options) {
    if (options.rules.starts_with("/etc")) options.rules = SURGED_SOURCE_DIR "/rules";
    return test::run_command([&options](const cli::Globals& globals) {
        return cli::tune(globals, options);
    });
}

/// Eight days in each of which five callers wait for one agent for twenty minutes.
std::string days(const test::TempFolder& folder) {
    const std::string path = folder.path() + "/calls.csv";
    std::ofstream file{path};
    file << "time,event,queue,call,agent,state\n";
    for (int day = 10; day < 18; ++day) {
        file << fmt::format("2026-08-{} 10:00:00,agent_state,sales,,PJSIP/1,available\n", day);
        for (int i = 1; i < 6; ++i)
            file << fmt::format("2026-08-{0} 10:00:0{1},offered,sales,c-{0}-{1},,\n", day, i);
        for (int i = 1; i < 6; ++i)
            file << fmt::format("2026-08-{0} 10:20:0{1},abandoned,sales,c-{0}-{1},,\n", day, i);
    }
    return path;
}

}  // namespace

TEST_CASE("tune: the shipped rules on a week of calls, and a patch that fits their text") {
    const test::TempFolder folder;
    cli::TuneOptions options;
    options.files = {days(folder)};
    options.want = {"III=2", "I=0.1"};
    options.triggers = {"platform-service"};
    options.patch = folder.path() + "/tuned.patch";
    const test::Ran ran = run(options);
    CHECK(ran.code == Exit::fine);
    CAPTURE(ran.out);
    CHECK(ran.out.find("ALARMS A WEEK") != std::string::npos);
    CHECK(ran.out.find("I: the history is too short: 1.0") != std::string::npos);
    std::ifstream in{options.patch};
    const std::string patch{std::istreambuf_iterator<char>{in}, {}};
    CHECK(ran.out.find(patch) != std::string::npos);
}

TEST_CASE("tune: a history of less than a week is told in spans that differ") {
    const test::TempFolder folder;
    const std::string path = folder.path() + "/minutes.csv";
    std::ofstream{path} << "time,event,queue,call,agent,state\n"
                           "2026-08-10 10:00:00,offered,sales,c-1,,\n"
                           "2026-08-10 10:20:00,offered,sales,c-2,,\n";
    cli::TuneOptions options;
    options.files = {path};
    options.want = {"III=500"};
    options.triggers = {"P06"};  // by source, too
    const test::Ran ran = run(options);
    CAPTURE(ran.out + ran.err);
    CHECK(ran.code == Exit::fine);
    CHECK(ran.out.find("20.00 minutes; 500 a week wants 20.16 minutes") != std::string::npos);
}

TEST_CASE("tune: what is wanted, and what is read, is checked") {
    const test::TempFolder folder;
    cli::TuneOptions options;
    options.files = {days(folder)};
    for (const char* want : {"III", "III=", "III=0", "V=1", "III=x", "III=1x"}) {
        options.want = {want};
        CHECK(run(options).code == Exit::usage);
    }
    options.want = {"III=1"};
    options.files = {"-"};
    CHECK(run(options).err.find("read twice") != std::string::npos);
    options.files = {days(folder)};
    options.triggers = {"no-such-plan"};
    const test::Ran unknown = run(options);
    CHECK(unknown.code == Exit::usage);
    CHECK(unknown.err.find("there is no plan or trigger no-such-plan") != std::string::npos);
    options.triggers = {"platform-service/presure"};
    CHECK(run(options).err.find("did you mean platform-service/pressure?") != std::string::npos);
    options.rules = folder.path();
    CHECK(run(options).code == Exit::finding);
    options.rules = cli::TuneOptions{}.rules;
    options.triggers = {"platform-service/pressure"};
    options.patch = "/nodir/x";
    const test::Ran unwritten = run(options);
    CHECK(unwritten.code == Exit::finding);
    CHECK(unwritten.err == "surgectl: cannot write /nodir/x: No such file or directory\n");
}
