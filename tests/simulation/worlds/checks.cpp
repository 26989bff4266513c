#include "simulation/worlds/checks.hpp"

#include "core/delivery/delivery.hpp"
#include "core/delivery/key.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace surged::worlds {
namespace {

using delivery::Outcome;
using delivery::Page;

/// What one acknowledgement takes: a rise of an incident, or a turn of a step.
std::string matter_of(const std::string& page) {
    const auto key = delivery::parse_key(page);
    if (!key) return page;
    if (key->step.empty()) return fmt::format("{}/{}", key->incident, key->rise);
    return fmt::format("{}/{}-{}", key->incident, key->step, key->turn);
}

}  // namespace

void Checks::fail(Verdict verdict, std::string check, std::string what) {
    if (!failure_) failure_ = Failure{verdict, std::move(check), std::move(what)};
}

// Its state is looked at now, whatever the daemon thought when it released the page.
void Checks::sending(
    const engine::Engine& engine, const Page& page, Micros now, std::optional<Micros> well
) {
    if (page.incident.empty()) return;  // a notice that a channel is broken: owed to nobody
    ++sent_;
    const auto it = engine.incidents().find(page.incident);
    if (it == engine.incidents().end())
        return fail(Verdict::wrong, "owed", page.id + " is about an incident that is not known");
    const incident::Incident& incident = it->second;
    if (incident.phase == incident::Phase::ended)
        return fail(Verdict::wrong, "owed", page.id + " was sent though all is over");
    if (page.step.empty() && (page.rise != incident.rise || incident.acked_rise >= page.rise))
        return fail(Verdict::wrong, "owed", page.id + " was sent though it is taken or superseded");
    if (taken_.contains(matter_of(page.id)))
        return fail(Verdict::wrong, "owed", page.id + " was sent though somebody has taken it");
    Known& known = pages_[page.id];
    const bool recorded = recorded_.contains({page.id, page.attempts});
    if (!recorded && well && *well + 5s < now)
        return fail(Verdict::wrong, "journal", page.id + " has left before its record was written");
    known.unjournaled = known.unjournaled || !recorded;
    if (known.settled)
        return fail(
            Verdict::wrong, "repeat", page.id + " was sent again; it was known to be there"
        );
    // A gap of the journal may repeat without saying so.
    if (known.arrivals > 0 && !known.unjournaled && !page.possible_repeat)
        fail(Verdict::wrong, "mark", page.id + " was sent again without a mark");
}

void Checks::arrived(const Page& page, Micros now) {
    Known& known = pages_[page.id];
    if (known.arrivals++ == 0) return;
    ++known.repeats;
    ++repeats_;
    if (known.unjournaled || known.repeats <= known.reasons) return;
    fail(
        Verdict::wrong,
        "repeat",
        fmt::format(
            "{} arrived again for the {}. time at {} s, with {} reasons for it",
            page.id,
            known.repeats,
            now / 1s,
            known.reasons
        )
    );
}

void Checks::answered(const Page& page, std::optional<Outcome> outcome, Micros now) {
    Known& known = pages_[page.id];
    if (outcome == Outcome::accepted)
        known.accepted = now;
    else if (!outcome || outcome == Outcome::unknown)
        ++known.reasons;
}

void Checks::taking(const std::string& page) { tried_.insert(matter_of(page)); }

void Checks::taken(const std::string& page, bool durable) { taken_[matter_of(page)] = durable; }

void Checks::recorded(const std::string& page, std::uint32_t attempt) {
    recorded_.emplace(page, attempt);
}

void Checks::died(Micros now, std::optional<Micros> well) {
    constexpr Micros enough = 5s;  // for a receipt to be committed
    for (auto& [id, known] : pages_) {
        ++known.reasons;
        if (known.accepted && well && *well <= *known.accepted && *known.accepted + enough < now)
            known.settled = true;
        known.accepted.reset();
    }
    std::erase_if(taken_, [](const auto& item) { return !item.second; });
}

void Checks::identity(const board::View& board) {
    for (const board::QueueIx queue : board.queues()) {
        const board::Totals& t = board.totals(queue);
        board::Measure measure;
        measure.kpi = board::Kpi::calls_waiting;
        const auto value = board.value(queue, measure);
        if (!value) continue;  // no feed: who waits is not known
        const auto waits = static_cast<std::uint64_t>(value->num / value->den);
        const auto exited = std::accumulate(t.exited.begin(), t.exited.end(), std::uint64_t{0});
        if (t.offered == t.answered + t.abandoned + exited + waits) continue;
        fail(
            Verdict::wrong,
            "identity",
            fmt::format(
                "{}: {} offered, {} answered, {} abandoned, {} exited, {} waiting",
                board.name(queue),
                t.offered,
                t.answered,
                t.abandoned,
                exited,
                waits
            )
        );
    }
}

void Checks::counts(
    const board::View& board, const std::array<std::size_t, queues.size()>& waiting
) {
    for (std::size_t q = 0; q < queues.size(); ++q) {
        const auto queue = board.find(queues[q]);
        if (!queue) continue;
        board::Measure measure;
        measure.kpi = board::Kpi::calls_waiting;
        const auto value = board.value(*queue, measure);
        const auto told = value ? static_cast<std::size_t>(value->num / value->den) : waiting[q];
        if (told == waiting[q]) continue;
        fail(
            Verdict::wrong,
            "truth",
            fmt::format("{}: {} wait, and the board says {}", queues[q], waiting[q], told)
        );
    }
}

void Checks::same_effects(std::uint64_t seq, std::uint64_t live, std::uint64_t replayed) {
    if (live != replayed)
        fail(
            Verdict::wrong,
            "replay",
            fmt::format("effects at input {}: live {:x}, replayed {:x}", seq, live, replayed)
        );
}

void Checks::same_state(const engine::Engine& one, const engine::Engine& other, std::string road) {
    if (one.effect_hash() == other.effect_hash() && one.snapshot() == other.snapshot()) return;
    fail(Verdict::wrong, "replay", "another state by " + std::move(road));
}

void Checks::bounded(const engine::Engine& engine, std::size_t backlog, std::size_t store_bytes) {
    constexpr std::size_t state_most = 8U << 20, backlog_most = 64U << 20, store_most = 256U << 20;
    const std::size_t state = engine.snapshot().size();
    if (state <= state_most && backlog <= backlog_most && store_bytes <= store_most) return;
    fail(
        Verdict::wrong,
        "memory",
        fmt::format("state {} bytes, backlog {}, store {}", state, backlog, store_bytes)
    );
}

}  // namespace surged::worlds
