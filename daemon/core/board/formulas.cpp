#include "core/board/formulas.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace surged::board {
namespace {

constexpr std::int64_t second_us = 1'000'000;

std::optional<Quantity> ratio(std::int64_t num, std::int64_t den) {
    if (den <= 0) return std::nullopt;
    return Quantity{num, den};
}

// A fraction of wide products, brought into 64 bits by dropping low bits of both alike.
std::optional<Quantity> ratio(Wide num, Wide den) {
    if (den <= 0) return std::nullopt;
    constexpr Wide most = std::numeric_limits<std::int64_t>::max();
    while (num > most || den > most) {
        num >>= 1;
        den >>= 1;
    }
    return Quantity{
        static_cast<std::int64_t>(num), std::max<std::int64_t>(1, static_cast<std::int64_t>(den))
    };
}

std::optional<Quantity> seconds(std::int64_t us) { return Quantity{us, second_us}; }
std::optional<Quantity> count(std::int64_t n) { return Quantity{n, 1}; }

std::int64_t waiting(const Slice& slice) {
    return static_cast<std::int64_t>(slice.waiting().size()) + slice.settling;
}

// Callers now waiting longer than T.
std::int64_t late_waiting(const Sight& s) {
    const auto& joined = s.slice.waiting();
    return std::lower_bound(joined.begin(), joined.end(), s.now - s.queue.target) - joined.begin();
}

Left left_of(const Traffic<std::int64_t>& t) {
    return {
        t.answered, t.in_target, t.abandoned, t.abandoned_in_target, t.short_abandoned, t.exited
    };
}

std::optional<Millionths> gauge_millionths(const Figures& queue, std::string_view name) {
    const auto found = queue.gauges.find(name);
    if (found == queue.gauges.end()) return std::nullopt;
    return std::llround(found->second * 1e6);
}

// staffed ÷ scheduled; scheduled comes as a gauge from the plan of the day.
// @source interface.md, KPIs; glossary "staffing ratio"
std::optional<Quantity> staffing_ratio(const Sight& s) {
    const auto scheduled = gauge_millionths(s.queue, "agents_scheduled");
    if (!scheduled) return std::nullopt;
    return ratio(std::int64_t{s.queue.staffed()} * 1'000'000, *scheduled);
}

// position × handle time ÷ staffed, for a caller who joined now: nothing if somebody is free and
// nobody waits, no value if nobody is staffed. Handle time is the day's mean, before the day's
// first completion that since the queue was first seen.
// @source domain.md §2, EWT "simple"
std::optional<Quantity> estimated_wait(const Sight& s) {
    const std::int64_t staffed = s.queue.staffed();
    if (staffed == 0) return std::nullopt;
    const auto available = s.queue.agents[static_cast<std::size_t>(acd::AgentState::available)];
    if (available > 0 && waiting(s.slice) == 0) return seconds(0);
    std::int64_t handled = 0;
    std::int64_t handle_us = 0;
    if (const auto* day = s.slice.handling(Window::day, s.now)) {
        handled = day->handled;
        handle_us = day->handle_us;
    }
    if (handled == 0) {
        handled = static_cast<std::int64_t>(s.queue.totals.completed + s.queue.totals.transferred);
        handle_us = s.queue.handle_time.sum.count();
    }
    return ratio(
        static_cast<Wide>(waiting(s.slice) + 1) * handle_us,
        static_cast<Wide>(handled) * staffed * second_us
    );
}

// Length of what the window covers: W, or the part of today that is over (a second at least).
std::int64_t length_us(const Sight& s) {
    if (s.window != Window::day) return length_of(s.window).count();
    return std::max(second_us, (s.now - s.day_start).count());
}

// arrival rate × handle time ÷ staffed, both over the same window. Above 1 the queue must grow.
// @source glossary "load ratio"; offered load in erlang ÷ agents
std::optional<Quantity> load_ratio(const Sight& s) {
    const auto* traffic = s.slice.traffic(s.window, s.now);
    const auto* handling = s.slice.handling(s.window, s.now);
    if (traffic == nullptr || handling == nullptr) return std::nullopt;
    // Handle time in milliseconds keeps the products inside 128 bits by far.
    return ratio(
        static_cast<Wide>(traffic->offered) * (handling->handle_us / 1000) * 1000,
        static_cast<Wide>(length_us(s)) * handling->handled * s.queue.staffed()
    );
}

std::optional<Quantity> quantile(const Sight& s, unsigned percent) {
    SlidingWaits* waits = s.slice.waits(s.window);
    const auto value = waits ? waits->quantile(s.now, percent) : std::nullopt;
    return value ? seconds(value->count()) : std::nullopt;
}

// Figures of callers who came and left; L = answered + abandoned + exited, Bs = abandoned within S.
std::optional<Quantity> traffic_value(const Sight& s, Kpi kpi, const Traffic<std::int64_t>& t) {
    const std::int64_t left = t.answered + t.abandoned + t.exited;
    switch (kpi) {
        case Kpi::calls_offered:
            return count(t.offered);
        case Kpi::calls_answered:
            return count(t.answered);
        case Kpi::calls_abandoned:
            return count(t.abandoned);
        case Kpi::calls_exited:
            return count(t.exited);
        case Kpi::calls_refused:
            return count(t.refused);
        case Kpi::service_level:
            return service_level(left_of(t));
        case Kpi::service_level_live:
            return service_level(left_of(t), Formula::V8, late_waiting(s));
        // answered ÷ L; @source interface.md, KPIs
        case Kpi::answer_ratio:
            return ratio(t.answered, left);
        // (abandoned − Bs) ÷ (L − Bs); @source domain.md §2, adjusted abandon rate
        case Kpi::abandon_ratio:
            return ratio(t.abandoned - t.short_abandoned, left - t.short_abandoned);
        // refused ÷ (offered + refused); @source interface.md, KPIs
        case Kpi::refused_ratio:
            return ratio(t.refused, t.offered + t.refused);
        // wait of the answered ÷ answered, ringing included; @source domain.md §2, ASA
        case Kpi::average_speed_of_answer:
            return ratio(Wide{t.wait_us}, static_cast<Wide>(t.answered) * second_us);
        // offered ÷ length of the window, per second; @source domain.md §2, demand signals
        case Kpi::arrival_rate:
            return ratio(static_cast<Wide>(t.offered) * second_us, Wide{length_us(s)});
        default:
            return std::nullopt;
    }
}

}  // namespace

