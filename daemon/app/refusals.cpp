#include "app/refusals.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::app {
namespace {

constexpr std::int64_t told_for_us = 300'000'000;

std::string queue_of(const acd::Batch& batch, std::size_t wanted) {
    std::string out;
    batch.for_each([&](std::size_t index, const acd::Event& event) {
        if (index == wanted) out = event.queue;
    });
    return out;
}

}  // namespace

void Refusals::note(
    const std::string& source,
    const acd::Batch& batch,
    const std::vector<acd::Rejected>& rejected,
    Wall now
) {
    for (const acd::Rejected& one : rejected) {
        if (one.reason != acd::Reject::other_source) continue;
        Seen& seen = seen_[source];
        if (seen.times == 0 || seen.last.us + told_for_us < now.us) {
            seen = {queue_of(batch, one.index), now, now, 0};
            log::line(
                log::Severity::warning,
                "events_refused",
                {
                    {"source", source                           },
                    {"queue",  seen.queue                       },
                    {"why",    "another source feeds this queue"}
            }
            );
        }
        seen.last = now;
        ++seen.times;
    }
}

std::vector<io::Component> Refusals::components(Wall now) const {
    std::vector<io::Component> out;
    for (const auto& [source, seen] : seen_) {
        if (seen.last.us + told_for_us < now.us) continue;
        out.push_back(
            {"events of " + source,
             false,
             fmt::format(
                 "{} refused: another source feeds queue {}, and a queue is fed by one",
                 seen.times,
                 seen.queue
             ),
             format_rfc3339(seen.since)}
        );
    }
    return out;
}

}  // namespace surged::app
