#include "io/runtime/backoff.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace surged::io {

Backoff::Backoff(Micros least, Micros most, std::uint64_t seed)
    : least_{least}, most_{most}, delay_{least}, random_{seed} {
    SURGED_ASSERT(least > Micros{0} && most >= least);
}

Micros Backoff::next() {
    const Micros delay = delay_;
    delay_ = delay_ > most_ / 2 ? most_ : delay_ * 2;
    return jittered(delay);
}

Micros Backoff::longest() {
    delay_ = most_;
    return jittered(most_);
}

Micros Backoff::jittered(Micros delay) {
    const auto half = static_cast<std::uint64_t>((delay / 2).count());
    return delay - Micros{static_cast<Micros::rep>(random_.below(half + 1))};
}

}  // namespace surged::io
