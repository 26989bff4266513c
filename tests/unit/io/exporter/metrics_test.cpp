#include "io/exporter/board_metrics.hpp"
#include "io/exporter/catalogue.hpp"
#include "io/exporter/daemon_metrics.hpp"
#include "io/exporter/incident_metrics.hpp"
#include "io/exporter/text.hpp"
#include "places.hpp"
#include "support/fake_view.hpp"
#include "support/peer_process.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <limits>
#include <prometheus/text_serializer.h>
#include <set>
#include <string>

using namespace surged;
using namespace surged::io;
using namespace surged::io::exporter;
using board::Kpi;
using board::Window;

namespace {

std::string text_of(const board::View& view) {
    Text text;
    board_metrics(text, view, "hz");
    return std::move(text).take();
}

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

test::FakeView busy_view() {
    test::FakeView view;
    view.now = Instant{100s};
    view.queue().oldest = Instant{89s};
    view.set({Kpi::calls_waiting, Window::now, {}, {}, {}}, 7);
    view.set({Kpi::agents_staffed, Window::now, {}, {}, {}}, 30);
    view.set({Kpi::calls_offered, Window::m5, {}, {}, {}}, 10);
    view.set({Kpi::service_level, Window::m5, {}, {}, {}}, 8, 10);
    board::Totals& totals = view.queue().totals;
    totals.offered = 18'446'744'073'709'551'615U;  // not a figure that a double could carry
    totals.exited[static_cast<std::size_t>(acd::ExitReason::timeout)] = 3;
    totals.refused = 3;
    totals.refused_for[static_cast<std::size_t>(acd::RefuseReason::full)] = 2;
    view.queue().gauges = {"crowd"};
    view.set({Kpi::gauge, Window::now, "crowd", {}, {}}, 3);
    view.queue().waits.counts[0] = 2;
    view.queue().waits.counts[3] = 5;
    view.queue().waits.counts.back() = 1;
    view.queue().waits.sum = 1'500'500ms;
    view.queue().complaints[{"late \"delivery\"\n", 1}] = 4;
    return view;
}

DaemonFigures some_figures() {
    DaemonFigures figures;
    figures.shell.commits = 3;
    figures.shell.commit_buckets = {1, 2};
    figures.shell.commit_seconds_sum = 0.25;
    figures.shell.rules_loaded_at = 1763900000;
    figures.shell.source_lag_s["acd-1"] = 0.5;
    figures.shell.bad_records[{"acd-1", "over_long"}] = 2;
    figures.shell.pages[{"hook", "accepted"}] = 5;
    figures.components = {
        {"store",        true,  "",        ""},
        {"source acd-1", false, "refused", ""}
    };
    figures.rejected[{"local", "json"}] = 7;
    figures.sources["local"].accepted[acd::EventType::offered] = 9;
    figures.sources["local"].rejected[acd::Reject::late] = 1;
    figures.http.answers[200] = 11;
    return figures;
}

}  // namespace

