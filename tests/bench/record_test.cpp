#include "bench/record.hpp"

#include <doctest/doctest.h>

using namespace surged::bench;

namespace {

Run run() {
    Run out;
    out.of = "surged 1, g++ 12";
    out.figures = {
        {"parse",     "events/CPU-s", 2e6, 4e6, "walk"       },
        {"memory",    "bytes",        800, 400, "the aim"    },
        {"rule pass", "ns each",      50,  0,   ""           },
        {"posts",     "per s",        10,  20,  "bare server"},
    };
    return out;
}

}  // namespace

TEST_CASE("bench: a run survives its JSON, and what is none is refused") {
    const auto back = decode(encode(run()));
    REQUIRE(back.has_value());
    CHECK(back->of == run().of);
    REQUIRE(back->figures.size() == 4);
    CHECK(back->figures[0].what == "parse");
    CHECK(back->figures[0].ratio() == 0.5);
    CHECK(back->figures[2].ratio() == 50);
    CHECK(encode(*back) == encode(run()));
    for (const char* bad :
         {"", "[]", "{}", R"({"figures":1})", R"({"figures":[1]})", "{\"figures\":[}"})
        CHECK_FALSE(decode(bad).has_value());
}

TEST_CASE("bench: a figure that is worse than noise is told by its ratio, worst first") {
    Run now = run();
    CHECK(compare(run(), now).empty());
    for (Figure& figure : now.figures) {  // a machine of half the speed
        figure.value /= figure.more_is_better() ? 2 : 0.5;
        figure.bound /= figure.more_is_better() ? 2 : 0.5;
    }
    now.figures[2].value = 50;
    CHECK(compare(run(), now).empty());
    now = run();
    now.figures[0].value = 1e6;
    now.figures[1].value = 2400;
    now.figures[3].value = 30;
    const auto told = compare(run(), now);
    REQUIRE(told.size() == 3);
    CHECK(told[0] == "worse by 3.00: memory, 6 of its bound, before 2");
    CHECK(told[1] == "worse by 2.00: parse, 0.25 of its bound, before 0.5");
    CHECK(told[2] == "better by 3.00: posts, 1.5 of its bound, before 0.5");
}

TEST_CASE("bench: a quick run and a whole one are not compared, nor what only one has") {
    Run now = run();
    now.figures[1].value = 1e9;
    Run before = run();
    before.figures.erase(before.figures.begin() + 1);
    CHECK(compare(before, now).empty());
    now.quick = true;
    CHECK(compare(run(), now).empty());
}

TEST_CASE("bench: a run of some parts is compared with the last that had them") {
    Run whole = run();
    Run part = run();
    part.of = "surged 2";
    part.figures = {
        {"parse", "events/CPU-s", 1e6, 4e6, "walk"}
    };
    Run quick = run();
    quick.quick = true;
    quick.figures[0].value = 1;
    const Run before = latest({whole, part, quick}, false);
    CHECK(before.of == "surged 2");
    REQUIRE(before.figures.size() == 4);
    CHECK(before.figures[0].value == 1e6);
    CHECK(latest({whole, part}, true).figures.empty());
}

TEST_CASE("bench: rates are good when large, what is asked is of the bound or a value") {
    for (const char* rate : {"events/CPU-s", "lines/CPU-s", "per s", "per CPU-s", "lines read"})
        CHECK(Figure{"", rate, 0, 0, ""}.more_is_better());
    for (const char* cost : {"ns each", "ms", "bytes", "MB", "CPU-s", "s", "ns an event"})
        CHECK_FALSE(Figure{"", cost, 0, 0, ""}.more_is_better());
    CHECK_FALSE(Figure{"", "ms", 5, 1, ""}.holds().has_value());
    CHECK(Figure{"", "ms", 5, 2, "", {.times = 3}}.holds() == true);
    CHECK(Figure{"", "ms", 7, 2, "", {.times = 3}}.holds() == false);
    CHECK(Figure{"", "per s", 5, 10, "", {.times = 0.6}}.holds() == false);
    CHECK(Figure{"", "per s", 5, 10, "", {.value = 5}}.holds() == true);
}

TEST_CASE("bench: a figure holds when it keeps to all that is asked of it") {
    const auto holds = [](double value, double bound, Asked asked) {
        return Figure{"page", "ms", value, bound, "a floor", asked}.holds();
    };
    CHECK_FALSE(holds(1, 2, {}).has_value());
    CHECK_FALSE(holds(1, 0, {.times = 3}).has_value());
    CHECK(holds(6, 2, {.times = 3}) == true);
    CHECK(holds(7, 2, {.times = 3}) == false);
    CHECK(holds(6, 2, {.times = 3, .value = 6}) == true);
    CHECK(holds(6, 2, {.times = 3, .value = 5}) == false);
    CHECK(holds(7, 2, {.times = 3, .value = 8}) == false);
    CHECK(holds(7, 0, {.times = 3, .value = 8}) == true);
    CHECK(
        Figure{
            "parse", "events/CPU-s", 9, 10, "walk", {0.5, 10}
    }
            .holds() == false
    );
}
