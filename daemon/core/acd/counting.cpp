// Counting: what an event adds to the counters and windows of its queue.
#include "core/acd/floor_state.hpp"

#include <algorithm>

namespace surged::acd {

bool Callers::again(std::string_view caller, Instant at, Instant now) {
    forget(now - span);
    auto found = last.find(caller);
    const bool repeated = found != last.end() && at >= found->second && at - found->second <= span;
    if (found == last.end()) {
        if (last.size() >= most) {
            last.erase(order.begin()->second);
            order.erase(order.begin());
        }
        found = last.emplace(caller, at).first;
        order.emplace(at, found->first);
    } else if (at > found->second) {
        order.erase({found->second, found->first});
        found->second = at;
        order.emplace(at, found->first);
    }
    return repeated;
}

void Callers::forget(Instant before) {
    while (!order.empty() && order.begin()->first < before) {
        last.erase(order.begin()->second);
        order.erase(order.begin());
    }
}

void Floor::State::count_offered(const Call& call, std::string_view caller) {
    board::Figures& figures = board.at(call.queue);
    ++figures.totals.offered;
    const Instant at = std::min(call.joined, now());
    const bool today = board.today(at);
    board.for_slices(figures, kind_of(call), [&](board::Slice& slice) {
        slice.traffic(at, now(), today, [](auto& t) { ++t.offered; });
    });
    QueueState& queue = *queues[call.queue];
    if (caller.empty() || !board.counts_repeats()) return;
    if (!queue.callers) queue.callers = board::Box<Callers>{Callers{}};
    const bool again = queue.callers->again(caller, at, now());
    board.for_slices(figures, kind_of(call), [&](board::Slice& slice) {
        slice.repeats(at, now(), today, [&](auto& r) {
            ++r.known;
            if (again) ++r.repeated;
        });
    });
}

void Floor::State::count_answered(Call& call, Instant at, std::optional<Micros> given, bool late) {
    const Micros wait = given ? *given : std::max(Micros{0}, at - call.joined);
    call.connected = at;
    call.outcome = Outcome::answered;
    board::Figures& figures = board.at(call.queue);
    const bool in_target = wait <= figures.target;
    board::Totals& totals = figures.totals;
    ++totals.answered;
    if (in_target) ++totals.answered_in_target;
    totals.wait_sum += wait;
    totals.wait_max = std::max(totals.wait_max, wait);
    board::observe(figures.answer_wait, wait);
    touch(call.queue);
    if (late) return;
    const bool today = board.today(at);
    board.for_slices(figures, kind_of(call), [&](board::Slice& slice) {
        slice.traffic(at, now(), today, [&](auto& t) {
            ++t.answered;
            if (in_target) ++t.in_target;
            t.wait_us += wait.count();
        });
        slice.answered_after(at, now(), today, wait);
    });
}

void Floor::State::count_abandoned(const Call& call, Instant at, Micros wait, bool late) {
    board::Figures& figures = board.at(call.queue);
    const bool in_target = wait <= figures.target;
    const bool is_short = wait <= figures.short_abandon;
    board::Totals& totals = figures.totals;
    ++totals.abandoned;
    if (in_target) ++totals.abandoned_in_target;
    totals.wait_max = std::max(totals.wait_max, wait);
    totals.abandon_wait_max_us =
        std::max(totals.abandon_wait_max_us, static_cast<std::uint64_t>(wait.count()));
    if (late) return;
    board.for_slices(figures, kind_of(call), [&](board::Slice& slice) {
        slice.traffic(at, now(), board.today(at), [&](auto& t) {
            ++t.abandoned;
            if (in_target) ++t.abandoned_in_target;
            if (is_short) ++t.short_abandoned;
        });
    });
}

void Floor::State::count_exited(
    const Call& call, Instant at, Micros wait, ExitReason reason, bool late
) {
    board::Figures& figures = board.at(call.queue);
    ++figures.totals.exited[static_cast<std::size_t>(reason)];
    figures.totals.wait_max = std::max(figures.totals.wait_max, wait);
    if (late) return;
    board.for_slices(figures, kind_of(call), [&](board::Slice& slice) {
        slice.traffic(at, now(), board.today(at), [](auto& t) { ++t.exited; });
    });
}

void Floor::State::count_handled(
    board::QueueIx queue,
    const Event& event,
    const board::Kind& kind,
    Instant at,
    Micros talk,
    bool late
) {
    board::Figures& figures = board.at(queue);
    const bool transferred = event.type == EventType::transferred;
    const Micros handle = talk + event.wrap.value_or(figures.wrap);
    ++(transferred ? figures.totals.transferred : figures.totals.completed);
    figures.changed |= board::changes::handling;
    if (!transferred) figures.totals.talk_sum += talk;  // of `completed`, as the PBX's log has it
    board::observe(figures.handle_time, handle);
    if (late) return;
    board.for_slices(figures, kind, [&](board::Slice& slice) {
        slice.handling(at, now(), board.today(at), [&](auto& h) {
            ++h.handled;
            if (transferred) ++h.transferred;
            h.handle_us += handle.count();
        });
    });
}

}  // namespace surged::acd
