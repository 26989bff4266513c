#include "core/delivery/delivery.hpp"

#include "base/hash.hpp"
#include "base/random.hpp"

#include <algorithm>
#include <array>

namespace surged::delivery {
namespace {

constexpr std::array<std::string_view, 6> state_names{
    "due", "sent", "accepted", "acknowledged", "failed", "over"
};
constexpr std::array<std::string_view, 6> outcome_names{
    "accepted", "rate_limited", "retry", "unknown", "bad_message", "bad_channel"
};
constexpr Micros backoff_first{1s};
constexpr Micros backoff_max{60s};
constexpr Micros retry_after_max{15min};

}  // namespace

std::string_view name_of(State state) { return state_names[static_cast<std::size_t>(state)]; }
std::string_view name_of(Outcome outcome) {
    return outcome_names[static_cast<std::size_t>(outcome)];
}

void release(Page& page, Instant now) {
    page.state = State::sent;
    page.in_flight = true;
    page.retry_at.reset();
    page.sent_at = now;
    ++page.attempts;
}

bool apply_answer(Page& page, const Answer& answer, Instant now) {
    page.in_flight = false;
    page.last_detail = answer.detail;
    const bool owed = page.state == State::sent;  // not taken, over or accepted meanwhile
    switch (answer.outcome) {
        case Outcome::accepted:
            if (owed) page.state = State::accepted;
            return false;
        case Outcome::bad_message:
        case Outcome::bad_channel:
            if (owed) page.state = State::failed;
            return owed;
        case Outcome::unknown:
            page.possible_repeat = true;
            break;
        case Outcome::rate_limited:
        case Outcome::retry:
            break;
    }
    if (!owed) return false;
    page.state = State::due;
    // "Retry-After: 0" is no reason to hammer, and a day is no reason to wait so long.
    page.retry_at =
        now + (answer.retry_after ? std::clamp(*answer.retry_after, backoff_first, retry_after_max)
                                  : backoff(page));
    return false;
}

void doubt(Page& page, Instant now) {
    page.in_flight = false;
    page.possible_repeat = true;
    if (page.state == State::sent) {
        page.state = State::due;
        page.retry_at = now;
    }
}

Micros backoff(const Page& page) {
    const auto doublings = std::min<std::uint32_t>(page.attempts > 0 ? page.attempts - 1 : 0, 6);
    const Micros most = std::min(backoff_first * (1 << doublings), backoff_max);
    Random random{fnv1a(page.id) + page.attempts};
    // At least a tenth, so that a receiver that fails at once is not hammered.
    const auto draw = random.below(static_cast<std::uint64_t>(most.count()));
    return std::max(most / 10, Micros{static_cast<std::int64_t>(draw)});
}

bool open(const Page& page) {
    return page.state == State::due || page.state == State::sent || page.state == State::accepted;
}

std::optional<Instant> next_wake(const Page& page) {
    if (page.in_flight)
        return page.sent_at ? std::optional{*page.sent_at + receipt_wait} : std::nullopt;
    return page.retry_at;
}

}  // namespace surged::delivery
