#include "io/source/prometheus/answer.hpp"
#include "io/source/prometheus/exposition.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>

using namespace surged;
using namespace surged::io::prometheus;

namespace {

std::string words(const Labels& labels) {
    std::string out;
    for (const auto& [name, value] : labels) out += fmt::format("{}={};", name, value);
    return out;
}

/// `labels value` of each sample, or the error.
std::string read(std::string_view body) {
    const auto samples = parse_answer(body);
    if (!samples) return samples.error().what;
    std::string out;
    for (const Sample& sample : *samples)
        out += fmt::format("{}{:g} ", words(sample.labels), sample.value);
    return out;
}

std::string success(std::string_view type, std::string_view result) {
    return fmt::format(
        R"({{"status":"success","data":{{"resultType":"{}","result":{}}}}})", type, result
    );
}

}  // namespace

TEST_CASE("prometheus: what a server answers") {
    const std::string strange = "the answer is not that of a Prometheus server";
    struct Row {
        const char* name;
        std::string body, want;
    };
    const Row rows[] = {
        {"a vector",
         success(
             "vector", R"([{"metric":{"__name__":"m","queue":"售后"},"value":[1795452000.781,"0.5"]},)"
             R"({"metric":{},"value":[1,"1e3"]}])"
         ), "queue=售后;0.5 1000 "},
        {"nothing", success("vector", "[]"), ""},
        {"a scalar", success("scalar", R"([1,"7"])"), "7 "},
        {"no number", success("vector", R"([{"metric":{},"value":[1,"NaN"]}])"), ""},
        {"infinite", success("scalar", R"([1,"+Inf"])"), ""},
        {"over a time", success("matrix", "[]"), "the query gives a matrix, not a vector"},
        {"a wrong query",
         R"({"status":"error","errorType":"bad_data","error":"parse error"})", "bad_data: parse error"},
        {"a page", "<html>", strange},
        {"something else", R"({"status":"ok"})", strange},
        {"no data", R"({"status":"success"})", strange},
        {"a number for a text", success("scalar", "[1,7]"), strange},
        {"half a pair", success("scalar", "[1]"), strange},
        {"a series without value", success("vector", R"([{"metric":{}}])"), strange},
        {"labels that are none",
         success("vector", R"([{"metric":{"a":1},"value":[1,"1"]}])"),
         strange},
        {"no list", success("vector", "{}"), strange},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(read(row.body) == row.want);
    }
    CHECK(
        query_form("sum by (q) (a{b=\"队\"})") ==
        "query=sum%20by%20%28q%29%20%28a%7Bb%3D%22%E9%98%9F%22%7D%29"
    );
}

TEST_CASE("prometheus: what an exporter shows") {
    struct Row {
        const char* line;
        Seen seen;
        const char* name;
        double value;
        const char* labels;
        std::int64_t ms;
    };
    const Row rows[] = {
        {"m 1",                                   Seen::series,  "m",        1,    "",            -1               },
        {"m{} 1\r",                               Seen::series,  "m",        1,    "",            -1               },
        {"m{a=\"b\"} 2.5 1795452000123",          Seen::series,  "m",        2.5,  "a=b;",        1'795'452'000'123},
        {"m{a=\"b\",c=\"d\",} 1e3",               Seen::series,  "m",        1000, "a=b;c=d;",    -1               },
        {" m { a = \"b\" , c=\"d\" } \t -1",      Seen::series,  "m",        -1,   "a=b;c=d;",    -1               },
        {"m{a=\"}\\\"\\\\\\n,\"} 1",              Seen::series,  "m",        1,    "a=}\"\\\n,;", -1               },
        {"m:rate5m{q=\"售后\"} +1",               Seen::series,  "m:rate5m", 1,    "q=售后;",     -1               },
        {"m_bucket{le=\"+Inf\"} 4 # {t=\"x\"} 1", Seen::series,  "m_bucket", 4,    "le=+Inf;",    -1               },
        {"# HELP m text",                         Seen::nothing, "",         0,    "",            -1               },
        {"",                                      Seen::nothing, "",         0,    "",            -1               },
        {"  ",                                    Seen::nothing, "",         0,    "",            -1               },
        {"m",                                     Seen::garbage, "",         0,    "",            -1               },
        {"m x",                                   Seen::garbage, "",         0,    "",            -1               },
        {"m 1 x",                                 Seen::garbage, "",         0,    "",            -1               },
        {"m{a=\"b\" 1",                           Seen::garbage, "",         0,    "",            -1               },
        {"{a=\"b\"} 1",                           Seen::garbage, "",         0,    "",            -1               },
    };
    for (const Row& row : rows) {
        CAPTURE(row.line);
        SeriesLine line;
        REQUIRE(parse_series(row.line, line) == row.seen);
        if (row.seen != Seen::series) continue;
        CHECK(line.name == row.name);
        CHECK(line.value == row.value);
        CHECK((line.at ? line.at->us / 1000 : -1) == row.ms);
        Labels labels;
        CHECK(parse_labels(line.labels, labels));
        CHECK(words(labels) == row.labels);
    }
    SeriesLine line;
    CHECK(parse_series("m NaN", line) == Seen::series);
    CHECK(std::isnan(line.value));
    Labels labels;
    for (const char* bad : {"a", "a=", "a=b", "=\"b\"", "a=\"b", "a=\"b\"c", "a=\"b\\"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_labels(bad, labels));
    }
}

TEST_CASE("prometheus: which samples a pick takes, and of which queue they are") {
    Pick pick;
    pick.labels = {
        {"job", "pbx"}
    };
    CHECK(fits(
        pick,
        {
            {"job", "pbx"},
            {"x",   "y"  }
    }
    ));
    CHECK_FALSE(fits(
        pick,
        {
            {"job", "crm"}
    }
    ));
    CHECK_FALSE(fits(pick, {}));
    const QueueNames names{
        {"100", "sales"}
    };
    pick.queue_label = "q";
    CHECK(
        queue_of(
            pick,
            {
                {"q", "100"}
    },
            names
        ) == "sales"
    );
    CHECK(
        queue_of(
            pick,
            {
                {"q", "200"}
    },
            names
        ) == "200"
    );
    CHECK(queue_of(pick, {}, names).empty());
    pick.queue = "hall";
    CHECK(queue_of(pick, {}, names) == "hall");
}
