// surgectl backtest as a command: rules and files in, report and exit code out.
#include "app/cli/backtest.hpp"

#include "places.hpp"
#include "support/ran.hpp"
#include "support/temp_folder.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>
#include <fstream>

using namespace surged;
using namespace surged::app;
using cli::Exit;

namespace {

test::Ran run(cli::BacktestOptions options) {
    if (options.rules.starts_with("/etc")) options.rules = SURGED_SOURCE_DIR "/rules";
    return test::run_command([&options](const cli::Globals& globals) {
        return cli::backtest(globals, options);
    });
}

/// Six callers wait for one agent, for five minutes.
std::string pressed(const test::TempFolder& folder) {
    const std::string path = folder.path() + "/calls.csv";
    std::ofstream file{path};
    file << "time,event,queue,call,agent,state\n"
            "2026-08-12 10:00:00,agent_state,sales,,PJSIP/1,available\n";
    for (int i = 0; i < 6; ++i)
        file << "2026-08-12 10:00:0" << i + 1 << ",offered,sales,c-" << i << ",,\n";
    file << "2026-08-12 10:05:00,offered,support,d-1,,\n";
    return path;
}

}  // namespace

TEST_CASE("backtest: the shipped rules on a table of calls") {
    const test::TempFolder folder;
    cli::BacktestOptions options;
    options.files = {pressed(folder)};
    const test::Ran text = run(options);
    CHECK(text.code == Exit::fine);
    CHECK_MESSAGE(text.out.find("P06 Platform service") != std::string::npos, text.out);
    options.format = "json";
    const auto json = boost::json::parse(run(options).out);
    CHECK(json.at("incidents").at(0).at("highest") == "I");
    options.format = "html";
    options.out = folder.path() + "/report.html";
    CHECK(run(options).out.empty());
    std::ifstream html{options.out};
    std::string first;
    std::getline(html, first);
    CHECK(first == "<!doctype html>");
}

TEST_CASE("backtest: a line that is dated hours ahead is told, with its place") {
    const test::TempFolder folder;
    const std::string path = folder.path() + "/jump.csv";
    std::ofstream{path} << "time,event,queue,call\n"
                           "2026-08-12 10:00:00,offered,sales,c-1\n"
                           "2026-08-12 16:00:00,offered,sales,c-2\n"
                           "2026-08-12 10:00:02,offered,sales,c-3\n"
                           "2026-08-12 10:00:03,offered,sales,c-4\n";
    cli::BacktestOptions options;
    options.files = {path};
    const std::string text = run(options).out;
    CAPTURE(text);
    CHECK(text.find("not in the order of time: 2 events") != std::string::npos);
    CHECK(text.find("later by more than 5 min") != std::string::npos);
    CHECK(text.find("jump.csv:3, of 2026-08-12 16:00:00") != std::string::npos);
    options.format = "json";
    const auto json = boost::json::parse(run(options).out);
    const auto& found = json.at("read").at("out_of_order");
    CHECK(found.at("events") == 2);
    CHECK(found.at("line") == 3);
    CHECK(found.at("time") == "2026-08-12T08:00:00.000000Z");
    options.format = "html";
    CHECK(run(options).out.find("not in the order of time") != std::string::npos);
    options.files = {pressed(folder)};
    options.format = "json";
    CHECK(boost::json::parse(run(options).out).at("read").at("out_of_order").is_null());
}

TEST_CASE("backtest: one line of another year is not lived through, but a gap is") {
    const test::TempFolder folder;
    const std::string path = folder.path() + "/year.csv";
    std::ofstream{path} << "time,event,queue,call\n"
                           "2026-08-12 10:00:00,offered,sales,c-1\n"
                           "2027-08-12 10:00:00,offered,sales,c-2\n"
                           "2026-08-12 10:00:02,abandoned,sales,c-1\n"
                           "2026-10-12 10:00:03,offered,sales,c-4\n"
                           "2026-10-12 10:00:04,abandoned,sales,c-4\n"
                           "2026-10-12 10:00:05,offered,sales,c-5\n";
    cli::BacktestOptions options;
    options.files = {path};
    options.format = "json";
    const auto json = boost::json::parse(run(options).out);
    CHECK(json.at("read").at("unreadable") == 2);
    CHECK(json.at("read").at("events") == 4);
    CHECK(json.at("read").at("out_of_order").is_null());
    CHECK(json.at("read").at("newest_unreadable").at(0).at("line") == 3);
}

TEST_CASE("backtest: without surged.yaml no version is shown, as it is not the daemon's") {
    const test::TempFolder folder;
    cli::BacktestOptions options;
    options.files = {pressed(folder)};
    const std::string line = std::string{"rules: "} + SURGED_SOURCE_DIR "/rules\n";
    CHECK(run(options).out.find(line) != std::string::npos);
    options.format = "json";
    CHECK(boost::json::parse(run(options).out).at("rules_hash").is_null());
}

TEST_CASE("backtest: exit codes tell wrong rules, files and options apart from what fired") {
    const test::TempFolder folder;
    const std::string empty = folder.path() + "/empty";
    std::ofstream{empty} << "";
    cli::BacktestOptions options;
    options.files = {pressed(folder)};
    options.ack_after = "soon";
    CHECK(run(options).code == Exit::usage);
    options.ack_after = "";
    options.rules = folder.path();
    CHECK(run(options).code == Exit::finding);
    options.rules = "/etc/surged/rules";
    options.files = {folder.path() + "/none"};
    CHECK(run(options).code == Exit::finding);
    options.files = {empty};
    const test::Ran none = run(options);
    CHECK(none.code == Exit::finding);
    CHECK(none.err.find("no event") != std::string::npos);
    options.files = {pressed(folder)};
    options.out = folder.path() + "/no/such/folder";
    CHECK(run(options).code == Exit::finding);
}

TEST_CASE("backtest: two rule sets side by side") {
    const test::TempFolder folder;
    cli::BacktestOptions options;
    options.files = {pressed(folder)};
    options.against = SURGED_SOURCE_DIR "/rules";
    const test::Ran same = run(options);
    CHECK(same.code == Exit::fine);
    CHECK_MESSAGE(same.out.find("The two rule sets are the same.") != std::string::npos, same.out);
    options.format = "json";
    const auto json = boost::json::parse(run(options).out);
    CHECK(json.at("by_level").at("I").at("both") == 1);
    CHECK(json.at("surges").at(0).at("earlier_s").at("I").to_number<double>() == 0);
    options.format = "html";
    CHECK(run(options).out.starts_with("<!doctype html>"));
    options.against = folder.path();
    CHECK(run(options).code == Exit::finding);
}
