#include "app/recover_store.hpp"

#include "app/recover.hpp"
#include "app/store_view.hpp"
#include "base/log.hpp"
#include "store/attempts.hpp"
#include "store/reader.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <utility>

namespace surged::app {

Result<FoundState> recover_store(const store::Options& where) {
    auto reader = store::JournalReader::open(where);
    if (!reader) return tl::make_unexpected(reader.error());
    const auto found = std::make_shared<Found>();
    auto view = view_of(std::make_shared<store::JournalReader>(std::move(*reader)), found);
    // An input that aborts recovery again and again is set aside, or a poison event becomes an
    // endless loop of restarts.
    auto attempts = store::RecoveryAttempts::open(where);
    if (!attempts) return tl::make_unexpected(attempts.error());
    if (attempts->must_quarantine()) {
        const std::uint64_t poison = attempts->suspect().first;
        log::line(
            log::Severity::error,
            "quarantined",
            {
                {"seq", poison}
        }
        );
        auto done = store::quarantine(where, poison, "recovery died in it three times");
        if (!done) return tl::make_unexpected(done.error());
        attempts->clear();
    }
    view.before_step = [&attempts](std::uint64_t seq) { attempts->begin(seq); };
    auto recovered = recover(view);
    if (!recovered) return tl::make_unexpected(recovered.error());
    attempts->clear();
    if (!recovered->lost.empty()) found->lost = recovered->lost;
    if (const auto differed = adopt_pages(recovered->engine, found->pages); differed > 0)
        found->lost += fmt::format("; {} page records differ from the replay", differed);
    log::line(
        log::Severity::notice,
        "recovered",
        {
            {"seq",            recovered->last_seq  },
            {"replayed",       recovered->replayed  },
            {"lost",           found->lost          },
            {"damaged_images", found->damaged_images},
            {"note",           recovered->note      }
    }
    );
    FoundState out;
    out.engine = std::move(recovered->engine);
    out.last_seq = std::max(recovered->last_seq, found->highest_seq);
    out.last_instant = recovered->last_instant;
    out.lost = found->lost;
    return out;
}

}  // namespace surged::app
