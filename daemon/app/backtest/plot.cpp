#include "app/backtest/plot.hpp"

#include "base/markup.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <iterator>

namespace surged::app::backtest {
namespace {

constexpr double left = 90, right = 990, width = 1000;
constexpr double plot_top = 8, plot_height = 150;
constexpr std::size_t bars_max = 60;

/// Time to x.
class Axis {
public:
    Axis(const Outcome& outcome, const Telling& tell)
        : from_{outcome.from.value_or(Instant{})},
          to_{std::max(outcome.to.value_or(Instant{}), from_ + 1s)},
          tell_{tell} {}
    [[nodiscard]] double x(Instant at) const {
        const Instant inside = std::clamp(at, from_, to_);
        const auto share = static_cast<double>((inside - from_).count()) /
                           static_cast<double>((to_ - from_).count());
        return left + share * (right - left);
    }
    /// Seven times of day along the foot, with the date where it is another.
    [[nodiscard]] std::string foot(double y) const {
        constexpr int marks = 6;
        std::string out, day;
        for (int i = 0; i <= marks; ++i) {
            const Instant at = from_ + (to_ - from_) / marks * i;
            const std::string clock = tell_.clock(at);
            std::string label = clock.substr(11, 5);
            if (clock.substr(0, 10) != day) label = clock.substr(5, 11);
            day = clock.substr(0, 10);
            const double where = x(at);
            fmt::format_to(
                std::back_inserter(out),
                R"(<line class="g" x1="{0:.1f}" y1="0" x2="{0:.1f}" y2="{1:.1f}"/>)"
                R"(<text x="{0:.1f}" y="{2:.1f}" text-anchor="{3}">{4}</text>)",
                where,
                y,
                y + 13,
                i == 0       ? "start"
                : i == marks ? "end"
                             : "middle",
                label
            );
        }
        return out;
    }

private:
    Instant from_, to_;
    const Telling& tell_;
};

std::string svg(double height, std::string_view label, const std::string& inside) {
    return fmt::format(
        R"(<svg viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">{}</svg>)",
        width,
        height,
        escape_markup(label),
        inside
    );
}

std::string bar(
    double x1, double x2, double y, double height, plan::Level level, std::string_view tip
) {
    return fmt::format(
        R"(<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">)"
        "<title>{}</title></rect>",
        plan::name_of(level),
        x1,
        y,
        std::max(1.0, x2 - x1),
        height,
        escape_markup(tip)
    );
}

std::string bars_of(
    const IncidentSeen& one, const Outcome& outcome, const Axis& axis, const Telling& tell, double y
) {
    std::string out;
    const Instant end = one.ended.value_or(outcome.to.value_or(one.opened));
    for (std::size_t i = 0; i < one.stages.size(); ++i) {
        const Stage& stage = one.stages[i];
        const Instant until = i + 1 < one.stages.size() ? one.stages[i + 1].at : end;
        const std::string tip = fmt::format(
            "{} {} {}–{}",
            one.id,
            level_text(stage.level),
            tell.time_of_day(stage.at),
            tell.time_of_day(until)
        );
        out += bar(axis.x(stage.at), axis.x(until), y, 12, stage.level, tip);
    }
    return out;
}

/// The value as a broken line: where there is none it is interrupted.
std::string value_line(const Outcome& outcome, const Series& series, const Axis& axis, double top) {
    std::string path;
    bool on = false;
    for (std::size_t i = 0; i < series.points.size(); ++i) {
        const float value = series.points[i].value;
        if (std::isnan(value)) {
            on = false;
            continue;
        }
        const Instant at = outcome.series_from + outcome.every * static_cast<std::int64_t>(i);
        const double y = plot_top + plot_height * (1 - std::min(1.0, value / top));
        fmt::format_to(std::back_inserter(path), "{}{:.1f} {:.1f}", on ? "L" : "M", axis.x(at), y);
        on = true;
    }
    return fmt::format(R"(<path class="v" d="{}"/>)", path);
}

