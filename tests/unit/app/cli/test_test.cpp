// surgectl test: what it reports, in Chinese. What it finds: offline/rule_test_test.cpp.
#include "app/cli/test.hpp"

#include "app/cli/test_words.hpp"
#include "support/temp_folder.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

using namespace surged;
using namespace surged::app;

namespace {

constexpr std::string_view plan = R"(plan: surge
title: {zh-CN: 激增, en: Surge}
source: P06
triggers:
  - {id: crowd, kpi: calls_waiting, above: {IV: 2, III: 4, II: 6}, for: 1m}
  - {id: late, kpi: longest_wait, above: {III: 90s}}
teams: {leader: duty}
page: {III: [leader]}
steps:
  - id: call-in
    phase: respond
    team: leader
    from_level: III
    within: 10m
    do: {zh-CN: 召集, en: Call in}
end: {when_clear_for: 15m}
)";
constexpr std::string_view tests = R"(start: 2026-08-05 10:00
tests:
  - name: too early
    plan: surge
    series: {sales: {calls_waiting: 4x5}}
    expect:
      - {at: 2m, level: II, paged: [], steps: {call-in: none}}
  - name: nothing to take
    plan: surge
    given: [{ack: wang}]
    expect: [{at: 1m, level: none}]
)";

class Folder {
public:
    Folder() {
        put("site.yaml", "site: {id: hz, time_zone: Asia/Shanghai, language: zh-CN}\n");
        put("roster.yaml",
            "people:\n"
            "  wang: {name: 王芳, language: zh-CN, contact: [{channel: hook}]}\n"
            "teams:\n"
            "  duty: {escalation: [{page: [wang]}], last_resort: wang}\n");
        put("plans/a.yaml", plan);
    }
    void put(const std::string& name, std::string_view text) const {
        const std::filesystem::path path = std::filesystem::path{folder_.path()} / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream{path, std::ios::binary} << text;
    }
    /// What the command says, in Chinese, with FOLDER for the folder's path.
    [[nodiscard]] std::string run(bool missed = false, const std::string& only = {}) const {
        std::ostringstream out, err;
        cli::Globals globals{};
        globals.language = "zh-CN";
        globals.out = &out;
        globals.err = &err;
        cli::TestOptions options;
        options.paths = {folder_.path()};
        options.missed = missed;
        options.only = only;
        CHECK(cli::test(globals, options) == cli::Exit::finding);
        std::string text = out.str();
        for (std::size_t at = 0; (at = text.find(folder_.path(), at)) != std::string::npos;)
            text.replace(at, folder_.path().size(), "FOLDER");
        return text;
    }

private:
    test::TempFolder folder_;
};

}  // namespace

TEST_CASE("surgectl test: the report is in the reader's language") {
    const Folder folder;
    folder.put("tests/a.yaml", tests);
    const std::string said = folder.run();
    CAPTURE(said);
    for (const char* part :
         {"未通过 FOLDER/tests/a.yaml:3:5:too early\n",
          "  FOLDER/tests/a.yaml:7:9:2m 时(2026-08-05 10:02:00)\n",
          "    级别\n      应为  II\n      实为  III\n",
          "    处置步骤 call-in\n      应为  none\n      实为  open\n",
          "    被呼叫的人\n      应为  无\n      实为  wang\n",
          "    | P06-hz-20260805-1 III 级,已启动,起因 crowd,队列 sales\n",
          "    | 触发条件 crowd,队列 sales:4(阈值 IV 2 III 4 II 6),触发 III\n",
          "    | 触发条件 late,队列 sales:0(阈值 III 90),未触发\n",
          "    给定的内容\n      应为  可以执行\n      实为  没有 surge 的未终止事件\n",
          "FOLDER:触发级别触及 1 / 4,处置步骤触及 1 / 1;用 --missed 列出其余\n",
          "2 个测试,2 个未通过\n"}) {
        CAPTURE(part);
        CHECK(said.find(part) != std::string::npos);
    }
    const std::string missed = folder.run(true);
    CHECK(missed.find("未触及:surge:触发条件 late:III\n") != std::string::npos);
}

TEST_CASE("surgectl test: no test at all is told in the reader's language") {
    const Folder folder;
    folder.put("tests/README", "none yet\n");
    CHECK(folder.run() == "FOLDER:没有测试;应为 *.yaml\n0 个测试,0 个未通过,1 处错误\n");
    folder.put("tests/a.yaml", tests);
    const std::string none = folder.run(false, "zzz");
    CHECK(none.starts_with("FOLDER:没有名为 zzz 的测试\n"));
}

TEST_CASE("surgectl test: words of a run that have no place in a file of tests") {
    CHECK(cli::compared_in_chinese("trigger late") == "触发条件 late");
    CHECK(cli::compared_in_chinese("something new") == "something new");
    CHECK(cli::found_in_chinese("activated") == "activated");
    CHECK(cli::found_in_chinese("li has no page to take") == "li 没有可认领的呼叫");
    CHECK(
        cli::found_in_chinese("refused: it was ended by li wei") == "被拒绝:事件已由 li wei 终止"
    );
    CHECK(cli::missed_in_chinese("steps: listen, end") == "处置步骤:listen, end");
    CHECK(
        cli::context_in_chinese("trigger heat: no value, fires none") ==
        "触发条件 heat:无数值,未触发"
    );
    CHECK(cli::context_in_chinese("P06-hz-20260805-1 I, ended") == "P06-hz-20260805-1 I 级,已终止");
}
