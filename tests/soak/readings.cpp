#include "soak/readings.hpp"

#include "support/process_cpu.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace surged::soak {
namespace {

double quantile(std::vector<double> values, double p) {
    if (values.empty()) return 0;
    const auto at = static_cast<std::ptrdiff_t>(p * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

double memory_mb_of(const std::string& folder) {
    std::ifstream in{folder + "/statm"};
    double size = 0;
    double resident = 0;
    if (!(in >> size >> resident)) throw std::runtime_error{"surged has ended by itself"};
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

}  // namespace

std::string Sample::header() {
    return fmt::format(
        "{:>10} {:>8} {:>8} {:>8} {:>8} {:>6} {:>8} {:>8}",
        "events",
        "p50 ms",
        "p99 ms",
        "refused",
        "202",
        "files",
        "MB",
        "CPU-s"
    );
}

std::string Sample::line() const {
    return fmt::format(
        "{:>10} {:>8.1f} {:>8.1f} {:>8} {:>8} {:>6} {:>8.1f} {:>8.1f}",
        seen.events,
        p50_ms,
        p99_ms,
        seen.refused,
        seen.not_durable,
        files,
        memory_mb,
        cpu_s
    );
}

Sample read_sample(pid_t process, Seen seen) {
    const std::string folder = "/proc/" + std::to_string(process);
    Sample out;
    out.at = std::chrono::steady_clock::now();
    out.memory_mb = memory_mb_of(folder);
    out.cpu_s = test::cpu_seconds_of(process);
    const std::filesystem::directory_iterator files{folder + "/fd"};
    out.files = static_cast<std::size_t>(std::distance(begin(files), end(files)));
    out.p50_ms = 1000 * quantile(seen.seconds, 0.5);
    out.p99_ms = 1000 * quantile(seen.seconds, 0.99);
    out.seen = std::move(seen);
    return out;
}

std::string drift_of(const std::vector<Sample>& samples) {
    if (samples.size() < 12) return {};
    const auto third = static_cast<std::ptrdiff_t>(samples.size() / 3);
    const auto median = [&](std::ptrdiff_t from, const std::function<double(const Sample&)>& of) {
        std::vector<double> values;
        std::transform(
            samples.begin() + from, samples.begin() + from + third, std::back_inserter(values), of
        );
        return quantile(std::move(values), 0.5);
    };
    struct Figure {
        std::string_view name;
        std::function<double(const Sample&)> of;
        double factor, slack;  // of the last third over the second that is still noise
    };
    const std::vector<Figure> figures{
        {"memory, MB",        [](const Sample& s) { return s.memory_mb; },                  1.05, 8 },
        {"open descriptors",  [](const Sample& s) { return static_cast<double>(s.files); }, 1.0,  2 },
        {"p99 of a post, ms", [](const Sample& s) { return s.p99_ms; },                     2.0,  10},
    };
    for (const Figure& figure : figures) {
        const double before = median(third, figure.of);
        const double after = median(static_cast<std::ptrdiff_t>(samples.size()) - third, figure.of);
        fmt::print("{}: {:.1f}, later {:.1f}\n", figure.name, before, after);
        if (after > before * figure.factor + figure.slack)
            return fmt::format("{} grew from {:.1f} to {:.1f}", figure.name, before, after);
    }
    return {};
}

std::uint64_t sum_of(std::string_view metrics, std::string_view name, std::string_view label) {
    double sum = 0;
    std::istringstream lines{std::string{metrics}};
    for (std::string line; std::getline(lines, line);) {
        const std::string_view text{line};
        const auto close = text.rfind('}');
        if (!text.starts_with(name) || close == std::string_view::npos) continue;
        if (text.substr(0, close).find(label) == std::string_view::npos) continue;
        sum += std::strtod(line.c_str() + close + 1, nullptr);
    }
    return static_cast<std::uint64_t>(sum);
}

}  // namespace surged::soak
