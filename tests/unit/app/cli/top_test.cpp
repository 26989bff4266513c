// The wallboard of `surgectl top`: answers to board, board to picture.
#include "app/cli/top.hpp"

#include "app/cli/language.hpp"
#include "app/cli/table.hpp"
#include "app/cli/top_board.hpp"
#include "app/cli/top_frame.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::app::cli;
namespace json = boost::json;

namespace {

TopBoard read(
    const std::string& status,
    const std::string& queues,
    const std::string& incidents = "[]",
    const std::string& pages = "[]"
) {
    return read_board(
        json::parse(status),
        json::parse(queues).as_array(),
        json::parse(incidents).as_array(),
        json::parse(pages).as_array()
    );
}

/// A surge in the first queue, a lost feed in the last.
TopBoard surge() {
    return read(
        R"({"site":"hz","now":"2026-11-23T13:14:05.000000Z","components":[
            {"name":"store","ok":true,"detail":"commits are durable"},
            {"name":"source acd-2","ok":false,"detail":"connection refused"}]})",
        R"([
        {"name":"support","level":"none","live":true,"now":{"calls_waiting":0,"longest_wait":0,
         "agents_available":2,"agents_staffed":10},"windows":{"5m":{"calls_offered":4,"service_level":1,
         "abandon_ratio":null}}},
        {"name":"sales","level":"I","live":true,"now":{"calls_waiting":59,"longest_wait":112.9,
         "agents_available":0,"agents_staffed":16},"windows":{"5m":{"calls_offered":200,
         "service_level":0.4321,"abandon_ratio":0.297}}},
        {"name":"售后服务","level":"III","live":true,"now":{"calls_waiting":2,"longest_wait":3723,
         "agents_available":0,"agents_staffed":8},"windows":{"5m":{"calls_offered":9,
         "service_level":0.875,"abandon_ratio":0}}},
        {"name":"vip","level":"none","live":false,"now":{"calls_waiting":null},"windows":{}}])",
        R"([
        {"id":"P06-hz-20261123-1","level":"I","phase":"activated","queues":["sales","售后服务"],
         "opened_at":"2026-11-23T13:01:35.000000Z","drill":false},
        {"id":"P06-hz-20261122-1","level":"II","phase":"ended","queues":["sales"],
         "opened_at":"2026-11-22T13:01:35.000000Z","drill":false},
        {"id":"P12-hz-20261123-1","level":"IV","phase":"warned","queues":["vip"],
         "opened_at":"2026-11-23T13:13:23.000000Z","drill":true}])",
        R"([
        {"incident":"P06-hz-20261123-1","level":"I","person":"chen","channel":"hook","state":"sent","open":true,
         "created_at":"2026-11-23T13:14:03.000000Z"},
        {"incident":"P06-hz-20261123-1","level":"II","person":"wang","channel":"hook","state":"accepted","open":true,
         "created_at":"2026-11-23T13:02:05.000000Z"},
        {"incident":"P06-hz-20261123-1","level":"II","person":"li","channel":"hook","state":"accepted","open":false,
         "created_at":"2026-11-23T13:02:05.000000Z"}])"
    );
}

std::string picture(const TopBoard& board, const FrameOptions& options) {
    std::string out;
    for (const std::string& line : render_frame(board, options)) out += line + '\n';
    return out;
}

FrameOptions screen(std::size_t width, std::size_t height) {
    FrameOptions options;
    options.width = width;
    options.height = height;
    options.clock = "21:14:05";
    return options;
}

/// What a terminal shows of a line: its escapes taken out.
std::string seen(const std::string& line) {
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\x1b')
            i = line.find('m', i);
        else
            out += line[i];
    }
    return out;
}

}  // namespace