std::optional<Quantity> gauge_value(const Sight& s, const Measure& measure) {
    const auto agents = [&](acd::AgentState state) {
        return count(s.queue.agents[static_cast<std::size_t>(state)]);
    };
    switch (measure.kpi) {
        case Kpi::calls_waiting:
            return count(waiting(s.slice));
        case Kpi::longest_wait:
            return seconds(
                s.slice.waiting().empty() ? 0 : (s.now - s.slice.waiting().front()).count()
            );
        case Kpi::agents_staffed:
            return count(s.queue.staffed());
        case Kpi::agents_available:
            return agents(acd::AgentState::available);
        case Kpi::agents_busy:
            return agents(acd::AgentState::busy);
        case Kpi::agents_wrap:
            return agents(acd::AgentState::wrap);
        case Kpi::agents_paused:
            return agents(acd::AgentState::paused);
        case Kpi::agents_scheduled:
        case Kpi::gauge: {
            const bool scheduled = measure.kpi == Kpi::agents_scheduled;
            const auto value =
                gauge_millionths(s.queue, scheduled ? "agents_scheduled" : measure.gauge);
            return value ? std::optional{Quantity{*value, 1'000'000}} : std::nullopt;
        }
        // calls waiting ÷ staffed; @source interface.md, KPIs
        case Kpi::waiting_per_agent:
            return ratio(waiting(s.slice), s.queue.staffed());
        case Kpi::staffing_ratio:
            return staffing_ratio(s);
        case Kpi::estimated_wait:
            return estimated_wait(s);
        // calls waiting or connected ÷ the queue's lines; @source interface.md, KPIs
        case Kpi::lines_in_use:
            return ratio(waiting(s.slice) + s.queue.connected, s.queue.lines);
        case Kpi::complaints_open:
            return count(s.queue.complaints_open);
        case Kpi::complaints_overdue:
            return count(s.queue.complaints_overdue);
        // overdue ÷ closed in the last hour; @source interface.md, KPIs
        case Kpi::complaints_overdue_ratio: {
            const auto* care = s.slice.care(Window::m60, s.now);
            return care ? ratio(s.queue.complaints_overdue, care->closed) : std::nullopt;
        }
        default:
            return std::nullopt;
    }
}

