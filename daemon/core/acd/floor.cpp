#include "core/acd/floor.hpp"

#include "base/assert.hpp"
#include "core/acd/floor_state.hpp"
#include "core/acd/sane.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace surged::acd {
namespace {

constexpr std::array<std::string_view, 8> reject_names{
    "none",
    "duplicate",
    "late",
    "limit",
    "other_source",
    "missing_field",
    "unknown_call",
    "out_of_range"
};

constexpr Micros future = 5s;  // an event further ahead than this counts at arrival

}  // namespace

std::string_view name_of(Reject reject) { return reject_names[static_cast<std::size_t>(reject)]; }

SourceIx Floor::State::source_of(std::string_view name) {
    for (SourceIx i = 0; i < sources.size(); ++i)
        if (sources[i].name == name) return i;
    sources.emplace_back().name = name;
    return static_cast<SourceIx>(sources.size() - 1);
}

std::string_view Floor::State::main_of(const std::string& source) const {
    const auto main = companions.find(source);
    return main == companions.end() ? std::string_view{source} : std::string_view{main->second};
}

void Floor::State::touch(board::QueueIx queue) {
    QueueState& state = *queues[queue];
    state.heard = now();
    if (!state.check) check_later(queue, now() + site.limits.queue_ttl);
    if (state.touched) return;
    touched.push_back(queue);
    state.touched = true;
}

Floor::State::Place Floor::State::place_of(std::string_view name, SourceIx source, bool owned) {
    if (name.empty()) return {nowhere, Reject::missing_field};
    auto queue = board.find(name);
    if (!queue) {
        if (board.size() >= site.limits.queues) return {nowhere, Reject::limit};
        queue = board.add(name);
        queues.resize(board.end());
        queues[*queue] = board::Box<QueueState>{QueueState{}};
        refresh_rule(*queue);
        touch(*queue);
    }
    SourceIx& owner = queues[*queue]->owner;
    if (owned && owner == nowhere) own(*queue, source);
    if (owned && owner != source) return {*queue, Reject::other_source};
    return {*queue, Reject::none};
}

Applied Floor::State::apply(const Batch& batch, const std::string& name, Micros offset) {
    board.set_offset(offset);
    const SourceIx own = source_of(name);
    const SourceIx main = source_of(main_of(name));
    SourceCounts& count = counts[name];
    count.heard = now();
    const Wall arrival = to_wall(now(), offset);
    // Where the clock was set back, what the feed said before lies in the future: it makes nothing
    // late that comes after.
    for (Wall* newest : {&count.newest, &sources[own].newest})
        *newest = std::min(*newest, Wall{arrival.us + future.count()});
    std::array<std::uint64_t, event_types> accepted{};
    Applied applied;
    // Memory is slow, and what an event is about lies anywhere in it: it is asked for two events
    // ahead, and what that points to one event ahead.
    // A function that only asks g++ 12 leaves out, as one that does nothing.
    std::array<Hashes, 4> hashes{};  // of three events
    const auto ahead = [&](std::size_t index, const Event& event) {
        Hashes& of = hashes[index % hashes.size()];
        of.id = event.id.empty() ? 0 : IdMemory::hash_of(event.id);
        of.call = event.call.empty() ? 0 : CallBook::hash_of(main, event.call);
        if (!event.id.empty()) {
            __builtin_prefetch(sources[own].ids.place_of(of.id));
            __builtin_prefetch(sources[own].ids.room_after_next(), 1);
        }
        if (!event.call.empty()) __builtin_prefetch(calls.place_of(of.call));
    };
    const auto visit = [&](std::size_t index, const Event& event) {
        const CallIx next = calls.likely(hashes[(index + 1) % hashes.size()].call);
        if (next != nowhere) {
            __builtin_prefetch(calls.links_of(next));
            __builtin_prefetch(&calls.at(next).id);
            __builtin_prefetch(&calls.at(next).entry);
            __builtin_prefetch(&calls.at(next).klass);
        }
        Wall ts = event.ts.value_or(arrival);
        if (ts > Wall{arrival.us + future.count()}) ts = arrival;
        const Hashes of = hashes[index % hashes.size()];
        const Reject reject = take(event, of, own, main, ts);
        if (reject == Reject::none || reject == Reject::late)
            if (!event.id.empty()) sources[own].ids.add(event.id, of.id);
        if (reject == Reject::none) {
            ++applied.accepted;
            ++accepted[static_cast<std::size_t>(event.type)];
            count.newest = std::max(count.newest, ts);
            if (event.ts) sources[own].newest = std::max(sources[own].newest, ts);
        } else {
            ++count.rejected[reject];
            applied.rejected.push_back({index, reject});
        }
    };
    if (batch.size() > 2)
        batch.for_each(ahead, visit);
    else
        batch.for_each([&](std::size_t index, const Event& event) {
            ahead(index, event);
            visit(index, event);
        });
    for (std::size_t type = 0; type < event_types; ++type)
        if (accepted[type] > 0) count.accepted[static_cast<EventType>(type)] += accepted[type];
    const Wall newest = sources[own].newest.us > 0 ? sources[own].newest : count.newest;
    calls.forget(main, to_instant(newest, offset) - site.limits.lateness, site.limits.open_calls);
    return applied;
}

