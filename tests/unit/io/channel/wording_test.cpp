#include "io/channel/wording.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io;

namespace {

delivery::Page page() {
    delivery::Page out;
    out.incident = "P06-hz-20261123-2";
    out.rise = 1;
    out.round = 2;
    out.content.title = "【Ⅱ级】hz sales 排队数 6";
    out.content.text = out.content.title + " 已 2 分钟|首步:取消小休|P06-hz-20261123-2";
    return out;
}

}  // namespace

TEST_CASE("channels: text is cut to bytes, never inside a character") {
    CHECK(wording::cut("abc", 3) == "abc");
    CHECK(wording::cut("abcdef", 5) == "ab…");
    const std::string text = "排队排队";  // 12 bytes
    for (std::size_t max = 0; max < 12; ++max) {
        CAPTURE(max);
        const std::string out = wording::cut(text, max);
        CHECK(out.size() <= max);
        CHECK((max < 3 || out.ends_with("…")));
    }
    CHECK(wording::cut(text, 8) == "排…");
    CHECK(wording::cut(text, 9) == "排队…");
    CHECK(wording::cut(text, 12) == text);
}

TEST_CASE("channels: a page in one line keeps its link and its number whole") {
    const std::string link = "https://s.example/a/token";
    const std::string whole = wording::line(page(), link, 2000);
    CHECK(
        whole ==
        "【Ⅱ级】hz sales 排队数 6 已 2 分钟|首步:取消小休|P06-hz-20261123-2 "
        "P06-hz-20261123-2#1.0.2|认领:https://s.example/a/token"
    );
    const std::string tight = wording::line(page(), link, 100);
    CHECK(tight.size() <= 100);
    CHECK(tight.ends_with("P06-hz-20261123-2#1.0.2|认领:https://s.example/a/token"));
    delivery::Page repeat = page();
    repeat.content.language = plan::Language::en;
    repeat.possible_repeat = true;
    repeat.method = 3;
    CHECK(wording::line(repeat, "", 2000).starts_with("[possible repeat] "));
    CHECK(wording::line(repeat, "", 2000).ends_with(" P06-hz-20261123-2#1.0.2.3"));
}

TEST_CASE("channels: pages of a step and of a rise have numbers of their own") {
    delivery::Page step = page();
    step.id = "P06-hz-20261123-2.report-up-3.0.2.wang.hook";
    step.step = "report-up";
    CHECK(wording::sequence(step) == "P06-hz-20261123-2#report-up-3.0.2");
    CHECK(wording::sequence(page()) == "P06-hz-20261123-2#1.0.2");
    delivery::Page notice;
    notice.id = "surged.channel.hook.1764000000";
    CHECK(wording::sequence(notice) == notice.id);
}

TEST_CASE("channels: the facts of a page, one by one") {
    const auto below = wording::facts_below_title(page().content);
    REQUIRE(below.size() == 3);
    CHECK(below[0] == "已 2 分钟");
    CHECK(below[1] == "首步:取消小休");
    delivery::Content bare;
    bare.title = "title";
    CHECK(wording::facts(bare) == std::vector<std::string>{"title"});
    CHECK(wording::facts_below_title(bare).empty());
    bare.language = plan::Language::en;
    bare.text = "title for 2 min | 6 waiting";
    CHECK(wording::facts_below_title(bare) == std::vector<std::string>{"for 2 min", "6 waiting"});
}

TEST_CASE("channels: a name cannot mention, link or emphasise") {
    const std::string out = wording::inert("<@all> [x](http://y) **b** `c`\n# h");
    CHECK(out.find_first_of("<>[]*`\n") == std::string::npos);
    CHECK(out.find("@all") != std::string::npos);  // still read as what it is
    CHECK(wording::inert("售前 sales_vip-1") == "售前 sales_vip-1");
}
