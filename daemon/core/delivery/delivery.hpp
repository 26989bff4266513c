// The life of one page: due, sent, accepted, acknowledged; or failed; or over.
#pragma once

#include "core/delivery/page.hpp"

#include <optional>
#include <string>

namespace surged::delivery {

/// What the shell's receipt says, in the engine's terms.
struct Answer {
    Outcome outcome{Outcome::retry};
    std::optional<Micros> retry_after;
    std::string detail;
};

/// A receipt must come within this; the channels' own deadlines are far shorter.
inline constexpr Micros receipt_wait{60s};

/// Begins the next attempt.
void release(Page& page, Instant now);
/// Applies the answer to the newest attempt. True if the page will not be tried again this way.
bool apply_answer(Page& page, const Answer& answer, Instant now);
/// The attempt in flight is in doubt (crash, or no receipt in time): it may have arrived.
void doubt(Page& page, Instant now);
/// Exponential backoff with full jitter: up to 1 s, 2, 4 … 60 s after attempt 1, 2, 3 …; the draw
/// is seeded by the page's key and attempt, so that replay waits just as long.
/// @source channels' common rule; Brooker, Exponential Backoff and Jitter (2015)
[[nodiscard]] Micros backoff(const Page& page);
/// Still owed: neither taken, nor failed, nor over.
[[nodiscard]] bool open(const Page& page);
[[nodiscard]] std::optional<Instant> next_wake(const Page& page);

}  // namespace surged::delivery