Reject Floor::State::take(const Event& event, Hashes hashes, SourceIx own, SourceIx main, Wall ts) {
    if (!is_sane(event)) return Reject::out_of_range;
    Source& source = sources[own];
    if (!event.cursor.empty()) source.cursor = event.cursor;
    if (!event.id.empty() && source.ids.seen(event.id, hashes.id)) return Reject::duplicate;
    const Instant at = std::clamp(to_instant(ts, board.offset()), Instant{}, now());
    // Only the source's own clock is compared with itself: it may be wrong, and what comes without
    // a time is never late.
    const bool late = event.ts && source.newest.us - ts.us > site.limits.lateness.count();
    if (own != main) return companion({event, main, at, hashes.call, late, true});
    return apply({event, main, at, hashes.call, late});
}

Reject Floor::State::apply(const Happening& h) {
    switch (h.event.type) {
        case EventType::heartbeat:
            return Reject::none;
        case EventType::started:
            started(h);
            return Reject::none;
        case EventType::stopping:
            stopping(h.source);
            return Reject::none;
        case EventType::settled:
            return settled(h);
        case EventType::agent_state:
            return agent_state(h);
        case EventType::complaint:
            return complaint(h);
        case EventType::survey:
            return survey(h);
        case EventType::gauge:
            return gauge(h);
        case EventType::expected:
            return expected(h);
        case EventType::counted:
            return was_counted(h);
        case EventType::snapshot_begin:
        case EventType::snapshot_queue:
        case EventType::snapshot_agent:
        case EventType::snapshot_call:
        case EventType::snapshot_end:
            return snapshot(h);
        default:
            return apply_to_queue(h);
    }
}

// Events about one call: offered to transferred, left, reply.
Reject Floor::State::apply_to_queue(const Happening& h) {
    const Event& e = h.event;
    const bool has_subject = !e.call.empty() || e.type == EventType::refused || !e.agent.empty();
    if (!has_subject) return Reject::missing_field;
    const Place place = place_of(e.queue, h.source, true);
    if (place.reject != Reject::none) return place.reject;
    touch(place.queue);
    switch (e.type) {
        case EventType::offered:
            return offered(h, place.queue);
        case EventType::completed:
        case EventType::transferred:
            return finished(h, place.queue);
        case EventType::refused:
            return refused(h, place.queue);
        case EventType::reply:
            return reply(h, place.queue);
        default:
            return left_queue(h, place.queue);
    }
}

Reject Floor::State::refused(const Happening& h, board::QueueIx queue) {
    if (h.late) return Reject::late;
    board::Figures& figures = board.at(queue);
    ++figures.totals.refused;
    if (h.event.refuse) ++figures.totals.refused_for[static_cast<std::size_t>(*h.event.refuse)];
    board.for_slices(figures, kind_of(h.event), [&](board::Slice& slice) {
        slice.traffic(h.at, now(), board.today(h.at), [](auto& t) { ++t.refused; });
    });
    return Reject::none;
}

Reject Floor::State::agent_state(const Happening& h) {
    const Event& e = h.event;
    if (e.agent.empty() || !e.state) return Reject::missing_field;
    const auto at = e.ts ? std::optional{h.at} : std::nullopt;
    const std::uint32_t mark = sources[h.source].snapshot;
    const auto set = [&](board::QueueIx queue) {
        if (roster.full() && !roster.knows(queue, e.agent)) return Reject::limit;
        roster.set(board, queue, e.agent, *e.state, at, mark);
        touch(queue);
        return Reject::none;
    };
    if (!e.queue.empty() || !e.queues.empty()) {
        Reject worst = Reject::none;
        const auto one = [&](std::string_view name) {
            const Place place = place_of(name, h.source, true);
            const Reject reject = place.reject == Reject::none ? set(place.queue) : place.reject;
            if (reject != Reject::none) worst = reject;
        };
        if (!e.queue.empty()) one(e.queue);
        for (const std::string_view name : e.queues)
            if (name != e.queue) one(name);
        return worst;
    }
    bool known = false;
    for (const board::QueueIx queue : roster.queues_of(e.agent)) {
        if (queues[queue]->owner != h.source) continue;
        set(queue);
        known = true;
    }
    return known ? Reject::none : Reject::missing_field;
}

