#include "io/channel/pace.hpp"

#include "io/runtime/wall_clock.hpp"

#include <algorithm>
#include <utility>

namespace surged::io {

Pace::Pace(std::vector<Limit> limits, std::function<Micros()> steady)
    : limits_{std::move(limits)}, steady_{std::move(steady)} {}

Pace::Pace(std::vector<Limit> limits)
    : Pace{std::move(limits), [] {
               return std::chrono::duration_cast<Micros>(steady_now().time_since_epoch());
           }} {}

std::optional<Micros> Pace::hold(bool first_attempt) {
    const Micros now = steady_();
    if (now < quiet_until_) return quiet_until_ - now;
    Micros longest{0};
    for (const Limit& limit : limits_) longest = std::max(longest, limit.span);
    while (!sent_.empty() && sent_.front() + longest <= now) sent_.pop_front();
    Micros wait{0};
    for (const Limit& limit : limits_) {
        const std::size_t room = first_attempt ? limit.most : limit.most - limit.most / 4;
        const auto young = std::count_if(sent_.begin(), sent_.end(), [&](Micros at) {
            return at + limit.span > now;
        });
        const auto count = static_cast<std::size_t>(young);
        if (count < room) continue;
        // There is room when the oldest of the newest `room` is past the span.
        wait = std::max(wait, sent_[sent_.size() - room] + limit.span - now);
    }
    if (wait > Micros{0}) return wait;
    sent_.push_back(now);
    return std::nullopt;
}

void Pace::quiet(Micros span) { quiet_until_ = std::max(quiet_until_, steady_() + span); }

}  // namespace surged::io
