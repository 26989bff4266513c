// Seeded randomness whose draws are the same on every machine, compiler and library.
#pragma once

#include <cmath>
#include <cstdint>

namespace surged {

__extension__ using Wide64 = unsigned __int128;

/// SplitMix64: one 64-bit state, so that it is a value that can be stored and hashed.
/// @source Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014
class Random {
public:
    constexpr explicit Random(std::uint64_t seed = 0) : state_{seed} {}
    constexpr std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    /// Uniform in [0, bound); bound > 0. The bias of the multiply is below 2^-32 for our bounds.
    constexpr std::uint64_t below(std::uint64_t bound) {
        return static_cast<std::uint64_t>((static_cast<Wide64>(next()) * bound) >> 64);
    }
    /// Uniform in [0, 1), 53 bits.
    constexpr double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
    /// Exponential with this mean.
    double exponential(double mean) { return -mean * std::log1p(-uniform()); }
    /// Standard normal (Box-Muller, one of the pair; two draws in a fixed order).
    double normal() {
        const double u = uniform();
        const double v = uniform();
        return std::sqrt(-2.0 * std::log1p(-u)) * std::cos(6.283185307179586 * v);
    }
    template <class A>
    void fields(A& a) {
        a(state_);
    }
    bool operator==(const Random&) const = default;

private:
    std::uint64_t state_;
};

}  // namespace surged
