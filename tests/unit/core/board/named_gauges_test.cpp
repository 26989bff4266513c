#include "core/board/named_gauges.hpp"

#include <doctest/doctest.h>

using namespace surged;
using board::NamedGauges;

TEST_CASE("gauges: a name keeps its place, and the value there is the last that was told") {
    NamedGauges gauges;
    CHECK(gauges.set("z", 1));
    const auto z = gauges.find("z");
    REQUIRE(z);
    CHECK(gauges.set("a", 2));
    CHECK(gauges.set("m", 3));
    CHECK(gauges.set("z", 4));
    CHECK(gauges.find("z") == z);
    CHECK(*gauges.at(*z) == 4);
    CHECK(*gauges.at(*gauges.find("m")) == 3);
    CHECK(*gauges.at(*gauges.find("a")) == 2);
    CHECK_FALSE(gauges.find("q"));
    CHECK(gauges.at(3) == nullptr);
    CHECK(gauges.names() == std::vector<std::string>{"a", "m", "z"});
}

TEST_CASE("gauges: there are only so many of a queue, and those that are there go on") {
    NamedGauges gauges;
    for (std::size_t i = 0; i < NamedGauges::most; ++i)
        CHECK(gauges.set("g" + std::to_string(i), 0));
    CHECK_FALSE(gauges.set("one more", 1));
    CHECK(gauges.set("g7", 8));
    CHECK(*gauges.at(*gauges.find("g7")) == 8);
}

TEST_CASE("gauges: equal ones are equal bytes, in whatever order they were told") {
    const auto bytes = [](const NamedGauges& gauges) {
        codec::Writer out;
        gauges.write(out);
        return std::string{out.bytes()};
    };
    NamedGauges one;
    NamedGauges other;
    for (const char* name : {"b", "a", "c"}) CHECK(one.set(name, name[0]));
    for (const char* name : {"c", "b", "a"}) CHECK(other.set(name, name[0]));
    const std::string written = bytes(one);
    CHECK(written == bytes(other));
    codec::Reader in{written};
    NamedGauges again;
    again.read(in);
    CHECK(in.ok());
    CHECK(bytes(again) == written);
    CHECK(*again.at(*again.find("b")) == 'b');

    codec::Writer twice;
    twice(std::vector<std::pair<std::string, double>>{
        {"a", 1.0},
        {"a", 2.0}
    });
    codec::Reader wrong{twice.bytes()};
    again.read(wrong);
    CHECK_FALSE(wrong.ok());
}
