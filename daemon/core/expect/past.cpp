#include "core/expect/past.hpp"

#include <algorithm>

namespace surged::expect {

Micros step_of(Micros change_over) { return std::max(Micros{1s}, change_over / samples); }

PastKey past_key(const std::string& queue, const plan::Leaf& leaf) {
    return {queue, leaf.measure, leaf.ratio_to, leaf.event, leaf.factor, leaf.change_over};
}

void Track::put(std::int64_t step, const board::Quantity& value) {
    std::erase_if(kept_, [&](const Sample& sample) { return sample.step + samples < step; });
    kept_.push_back({step, value});
}

std::optional<board::Quantity> Track::before(std::int64_t step) const {
    const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const Sample& sample) {
        return sample.step == step - samples;
    });
    return found == kept_.end() ? std::nullopt : std::optional{found->value};
}

board::Quantity difference(const board::Quantity& now, const board::Quantity& before) {
    const auto millionths = [](const board::Quantity& value) {
        return static_cast<board::Wide>(value.num) * 1'000'000 / value.den;
    };
    return {static_cast<std::int64_t>(millionths(now) - millionths(before)), 1'000'000};
}

}  // namespace surged::expect
