#include "bench/bench.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace surged::bench {

double cpu_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::size_t resident_bytes() {
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
    std::string_view bound_is
) {
    fmt::print(
        "{:<46} {:>12.4g} {:<14} bound {:>12.4g} ({}), ratio {:.2f}\n",
        what,
        value,
        unit,
        bound,
        bound_is,
        bound > 0 ? value / bound : 0.0
    );
    std::fflush(stdout);
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
};

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> parts;
    bool quick = false;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--quick")
            quick = true;
        else
            parts.push_back(word);
    }
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
            part.run(quick);
    return 0;
}
