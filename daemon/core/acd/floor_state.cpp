#include "core/acd/floor_state.hpp"

namespace surged::acd {

void Floor::State::load(const plan::RuleSet& rules, const std::vector<board::Measure>& measures) {
    site = rules.site;
    companions = rules.companions;
    board.load(measures, site.zone);
    for (const board::QueueIx queue : board.queues()) {
        refresh_rule(queue);
        if (!board.counts_repeats()) queues[queue]->callers = {};
        if (const SourceIx owner = queues[queue]->owner; owner != nowhere)
            board.at(queue).exits_known = exits_known(owner);
    }
    rebuild_gauges();
}

// Whatever can be found from the calls: after reading, and where new classes are measured.
void Floor::State::rebuild_gauges() {
    for (Source& source : sources) source.open = 0;
    for (const board::QueueIx queue : board.queues()) {
        queues[queue]->open = 0;
        board::Figures& figures = board.at(queue);
        figures.connected = 0;
        figures.chats = 0;
        figures.changed = board::changes::all;
        figures.all.nothing_is_open();
        for (board::Slice& slice : figures.slices) slice.nothing_is_open();
    }
    calls.for_open([&](CallIx i) {
        const Call& call = calls.at(i);
        board::Figures& figures = board.at(call.queue);
        ++queues[call.queue]->open;
        if (call.phase == Phase::connected) {
            if (!call.stale) serve(call);
            return;
        }
        sources[call.source].open += call.phase == Phase::waiting ? 1U : 0U;
        board.for_slices(figures, kind_of(call), [&](board::Slice& slice) {
            call.phase == Phase::waiting ? slice.joined(call.joined) : slice.settle(1);
        });
    });
}

void Floor::State::write(codec::Writer& out) const {
    board.write(out);
    calls.write(out);
    roster.write(out);
    tickets.write(out);
    out(counts, sources.size());
    for (const Source& source : sources) source.write(out);
    for (const board::QueueIx queue : board.queues()) {
        const QueueState& state = *queues[queue];
        out(state.owner, state.heard, state.check, static_cast<bool>(state.callers));
        if (!state.callers) continue;
        state.callers->forget(now() - Callers::span);
        out(state.callers->last);
    }
}

void Floor::State::read(codec::Reader& in) {
    board.read(in);
    calls.read(in, board.end());
    roster.read(in, board.now());
    tickets.read(in);
    std::size_t count = 0;
    in(counts, count);
    for (; count > 0 && in.ok(); --count) sources.emplace_back().read(in);
    if (!in.ok()) return;
    queues.resize(board.end());
    for (const board::QueueIx queue : board.queues()) {
        queues[queue] = board::Box<QueueState>{QueueState{}};
        QueueState& state = *queues[queue];
        bool callers = false;
        in(state.owner, state.heard, state.check, callers);
        if (state.owner != nowhere && state.owner >= sources.size()) return in.fault();
        if (state.check) checks.emplace(*state.check, queue);
        if (!callers) continue;
        state.callers = board::Box<Callers>{Callers{}};
        in(state.callers->last);
        for (const auto& [caller, at] : state.callers->last)
            state.callers->order.emplace(at, caller);
    }
    bool consistent = roster.stands_on(board) && tickets.stands_on(board);
    calls.for_open([&](CallIx i) {
        const Call& call = calls.at(i);
        consistent = consistent && board.exists(call.queue) && call.source < sources.size();
    });
    if (!consistent) return in.fault();
    rebuild_gauges();
}

}  // namespace surged::acd
