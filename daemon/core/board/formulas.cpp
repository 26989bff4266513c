#include "core/board/formulas.hpp"

#include "core/board/fractions.hpp"

#include <algorithm>

namespace surged::board {
namespace {

// Callers now waiting longer than T.
std::int64_t late_waiting(const Sight& s) {
    return older(s.slice.waiting(), s.queue.target, s.now);
}

Left left_of(const Traffic<std::int64_t>& t) {
    return {
        t.answered, t.in_target, t.abandoned, t.abandoned_in_target, t.short_abandoned, t.exited
    };
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

std::optional<Quantity> quantile(SlidingWaits* waits, const Sight& s, unsigned percent) {
    const auto value = waits ? waits->quantile(s.now, percent) : std::nullopt;
    return value ? seconds(value->count()) : std::nullopt;
}

const Handling<std::int64_t>* handled_contacts(const Sight& s) {
    return s.contacts != nullptr ? s.contacts->handling(s.window, s.now) : nullptr;
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
            return service_level(left_of(t), s.queue.formula);
        case Kpi::service_level_live:
            return service_level(left_of(t), s.queue.formula, late_waiting(s));
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

std::optional<Quantity> window_value(const Sight& s, Kpi kpi) {
    switch (kpi) {
        case Kpi::wait_p50:
            return quantile(s.slice.waits(s.window), s, 50);
        case Kpi::wait_p90:
            return quantile(s.slice.waits(s.window), s, 90);
        case Kpi::wait_p99:
            return quantile(s.slice.waits(s.window), s, 99);
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
        // complaints ÷ contacts handled, of the same class; @source domain.md §1f
        case Kpi::complaint_ratio: {
            const auto* c = s.slice.care(s.window, s.now);
            const auto* h = handled_contacts(s);
            return c && h ? ratio(c->complaints, h->handled) : std::nullopt;
        }
        // from the offer to a person's first reply; @source glossary "first response"
        case Kpi::first_response_p50:
            return quantile(s.slice.replies(s.window), s, 50);
        case Kpi::first_response_p90:
            return quantile(s.slice.replies(s.window), s, 90);
        // rounds answered by a person within 180 s ÷ rounds; @source glossary, Taobao's 3-minute
        // response ratio
        case Kpi::response_ratio: {
            const auto* r = s.slice.responses(s.window, s.now);
            return r ? ratio(r->in_time, r->rounds) : std::nullopt;
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
    const auto waits = [&](SlidingWaits* of_window) {
        return of_window != nullptr ? of_window->count(s.now) : 0;
    };
    switch (kpi) {
        case Kpi::wait_p50:
        case Kpi::wait_p90:
        case Kpi::wait_p99:
            return waits(s.slice.waits(s.window));
        case Kpi::first_response_p50:
        case Kpi::first_response_p90:
            return waits(s.slice.replies(s.window));
        case Kpi::response_ratio: {
            const auto* r = s.slice.responses(s.window, s.now);
            return r ? of(r->rounds) : 0;
        }
        case Kpi::average_handle_time:
        case Kpi::transfer_ratio: {
            const auto* h = s.slice.handling(s.window, s.now);
            return h ? of(h->handled) : 0;
        }
        case Kpi::complaint_ratio: {
            const auto* h = handled_contacts(s);
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
    switch (kpi) {
        case Kpi::average_speed_of_answer:
            return of(t->answered);
        case Kpi::service_level:
        case Kpi::service_level_live:
        case Kpi::answer_ratio:
        case Kpi::abandon_ratio:
        case Kpi::refused_ratio: {
            const auto fraction = traffic_value(s, kpi, *t);  // not reduced: it counts contacts
            return fraction ? of(fraction->den) : 0;
        }
        default:
            return of(t->offered);
    }
}

}  // namespace surged::board
