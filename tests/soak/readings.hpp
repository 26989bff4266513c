// What a running program uses, read from outside; and whether it grows.
#pragma once

#include "soak/load.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace surged::soak {

/// One look, about every five seconds.
struct Sample {
    std::chrono::steady_clock::time_point at;
    double memory_mb{0};          // resident
    std::size_t files{0};         // open descriptors
    double cpu_s{0};              // used so far
    double p50_ms{0}, p99_ms{0};  // of the posts since the last look
    Seen seen;

    [[nodiscard]] static std::string header();
    [[nodiscard]] std::string line() const;
};

/// Throws if there is no such process.
[[nodiscard]] Sample read_sample(pid_t process, Seen seen);

/// What grew: in words, empty if nothing did. The first third is the warming up; the medians of the
/// second and of the last are compared. Fewer than twelve looks tell nothing.
[[nodiscard]] std::string drift_of(const std::vector<Sample>& samples);

/// Sum of a counter over the series of a /metrics text that have `label` in their labels.
[[nodiscard]] std::uint64_t sum_of(
    std::string_view metrics, std::string_view name, std::string_view label
);

}  // namespace surged::soak
