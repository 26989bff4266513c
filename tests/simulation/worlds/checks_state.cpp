// The checkers that look at incidents, pages and deadlines between steps.
#include "core/delivery/delivery.hpp"
#include "simulation/worlds/checks.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <map>

namespace surged::worlds {
namespace {

using incident::Incident;
using incident::Phase;
using plan::Level;

constexpr Micros remembered = 10min;
constexpr Micros slack = 2s;
constexpr std::uint32_t rises_most = 100;  // of one incident, in a world of days

const Incident* pressure_on(const engine::Engine& engine, const std::string& queue) {
    for (const auto& [id, incident] : engine.incidents())
        if (incident.plan == pressure_plan && incident.queue == queue &&
            incident.phase != Phase::ended)
            return &incident;
    return nullptr;
}

/// It has come down to a level that pages nobody.
bool only_warned_of(const engine::Engine& engine, const Incident& incident) {
    const auto rules = engine.rules_in_use().find(incident.rules);
    if (rules == engine.rules_in_use().end() || incident.ask) return false;
    const auto plan = rules->second->plans.find(incident.plan);
    return plan != rules->second->plans.end() &&
           plan->second.activation.at(incident.level).mode == plan::Activation::warn;
}

}  // namespace

// A breach that stood for its `for` must have its incident, and an incident its breach.
void Checks::waiting(
    const engine::Engine& engine,
    const std::array<std::size_t, queues.size()>& waiting,
    const Moment& moment
) {
    const Pressure pressure = pressure_of(moment.rules);
    for (std::size_t q = 0; q < queues.size(); ++q) {
        Breach& breach = breaches_[q];
        breach.seen.emplace_back(moment.now, waiting[q]);
        while (breach.seen.front().first + remembered < moment.now) breach.seen.pop_front();
        const Incident* stands = pressure_on(engine, queues[q]);
        for (std::size_t i = 0; i < 4; ++i) {
            auto& over = breach.over[i];
            const bool is_over = waiting[q] >= static_cast<std::size_t>(pressure.at[i]);
            if (!moment.trusted || !is_over) {
                over.reset();
                continue;
            }
            // Other rules before may have called less a breach: it counts from now.
            if (!over || *over < *moment.trusted) over = moment.now;
            if (moment.now - *over < pressure.hold + slack) continue;
            const auto level = static_cast<Level>(i + 1);
            if (stands != nullptr && stands->level >= level && !stands->clear_since) continue;
            fail(
                Verdict::wrong,
                "breach",
                fmt::format(
                    "{}: {} wait, at {} or over since {} s, and no incident of level {} stands",
                    queues[q],
                    waiting[q],
                    pressure.at[i],
                    (moment.now - *over) / 1s,
                    plan::name_of(level)
                )
            );
        }
    }
    for (const auto& [id, incident] : engine.incidents())
        if (incident.plan == pressure_plan && incident.phase != Phase::ended &&
            judged_.insert(id).second)
            opened_rightly(incident, moment);
}

void Checks::opened_rightly(const Incident& incident, const Moment& moment) {
    const Pressure pressure = pressure_of(moment.rules);
    const Micros ago = std::chrono::duration_cast<Micros>(moment.engine_now - incident.opened_at);
    const Micros opened = moment.now - ago;
    if (!moment.trusted || *moment.trusted + pressure.hold + 30s > opened) return;
    const auto q = static_cast<std::size_t>(
        std::find(queues.begin(), queues.end(), incident.queue) - queues.begin()
    );
    if (q == queues.size()) return;
    const auto& seen = breaches_[q].seen;
    const auto least = static_cast<std::size_t>(pressure.at[0]);
    for (auto at = seen.begin(); at != seen.end(); ++at) {
        const auto after = std::next(at);
        const bool counts = after == seen.end() || after->first > opened - pressure.hold + slack;
        if (!counts || at->first > opened - slack || at->second >= least) continue;
        return fail(
            Verdict::wrong,
            "cry of wolf",
            fmt::format(
                "{} opened at {} s; {} s before, only {} waited",
                incident.id,
                opened / 1s,
                (opened - at->first) / 1s,
                at->second
            )
        );
    }
}

void Checks::deadlines(const engine::Engine& engine, const Moment& moment) {
    const auto next = engine.next_wake();
    if (!next || *next + slack >= moment.engine_now) return;
    fail(
        Verdict::wrong,
        "timer",
        fmt::format("a deadline has been due for {} ms", (moment.engine_now - *next) / 1ms)
    );
}

// What the state calls for, found anew from its bytes, the engine waits for. (One that is no longer
// needed may still be there: it finds nothing to do.)
void Checks::same_deadlines(const engine::Engine& engine) {
    const auto known = [&](const std::string& hash) -> plan::Rules {
        const auto it = engine.rules_in_use().find(hash);
        return it == engine.rules_in_use().end() ? nullptr : it->second;
    };
    const auto again = engine::Engine::restore(engine.snapshot(), known);
    if (!again) return fail(Verdict::wrong, "snapshot", again.error().what);
    if (!again->next_wake()) return;
    if (engine.next_wake() && *engine.next_wake() <= *again->next_wake()) return;
    const auto text = [&](std::optional<Instant> at) {
        return at ? fmt::format("in {} ms", (*at - engine.now()) / 1ms) : std::string{"never"};
    };
    fail(
        Verdict::wrong,
        "timer",
        fmt::format(
            "the next deadline is {}; by the state it is {}",
            text(engine.next_wake()),
            text(again->next_wake())
        )
    );
}

void Checks::looked_after(
    const engine::Engine& engine, const Incident& incident, Instant since, const Moment& moment
) {
    constexpr Micros first_within = 1min;  // the way of a person that waits longest
    constexpr Micros rung_most = 8min;     // the longest wait of a rung, and the ways to a person
    constexpr Micros accepted_within = 5min;
    const std::string prefix = incident.id + ".";
    bool any = false, accepted = false;
    Instant newest;
    Instant first = moment.engine_now;
    const auto& pages = engine.pages();
    for (auto it = pages.lower_bound(prefix); it != pages.end() && it->first.starts_with(prefix);
         ++it) {
        const delivery::Page& page = it->second;
        if (!page.step.empty() || page.rise != incident.rise) continue;
        any = true;
        newest = std::max(newest, page.created_at);
        first = std::min(first, page.created_at);
        accepted = accepted || page.state == delivery::State::accepted;
    }
    if (!any && moment.engine_now - since > first_within + slack)
        return fail(
            Verdict::wrong, "unpaged", incident.id + " must be known, and nobody was paged"
        );
    if (!any) return;
    const Micros well = moment.well ? moment.now - *moment.well : Micros{0};
    if (!accepted && well > accepted_within && moment.engine_now - first > accepted_within)
        return fail(Verdict::stuck, "unpaged", incident.id + ": no page of it was ever accepted");
    if (well > rung_most && moment.engine_now - newest > rung_most)
        fail(
            Verdict::wrong,
            "timer",
            fmt::format(
                "{}: nobody answers, and nobody was tried for {} s",
                incident.id,
                (moment.engine_now - newest) / 1s
            )
        );
}

// What failed is tried again when its wait is over; what nobody answers is in doubt in time.
void Checks::tried_again(
    const engine::Engine& engine, const Incident& incident, const Moment& moment
) {
    const std::string prefix = incident.id + ".";
    const auto& pages = engine.pages();
    for (auto it = pages.lower_bound(prefix); it != pages.end() && it->first.starts_with(prefix);
         ++it) {
        const delivery::Page& page = it->second;
        std::optional<Instant> due;
        if (page.in_flight && page.sent_at) due = *page.sent_at + delivery::receipt_wait;
        if (page.state == delivery::State::due) due = page.retry_at;
        if (!due || *due + slack >= moment.engine_now) continue;
        fail(
            Verdict::wrong,
            "timer",
            fmt::format(
                "{} ({}) should have been looked at {} ms ago",
                page.id,
                name_of(page.state),
                (moment.engine_now - *due) / 1ms
            )
        );
    }
}

void Checks::paging(const engine::Engine& engine, const Moment& moment) {
    std::map<std::string, Wanted> wanted;
    for (const auto& [id, incident] : engine.incidents()) {
        if (incident.phase == Phase::ended) continue;
        // Who takes a graver rise, which a failing journal has lost meanwhile, takes this one.
        bool tried = incident.acked_rise == 0;
        for (std::uint32_t rise = incident.acked_rise; !tried && rise <= rises_most; ++rise)
            tried = tried_.contains(fmt::format("{}/{}", id, rise));
        if (!tried)
            fail(
                Verdict::wrong,
                "taken",
                fmt::format("rise {} of {} is taken, and nobody took it", incident.acked_rise, id)
            );
        tried_again(engine, incident, moment);
        if (!incident::wants_pages(incident)) continue;
        if (incident.quiet || only_warned_of(engine, incident)) continue;
        Wanted& now = wanted[id] = {incident.rise, moment.engine_now};
        if (const auto before = wanted_.find(id); before != wanted_.end())
            if (before->second.rise == now.rise) now.since = before->second.since;
        looked_after(engine, incident, now.since, moment);
    }
    wanted_ = std::move(wanted);
}

void Checks::drained(const engine::Engine& engine) {
    for (const auto& [id, page] : engine.pages()) {
        const bool waits = page.state == delivery::State::due || page.in_flight;
        if (!waits || engine.now() - page.created_at < 3min) continue;
        fail(
            Verdict::stuck,
            "drained",
            fmt::format("{} is {} after {} attempts", id, name_of(page.state), page.attempts)
        );
    }
}

}  // namespace surged::worlds
