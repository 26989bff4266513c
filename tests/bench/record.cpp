#include "bench/record.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <utility>

namespace surged::bench {
namespace {

namespace json = boost::json;

std::string text(const json::object& object, const char* key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string{value->get_string()}
                                                  : std::string{};
}

double number(const json::object& object, const char* key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return 0;
    boost::system::error_code none;
    const double out = value->to_number<double>(none);
    return none ? 0 : out;
}

/// How many times as bad as before: below 1 it is better.
double worse_by(const Figure& before, const Figure& now) {
    const double a = before.ratio();
    const double b = now.ratio();
    if (a <= 0 || b <= 0) return 1;
    return now.more_is_better() ? a / b : b / a;
}

}  // namespace

bool Figure::more_is_better() const {
    return unit.ends_with("/CPU-s") || unit.ends_with("/s") || unit.starts_with("per ") ||
           unit.ends_with(" read");
}

std::optional<bool> Figure::holds() const {
    const bool of_bound = asked.times > 0 && bound > 0;
    const bool of_value = asked.value > 0;
    if (!of_bound && !of_value) return std::nullopt;
    const auto keeps = [&](double is, double limit) {
        return more_is_better() ? is >= limit : is <= limit;
    };
    return (!of_bound || keeps(ratio(), asked.times)) && (!of_value || keeps(value, asked.value));
}

std::string encode(const Run& run) {
    json::array figures;
    for (const Figure& each : run.figures)
        figures.push_back(json::object{
            {"what",        each.what       },
            {"value",       each.value      },
            {"unit",        each.unit       },
            {"bound",       each.bound      },
            {"bound_is",    each.bound_is   },
            {"ratio",       each.ratio()    },
            {"asked_times", each.asked.times},
            {"asked_value", each.asked.value}
        });
    return json::serialize(json::object{
        {"of",      run.of            },
        {"quick",   run.quick         },
        {"figures", std::move(figures)}
    });
}

std::optional<Run> decode(std::string_view bytes) {
    boost::system::error_code bad;
    const json::value whole = json::parse(bytes, bad);
    if (bad || !whole.is_object()) return std::nullopt;
    const json::object& object = whole.get_object();
    const json::value* figures = object.if_contains("figures");
    if (figures == nullptr || !figures->is_array()) return std::nullopt;
    Run out;
    out.of = text(object, "of");
    const json::value* quick = object.if_contains("quick");
    out.quick = quick != nullptr && quick->is_bool() && quick->get_bool();
    for (const json::value& each : figures->get_array()) {
        if (!each.is_object()) return std::nullopt;
        const json::object& figure = each.get_object();
        out.figures.push_back({
            text(figure, "what"),
            text(figure, "unit"),
            number(figure, "value"),
            number(figure, "bound"),
            text(figure, "bound_is"),
            {number(figure, "asked_times"), number(figure, "asked_value")}
        });
    }
    return out;
}

Run latest(const std::vector<Run>& oldest_first, bool quick) {
    Run out;
    out.quick = quick;
    for (auto run = oldest_first.rbegin(); run != oldest_first.rend(); ++run) {
        if (run->quick != quick) continue;
        if (out.of.empty()) out.of = run->of;
        for (const Figure& figure : run->figures)
            if (std::none_of(out.figures.begin(), out.figures.end(), [&](const Figure& newer) {
                    return newer.what == figure.what;
                }))
                out.figures.push_back(figure);
    }
    return out;
}

std::vector<std::string> compare(const Run& before, const Run& now) {
    if (before.quick != now.quick) return {};
    std::vector<std::pair<double, std::string>> told;
    for (const Figure& figure : now.figures) {
        const auto was =
            std::find_if(before.figures.begin(), before.figures.end(), [&](const Figure& other) {
                return other.what == figure.what;
            });
        if (was == before.figures.end()) continue;
        const double factor = worse_by(*was, figure);
        if (factor < noise && factor > 1 / noise) continue;
        const char* word = factor > 1 ? "worse" : "better";
        told.emplace_back(
            factor,
            fmt::format(
                "{} by {:.2f}: {}, {:.3g} of its bound, before {:.3g}",
                word,
                std::max(factor, 1 / factor),
                figure.what,
                figure.ratio(),
                was->ratio()
            )
        );
    }
    std::sort(told.begin(), told.end(), [](const auto& a, const auto& b) {
        return a.first > b.first;
    });
    std::vector<std::string> out;
    for (auto& [factor, line] : told) out.push_back(std::move(line));
    return out;
}

}  // namespace surged::bench
