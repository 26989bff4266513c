#include "io/api/commands.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::io::api;
using plan::Level;

namespace {

template <class T>
T got(const Result<engine::Body>& body) {
    REQUIRE_MESSAGE(body.has_value(), (body ? "" : body.error().what));
    REQUIRE(std::holds_alternative<T>(*body));
    return std::get<T>(*body);
}

}  // namespace

TEST_CASE("commands: a report, a decision, a pin, a step, a note") {
    const auto report = got<engine::Report>(
        decode_report(R"({"kind":"fire","by":"li","level":"I","place":"floor 3","text":"smoke"})")
    );
    CHECK(report.kind == "fire");
    CHECK(report.level == Level::I);
    CHECK(report.place == "floor 3");
    const auto decision = got<engine::Decide>(decode_decision("P06-1", false, R"({"by":"ceo"})"));
    CHECK(decision.incident == "P06-1");
    CHECK_FALSE(decision.activate);
    const auto pin =
        got<engine::PinLevel>(decode_pin("i", R"({"by":"a","level":"II","for":"2h"})"));
    CHECK(pin.level == Level::II);
    CHECK(pin.lasts == 2h);
    const auto step = got<engine::MarkStep>(
        decode_step("i", "s", R"({"by":"a","state":"skipped","why":"closed"})")
    );
    CHECK(step.skipped);
    CHECK(got<engine::AddNote>(decode_note("i", R"({"by":"a","text":"x"})")).text == "x");
}

TEST_CASE("commands: thresholds for a while, and taken back") {
    const auto set = got<engine::Temporary>(decode_threshold(
        R"({"plan":"p","trigger":"t","queue":"q","levels":{"III":0.4,"II":90},"for":"30m","by":"a","why":"storm"})"
    ));
    CHECK(set.at.at(Level::III) == 400'000);
    CHECK(set.at.at(Level::II) == 90'000'000);
    CHECK_FALSE(set.at.at(Level::I).has_value());
    CHECK(set.lasts == 30min);
    const auto back =
        got<engine::Temporary>(decode_threshold(R"({"plan":"p","trigger":"t","by":"a"})"));
    CHECK(back.lasts == Micros{0});
}

TEST_CASE("commands: alerts as Alertmanager and Prometheus send them") {
    const Wall now = parse_rfc3339("2026-11-25T12:00:00Z").value();
    const auto alerts = got<engine::Alerts>(decode_alerts(
        R"([{"labels":{"alertname":"Down","service":"crm","empty":""},"annotations":{"summary":"CRM is down"},
             "startsAt":"2026-11-25T11:00:00Z","endsAt":"2026-11-25T12:04:00Z","generatorURL":"http://p"},
            {"labels":{"alertname":"Up"},"endsAt":"2026-11-25T11:59:00Z"},
            {"labels":{"alertname":"Open"},"endsAt":"0001-01-01T00:00:00Z"}])",
        now
    ));
    REQUIRE(alerts.list.size() == 3);
    CHECK(alerts.list[0].labels.size() == 2);
    CHECK(alerts.list[0].summary == "CRM is down");
    CHECK(alerts.list[0].lasts == 4min);
    CHECK(alerts.list[1].lasts == Micros{0});
    CHECK(alerts.list[2].lasts == 5min);
}

TEST_CASE("commands: what is wrong is said") {
    struct Row {
        Result<engine::Body> body;
        const char* said;
    };
    const Row rows[] = {
        {decode_report("[]"), "not a JSON object"},
        {decode_report(R"({"by":"a"})"), "kind is missing"},
        {decode_report(R"({"kind":"k","by":"a","level":"2"})"), "level is not"},
        {decode_report(R"({"kind":7,"by":"a"})"), "kind is not a text"},
        {decode_pin("i", R"({"by":"a","level":"II","for":"forever"})"), "for is not a duration"},
        {decode_pin("i", R"({"by":"a"})"), "level is missing"},
        {decode_step("i", "s", R"({"by":"a","state":"skipped"})"), "only with a reason"},
        {decode_step("i", "s", R"({"by":"a","state":"maybe"})"), "state is not"},
        {decode_threshold(R"({"plan":"p","trigger":"t","by":"a","levels":{"III":1}})"),
         "for is missing"},
        {decode_threshold(
             R"({"plan":"p","trigger":"t","by":"a","why":"w","for":"1h","levels":{"V":1}})"
         ), "V is no level"},
        {decode_alerts("{}", Wall{0}), "not a JSON array"},
        {decode_alerts(R"([{"labels":{}}])", Wall{0}), "alert 0"},
        {decode_alerts(R"([{"labels":{"a":"b"},"endsAt":"soon"}])", Wall{0}), "alert 0"},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string{row.said});
        REQUIRE_FALSE(row.body.has_value());
        CHECK_MESSAGE(
            row.body.error().what.find(row.said) != std::string::npos, row.body.error().what
        );
    }
}
