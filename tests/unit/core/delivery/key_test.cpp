#include "core/delivery/key.hpp"

#include <doctest/doctest.h>

using namespace surged::delivery;

TEST_CASE("delivery: a page's key tells incident, rise, rung, round, person and way") {
    Key plain;
    plain.incident = "P06-hz-20261123-2";
    plain.rise = 3;
    plain.rung = 1;
    plain.person = "王芳";
    plain.channel = "hook";
    CHECK(text_of(plain) == "P06-hz-20261123-2.3.1.0.王芳.hook");
    CHECK(parse_key("P06-hz-20261123-2.3.1.0.王芳.hook") == plain);
    Key second = plain;
    second.channel = "1";
    second.method = 2;
    CHECK(text_of(second) == "P06-hz-20261123-2.3.1.0.王芳.1.2");
    CHECK(parse_key(text_of(second)) == second);
    Key step = plain;
    step.rise = 0;
    step.step = "report-up";
    step.turn = 4;
    CHECK(text_of(step) == "P06-hz-20261123-2.report-up-4.1.0.王芳.hook");
    CHECK(parse_key(text_of(step)) == step);
    for (const char* wrong :
         {"",
          "nonsense",
          "a.1.0.0.wang",
          "a.1.0.0.wang.hook.1.2",
          "a.x.0.0.wang.hook",
          "a.01.0.0.wang.hook",
          "a.1.0.0..hook",
          ".1.0.0.wang.hook",
          "a.1.0.0.wang.",
          "a.4294967296.0.0.wang.hook",
          "a.1.-1.0.wang.hook",
          "a.1.0.0.wang.hook.",
          "a.-1.0.0.wang.hook",
          "a.s-x.0.0.wang.hook",
          "a.s-01.0.0.wang.hook"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_key(wrong).has_value());
    }
}