/// Thresholds as steps: calendars may change them.
std::string limit_lines(
    const Outcome& outcome, const Series& series, const Axis& axis, double top
) {
    std::string out;
    for (std::size_t i = 0; i < series.limits.size(); ++i) {
        const auto at = [&](std::size_t point) {
            return outcome.series_from + outcome.every * static_cast<std::int64_t>(point);
        };
        const bool last = i + 1 == series.limits.size();
        const double x1 = axis.x(at(series.limits[i].from));
        const double x2 = last ? right : axis.x(at(series.limits[i + 1].from));
        double labelled = -100;  // where a label stands, the next needs room
        for (const plan::Level level : plan::levels) {
            const auto limit = series.limits[i].at.at(level);
            if (!limit || *limit > top || *limit < 0) continue;
            const double y = plot_top + plot_height * (1 - *limit / top);
            const auto shown = static_cast<board::Millionths>(std::llround(*limit * 1e6));
            fmt::format_to(
                std::back_inserter(out),
                R"(<line class="l {0}" x1="{1:.1f}" y1="{2:.1f}" x2="{3:.1f}" y2="{2:.1f}"/>)",
                plan::name_of(level),
                x1,
                y,
                x2
            );
            if (!last || std::abs(y - labelled) < 11) continue;
            labelled = y;
            fmt::format_to(
                std::back_inserter(out),
                R"(<text x="4" y="{:.1f}">{} {}</text>)",
                y + 4,
                plan::name_of(level),
                escape_markup(paging::limit_words(series.measure.kpi, shown, plan::Language::en))
            );
        }
    }
    return out;
}

std::string fired_bars(const Outcome& outcome, const Series& series, const Axis& axis) {
    std::string out;
    const auto at = [&](std::size_t point) {
        return axis.x(outcome.series_from + outcome.every * static_cast<std::int64_t>(point));
    };
    for (std::size_t i = 0; i < series.points.size();) {
        const plan::Level level = series.points[i].level;
        std::size_t end = i + 1;
        while (end < series.points.size() && series.points[end].level == level) ++end;
        if (level != plan::Level::none)
            out += bar(at(i), at(end), plot_top + plot_height + 2, 7, level, plan::name_of(level));
        i = end;
    }
    return out;
}

/// The highest that is drawn: the values, and the mildest threshold in any case.
double top_of(const Series& series) {
    double top = 0;
    for (const Series::Point& point : series.points)
        if (!std::isnan(point.value)) top = std::max(top, static_cast<double>(point.value));
    for (const Series::Limits& limits : series.limits)
        for (const plan::Level level : plan::levels)
            if (const auto limit = limits.at.at(level)) {
                top = std::max(top, *limit);
                if (!series.below) break;
            }
    return top > 0 ? top * 1.1 : 1;
}

}  // namespace

std::string incident_bars(const Outcome& outcome, const Telling& tell) {
    const Axis axis{outcome, tell};
    std::string inside;
    double y = 4;
    std::size_t shown = 0;
    for (const IncidentSeen& one : outcome.incidents) {
        if (shown++ == bars_max) break;
        const auto plan = outcome.rules->plans.find(one.plan);
        const bool short_name = plan != outcome.rules->plans.end() && !plan->second.source.empty();
        inside += fmt::format(
            R"(<text x="4" y="{:.1f}">{}</text>)",
            y + 10,
            escape_markup(short_name ? plan->second.source : paging::clip(one.plan, 12))
        );
        inside += bars_of(one, outcome, axis, tell, y);
        y += 18;
    }
    std::string out = svg(y + 18, tell.say("事件", "incidents"), axis.foot(y) + inside);
    if (outcome.incidents.size() > bars_max)
        out += paging::phrase(
            tell.language(),
            "<p>…另有 {} 件</p>",
            "<p>… and {} more</p>",
            outcome.incidents.size() - bars_max
        );
    return out;
}

std::string series_plot(const Outcome& outcome, const Series& series, const Telling& tell) {
    const Axis axis{outcome, tell};
    const double top = top_of(series);
    const std::string title = fmt::format(
        "{} · {} · {} [{}]",
        series.queue,
        tell.measure(series.measure),
        tell.plan(series.plan),
        series.trigger
    );
    return fmt::format(
        "<figure><figcaption>{}</figcaption>{}</figure>\n",
        escape_markup(title),
        svg(plot_top + plot_height + 28,
            title,
            axis.foot(plot_top + plot_height) + limit_lines(outcome, series, axis, top) +
                value_line(outcome, series, axis, top) + fired_bars(outcome, series, axis))
    );
}

}  // namespace surged::app::backtest