TEST_CASE("exporter: the board as text") {
    const std::string text = text_of(busy_view());
    CHECK(has_line(text, "# TYPE surged_queue_calls_waiting gauge"));
    CHECK(has_line(text, R"(surged_queue_calls_waiting{site="hz",queue="sales"} 7)"));
    CHECK(has_line(text, R"(surged_queue_longest_wait_seconds{site="hz",queue="sales"} 11)"));
    CHECK(has_line(text, R"(surged_queue_agents{site="hz",queue="sales",state="staffed"} 30)"));
    CHECK(has_line(text, R"(surged_queue_agents{site="hz",queue="sales",state="busy"} NaN)"));
    CHECK(has_line(
        text, R"(surged_queue_service_level_ratio{site="hz",queue="sales",window="5m"} 0.8)"
    ));
    // A ratio of nothing is NaN, and a window that the board does not keep has no series.
    CHECK(has_line(
        text, R"(surged_queue_calls_refused_total{site="hz",queue="sales",reason="full"} 2)"
    ));
    CHECK(has_line(
        text, R"(surged_queue_calls_refused_total{site="hz",queue="sales",reason="unknown"} 1)"
    ));
    CHECK(has_line(text, R"(surged_queue_gauge{site="hz",queue="sales",name="crowd"} 3)"));
    CHECK(has_line(text, R"(# HELP surged_queue_waiting_per_agent calls waiting ÷ agents staffed)")
    );
    CHECK(has_line(text, R"(surged_queue_abandon_ratio{site="hz",queue="sales",window="5m"} NaN)"));
    CHECK(text.find("window=\"15m\"") == std::string::npos);
    CHECK(has_line(
        text, R"(surged_queue_calls_offered_total{site="hz",queue="sales"} 18446744073709551615)"
    ));
    CHECK(has_line(
        text, R"(surged_queue_calls_exited_total{site="hz",queue="sales",reason="timeout"} 3)"
    ));
    CHECK(has_line(
        text,
        R"(surged_complaints_total{site="hz",queue="sales",topic="late \"delivery\"\n",severity="1"} 4)"
    ));
    const std::string wait = R"(surged_queue_answer_wait_seconds_)";
    CHECK(has_line(text, wait + R"(bucket{site="hz",queue="sales",le="1"} 2)"));
    CHECK(has_line(text, wait + R"(bucket{site="hz",queue="sales",le="20"} 7)"));
    CHECK(has_line(text, wait + R"(bucket{site="hz",queue="sales",le="+Inf"} 8)"));
    CHECK(has_line(text, wait + R"(sum{site="hz",queue="sales"} 1500.5)"));
    CHECK(has_line(text, wait + R"(count{site="hz",queue="sales"} 8)"));
}

TEST_CASE("exporter: a queue that is gone has no series, one whose feed is lost has no figures") {
    test::FakeView view = busy_view();
    view.all.push_back({});
    view.all.back().name = "vip";
    view.all.back().live = false;
    CHECK(has_line(text_of(view), R"(surged_queue_calls_waiting{site="hz",queue="vip"} NaN)"));
    view.all.pop_back();
    CHECK(text_of(view).find("vip") == std::string::npos);
}

TEST_CASE("exporter: names in any encoding leave the text valid") {
    test::FakeView view = busy_view();
    view.queue().name = "caf\xe9 \\ \"x\"";
    CHECK(has_line(
        text_of(view),
        "surged_queue_calls_waiting{site=\"hz\",queue=\"caf\xEF\xBF\xBD \\\\ \\\"x\\\"\"} 7"
    ));
}

TEST_CASE("exporter: text agrees with prometheus-cpp's own serializer") {
    // The same histogram and awkward label through both.
    prometheus::MetricFamily family;
    family.name = std::string{metric::answer_wait.name};
    family.help = std::string{metric::answer_wait.help};
    family.type = prometheus::MetricType::Histogram;
    prometheus::ClientMetric sample;
    sample.label = {
        {"queue", "a\\b\"c\nd"}
    };
    const std::array<double, 2> bounds{0.5, 20};
    const std::array<std::uint64_t, 3> counts{1, 2, 3};
    sample.histogram.bucket = {
        {1, 0.5                                    },
        {3, 20                                     },
        {6, std::numeric_limits<double>::infinity()}
    };
    sample.histogram.sample_count = 6;
    sample.histogram.sample_sum = 90.5;
    family.metric.push_back(sample);
    Text text;
    text.family(metric::answer_wait);
    text.histogram<double>(
        labels({
            {"queue", "a\\b\"c\nd"}
    }),
        bounds,
        counts,
        90.5
    );
    // That serializer writes sum and count before the buckets; the lines are the same.
    const auto lines = [](const std::string& all) {
        std::multiset<std::string> out;
        for (std::size_t at = 0; at < all.size();) {
            const auto end = all.find('\n', at);
            out.insert(all.substr(at, end - at));
            at = end + 1;
        }
        return out;
    };
    CHECK(lines(std::move(text).take()) == lines(prometheus::TextSerializer{}.Serialize({family})));
}

TEST_CASE("exporter: a whole number reads as any double does") {
    for (const double value :
         {0.0, -0.0, 7.0, -3.0, 0.5, 1e14 + 1, 999999999999999.0, 1e15, 1e300}) {
        Text text;
        text.sample("", value);
        CHECK(std::move(text).take() == fmt::format(" {}\n", value));
    }
}

