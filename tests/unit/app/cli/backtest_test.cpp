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
