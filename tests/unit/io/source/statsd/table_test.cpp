#include "io/source/statsd/table.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>
#include <string_view>

using namespace surged;
using namespace surged::io::statsd;

namespace {

/// What a flush after two seconds tells: `queue/gauge=value` each.
std::string told(Table& table, Micros interval = 2s) {
    acd::Batch batch;
    table.flush(interval, batch);
    std::string out;
    batch.for_each([&](std::size_t, const acd::Event& e) {
        CHECK(e.type == acd::EventType::gauge);
        CHECK_FALSE(e.ts);
        out += fmt::format("{}{}/{}={:g}", out.empty() ? "" : " ", e.queue, e.name, e.value);
    });
    return out;
}

std::string told(const std::vector<Rule>& rules, std::string_view lines) {
    Table table{rules};
    table.take(lines);
    return told(table);
}

std::uint64_t bad(const Counts& counts, Bad which) {
    return counts.bad[static_cast<std::size_t>(which)];
}

}  // namespace

TEST_CASE("statsd: what each type becomes") {
    struct Row {
        std::string name;
        Take take;
        std::string lines, want;
    };
    const Row rows[] = {
        {"the last value of a gauge",          Take::usual, "m:3|g\nm:7|g",                "q/g=7"  },
        {"a gauge with a sign is a delta",     Take::usual, "m:3|g\nm:+4|g\nm:-1.5|g",     "q/g=5.5"},
        {"a delta before any value",           Take::usual, "m:-2|g",                      "q/g=-2" },
        {"a counter is a rate a second",       Take::usual, "m:3|c\nm:1|c",                "q/g=2"  },
        {"sampled lines stand for more",       Take::sum,   "m:3|c|@0.5\nm:1|c",           "q/g=7"  },
        {"times in seconds, their mean",       Take::usual, "m:100|ms\nm:300|ms",          "q/g=0.2"},
        {"weighted by their sampling",         Take::mean,  "m:100|ms|@0.5\nm:400|ms",     "q/g=0.2"},
        {"the most",                           Take::max,   "m:100|ms\nm:300|ms",          "q/g=0.3"},
        {"the least",                          Take::min,   "m:300|ms\nm:100|ms",          "q/g=0.1"},
        {"how many",                           Take::count, "m:1|ms|@0.5\nm:1|ms",         "q/g=3"  },
        {"how many a second",                  Take::rate,  "m:1|ms|@0.5\nm:1|ms\nm:1|ms", "q/g=2"  },
        {"values as they are",                 Take::usual, "m:2|h\nm:4|d",                "q/g=3"  },
        {"packed values",                      Take::sum,   "m:1:2:3|h",                   "q/g=6"  },
        {"half of them are at most",           Take::p50,   "m:4:1:3:2|h",                 "q/g=2"  },
        {"nine of ten",                        Take::p90,   "m:1:2:3:4:5:6:7:8:9:10|h",    "q/g=9"  },
        {"nearly all",                         Take::p99,   "m:1:2:3:4:5:6:7:8:9:10|h",    "q/g=10" },
        {"different ones in a set",            Take::usual, "m:a|s\nm:b|s\nm:a|s",         "q/g=2"  },
        {"a line feed more, and a return",     Take::usual, "m:3|g\r\n\n\nm:4|g\n",        "q/g=4"  },
        {"another metric is passed over",      Take::usual, "n:3|g",                       ""       },
        {"nothing that cannot be read counts", Take::sum,   "m:1:x|c\nm:x|c\nm:2|c",       "q/g=2"  },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(
            told(
                {
                    {"m", "g", "q", "", row.take}
        },
                row.lines
            ) == row.want
        );
    }
}

TEST_CASE("statsd: which queue a metric is of") {
    const std::vector<Rule> rules{
        {"pbx.*.lines", "lines", "*",    "",      Take::usual},
        {"shop.crowd",  "crowd", "",     "queue", Take::usual},
        {"crm.time",    "crm",   "hall", "queue", Take::usual},
        {"crm.time",    "slow",  "hall", "",      Take::max  },
    };
    CHECK(told(rules, "pbx.sales.lines:3|g\npbx.售后.lines:4|g") == "sales/lines=3 售后/lines=4");
    CHECK(told(rules, "pbx.a.b.lines:3|g\npbx..lines:3|g") == "");
    CHECK(told(rules, "shop.crowd:3|g|#a:b,queue:mall") == "mall/crowd=3");
    CHECK(told(rules, "crm.time:3|h|#a:b") == "hall/crm=3 hall/slow=3");
    CHECK(told(rules, "crm.time:3|h|#queue:x") == "x/crm=3 hall/slow=3");
    Table table{rules};
    table.take("shop.crowd:3|g\npbx.\xff.lines:3|g\ncrm.time:1|h\ncrm.time:1|c");
    table.take("crm.time:1|g|#z\nother:1|g\nshop.crowd:1|s|#queue:s\njunk");
    const Counts counts = table.take_counts();
    CHECK(counts.lines == 8);
    CHECK(counts.used == 3);  // a gauge has no `max`, but it has a value
    CHECK(bad(counts, Bad::no_queue) == 1);
    CHECK(bad(counts, Bad::encoding) == 1);
    CHECK(bad(counts, Bad::mixed_types) == 1);
    CHECK(bad(counts, Bad::no_value) == 1);
    CHECK(counts.last[static_cast<std::size_t>(Bad::no_value)] == "junk");
    CHECK(table.take_counts().lines == 0);
    Table strict{{{"m", "g", "q", "", Take::p90}}};
    strict.take("m:1|c");
    CHECK(bad(strict.take_counts(), Bad::take) == 1);
}

TEST_CASE("statsd: what falls silent") {
    Table table{
        {{"c", "c", "q", "", Take::usual},
         {"s", "s", "q", "", Take::usual},
         {"g", "g", "q", "", Take::usual},
         {"t", "t", "q", "", Take::usual}}
    };
    table.take("c:4|c\ns:a|s\ng:7|g\nt:500|ms");
    CHECK(told(table) == "q/c=2 q/s=1 q/g=7 q/t=0.5");
    CHECK(told(table) == "q/c=0 q/s=0");
    CHECK(told(table) == "");
    table.take("g:+1|g\nc:2|c");
    CHECK(told(table, 500ms) == "q/g=8 q/c=4");
}

TEST_CASE("statsd: bounded, whatever comes") {
    Table table{{{"m.*", "g", "*", "", Take::p50}}};
    for (int i = 0; i < 10'005; ++i) table.take(fmt::format("m.{}:1|h", i));
    for (int i = 0; i < 120'000; ++i) table.take(fmt::format("other{}:1|h", i));
    CHECK(table.series() == 10'000);
    CHECK(bad(table.take_counts(), Bad::limit) == 5);
    std::string many;
    for (int i = 1; i <= 20'000; ++i) many += fmt::format("m.1:{}|h\n", i);
    table.take(many);
    acd::Batch batch;
    table.flush(1s, batch);
    batch.for_each([&](std::size_t, const acd::Event& e) {
        if (e.queue != "1") return;
        CHECK(e.value > 9'900);  // of every eighth value
        CHECK(e.value < 10'100);
    });
}
