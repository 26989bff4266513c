// What a simulated centre draws its lots with.
#pragma once

#include "base/random.hpp"
#include "base/time.hpp"

#include <cmath>
#include <cstdint>

namespace surged::app::simulate {

/// A stream of its own per part and number, so that one more agent does not change who calls when.
inline Random stream(std::uint64_t seed, std::uint64_t part, std::uint64_t index) {
    Random mixer{seed ^ (part << 56) ^ (index * 0x9E3779B97F4A7C15ULL)};
    return Random{mixer.next()};
}

[[nodiscard]] inline Micros exponential(Random& random, Micros mean) {
    return Micros{std::llround(random.exponential(static_cast<double>(mean.count())))};
}

/// Lognormal with this mean and coefficient of variation.
[[nodiscard]] inline Micros lognormal(Random& random, Micros mean, double cv) {
    const double variance = std::log1p(cv * cv);
    const double mu = std::log(static_cast<double>(mean.count())) - variance / 2;
    const double draw = random.normal();
    return Micros{std::llround(std::exp(mu + std::sqrt(variance) * draw))};
}

}  // namespace surged::app::simulate
