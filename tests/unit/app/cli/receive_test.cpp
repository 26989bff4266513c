#include "app/cli/receive.hpp"

#include "io/channel/webhook/encode.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::app::cli;

namespace {

delivery::Page page() {
    delivery::Page page;
    page.id = "page-1";
    page.person = "wang";
    page.content.incident = "P06-hz-20261123-1";
    page.content.plan = "platform-service";
    page.content.queue = "售后服务";
    page.content.level = plan::Level::II;
    page.content.title = "【Ⅱ级】售后服务";
    page.content.text = "【Ⅱ级】售后服务 每坐席排队 0.52";
    page.content.value = "0.52";
    page.content.threshold = "0.50";
    page.content.first_step = "取消小休";
    return page;
}

}  // namespace

TEST_CASE("receive: a page for people") {
    const auto body = io::webhook::encode_body(page(), "hook", "");
    const auto text = describe_page("page-1", body, false, Wall{0});
    CHECK(text.starts_with("1970-01-01T00:00:00.000000Z page page-1\n"));
    for (const char* part :
         {"【Ⅱ级】售后服务 每坐席排队 0.52", "wang", "II", "0.52 (threshold 0.50)", "取消小休"}) {
        CAPTURE(part);
        CHECK(text.find(part) != std::string::npos);
    }
    CHECK(text.find("repeat") == std::string::npos);
    const auto linked = io::webhook::encode_body(page(), "hook", "", "https://s.example/a/t");
    CHECK(
        describe_page("page-1", linked, false, Wall{0})
            .find("link       https://s.example/a/t\n") != std::string::npos
    );
}

TEST_CASE("receive: repeats are said, both kinds") {
    auto again = page();
    again.possible_repeat = true;
    const auto body = io::webhook::encode_body(again, "hook", "");
    const auto text = describe_page("page-1", body, true, Wall{0});
    CHECK(text.find("(repeat: already received)") != std::string::npos);
    CHECK(text.find("(marked: possible repeat)") != std::string::npos);
}

TEST_CASE("receive: anything may come") {
    CHECK(describe_page("x", "not json", false, Wall{0}).find("not JSON") != std::string::npos);
    CHECK(describe_page("x\n\x1b[2J", "{}", false, Wall{0}).find('\x1b') == std::string::npos);
    for (const char* body :
         {"", "[]", "{\"alerts\":{}}", "{\"alerts\":[{\"labels\":3}]}", "null"}) {
        CAPTURE(body);
        CHECK_FALSE(describe_page("x", body, false, Wall{0}).empty());
    }
}

TEST_CASE("receive: ids are remembered, the oldest forgotten") {
    SeenIds seen{2};
    CHECK(seen.add("a"));
    CHECK_FALSE(seen.add("a"));
    CHECK(seen.add("b"));
    CHECK(seen.add("c"));
    CHECK_FALSE(seen.add("c"));
    CHECK(seen.add("a"));
}
