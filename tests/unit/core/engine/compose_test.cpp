#include "core/engine/engine.hpp"
#include "support/engine_driver.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using plan::Level;
using test::EngineDriver;

namespace {

EngineDriver center() {
    EngineDriver d;
    d.load(test::small_center());
    d.source_up();
    return d;
}

}  // namespace

TEST_CASE("compose: a page tells level, figures and the first step, in the reader's language") {
    EngineDriver d = center();
    d.join(4);
    REQUIRE(d.sent().size() == 1);
    const delivery::Content zh = d.sent()[0].content;
    CHECK(zh.level == Level::III);
    CHECK(zh.queue == "sales");
    CHECK(zh.text.find("向值班领导报告") != std::string::npos);
    CHECK(zh.text.find("Ⅲ级") != std::string::npos);
    d.advance(5min);
    const delivery::Page en = d.sent_to("li");
    CHECK(en.content.text.find("Report to the lead on duty") != std::string::npos);
    CHECK(en.content.text.find("Ⅲ级") == std::string::npos);
}
