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

// A queue with its labels, escaped once for all of its series.
struct Row {
    board::QueueIx queue;
    std::string labels;
};

double figure(const board::View& view, board::QueueIx queue, Kpi kpi, Window window) {
    const auto value = view.value(queue, Measure{kpi, window, {}, {}, {}});
    return value ? value->value() : nan;
}

void gauges(Text& out, const board::View& view, const std::vector<Row>& rows) {
    out.family(metric::calls_waiting);
    for (const Row& row : rows) {
        out.sample(row.labels, figure(view, row.queue, Kpi::calls_waiting, Window::now));
    }
    out.family(metric::longest_wait);
    for (const Row& row : rows) {
        out.sample(row.labels, figure(view, row.queue, Kpi::longest_wait, Window::now));
    }
    constexpr std::array<std::pair<Kpi, std::string_view>, 5> states{
        {
         {Kpi::agents_staffed, ",state=\"staffed\""},
         {Kpi::agents_available, ",state=\"available\""},
         {Kpi::agents_busy, ",state=\"busy\""},
         {Kpi::agents_wrap, ",state=\"wrap\""},
         {Kpi::agents_paused, ",state=\"paused\""},
         }
    };
    out.family(metric::agents);
    for (const Row& row : rows) {
        for (const auto& [kpi, state] : states) {
            out.sample(row.labels + std::string{state}, figure(view, row.queue, kpi, Window::now));
        }
    }
}

// A window is there if the board keeps it: then the calls offered in it are known.
void windows(Text& out, const board::View& view, const std::vector<Row>& rows) {
    constexpr std::array all{
        Window::m1, Window::m5, Window::m15, Window::m30, Window::m60, Window::day
    };
    constexpr std::array<std::pair<Metric, Kpi>, 4> ratios{
        {
         {metric::service_level, Kpi::service_level},
         {metric::service_level_live, Kpi::service_level_live},
         {metric::abandon_ratio, Kpi::abandon_ratio},
         {metric::complaint_ratio, Kpi::complaint_ratio},
         }
    };
    for (const auto& [family, kpi] : ratios) {
        out.family(family);
        for (const Row& row : rows) {
            for (const Window window : all) {
                const Measure offered{Kpi::calls_offered, window, {}, {}, {}};
                if (!view.value(row.queue, offered)) continue;
                out.sample(
                    fmt::format("{},window=\"{}\"", row.labels, board::name_of(window)),
                    figure(view, row.queue, kpi, window)
                );
            }
        }
    }
}

void counters(Text& out, const board::View& view, const std::vector<Row>& rows) {
    using Totals = board::Totals;
    constexpr std::array<std::pair<Metric, std::uint64_t Totals::*>, 6> plain{
        {
         {metric::calls_offered, &Totals::offered},
         {metric::calls_answered, &Totals::answered},
         {metric::calls_abandoned, &Totals::abandoned},
         {metric::calls_refused, &Totals::refused},
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
        rows.push_back({
            queue, labels({{"site", site}, {"queue", view.name(queue)}}
             )
        });
    }
    gauges(out, view, rows);
    windows(out, view, rows);
    counters(out, view, rows);
    histograms(out, view, rows);
}

}  // namespace surged::io::exporter
