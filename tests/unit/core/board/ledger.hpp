// What happened, as a plain list, and every KPI worked out from it by its definition: slow, and
// with nothing in common with the board but the bins of quantiles.
#pragma once

#include "../acd/floor_bench.hpp"
#include "core/board/window.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace surged::test {

enum class Fact : std::uint8_t {
    offered,
    repeat_known,  // a caller who can be told apart
    repeated,
    answered,
    abandoned,
    exited,
    refused,
    handled,
    transferred,
    complaint,
    closed,
    score,
    round,
    first_reply,
};

/// Something that counts at `at`.
struct Entry {
    Fact fact;
    Instant at;
    std::string klass{"normal"}, topic{};
    Micros span{0};  // a wait, a handle time, a first response
    int figure{0};   // a score; a severity; 1 for a round in time
    int was{-1};     // complaint: not a new one, but graver than it was
};

/// A contact that is open.
struct Open {
    Instant joined;
    std::string klass;
    bool waits{true}, written{false}, session{false};
};

/// Agents of each state from an instant on.
struct Staffing {
    Instant from;
    std::int64_t staffed{0}, available{0}, busy{0}, wrap{0}, paused{0};
};

struct Ledger {
    std::vector<Entry> entries;
    std::map<std::string, Open> open;
    std::vector<Staffing> staffing{Staffing{}};
    std::int64_t tickets_open{0}, tickets_overdue{0};
    std::optional<double> scheduled;
    bool written{false};  // there has been a written contact
    plan::QueueRule rule;
    Instant midnight;

    /// Of this measure at `now`; nullopt: no value.
    [[nodiscard]] std::optional<double> value(const Measure& m, Instant now) const;

private:
    using Seconds64 = std::optional<double>;
    static Seconds64 over(double a, double b) {
        return b > 0 ? std::optional{a / b} : std::nullopt;
    }
    static double s(Micros span) { return static_cast<double>(span.count()) / 1e6; }
    [[nodiscard]] Instant begin_of(Window window, Instant now) const;
    template <class F>
    void each(Fact fact, const Measure& m, Instant now, F&& take) const;
    [[nodiscard]] double count(Fact fact, const Measure& m, Instant now) const;
    [[nodiscard]] double sum(Fact fact, const Measure& m, Instant now) const;
    [[nodiscard]] Seconds64 quantile(Fact fact, const Measure& m, Instant now, double q) const;
    template <class F>
    double opened(const Measure& m, F&& which) const;
    [[nodiscard]] double oldest(const Measure& m, Instant now, bool served_too) const;
    [[nodiscard]] Seconds64 service_level(const Measure& m, Instant now, double late) const;
    [[nodiscard]] Seconds64 occupancy(Window window, Instant now) const;
    [[nodiscard]] Seconds64 of_moment(const Measure& m, Instant now) const;
    [[nodiscard]] Seconds64 estimated_wait(const Measure& m, Instant now) const;
};

// ---- the definitions

inline Instant Ledger::begin_of(Window window, Instant now) const {
    if (window == Window::day) return midnight;
    constexpr std::array<int, board::windows> minutes{0, 1, 5, 15, 30, 60, 0};
    const Micros length = std::chrono::minutes{minutes[static_cast<std::size_t>(window)]};
    const Micros bucket = length / 60;
    return Instant{(now.time_since_epoch() / bucket - 59) * bucket};
}

template <class F>
void Ledger::each(Fact fact, const Measure& m, Instant now, F&& take) const {
    const bool care = fact == Fact::complaint;
    for (const Entry& e : entries) {
        if (e.fact != fact || e.at > now || e.at < begin_of(m.window, now)) continue;
        if (!m.klass.empty() && e.klass != m.klass) continue;
        if (care && !m.topic.empty() && e.topic != m.topic) continue;
        const auto within = [&](int severity) { return severity > 0 && severity <= m.severity; };
        if (care && m.severity > 0 && (!within(e.figure) || within(e.was))) continue;
        if (care && m.severity == 0 && e.was >= 0) continue;
        take(e);
    }
}

inline double Ledger::count(Fact fact, const Measure& m, Instant now) const {
    double n = 0;
    each(fact, m, now, [&](const Entry&) { ++n; });
    return n;
}

inline double Ledger::sum(Fact fact, const Measure& m, Instant now) const {
    double all = 0;
    each(fact, m, now, [&](const Entry& e) { all += s(e.span); });
    return all;
}

