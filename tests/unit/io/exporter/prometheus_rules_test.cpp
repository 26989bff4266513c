// dashboards/prometheus: promtool runs the rules' own tests; the rest is what promtool cannot know.
#include "io/exporter/catalogue.hpp"
#include "places.hpp"
#include "support/dashboards.hpp"
#include "support/peer_process.hpp"

#include <doctest/doctest.h>
#include <regex>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::io::exporter;

namespace {

const std::string folder = std::string{SURGED_SOURCE_DIR} + "/dashboards/prometheus/";

test::Ran promtool(std::vector<std::string> words) {
    words.insert(words.begin(), "promtool");
    return test::run_program(words, {});
}

/// The text of each `- KIND: name` up to the next one.
std::vector<std::pair<std::string, std::string>> items(
    const std::string& text, const std::string& kind
) {
    const std::regex head{"- " + kind + R"(: (\S+))"};
    std::vector<std::pair<std::string, std::string>> out;
    std::sregex_iterator it{text.begin(), text.end(), head};
    for (; it != std::sregex_iterator{}; ++it) {
        const auto from = static_cast<std::size_t>(it->position());
        const auto next = text.find("- " + kind + ": ", from + 1);
        out.emplace_back((*it)[1].str(), text.substr(from, next - from));
    }
    return out;
}

std::string text_of(const std::string& name) {
    for (const test::DashboardFile& file : test::dashboard_files("prometheus", ".yml"))
        if (file.path.ends_with(name)) return file.text;
    return {};
}

/// A series that surged exposes: a histogram shows only as its parts.
bool in_catalogue(const std::string& name) {
    for (const Metric& metric : catalogue()) {
        if (metric.type != Type::histogram) {
            if (name == metric.name) return true;
            continue;
        }
        for (const char* part : {"_bucket", "_sum", "_count"})
            if (name == std::string{metric.name} + part) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("dashboards: Prometheus takes the rules, and they do what their tests say") {
    const test::Ran checked =
        promtool({"check", "rules", folder + "recording.yml", folder + "alerts.yml"});
    CHECK_MESSAGE(checked.status == 0, checked.output);
    const test::Ran tested =
        promtool({"test", "rules", folder + "tests/recording.yml", folder + "tests/alerts.yml"});
    CHECK_MESSAGE(tested.status == 0, tested.output);
}

TEST_CASE("dashboards: every alert and every recorded series has a test; alerts say what to do") {
    const auto alerts = items(text_of("prometheus/alerts.yml"), "alert");
    const std::string alert_tests = text_of("tests/alerts.yml");
    CHECK(alerts.size() >= 10);
    for (const auto& [name, text] : alerts) {
        CAPTURE(name);
        CHECK(alert_tests.find("alertname=\"" + name + '"') != std::string::npos);
        for (const char* part :
             {"severity: ", "summary: ", "summary_zh: ", "runbook: ", "runbook_zh: "})
            CHECK_MESSAGE(text.find(part) != std::string::npos, part);
    }
    const auto recorded = items(text_of("prometheus/recording.yml"), "record");
    const std::string recorded_tests = text_of("tests/recording.yml");
    CHECK(recorded.size() >= 5);
    for (const auto& [name, text] : recorded) {
        CAPTURE(name);
        CHECK(recorded_tests.find(name) != std::string::npos);
    }
}

TEST_CASE("dashboards: every series named is one that surged exposes or a rule records") {
    const std::string recording = text_of("prometheus/recording.yml");
    std::size_t seen = 0;
    for (const char* ending : {".yml", ".json"}) {
        for (const test::DashboardFile& file : test::dashboard_files("", ending)) {
            CAPTURE(file.path);
            for (const std::string& name : test::series_names(file.text)) {
                CAPTURE(name);
                ++seen;
                if (name.find(':') != std::string::npos)
                    CHECK(recording.find("record: " + name + "\n") != std::string::npos);
                else
                    CHECK(in_catalogue(name));
            }
        }
    }
    CHECK(seen > 30);
    CHECK(in_catalogue("surged_store_commit_seconds_bucket"));
    CHECK_FALSE(in_catalogue("surged_store_commit_seconds"));
    CHECK_FALSE(in_catalogue("surged_queue_calls_waiting_total"));
    CHECK(
        test::series_names("sum(a:surged_x:rate5m) / surged_y_total{surged_z=\"\"}") ==
        std::set<std::string>{"a:surged_x:rate5m", "surged_y_total", "surged_z"}
    );
}