TEST_CASE("exporter: the daemon's own figures") {
    const std::string text = render_daemon(some_figures());
    CHECK(has_line(text, R"(surged_store_commit_seconds_bucket{le="0.001"} 3)"));
    CHECK(has_line(text, R"(surged_store_commit_seconds_count 3)"));
    CHECK(has_line(text, R"(surged_source_up{source="acd-1"} 0)"));
    CHECK(has_line(text, R"(surged_events_total{source="local",type="offered"} 9)"));
    CHECK(has_line(text, R"(surged_events_rejected_total{source="local",reason="json"} 7)"));
    CHECK(has_line(text, R"(surged_events_rejected_total{source="local",reason="late"} 1)"));
    CHECK(has_line(text, R"(surged_events_rejected_total{source="acd-1",reason="over_long"} 2)"));
    CHECK(has_line(text, R"(surged_pages_total{channel="hook",result="accepted"} 5)"));
    CHECK(has_line(text, R"(surged_http_requests_total{code="200"} 11)"));
    CHECK(has_line(text, "surged_rules_loaded_timestamp_seconds 1763900000"));
    CHECK(has_line(text, "surged_store_up 1"));
}

TEST_CASE("exporter: a surged without peers leads; its part says otherwise") {
    DaemonFigures figures = some_figures();
    figures.site = "hz";
    CHECK(has_line(render_daemon(figures), R"(surged_leader{site="hz"} 1)"));
    figures.components.push_back({"leader", true, "", ""});
    CHECK(has_line(render_daemon(figures), R"(surged_leader{site="hz"} 1)"));
    figures.components.back().ok = false;
    CHECK(has_line(render_daemon(figures), R"(surged_leader{site="hz"} 0)"));
}

TEST_CASE("exporter: on call is whom a ladder begins with") {
    std::map<std::string, plan::Team> teams;
    teams["duty"].escalation = {
        {{},             5min},
        {{"wang", "li"}, 5min},
        {{"chen"},       5min}
    };
    teams["duty"].last_resort = "boss";
    teams["directors"].last_resort = "boss";
    teams["nobody"] = {};
    Text text;
    oncall_metrics(text, teams, "hz");
    CHECK(
        std::move(text).take() ==
        "# HELP surged_oncall 1 for each person whom the team's ladder pages first.\n"
        "# TYPE surged_oncall gauge\n"
        "surged_oncall{site=\"hz\",team=\"directors\",person=\"boss\"} 1\n"
        "surged_oncall{site=\"hz\",team=\"duty\",person=\"wang\"} 1\n"
        "surged_oncall{site=\"hz\",team=\"duty\",person=\"li\"} 1\n"
    );
}

TEST_CASE("exporter: the catalogue is sound, and the reference names all of it") {
    const auto read = [](const char* page) {
        std::ifstream in{SURGED_SOURCE_DIR + std::string{"/docs/reference/"} + page};
        return std::string{std::istreambuf_iterator<char>{in}, {}};
    };
    const std::string reference = read("metrics.md") + read("kpis.md");
    std::set<std::string_view> names;
    for (const Metric& metric : catalogue()) {
        CAPTURE(metric.name);
        CHECK(names.insert(metric.name).second);
        CHECK(metric.name.starts_with("surged_"));
        CHECK(metric.name.ends_with("_total") == (metric.type == Type::counter));
        CHECK(metric.help.find('\n') == std::string_view::npos);
        CHECK(reference.find("`" + std::string{metric.name}) != std::string::npos);
    }
}

TEST_CASE("exporter: a KPI's metric is its name and its base unit, unless a counter tells it") {
    using board::Unit;
    for (const board::KpiInfo& info : board::kpi_table()) {
        CAPTURE(info.name);
        const bool counted = info.windowed && info.unit == Unit::count;
        CHECK(info.metric.empty() == counted);
        if (counted || info.metric == metric::agents.name) continue;
        std::string name = "surged_queue_" + std::string{info.name};
        if (info.unit == Unit::seconds) name += "_seconds";
        if (info.unit == Unit::per_second) name += "_per_second";
        if ((info.share || info.kpi == Kpi::lines_in_use) && !name.ends_with("_ratio"))
            name += "_ratio";
        CHECK(info.metric == name);
    }
}
