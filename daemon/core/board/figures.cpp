#include "core/board/figures.hpp"

#include <algorithm>

namespace surged::board {
namespace {

constexpr std::uint8_t bit(Window window) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(window));
}

// Windows in `kept` that are not there yet are added empty, others are dropped; order by length.
template <class Windows>
void keep_windows(Windows& windows, std::uint8_t kept, bool day_too) {
    std::erase_if(windows, [&](const auto& w) { return (kept & bit(w.window())) == 0; });
    for (unsigned i = 1; i < board::windows; ++i) {
        const auto window = static_cast<Window>(i);
        if ((kept & bit(window)) == 0 || (window == Window::day && !day_too)) continue;
        const auto at = std::find_if(windows.begin(), windows.end(), [&](const auto& w) {
            return w.window() >= window;
        });
        if (at == windows.end() || at->window() != window)
            windows.emplace(at, typename Windows::value_type{window});
    }
}

template <class Windows, class Sum>
const Sum* sum_of(Windows& windows, const Sum& day, Window window, Instant now) {
    if (window == Window::day) return &day;
    for (auto& candidate : windows)
        if (candidate.window() == window) return &candidate.sum(now);
    return nullptr;
}

template <class Windows>
void earliest_change(
    std::optional<Instant>& at, Windows& windows, std::uint8_t wanted, Window window, Instant now
) {
    if (wanted == 0) return;
    for (auto& candidate : windows) {
        if (candidate.window() != window) continue;
        const auto next = candidate.next_change(now);
        if (next && (!at || *next < *at)) at = next;
    }
}

Changes add_wait(
    std::vector<SlidingWaits>& windows, Instant at, Instant now, bool today, Micros wait
) {
    Changes changed{0};
    for (SlidingWaits& window : windows) {
        const bool counts = window.window() != Window::day || today;
        if (counts && window.add(at, now, wait)) changed |= changes::sooner;
    }
    return changed;
}

SlidingWaits* waits_of(std::vector<SlidingWaits>& windows, Window window) {
    for (SlidingWaits& candidate : windows)
        if (candidate.window() == window) return &candidate;
    return nullptr;
}

// Times in order, each as often as it is there.
Changes put(std::vector<Instant>& times, Instant at) {
    const auto place = times.insert(std::upper_bound(times.begin(), times.end(), at), at);
    return place == times.begin() ? changes::waiting | changes::front | changes::sooner
                                  : changes::waiting;
}
Changes drop(std::vector<Instant>& times, Instant at) {
    const auto found = std::lower_bound(times.begin(), times.end(), at);
    const bool first = found == times.begin();
    if (found != times.end() && *found == at) times.erase(found);
    return first ? changes::waiting | changes::front : changes::waiting;
}

template <class Windows>
void write_windows(codec::Writer& out, Windows& windows, Instant now) {
    out(windows.size());
    for (auto& window : windows) window.write(out, now);
}
template <class Windows>
void read_windows(codec::Reader& in, Windows& windows, Instant now) {
    std::size_t size = 0;
    in(size);
    windows.clear();
    if (size > board::windows) return in.fault();
    for (; size > 0 && in.ok(); --size) windows.emplace_back().read(in, now);
}

}  // namespace

void Kept::want(const Measure& measure) {
    const std::uint8_t window = bit(measure.window);
    switch (measure.kpi) {
        case Kpi::calls_offered:
        case Kpi::calls_answered:
        case Kpi::calls_abandoned:
        case Kpi::calls_exited:
        case Kpi::calls_refused:
        case Kpi::service_level:
        case Kpi::service_level_live:
        case Kpi::answer_ratio:
        case Kpi::abandon_ratio:
        case Kpi::refused_ratio:
        case Kpi::average_speed_of_answer:
        case Kpi::arrival_rate:
            traffic |= window;
            break;
        case Kpi::wait_p50:
        case Kpi::wait_p90:
        case Kpi::wait_p99:
            waits |= window;
            break;
        case Kpi::average_handle_time:
        case Kpi::transfer_ratio:
            handling |= window;
            break;
        case Kpi::load_ratio:
            traffic |= window;
            handling |= window;
            break;
        case Kpi::occupancy:
            staff |= window;
            traffic |= window;  // min_calls counts the calls offered
            break;
        case Kpi::repeat_ratio:
            repeats |= window;
            break;
        case Kpi::response_ratio:
            responses |= window;
            break;
        case Kpi::first_response_p50:
        case Kpi::first_response_p90:
            replies |= window;
            break;
        case Kpi::complaints:
        case Kpi::csat:
            care |= window;
            break;
        case Kpi::complaint_ratio:
            care |= window;
            handling |= window;
            break;
        case Kpi::complaints_overdue_ratio:
            care |= bit(Window::m60);
            break;
        default:
            break;  // other gauges need no window
    }
}

