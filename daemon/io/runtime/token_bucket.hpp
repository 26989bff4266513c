// So many a second, and some at once: the usual bucket of tokens, in integers.
#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <cstdint>

namespace surged::io {

/// Full at first. `now` is any clock that does not step; what goes back counts as no time at all.
class TokenBucket {
public:
    TokenBucket(std::uint32_t a_second, std::uint32_t at_once)
        : a_second_{a_second}, most_{std::int64_t{at_once} * one}, level_{most_} {}

    /// True, and one less, if there is one.
    [[nodiscard]] bool take(Micros now) {
        const Micros passed = std::clamp(now - at_, Micros{0}, Micros{1h});
        at_ = std::max(at_, now);
        level_ = std::min(most_, level_ + passed.count() * a_second_);
        if (level_ < one) return false;
        level_ -= one;
        return true;
    }

private:
    static constexpr std::int64_t one = 1'000'000;  // a token in parts of a microsecond's worth
    std::int64_t a_second_, most_, level_;
    Micros at_{0};
};

}  // namespace surged::io
