#include "app/cli/mistake_words.hpp"
#include "places.hpp"

#include <array>
#include <cstddef>
#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

using surged::app::cli::mistakes_in_chinese;

namespace {

/// The texts between quotes in a statement, one that goes on behind a line's end as a whole.
std::vector<std::string> texts_in(std::string_view statement) {
    std::vector<std::string> out;
    bool goes_on = false;
    for (std::size_t at = 0; (at = statement.find('"', at)) != std::string_view::npos;) {
        const std::size_t end = statement.find('"', at + 1);
        const std::string_view text = statement.substr(at + 1, end - at - 1);
        if (goes_on)
            out.back() += text;
        else
            out.emplace_back(text);
        at = end + 1;
        const std::size_t next = statement.find_first_not_of(" \n", at);
        goes_on = next != std::string_view::npos && statement[next] == '"';
    }
    return out;
}

/// What a source says where it refuses: sentences, not names.
std::vector<std::string> refusals_in(
    const std::string& file, const std::vector<std::string_view>& ways
) {
    std::ifstream in{std::string{SURGED_SOURCE_DIR "/daemon/"} + file};
    const std::string source{std::istreambuf_iterator<char>{in}, {}};
    REQUIRE_FALSE(source.empty());
    std::vector<std::string> out;
    for (const std::string_view way : ways) {
        for (std::size_t at = 0; (at = source.find(way, at)) != std::string::npos;) {
            const std::size_t end = source.find(';', at);
            const std::string_view statement = std::string_view{source}.substr(at, end - at);
            at = end;
            if (statement.find("R\"") != std::string_view::npos) continue;  // shows JSON
            for (std::string& text : texts_in(statement))
                if (text.find(' ') != std::string::npos && text != ", " && text != " ")
                    out.push_back(std::move(text));
        }
    }
    return out;
}

}  // namespace

TEST_CASE("surgectl: what surged refuses is said in Chinese, and cites as it was") {
    CHECK(mistakes_in_chinese("no such trigger") == "没有这个触发条件");
    CHECK(mistakes_in_chinese("it was ended by li wei") == "事件已由 li wei 终止");
    CHECK(
        mistakes_in_chinese("plan p1 does not start on a report of fire") ==
        "预案 p1 不因上报 fire 而启动"
    );
    CHECK(
        mistakes_in_chinese("2 plans know fire, so name one: p1, p2") ==
        "2 个预案都有 fire,请指定其一:p1, p2"
    );
    CHECK(mistakes_in_chinese("there is no version ab12cd34") == "没有版本 ab12cd34");
    CHECK(
        mistakes_in_chinese("ab is the beginning of 2 versions: ab1, ab2") ==
        "ab 是 2 个版本的开头:ab1, ab2"
    );
    CHECK(mistakes_in_chinese("by is missing") == "缺少 by");
    CHECK(mistakes_in_chinese("by is missing: who agrees") == "缺少 --by:由谁确认");
    // No sentence of the table: left alone.
    CHECK(mistakes_in_chinese("it was ended by ") == "it was ended by ");
    CHECK(mistakes_in_chinese("") == "");
    CHECK(mistakes_in_chinese("the Host header is missing") == "the Host header is missing");
    // The sentence that cites least is the one that is meant.
    CHECK(mistakes_in_chinese("there is no such page") == "没有这个呼叫");
    CHECK(mistakes_in_chinese("there is no plan P99") == "没有预案 P99");
    CHECK(mistakes_in_chinese("no trigger to tune") == "没有可调整的触发条件");
    CHECK(mistakes_in_chinese("no trigger can reach level II") == "没有触发条件能达到 II 级");
    CHECK(mistakes_in_chinese("surged needs more memory") == "surged 需要更多内存");
}

TEST_CASE("surgectl: no refusal of the engine or the API lacks its Chinese") {
    const std::vector<std::string_view> usual{
        "refuse(", "step.detail =", "problem(4", "wrong(", " fail(", "unauthorized("
    };
    std::size_t found = 0;
    for (const std::string file :
         {"core/engine/answers.cpp",
          "core/engine/decisions.cpp",
          "core/engine/desk.cpp",
          "core/engine/inbox.cpp",
          "core/engine/tasks.cpp",
          "io/api/auth.cpp",
          "io/api/command_routes.cpp",
          "io/api/commands.cpp",
          "io/api/routes.cpp",
          "io/api/rules_routes.cpp",
          "app/reloader.cpp",
          "io/http/router.cpp"}) {
        CAPTURE(file);
        for (const std::string& text : refusals_in(
                 file,
                 file == "app/reloader.cpp" ? std::vector<std::string_view>{"out.detail ="} : usual
             )) {
            std::string said = text;
            if (said.starts_with(" is ")) said.insert(0, "III");  // a name comes before it
            if (said.ends_with(' ')) said += "GET";               // … or behind
            for (std::size_t at = 0; (at = said.find("{}")) != std::string::npos;)
                said.replace(at, 2, said.starts_with("it was {}") ? "done" : "x");
            CAPTURE(said);
            CHECK(mistakes_in_chinese(said) != said);
            ++found;
        }
    }
    CHECK(found > 40);
}