TEST_CASE("top: a picture for a script, in English and in Chinese") {
    FrameOptions options;
    options.clock = "21:14:05";
    const char* english = R"(surged hz  21:14:05   4 queues   61 waiting
FAILS source acd-2: connection refused

 LEVEL QUEUE         WAITING  LONGEST  FREE/STAFFED    SL 5m  ABANDON 5m
 I     sales              59     1:52          0/16   43.2 %      29.7 %
 III   售后服务            2  1:02:03           0/8   87.5 %       0.0 %
       vip           feed lost: not "no calls"
       support             0     0:00          2/10  100.0 %           –

OPEN INCIDENTS 2
 I     P06-hz-20261123-1        activated   12 min          sales, 售后服务
 IV    DRILL P12-hz-20261123-1  warned      42 s            vip

PAGES NOT ACKNOWLEDGED 2
 II    wang         hook       accepted  12 min         P06-hz-20261123-1
 I     chen         hook       sent      2 s            P06-hz-20261123-1
)";
    CHECK(picture(surge(), options) == english);
    options.language = plan::Language::zh_cn;
    const char* chinese = R"(surged hz  21:14:05   4 个队列   排队 61
故障 source acd-2: connection refused

 级别  队列             排队  最长等待  空闲/在线  服务水平 5m  放弃率 5m
 Ⅰ级   sales              59      1:52       0/16       43.2 %     29.7 %
 Ⅲ级   售后服务            2   1:02:03        0/8       87.5 %      0.0 %
       vip           数据中断,非零来电
       support             0      0:00       2/10      100.0 %          –

未结束的事件 2
 Ⅰ级   P06-hz-20261123-1          已启动      12 分钟         sales, 售后服务
 Ⅳ级   【演练】P12-hz-20261123-1  预警        42 秒           vip

未认领的呼叫 2
 Ⅱ级   wang         hook       已送达    12 分钟        P06-hz-20261123-1
 Ⅰ级   chen         hook       已发出    2 秒           P06-hz-20261123-1
)";
    CHECK(picture(surge(), options) == chinese);
}

TEST_CASE("top: the gravest first: by level, then lost feeds, then by the longest wait") {
    const TopBoard board = read(
        "{}",
        R"([{"name":"calm","level":"none","now":{"longest_wait":1}},
            {"name":"late","level":"none","now":{"longest_wait":9}},
            {"name":"full","level":"none","now":{"longest_wait":9,"calls_waiting":5}},
            {"name":"lost","level":"none","live":false},
            {"name":"II","level":"II","now":{"longest_wait":1}},
            {"name":"I","level":"I","now":{"longest_wait":0}},
            {"name":"IV","level":"IV","now":{"longest_wait":99}}])"
    );
    std::vector<std::string> names;
    for (const TopQueue& queue : board.queues) names.push_back(queue.name);
    CHECK(names == std::vector<std::string>{"I", "II", "IV", "lost", "full", "late", "calm"});
    CHECK(board.window.empty());
}

TEST_CASE("top: answers of another shape show nothing, and break nothing") {
    const TopBoard board =
        read("[]", R"([{}, 7, {"name":5,"now":[],"level":"XX"}])", "[1,{}]", "[2]");
    CHECK(board.queues.size() == 3);
    CHECK(board.pages.empty());
    CHECK_FALSE(picture(board, screen(80, 24)).empty());
}

TEST_CASE("top: whatever the size of the screen, nothing is wider or longer") {
    TopBoard board = surge();
    for (int i = 0; i < 40; ++i) {
        board.queues.push_back(board.queues.back());
        board.queues.back().name = fmt::format("队列 {} 名字很长很长很长很长很长很长很长", i);
        board.incidents.push_back(board.incidents.front());
        board.pages.push_back(board.pages.front());
        board.troubles.push_back("channel mail: no answer");
    }
    for (const auto language : {plan::Language::en, plan::Language::zh_cn}) {
        for (const std::size_t width : {1U, 2U, 10U, 20U, 40U, 60U, 79U, 80U, 132U, 300U}) {
            for (const std::size_t height : {1U, 2U, 5U, 10U, 24U, 60U, 200U}) {
                CAPTURE(width);
                CAPTURE(height);
                FrameOptions options = screen(width, height);
                options.language = language;
                options.colour = true;
                options.footer = "q quit";
                options.problem = "no answer from http://127.0.0.1:9469: refused";
                const auto lines = render_frame(board, options);
                CHECK(lines.size() == height);
                for (const std::string& line : lines) CHECK(display_width(seen(line)) <= width);
            }
        }
    }
}

