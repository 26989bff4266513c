#include "io/api/ingest.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::io;
using namespace surged::io::api;

namespace {

// Lines 1 to 5, of which 2 was refused by the reader.
Ndjson parsed() {
    Ndjson out;
    out.lines = {1, 3, 4, 5};
    out.rejects = {
        {2, BadLine::json, "not one JSON object"}
    };
    out.rejected_total = 1;
    return out;
}

}  // namespace

TEST_CASE("events answer: accepted and rejected by line, a repeated id is accepted") {
    Submitted submitted;
    submitted.applied.accepted = 2;
    submitted.applied.rejected = {
        {0, acd::Reject::duplicate},
        {2, acd::Reject::late     }
    };
    const auto answer = events_answer(parsed(), submitted);
    CHECK(answer.status == 200);
    CHECK(
        answer.body ==
        R"({"accepted":3,"rejected":[{"line":2,"error":"not one JSON object"},)"
        R"({"line":4,"error":"late: older than the lateness allowed for this source"}]})"
    );
}

TEST_CASE("events answer: statuses") {
    Submitted submitted;
    CHECK(events_answer(parsed(), submitted).status == 200);
    CHECK(events_answer({}, submitted).body == R"({"accepted":0,"rejected":[]})");
    submitted.durable = false;
    const auto taken = events_answer(parsed(), submitted);
    CHECK(taken.status == 202);
    CHECK(taken.body.ends_with(R"("durable":false})"));
    submitted.overloaded = true;
    const auto busy = events_answer(parsed(), submitted);
    CHECK(busy.status == 503);
    CHECK(busy.headers.at(0) == std::pair<std::string, std::string>{"Retry-After", "1"});
}

TEST_CASE("events answer: 400 only if no line was good") {
    Submitted submitted;
    for (std::size_t i = 0; i < 4; ++i)
        submitted.applied.rejected.push_back({i, acd::Reject::limit});
    const auto none = events_answer(parsed(), submitted);
    CHECK(none.status == 400);
    CHECK(none.content_type == "application/problem+json");
    CHECK(none.body.find(R"("accepted":0,"rejected":[{"line":1,)") != std::string::npos);
    submitted.applied.rejected.pop_back();
    CHECK(events_answer(parsed(), submitted).status == 200);
}

TEST_CASE("events answer: twenty rejects are shown, all are counted") {
    Ndjson many;
    Submitted submitted;
    for (std::uint32_t i = 0; i < 50; ++i) {
        many.lines.push_back(i + 1);
        if (i > 0) submitted.applied.rejected.push_back({i, acd::Reject::other_source});
    }
    const auto answer = events_answer(many, submitted);
    CHECK(answer.body.starts_with(R"({"accepted":1,"rejected":[{"line":2,)"));
    CHECK(answer.body.find(R"({"line":21,)") != std::string::npos);
    CHECK(answer.body.find(R"({"line":22,)") == std::string::npos);
    CHECK(answer.body.ends_with(R"(],"rejected_count":49})"));
}