bool Kept::covers(const Kept& other) const {
    const auto has = [](std::uint8_t all, std::uint8_t some) { return (some & ~all) == 0; };
    return has(traffic, other.traffic) && has(handling, other.handling) &&
           has(staff, other.staff) && has(care, other.care) && has(repeats, other.repeats) &&
           has(waits, other.waits) && has(responses, other.responses) &&
           has(replies, other.replies);
}

void Kept::want_quantiles(Window window) {
    waits |= bit(window);
    replies |= bit(window);
}

Kept Kept::always() {
    const auto shown = static_cast<std::uint8_t>(bit(Window::m5) | bit(Window::day));
    Kept kept{shown, shown, shown, shown, 0, 0, shown, 0};
    kept.care |= bit(Window::m60);
    return kept;
}

void Slice::keep(const Kept& kept) {
    kept_ = kept;
    keep_windows(traffic_, kept.traffic, false);
    keep_windows(handling_, kept.handling, false);
    keep_windows(staff_, kept.staff, false);
    keep_windows(care_, kept.care, false);
    keep_windows(repeats_, kept.repeats, false);
    keep_windows(waits_, kept.waits, true);
    keep_windows(responses_, kept.responses, false);
    keep_windows(replies_, kept.replies, true);
}

void Slice::begin_later_day(std::int64_t day) {
    day_ = day;
    day_traffic_ = {};
    day_handling_ = {};
    day_staff_ = {};
    day_care_ = {};
    day_repeats_ = {};
    day_responses_ = {};
    for (SlidingWaits* today : {waits(Window::day), replies(Window::day)})
        if (today != nullptr) today->clear();
}

void Slice::answered_after(Instant at, Instant now, bool today, Micros wait) {
    changed |= changes::traffic;
    changed |= add_wait(waits_, at, now, today, wait);
}
void Slice::replied_after(Instant at, Instant now, bool today, Micros wait) {
    changed |= changes::responses;
    changed |= add_wait(replies_, at, now, today, wait);
}

void Slice::staff(
    Instant from, Instant to, Instant day_start, std::int64_t busy, std::int64_t ready
) {
    if (from >= to || (busy == 0 && ready == 0)) return;
    for (auto& window : staff_) {
        const Micros width = window.bucket();
        Instant at = std::max(from, to - width * buckets);
        while (at < to) {
            const Instant end = std::min(to, Instant{(at.time_since_epoch() / width + 1) * width});
            const std::int64_t us = (end - at).count();
            window.add(at, to, [&](auto& time) {
                time.busy_us += busy * us;
                time.ready_us += ready * us;
            });
            at = end;
        }
    }
    const std::int64_t today = std::max<std::int64_t>(0, (to - std::max(from, day_start)).count());
    day_staff_.busy_us += busy * today;
    day_staff_.ready_us += ready * today;
}

const Traffic<std::int64_t>* Slice::traffic(Window window, Instant now) {
    return sum_of(traffic_, day_traffic_, window, now);
}
const Handling<std::int64_t>* Slice::handling(Window window, Instant now) {
    return sum_of(handling_, day_handling_, window, now);
}
const StaffTime<std::int64_t>* Slice::staff(Window window, Instant now) {
    return sum_of(staff_, day_staff_, window, now);
}
const Care<std::int64_t>* Slice::care(Window window, Instant now) {
    return sum_of(care_, day_care_, window, now);
}
const Repeats<std::int64_t>* Slice::repeats(Window window, Instant now) {
    if (!counts_repeats()) return nullptr;
    return sum_of(repeats_, day_repeats_, window, now);
}
const Responses<std::int64_t>* Slice::responses(Window window, Instant now) {
    return sum_of(responses_, day_responses_, window, now);
}
SlidingWaits* Slice::waits(Window window) { return waits_of(waits_, window); }
SlidingWaits* Slice::replies(Window window) { return waits_of(replies_, window); }