Reject Floor::State::gauge(const Happening& h) {
    if (h.event.name.empty()) return Reject::missing_field;
    if (h.late) return Reject::late;
    const Place place = place_of(h.event.queue, h.source, false);
    if (place.reject != Reject::none) return place.reject;
    board::Figures& figures = board.at(place.queue);
    if (!figures.gauges.set(h.event.name, h.event.value)) return Reject::limit;
    figures.changed |= board::changes::gauges;
    touch(place.queue);
    return Reject::none;
}

// An interval of the plan of the day. It may be told at any time: what it is for is what counts.
Reject Floor::State::expected(const Happening& h) {
    if (!h.event.expected) return Reject::missing_field;
    const Place place = place_of(h.event.queue, h.source, false);
    if (place.reject != Reject::none) return place.reject;
    const Wall wall = to_wall(now(), board.offset());
    board::Figures& figures = board.at(place.queue);
    // Also where it found no room for all of it.
    figures.changed |= board::changes::plan | board::changes::sooner;
    if (!figures.plan.put(*h.event.expected, wall)) return Reject::limit;
    touch(place.queue);
    return Reject::none;
}

// Of a quarter hour that is over. Who is to learn from it, the caller knows.
Reject Floor::State::was_counted(const Happening& h) {
    constexpr std::int64_t quarter_us = 900'000'000;
    constexpr double count_max = 1e6;
    const Event& e = h.event;
    if (e.queue.empty() || e.name.empty() || !e.ts) return Reject::missing_field;
    const auto kpi = board::parse_kpi(e.name);
    const bool countable =
        kpi && board::info_of(*kpi).unit == board::Unit::count && board::info_of(*kpi).windowed;
    const bool whole = e.value >= 0 && e.value <= count_max && std::floor(e.value) == e.value;
    const bool over = e.ts->us + quarter_us <= to_wall(now(), board.offset()).us;
    if (!countable || !whole || !over || e.ts->us % quarter_us != 0) return Reject::out_of_range;
    counted.push_back({std::string{e.queue}, *kpi, *e.ts, static_cast<std::uint32_t>(e.value)});
    return Reject::none;
}

Floor::Floor() : state_{std::make_unique<State>()} {}
Floor::~Floor() = default;
Floor::Floor(Floor&&) noexcept = default;
Floor& Floor::operator=(Floor&&) noexcept = default;
Floor::Floor(const Floor& other) : state_{std::make_unique<State>(*other.state_)} {}
Floor& Floor::operator=(const Floor& other) {
    if (this != &other) state_ = std::make_unique<State>(*other.state_);
    return *this;
}

void Floor::load(
    const plan::RuleSet& rules, const std::vector<board::Measure>& measures, Instant now
) {
    advance(now);
    state_->load(rules, measures);
}
void Floor::advance(Instant now) { state_->advance(now); }
std::optional<Instant> Floor::next_wake() const { return state_->next_wake(); }
Applied Floor::apply(const Batch& batch, const std::string& source, Micros offset) {
    return state_->apply(batch, source, offset);
}
void Floor::source_up(const std::string& source, bool exits_known) {
    state_->source_up(source, exits_known);
}
void Floor::source_down(const std::string& source, std::optional<Instant> resumes) {
    state_->source_down(source, resumes);
}
std::string_view Floor::cursor(std::string_view source) const {
    for (const Source& known : state_->sources)
        if (known.name == source) return known.cursor;
    return {};
}

const std::vector<board::QueueIx>& Floor::take_touched() {
    std::vector<board::QueueIx>& taken = state_->taken;
    taken.clear();
    taken.swap(state_->touched);
    for (const board::QueueIx queue : taken)
        if (state_->queues[queue]) state_->queues[queue]->touched = false;
    std::sort(taken.begin(), taken.end());
    taken.erase(std::unique(taken.begin(), taken.end()), taken.end());
    return taken;
}

std::vector<Counted> Floor::take_counted() { return std::exchange(state_->counted, {}); }

board::Changes Floor::take_changes(board::QueueIx queue) {
    return state_->board.take_changes(queue);
}

const board::View& Floor::view() const { return state_->board; }
const std::map<std::string, SourceCounts>& Floor::sources() const { return state_->counts; }
Instant Floor::now() const { return state_->now(); }
Micros Floor::offset() const { return state_->board.offset(); }

void Floor::write(std::string& out) const {
    codec::Writer writer;
    state_->write(writer);
    out += writer.bytes();
}

bool Floor::read(std::string_view& bytes, std::uint16_t version) {
    codec::Reader in{bytes, version};
    auto state = std::make_unique<State>();
    state->read(in);
    if (!in.ok()) return false;
    bytes = in.rest();
    state_ = std::move(state);
    return true;
}

}  // namespace surged::acd