inline std::optional<double> Ledger::quantile(Fact fact, const Measure& m, Instant now, double q)
    const {
    std::vector<Micros> spans;
    each(fact, m, now, [&](const Entry& e) { spans.push_back(e.span); });
    if (spans.empty()) return std::nullopt;
    std::sort(spans.begin(), spans.end());
    std::size_t rank = 0;  // the least number of them that is q of all
    while (static_cast<double>(rank) < q * static_cast<double>(spans.size()) - 1e-9) ++rank;
    return s(board::WaitBins::upper_edge(board::WaitBins::bin_of(spans[rank - 1])));
}

template <class F>
double Ledger::opened(const Measure& m, F&& which) const {
    double n = 0;
    for (const auto& [id, contact] : open)
        if ((m.klass.empty() || m.klass == contact.klass) && which(contact)) ++n;
    return n;
}

inline double Ledger::oldest(const Measure& m, Instant now, bool served_too) const {
    double most = 0;
    opened(m, [&](const Open& o) {
        if (o.waits || (served_too && o.written)) most = std::max(most, s(now - o.joined));
        return true;
    });
    return most;
}

inline std::optional<double> Ledger::service_level(const Measure& m, Instant now, double late)
    const {
    const Micros t = rule.target.value_or(20s);
    double a = 0, at = 0, b = 0, bt = 0, bs = 0;
    each(Fact::answered, m, now, [&](const Entry& e) {
        ++a;
        at += e.span <= t ? 1 : 0;
    });
    each(Fact::abandoned, m, now, [&](const Entry& e) {
        ++b;
        bt += e.span <= t ? 1 : 0;
        bs += e.span <= rule.short_abandon ? 1 : 0;
    });
    const double x = count(Fact::exited, m, now);
    switch (rule.formula) {
        case board::Formula::V1:
            return over(at, a + b + late);
        case board::Formula::V2:
            return over(at + bt, a + b + late);
        case board::Formula::V3:
            return over(at, a + late);
        case board::Formula::V4:
            return over(at, a + b - bt + late);
        case board::Formula::V5:
            return over(at + bs, a + b + late);
        case board::Formula::V6:
            return over(at, a + b - bs + late);
        case board::Formula::V7:
            return over(at, a + b + x + late);
        case board::Formula::V8:
            break;
    }
    return over(at, a + b + x - bs + late);
}

inline std::optional<double> Ledger::occupancy(Window window, Instant now) const {
    const Instant begin = begin_of(window, now);
    double busy = 0, ready = 0;
    for (std::size_t i = 0; i < staffing.size(); ++i) {
        const Staffing& then = staffing[i];
        const Instant end = i + 1 < staffing.size() ? staffing[i + 1].from : now;
        const double length = std::max(0.0, s(std::min(end, now) - std::max(then.from, begin)));
        busy += static_cast<double>(then.busy + then.wrap) * length;
        ready += static_cast<double>(then.available) * length;
    }
    return over(busy, busy + ready);
}

inline std::optional<double> Ledger::estimated_wait(const Measure& m, Instant now) const {
    const auto staffed = static_cast<double>(staffing.back().staffed);
    const double waiting = opened(m, [](const Open& o) { return o.waits; });
    if (staffed == 0) return std::nullopt;
    if (staffing.back().available > 0 && waiting == 0) return 0;
    Measure day{Kpi::average_handle_time, Window::day, {}, m.klass, {}};
    double handled = count(Fact::handled, day, now);
    double handle = sum(Fact::handled, day, now);
    if (handled == 0) {
        for (const Entry& e : entries) {
            if (e.fact != Fact::handled) continue;
            ++handled;
            handle += s(e.span);
        }
    }
    const auto mean = over(handle, handled);
    return mean ? std::optional{(waiting + 1) * *mean / staffed} : std::nullopt;
}

