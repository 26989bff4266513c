#include "io/exporter/board_metrics.hpp"

#include <array>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace surged::io::exporter {
namespace {

using board::Kpi;
using board::Measure;
using board::Window;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Of all figures of a queue: a page that grows by doubling is written twice.
constexpr std::size_t usual_bytes_a_queue = 10 * 1024;

constexpr std::size_t sliding = board::windows - 1;  // all but `now`

// A queue with its labels, escaped once for all of its series.
struct Row {
    board::QueueIx queue;
    std::string labels;
    std::array<std::string, sliding> by_window;  // the same with each window
};

Window window_at(std::size_t i) { return static_cast<Window>(i + 1); }

double figure(const board::View& view, board::QueueIx queue, const Measure& measure) {
    const auto value = view.value(queue, measure);
    return value ? value->value() : nan;
}

void of_moment(Text& out, const board::View& view, const Row& row, const board::KpiInfo& info) {
    Measure measure{info.kpi, Window::now, {}, {}, {}};
    if (info.metric == metric::agents.name) {
        const std::string_view state = info.name.substr(std::string_view{"agents_"}.size());
        out.sample(
            fmt::format("{},state=\"{}\"", row.labels, state), figure(view, row.queue, measure)
        );
    } else if (info.kpi == Kpi::gauge) {
        for (const std::string& name : view.gauges(row.queue)) {
            measure.gauge = name;
            out.sample(
                row.labels + "," +
                    labels({
                        {"name", name}
            }),
                figure(view, row.queue, measure)
            );
        }
    } else if (view.keeps(row.queue, measure)) {
        out.sample(row.labels, figure(view, row.queue, measure));
    }
}

void over_windows(Text& out, const board::View& view, const Row& row, const board::KpiInfo& info) {
    for (std::size_t i = 0; i < sliding; ++i) {
        const Measure measure{info.kpi, window_at(i), {}, {}, {}};
        if (view.keeps(row.queue, measure))
            out.sample(row.by_window.at(i), figure(view, row.queue, measure));
    }
}

// A family for every metric of the KPI table; KPIs that share one stand together there.
void kpis(Text& out, const board::View& view, const std::vector<Row>& rows) {
    std::string_view family;
    for (const board::KpiInfo& info : board::kpi_table()) {
        if (info.metric.empty()) continue;
        if (info.metric != family) out.family(metric_of(info));
        family = info.metric;
        for (const Row& row : rows)
            info.windowed ? over_windows(out, view, row, info) : of_moment(out, view, row, info);
    }
}

void counters(Text& out, const board::View& view, const std::vector<Row>& rows) {
    using Totals = board::Totals;
    constexpr std::array<std::pair<Metric, std::uint64_t Totals::*>, 5> plain{
        {
         {metric::calls_offered, &Totals::offered},
         {metric::calls_answered, &Totals::answered},
         {metric::calls_abandoned, &Totals::abandoned},
         {metric::calls_completed, &Totals::completed},
         {metric::calls_transferred, &Totals::transferred},
         }
    };
    for (const auto& [family, member] : plain) {
        out.family(family);
        for (const Row& row : rows) out.sample(row.labels, view.totals(row.queue).*member);
    }
    out.family(metric::calls_exited);
    for (const Row& row : rows) {
        const Totals& totals = view.totals(row.queue);
        for (std::size_t i = 0; i < acd::exit_reasons; ++i) {
            const auto reason = acd::name_of(static_cast<acd::ExitReason>(i));
            out.sample(fmt::format("{},reason=\"{}\"", row.labels, reason), totals.exited[i]);
        }
    }
    out.family(metric::calls_refused);
    for (const Row& row : rows) {
        const Totals& totals = view.totals(row.queue);
        std::uint64_t unknown = totals.refused;
        for (std::size_t i = 0; i < acd::refuse_reasons; ++i) {
            const auto reason = acd::name_of(static_cast<acd::RefuseReason>(i));
            out.sample(fmt::format("{},reason=\"{}\"", row.labels, reason), totals.refused_for[i]);
            unknown -= totals.refused_for[i];
        }
        out.sample(row.labels + ",reason=\"unknown\"", unknown);
    }
    out.family(metric::complaints);
    for (const Row& row : rows) {
        for (const auto& [key, count] : view.complaints(row.queue)) {
            const std::string severity = fmt::format("{}", key.severity);
            out.sample(
                row.labels + "," +
                    labels({
                        {"topic",    key.topic},
                        {"severity", severity }
            }),
                count
            );
        }
    }
}

void histograms(Text& out, const board::View& view, const std::vector<Row>& rows) {
    const auto one = [&](const Row& row, const board::Histogram& histogram) {
        out.histogram<std::uint32_t>(
            row.labels,
            board::Histogram::bounds_s,
            histogram.counts,
            static_cast<double>(histogram.sum.count()) / 1e6
        );
    };
    out.family(metric::answer_wait);
    for (const Row& row : rows) one(row, view.answer_wait(row.queue));
    out.family(metric::handle_time);
    for (const Row& row : rows) one(row, view.handle_time(row.queue));
}

}  // namespace

void board_metrics(Text& out, const board::View& view, std::string_view site) {
    std::vector<Row> rows;
    for (const board::QueueIx queue : view.queues()) {
        Row row{
            queue, labels({{"site", site}, {"queue", view.name(queue)}}
             ), {}
        };
        for (std::size_t i = 0; i < sliding; ++i)
            row.by_window.at(i) =
                fmt::format("{},window=\"{}\"", row.labels, board::name_of(window_at(i)));
        rows.push_back(std::move(row));
    }
    out.reserve(rows.size() * usual_bytes_a_queue);
    kpis(out, view, rows);
    counters(out, view, rows);
    histograms(out, view, rows);
}

}  // namespace surged::io::exporter