TEST_CASE("top: what finds no room on the screen is counted, and the gravest stays") {
    TopBoard board = surge();
    for (int i = 0; i < 30; ++i) {
        board.queues.push_back(board.queues.back());
        board.queues.back().name = fmt::format("q-{}", i);
        board.pages.push_back(board.pages.front());
    }
    FrameOptions options = screen(80, 24);
    options.footer = "q quit";
    const auto lines = render_frame(board, options);
    const auto count = [&](std::string_view text) {
        return std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
            return line.find(text) != std::string::npos;
        });
    };
    CHECK(count("sales ") == 1);
    CHECK(count("PAGES NOT ACKNOWLEDGED 32") == 1);
    CHECK(count("OPEN INCIDENTS 2") == 1);
    CHECK(count("P12-hz-20261123-1") == 1);  // few incidents are not cut for many queues
    CHECK(count(" more") == 2);
    CHECK(lines.back() == "q quit");
}

TEST_CASE("top: colours stand for the level, and plain text has none") {
    FrameOptions options = screen(80, 24);
    options.colour = true;
    const std::string coloured = picture(surge(), options);
    CHECK(coloured.find("\x1b[1;38;5;231;48;5;160m I    \x1b[0m") != std::string::npos);
    CHECK(coloured.find("\x1b[38;5;16;48;5;220m III  \x1b[0m") != std::string::npos);
    options.colour = false;
    CHECK(picture(surge(), options).find('\x1b') == std::string::npos);
}

TEST_CASE("top: a name from outside cannot command the terminal") {
    TopBoard board = read("{}", R"([{"name":"a\u001b[2Jb\u009b1m\n","level":"I"}])");
    board.site = "\x1b]0;x\x07";
    board.troubles.push_back("source \x1b[31m: \r");
    FrameOptions options = screen(80, 24);
    const std::string text = picture(board, options);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\r') == std::string::npos);
    CHECK(text.find("\u009b") == std::string::npos);
}

TEST_CASE("top: old figures say so") {
    FrameOptions options = screen(80, 24);
    options.problem = "no answer from http://127.0.0.1:9469: refused";
    CHECK(picture(surge(), options).find("OLD FIGURES: no answer from") != std::string::npos);
}

TEST_CASE("top: the language of a locale") {
    CHECK(language_of_locale("zh_CN.UTF-8") == plan::Language::zh_cn);
    CHECK(language_of_locale("zh") == plan::Language::zh_cn);
    CHECK(language_of_locale("en_US.UTF-8") == plan::Language::en);
    CHECK(language_of_locale("C") == plan::Language::en);
}

TEST_CASE("top: text in so many cells") {
    struct Row {
        const char* text;
        std::size_t cells;
        const char* left;
        const char* right;
    };
    const Row rows[] = {
        {"sales",    7, "sales  ",  "  sales" },
        {"sales",    5, "sales",    "sales"   },
        {"sales",    4, "sal…",     "sal…"    },
        {"售后服务", 8, "售后服务", "售后服务"},
        {"售后服务", 7, "售后服…",  "售后服…" },
        {"售后服务", 6, "售后… ",   " 售后…"  },
        {"a\tb",     3, "a b",      "a b"     },
        {"x",        1, "x",        "x"       },
        {"xy",       1, "…",        "…"       },
        {"xy",       0, "",         ""        },
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CAPTURE(row.cells);
        CHECK(fitted(row.text, row.cells) == row.left);
        CHECK(fitted(row.text, row.cells, Align::right) == row.right);
    }
}