inline std::optional<double> Ledger::of_moment(const Measure& m, Instant now) const {
    const Staffing& agents = staffing.back();
    const auto staffed = static_cast<double>(agents.staffed);
    const auto waits = [](const Open& o) { return o.waits; };
    Measure hour{Kpi::complaints, Window::m60, {}, {}, {}};
    switch (m.kpi) {
        case Kpi::calls_waiting:
            return opened(m, waits);
        case Kpi::longest_wait:
            return oldest(m, now, false);
        case Kpi::agents_staffed:
            return staffed;
        case Kpi::agents_available:
            return static_cast<double>(agents.available);
        case Kpi::agents_busy:
            return static_cast<double>(agents.busy);
        case Kpi::agents_wrap:
            return static_cast<double>(agents.wrap);
        case Kpi::agents_paused:
            return static_cast<double>(agents.paused);
        case Kpi::agents_scheduled:
            return scheduled;
        case Kpi::waiting_per_agent:
            return over(opened(m, waits), staffed);
        case Kpi::staffing_ratio:
            return scheduled ? over(staffed, *scheduled) : std::nullopt;
        case Kpi::estimated_wait:
            return estimated_wait(m, now);
        case Kpi::lines_in_use:
            return over(static_cast<double>(open.size()), rule.lines);
        case Kpi::complaints_open:
            return static_cast<double>(tickets_open);
        case Kpi::complaints_overdue:
            return static_cast<double>(tickets_overdue);
        case Kpi::complaints_overdue_ratio:
            return over(static_cast<double>(tickets_overdue), count(Fact::closed, hour, now));
        case Kpi::backlog:
            return opened(m, [&](const Open& o) {
                if (!rule.backlog_after) return o.waits;
                return (o.waits || o.written) && now - o.joined > *rule.backlog_after;
            });
        case Kpi::oldest:
            return oldest(m, now, true);
        case Kpi::concurrency:
            if (!written) return std::nullopt;
            return over(opened(m, [](const Open& o) { return !o.waits && o.session; }), staffed);
        default:
            return std::nullopt;
    }
}

inline std::optional<double> Ledger::value(const Measure& m, Instant now) const {
    if (!board::info_of(m.kpi).windowed) return of_moment(m, now);
    const auto n = [&](Fact fact) { return count(fact, m, now); };
    const double answered = n(Fact::answered), abandoned = n(Fact::abandoned),
                 exited = n(Fact::exited), offered = n(Fact::offered), handled = n(Fact::handled);
    double shorts = 0, good = 0, in_time = 0;
    each(Fact::abandoned, m, now, [&](const Entry& e) {
        shorts += e.span <= rule.short_abandon ? 1 : 0;
    });
    each(Fact::score, m, now, [&](const Entry& e) { good += e.figure >= 4 ? 1 : 0; });
    each(Fact::round, m, now, [&](const Entry& e) { in_time += e.figure; });
    const double left = answered + abandoned + exited;
    constexpr std::array<double, board::windows> lengths{0, 60, 300, 900, 1800, 3600, 0};
    const double length = m.window == Window::day ? std::max(1.0, s(now - midnight))
                                                  : lengths[static_cast<std::size_t>(m.window)];
    switch (m.kpi) {
        case Kpi::calls_offered:
            return offered;
        case Kpi::calls_answered:
            return answered;
        case Kpi::calls_abandoned:
            return abandoned;
        case Kpi::calls_exited:
            return exited;
        case Kpi::calls_refused:
            return n(Fact::refused);
        case Kpi::service_level:
            return service_level(m, now, 0);
        case Kpi::service_level_live:
            return service_level(m, now, opened(m, [&](const Open& o) {
                                     return o.waits && now - o.joined > rule.target.value_or(20s);
                                 }));
        case Kpi::answer_ratio:
            return over(answered, left);
        case Kpi::abandon_ratio:
            return over(abandoned - shorts, left - shorts);
        case Kpi::refused_ratio:
            return over(n(Fact::refused), offered + n(Fact::refused));
        case Kpi::average_speed_of_answer:
            return over(sum(Fact::answered, m, now), answered);
        case Kpi::wait_p50:
            return quantile(Fact::answered, m, now, 0.5);
        case Kpi::wait_p90:
            return quantile(Fact::answered, m, now, 0.9);
        case Kpi::wait_p99:
            return quantile(Fact::answered, m, now, 0.99);
        case Kpi::average_handle_time:
            return over(sum(Fact::handled, m, now), handled);
        case Kpi::occupancy:
            return occupancy(m.window, now);
        case Kpi::transfer_ratio:
            return over(n(Fact::transferred), handled);
        case Kpi::repeat_ratio:
            return over(n(Fact::repeated), n(Fact::repeat_known));
        case Kpi::arrival_rate:
            return offered / length;
        case Kpi::load_ratio: {
            const auto mean = over(sum(Fact::handled, m, now), handled);
            const auto staffed = static_cast<double>(staffing.back().staffed);
            return mean ? over(offered / length * *mean, staffed) : std::nullopt;
        }
        case Kpi::complaints:
            return n(Fact::complaint);
        case Kpi::complaint_ratio:
            return over(n(Fact::complaint), handled);
        case Kpi::csat:
            return over(good, n(Fact::score));
        case Kpi::first_response_p50:
            return quantile(Fact::first_reply, m, now, 0.5);
        case Kpi::first_response_p90:
            return quantile(Fact::first_reply, m, now, 0.9);
        case Kpi::response_ratio:
            return over(in_time, n(Fact::round));
        default:
            return std::nullopt;
    }
}

}  // namespace surged::test
