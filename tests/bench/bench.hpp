// Figures, each beside a bound from the same run: what the machine could do at best, doing only the
// unavoidable part. Absolute numbers belong to the machine; quote the ratios.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace surged::bench {

/// CPU seconds this process has used, all threads.
[[nodiscard]] double cpu_seconds();
/// Resident bytes of this process.
[[nodiscard]] std::size_t resident_bytes();
/// The p-quantile (0…1) of what was measured; sorts.
[[nodiscard]] double quantile(std::vector<double>& values, double p);

/// A row: figure, what it is, bound (0: none), ratio. `what` names it from run to run.
void row(
    std::string_view what,
    double value,
    std::string_view unit,
    double bound,
    std::string_view bound_is
);

/// `lines` NDJSON lines of calls over `queues` queues, in bodies of `per_body` lines.
[[nodiscard]] std::vector<std::string> bodies(
    std::size_t lines, std::size_t queues, std::size_t per_body
);

/// At the end: tells what differs from the figures in the file `before`, writes these to `keep`.
/// Either may be empty.
void finish(std::string of, bool quick, const std::string& before, const std::string& keep);

void ami(bool quick);
void backtest(bool quick);
void day(bool quick);
void esl(bool quick);
void growth(bool quick);
void ingest(bool quick);
void memory(bool quick);
void page(bool quick);
void post(bool quick);
void queue_log(bool quick);
void hooks(bool quick);
void rules(bool quick);
void statsd(bool quick);

}  // namespace surged::bench
