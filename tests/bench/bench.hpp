// Figures, each beside a bound from the same run: what the machine could do at best, doing only the
// unavoidable part. Absolute numbers belong to the machine; quote the ratios.
#pragma once

#include "bench/record.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace surged::bench {

/// CPU seconds this process has used, all threads.
[[nodiscard]] double cpu_seconds();
/// Resident bytes of this process, without what is free in its heap.
[[nodiscard]] std::size_t resident_bytes();
/// The p-quantile (0…1) of what was measured; sorts.
[[nodiscard]] double quantile(std::vector<double>& values, double p);

/// A row: figure, what it is, bound (0: none), ratio. `what` names it from run to run.
void row(
    std::string_view what,
    double value,
    std::string_view unit,
    double bound,
    std::string_view bound_is,
    Asked asked = {}
);

/// `lines` NDJSON lines of calls over `queues` queues, in bodies of `per_body` lines.
[[nodiscard]] std::vector<std::string> bodies(
    std::size_t lines, std::size_t queues, std::size_t per_body
);

struct Finish {
    std::string of;                   // version, compiler, processor
    std::vector<std::string> before;  // files of earlier runs, oldest first
    std::string keep;                 // the file for this one
    std::string page;                 // of documentation: its figures are made anew
    bool quick{false};
};
/// At the end: tells what differs from earlier runs, keeps this one. What is empty is left out.
void finish(const Finish& how);

void ami(bool quick);
void backtest(bool quick);
void day(bool quick);
void esl(bool quick);
void growth(bool quick);
void ingest(bool quick);
void memory(bool quick);
void metrics(bool quick);
void page(bool quick);
void post(bool quick);
void queue_log(bool quick);
void hooks(bool quick);
void rules(bool quick);
void statsd(bool quick);
void surge(bool quick);

}  // namespace surged::bench
