// What commands refuse before they ask surged, in both languages.
#include "app/cli/common.hpp"
#include "app/cli/mistake_words.hpp"
#include "app/cli/plan.hpp"
#include "app/cli/queries.hpp"
#include "app/cli/simulate.hpp"
#include "places.hpp"
#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <sstream>
#include <string>

using namespace surged::app;
using cli::Exit;

namespace {

struct Terminal {
    std::ostringstream out, err;
    cli::Globals globals;
    explicit Terminal(const char* language) {
        globals.language = language;
        globals.out = &out;
        globals.err = &err;
    }
};

}  // namespace

TEST_CASE("surgectl: thresholds need how long and why, and what is missing is named") {
    cli::ThresholdOptions neither;
    neither.plan = "P06";
    neither.trigger = "pressure";
    neither.by = "wang";
    neither.levels = {"III=8"};
    cli::ThresholdOptions no_why = neither, no_time = neither;
    no_why.lasts = "1h";
    no_time.why = "ads";
    struct Row {
        const cli::ThresholdOptions& options;
        const char *en, *zh;
    };
    for (const Row& row : {
             Row{neither, "--for and --why are missing\n", "缺少 --for 和 --why\n"},
             Row{no_why,  "--why is missing\n",            "缺少 --why\n"         },
             Row{no_time, "--for is missing\n",            "缺少 --for\n"         },
    }) {
        CAPTURE(row.en);
        Terminal en{"en"};
        CHECK(cli::threshold(en.globals, row.options) == Exit::usage);
        CHECK(en.err.str().find(row.en) != std::string::npos);
        Terminal zh{"zh-CN"};
        CHECK(cli::threshold(zh.globals, row.options) == Exit::usage);
        CHECK(zh.err.str().find(row.zh) != std::string::npos);
    }
}

TEST_CASE("surgectl: plans that cannot be written say why") {
    cli::PlanPrintOptions options;
    options.rules = std::string{SURGED_SOURCE_DIR} + "/rules";
    options.to = "/nodir/x";
    Terminal en{"en"};
    CHECK(cli::plan_print(en.globals, options) == Exit::finding);
    CHECK(en.err.str() == "surgectl: cannot write /nodir/x: No such file or directory\n");
    Terminal zh{"zh-CN"};
    CHECK(cli::plan_print(zh.globals, options) == Exit::finding);
    CHECK(zh.err.str() == "surgectl: 无法写入 /nodir/x:没有这个文件或文件夹\n");
}

TEST_CASE("surgectl: a summary that cannot be written says why") {
    const surged::test::TempFolder folder;
    cli::SimulateOptions options;
    options.to = folder.path() + "/calls.ndjson";
    options.duration = "1m";
    options.summary = "/nodir/x";
    Terminal en{"en"};
    CHECK(cli::simulate(en.globals, options) == Exit::finding);
    CHECK(en.err.str() == "surgectl: cannot write /nodir/x: No such file or directory\n");
}

TEST_CASE("surgectl: a secret that cannot be read says why, a folder as well") {
    const surged::test::TempFolder folder;
    const auto of_folder = cli::secret_from(folder.path());
    REQUIRE_FALSE(of_folder.has_value());
    CHECK(of_folder.error().what == "cannot read " + folder.path() + ": Is a directory");
    const auto missing = cli::secret_from("/nodir/token");
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().what == "cannot read /nodir/token: No such file or directory");
    CHECK(
        cli::mistakes_in_chinese(missing.error().what) ==
        "无法读取 /nodir/token:没有这个文件或文件夹"
    );
}