std::optional<Instant> Slice::next_change(const Kept& groups, Window window, Instant now) {
    std::optional<Instant> at;
    earliest_change(at, traffic_, groups.traffic, window, now);
    earliest_change(at, handling_, groups.handling, window, now);
    earliest_change(at, staff_, groups.staff, window, now);
    earliest_change(at, care_, groups.care, window, now);
    earliest_change(at, repeats_, groups.repeats, window, now);
    earliest_change(at, waits_, groups.waits, window, now);
    earliest_change(at, responses_, groups.responses, window, now);
    earliest_change(at, replies_, groups.replies, window, now);
    return at;
}

void Slice::nothing_is_open() {
    waiting_.clear();
    serving_.clear();
    settling_ = 0;
    changed |= changes::waiting | changes::front;
}

void Slice::joined(Instant at) { changed |= put(waiting_, at); }
void Slice::gone(Instant at) { changed |= drop(waiting_, at); }
void Slice::settle(int by) {
    settling_ += static_cast<std::uint32_t>(by);
    changed |= changes::waiting;
}
void Slice::taken(Instant joined) { changed |= put(serving_, joined); }
void Slice::given_up(Instant joined) { changed |= drop(serving_, joined); }

void Slice::write(codec::Writer& out, Instant now) {
    out(day_, day_traffic_, day_handling_, day_staff_, day_care_, day_repeats_, waiting_, settling_
    );
    write_windows(out, traffic_, now);
    write_windows(out, handling_, now);
    write_windows(out, staff_, now);
    write_windows(out, care_, now);
    write_windows(out, repeats_, now);
    write_windows(out, waits_, now);
    out(day_responses_);
    write_windows(out, responses_, now);
    write_windows(out, replies_, now);
}

void Slice::read(codec::Reader& in, Instant now) {
    in(day_, day_traffic_, day_handling_, day_staff_, day_care_, day_repeats_, waiting_, settling_);
    read_windows(in, traffic_, now);
    read_windows(in, handling_, now);
    read_windows(in, staff_, now);
    read_windows(in, care_, now);
    read_windows(in, repeats_, now);
    read_windows(in, waits_, now);
    if (in.version() < 2) return;
    in(day_responses_);
    read_windows(in, responses_, now);
    read_windows(in, replies_, now);
}

std::uint32_t Figures::staffed() const {
    std::uint32_t all_states = 0;
    for (const auto n : agents) all_states += n;
    return all_states - agents[static_cast<std::size_t>(acd::AgentState::offline)];
}

void Figures::accrue(Instant now, Instant day_start) {
    if (live && now > accrued) {
        const auto in = [&](acd::AgentState s) {
            return std::int64_t{agents[static_cast<std::size_t>(s)]};
        };
        all.staff(
            accrued,
            now,
            day_start,
            in(acd::AgentState::busy) + in(acd::AgentState::wrap),
            in(acd::AgentState::available)
        );
    }
    accrued = std::max(accrued, now);
}

void Figures::write(codec::Writer& out, Instant now) {
    out(name,
        live,
        exits_known,
        connected,
        agents,
        complaints_open,
        complaints_overdue,
        totals,
        answer_wait,
        handle_time,
        complaints,
        pbx_target,
        accrued);
    gauges.write(out);
    out(written, plan);
    all.write(out, now);
    out(slices.size());
    for (Slice& slice : slices) slice.write(out, now);
}

void Figures::read(codec::Reader& in, Instant now) {
    in(name,
       live,
       exits_known,
       connected,
       agents,
       complaints_open,
       complaints_overdue,
       totals,
       answer_wait,
       handle_time,
       complaints,
       pbx_target,
       accrued);
    gauges.read(in);
    if (in.version() >= 2) in(written);
    if (in.version() >= 3) in(plan);
    all.read(in, now);
    std::size_t count = 0;
    in(count);
    for (; count > 0 && in.ok(); --count) slices.emplace_back().read(in, now);
}

void observe(Histogram& histogram, Micros value) {
    std::size_t i = 0;
    while (i < Histogram::bounds_s.size() && value > Seconds{Histogram::bounds_s[i]}) ++i;
    ++histogram.counts[i];
    histogram.sum += value;
}

}  // namespace surged::board