std::optional<Quantity> window_value(const Sight& s, Kpi kpi) {
    switch (kpi) {
        case Kpi::wait_p50:
            return quantile(s, 50);
        case Kpi::wait_p90:
            return quantile(s, 90);
        case Kpi::wait_p99:
            return quantile(s, 99);
        case Kpi::load_ratio:
            return load_ratio(s);
        // (talk + wrap-up) ÷ completed, the transferred included; @source domain.md §2, AHT
        case Kpi::average_handle_time: {
            const auto* h = s.slice.handling(s.window, s.now);
            return h ? ratio(Wide{h->handle_us}, static_cast<Wide>(h->handled) * second_us)
                     : std::nullopt;
        }
        // transferred ÷ completed, the transferred included; @source domain.md §2
        case Kpi::transfer_ratio: {
            const auto* h = s.slice.handling(s.window, s.now);
            return h ? ratio(h->transferred, h->handled) : std::nullopt;
        }
        // busy ÷ (busy + ready), busy with wrap-up; @source domain.md §2, Occupancy
        case Kpi::occupancy: {
            const auto* t = s.slice.staff(s.window, s.now);
            return t ? ratio(t->busy_us, t->busy_us + t->ready_us) : std::nullopt;
        }
        // callers who were here within 30 min ÷ callers who can be told apart; @source domain.md §2
        case Kpi::repeat_ratio: {
            const auto* r = s.slice.repeats(s.window, s.now);
            return r ? ratio(r->repeated, r->known) : std::nullopt;
        }
        case Kpi::complaints: {
            const auto* c = s.slice.care(s.window, s.now);
            return c ? count(c->complaints) : std::nullopt;
        }
        // complaints ÷ contacts handled; contacts have no topic. @source domain.md §1f
        case Kpi::complaint_ratio: {
            const auto* c = s.slice.care(s.window, s.now);
            const auto* h = s.queue.all.handling(s.window, s.now);
            return c && h ? ratio(c->complaints, h->handled) : std::nullopt;
        }
        // scores of 4 and 5 ÷ scores; @source domain.md §2, CSAT
        case Kpi::csat: {
            const auto* c = s.slice.care(s.window, s.now);
            return c ? ratio(c->good_scores, c->scores) : std::nullopt;
        }
        default: {
            const auto* t = s.slice.traffic(s.window, s.now);
            return t ? traffic_value(s, kpi, *t) : std::nullopt;
        }
    }
}

std::uint64_t contacts_under(const Sight& s, Kpi kpi) {
    const auto of = [](std::int64_t n) {
        return static_cast<std::uint64_t>(std::max<std::int64_t>(0, n));
    };
    switch (kpi) {
        case Kpi::wait_p50:
        case Kpi::wait_p90:
        case Kpi::wait_p99: {
            SlidingWaits* waits = s.slice.waits(s.window);
            return waits ? waits->count(s.now) : 0;
        }
        case Kpi::average_handle_time:
        case Kpi::transfer_ratio: {
            const auto* h = s.slice.handling(s.window, s.now);
            return h ? of(h->handled) : 0;
        }
        case Kpi::complaint_ratio: {
            const auto* h = s.queue.all.handling(s.window, s.now);
            return h ? of(h->handled) : 0;
        }
        case Kpi::repeat_ratio: {
            const auto* r = s.slice.repeats(s.window, s.now);
            return r ? of(r->known) : 0;
        }
        case Kpi::csat: {
            const auto* c = s.slice.care(s.window, s.now);
            return c ? of(c->scores) : 0;
        }
        default:
            break;
    }
    const auto* t = s.slice.traffic(s.window, s.now);
    if (t == nullptr) return 0;
    const std::int64_t left = t->answered + t->abandoned + t->exited;
    switch (kpi) {
        case Kpi::service_level:
        case Kpi::abandon_ratio:
            return of(left - t->short_abandoned);
        case Kpi::service_level_live:
            return of(left - t->short_abandoned + late_waiting(s));
        case Kpi::answer_ratio:
            return of(left);
        case Kpi::refused_ratio:
            return of(t->offered + t->refused);
        case Kpi::average_speed_of_answer:
            return of(t->answered);
        default:
            return of(t->offered);
    }
}

}  // namespace surged::board
