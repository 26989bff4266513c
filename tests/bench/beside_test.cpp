#include "bench/beside.hpp"

#include "support/process_cpu.hpp"

#include <ctime>
#include <doctest/doctest.h>
#include <unistd.h>

using namespace surged;
using bench::firing_queues;

TEST_CASE("bench: Alertmanager's webhook names the queues whose alerts fire") {
    constexpr std::string_view body =
        R"({"version":"4","status":"firing","groupLabels":{"queue":"no"},"alerts":[
        {"status":"firing","labels":{"alertname":"Waiting","queue":"queue-7"}},
        {"status":"resolved","labels":{"queue":"queue-8"}},
        {"status":"firing","labels":{"queue":"queue-9"}}]})";
    CHECK(firing_queues(body) == std::vector<std::string>{"queue-7", "queue-9"});
    for (const char* none : {"", "[]", "{}", R"({"alerts":1})", R"({"alerts":[1]})"})
        CHECK(firing_queues(none).empty());
}

TEST_CASE("bench: the gauges of every queue as Prometheus reads them") {
    CHECK(
        bench::gauges_page(2, 2) ==
        "# TYPE g0 gauge\ng0{queue=\"queue-0\"} 0\n"
        "g0{queue=\"queue-1\"} 0\n# TYPE g1 gauge\n"
        "g1{queue=\"queue-0\"} 1\ng1{queue=\"queue-1\"} 1\n"
    );
}

TEST_CASE("bench: the processor time of a process, whatever its name") {
    CHECK(
        test::cpu_ticks("42 (a) b) (c) S 1 42 42 0 -1 4194304 80 0 0 0 17 25 0 0 20 0 1 0 5 9 1") ==
        42
    );
    for (const char* none : {"", "42 (surged) S 1 2", "42 (surged"})
        CHECK_FALSE(test::cpu_ticks(none).has_value());
    const double before = test::cpu_seconds_of(::getpid());
    for (const std::clock_t begun = std::clock(); std::clock() < begun + CLOCKS_PER_SEC / 10;) {
    }
    CHECK(test::cpu_seconds_of(::getpid()) >= before + 0.08);
    CHECK_THROWS((void)test::cpu_seconds_of(-1));
}
