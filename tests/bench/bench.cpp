#include "bench/bench.hpp"

#include "bench/report.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <malloc.h>
#include <string>
#include <unistd.h>
#include <utility>

namespace surged::bench {
namespace {

Run& this_run() {
    static Run run;
    return run;
}

std::string read_text(const std::string& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// What differs from the runs before, if there were any.
void tell_difference(const std::vector<std::string>& files) {
    std::vector<Run> runs;
    for (const std::string& file : files)
        if (auto run = decode(read_text(file))) runs.push_back(std::move(*run));
    const Run before = latest(runs, this_run().quick);
    if (before.figures.empty()) return fmt::print("no such run before to compare with\n");
    fmt::print("beside what was measured before, last of {}:\n", before.of);
    const auto lines = compare(before, this_run());
    if (lines.empty()) fmt::print("  no ratio has changed by more than {:.2f}\n", noise);
    for (const std::string& line : lines) fmt::print("  {}\n", line);
}

void renew_page(const std::string& file) {
    const auto page = renewed(read_text(file), this_run());
    if (!page) return fmt::print("{} has no place for figures\n", file);
    std::ofstream{file, std::ios::binary} << *page;
}

}  // namespace

double cpu_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::size_t resident_bytes() {
    ::malloc_trim(0);  // what was given back before would hide what is taken now
    std::ifstream in{"/proc/self/statm"};
    std::size_t total = 0;
    std::size_t resident = 0;
    in >> total >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

double quantile(std::vector<double>& values, double p) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const auto at = static_cast<std::size_t>(p * static_cast<double>(values.size() - 1));
    return values[at];
}

void row(
    std::string_view what,
    double value,
    std::string_view unit,
    double bound,
    std::string_view bound_is,
    Asked asked
) {
    this_run().figures.push_back(
        {std::string{what}, std::string{unit}, value, bound, std::string{bound_is}, asked}
    );
    if (bound <= 0) {
        fmt::print("{:<46} {:>12.4g} {}\n", what, value, unit);
        std::fflush(stdout);
        return;
    }
    fmt::print(
        "{:<46} {:>12.4g} {:<14} bound {:>12.4g} ({}), ratio {:.2f}\n",
        what,
        value,
        unit,
        bound,
        bound_is,
        value / bound
    );
    std::fflush(stdout);
}

void finish(const Finish& how) {
    this_run().of = how.of;
    this_run().quick = how.quick;
    if (!how.before.empty()) tell_difference(how.before);
    if (!how.keep.empty()) std::ofstream{how.keep} << encode(this_run()) << '\n';
    if (!how.page.empty()) renew_page(how.page);
}

std::vector<std::string> bodies(std::size_t lines, std::size_t queues, std::size_t per_body) {
    constexpr double begin = 1'795'451'700.0;
    std::vector<std::string> out;
    for (std::size_t i = 0; i < lines; ++i) {
        if (i % per_body == 0) out.emplace_back();
        const std::size_t call = i / 3;
        const double ts = begin + static_cast<double>(i) * 1e-4;
        const auto queue = call % queues;
        std::string& body = out.back();
        if (i % 3 == 0) {
            body += fmt::format(
                R"({{"ts":{:.6f},"type":"offered","queue":"queue-{}","call":"c-{}","channel":"voice"}})",
                ts,
                queue,
                call
            );
        } else if (i % 3 == 1) {
            body += fmt::format(
                R"({{"ts":{:.6f},"type":"answered","queue":"queue-{}","call":"c-{}","agent":"{}","wait":12.4}})",
                ts,
                queue,
                call,
                1000 + call % 300
            );
        } else {
            body += fmt::format(
                R"({{"ts":{:.6f},"type":"completed","queue":"queue-{}","call":"c-{}","agent":"{}","talk":187.5,"wrap":12}})",
                ts,
                queue,
                call,
                1000 + call % 300
            );
        }
        body += '\n';
    }
    return out;
}

}  // namespace surged::bench

namespace {

struct Part {
    std::string_view name;
    void (*run)(bool quick);
};
constexpr Part all_parts[] = {
    {"ingest",    surged::bench::ingest   },
    {"memory",    surged::bench::memory   },
    {"page",      surged::bench::page     },
    {"post",      surged::bench::post     },
    {"ami",       surged::bench::ami      },
    {"esl",       surged::bench::esl      },
    {"queue_log", surged::bench::queue_log},
    {"hooks",     surged::bench::hooks    },
    {"statsd",    surged::bench::statsd   },
    {"backtest",  surged::bench::backtest },
    {"rules",     surged::bench::rules    },
    {"day",       surged::bench::day      },
    {"metrics",   surged::bench::metrics  },
    {"surge",     surged::bench::surge    },
    {"growth",    surged::bench::growth   },
};

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> parts;
    surged::bench::Finish how;
    CLI::App app{"Figures of surged, each beside its bound from the same run."};
    app.add_option("parts", parts, "which; all if none is named");
    app.add_flag("--quick", how.quick, "only to see that it runs");
    app.add_option("--before", how.before, "a run to compare with; again for others, oldest first")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_option("--keep", how.keep, "a file for the figures of this run, as JSON");
    app.add_option("--page", how.page, "a page of documentation whose figures are made anew");
    app.add_option("--of", how.of, "what is measured, for those files");
    CLI11_PARSE(app, argc, argv);
    const auto known = [](const std::string& word) {
        return std::any_of(std::begin(all_parts), std::end(all_parts), [&](const Part& part) {
            return part.name == word;
        });
    };
    for (const std::string& part : parts) {
        if (known(part)) continue;
        fmt::print(stderr, "no part '{}'; parts:", part);
        for (const Part& each : all_parts) fmt::print(stderr, " {}", each.name);
        fmt::print(stderr, "\n");
        return 2;
    }
    for (const Part& part : all_parts)
        if (parts.empty() || std::find(parts.begin(), parts.end(), part.name) != parts.end())
            part.run(how.quick);
    surged::bench::finish(how);
    return 0;
}
