#include "core/acd/call.hpp"

#include "base/assert.hpp"
#include "base/hash.hpp"

#include <algorithm>
#include <tuple>

namespace surged::acd {

std::uint32_t CallBook::hash_of(SourceIx source, std::string_view id) {
    const std::uint64_t hash = TextHash{}(id) + std::uint64_t{source} * 0x9E37'79B9'7F4A'7C15ULL;
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

void CallBook::link(CallIx call) {
    CallIx& head = heads_[links_[call].hash & (heads_.size() - 1)];
    links_[call].next = head;
    head = call;
}

const CallBook::List& CallBook::settling(Phase phase) const {
    return settling_[static_cast<std::size_t>(phase) - static_cast<std::size_t>(Phase::left)];
}
CallBook::List& CallBook::settling(Phase phase) {
    return settling_[static_cast<std::size_t>(phase) - static_cast<std::size_t>(Phase::left)];
}

// Sorted lists that are nearly always appended to: the place is looked for from the tail.
template <class Before>
void CallBook::insert(List& list, Link Links::* link, CallIx call, Before&& before) {
    CallIx after = list.tail;
    while (after != nowhere && before(calls_[call], calls_[after]))
        after = (links_[after].*link).before;
    const CallIx next = after == nowhere ? list.head : (links_[after].*link).after;
    links_[call].*link = {after, next};
    (after == nowhere ? list.head : (links_[after].*link).after) = call;
    (next == nowhere ? list.tail : (links_[next].*link).before) = call;
}

void CallBook::unlink(List& list, Link Links::* link, CallIx call) {
    const auto [before, after] = links_[call].*link;
    (before == nowhere ? list.head : (links_[before].*link).after) = after;
    (after == nowhere ? list.tail : (links_[after].*link).before) = before;
    links_[call].*link = {};
}

CallIx CallBook::place(Call&& call, std::uint32_t hash) {
    CallIx slot = static_cast<CallIx>(calls_.size());
    Links links;
    links.hash = hash;
    if (free_.empty()) {
        calls_.push_back(std::move(call));
        links_.push_back(links);
    } else {
        slot = free_.back();
        free_.pop_back();
        if (!free_.empty()) {  // it has not been looked at for minutes
            __builtin_prefetch(&calls_[free_.back()].id, 1);
            __builtin_prefetch(&calls_[free_.back()].entry, 1);
            __builtin_prefetch(&calls_[free_.back()].klass, 1);
            __builtin_prefetch(&calls_[free_.back()].rejoined, 1);
        }
        calls_[slot] = std::move(call);
        links_[slot] = links;
    }
    if (++used_ > heads_.size())
        grow();
    else
        link(slot);
    return slot;
}

void CallBook::grow() {
    heads_.assign(heads_.empty() ? 64 : heads_.size() * 2, nowhere);
    std::vector<bool> unused(calls_.size());
    for (const CallIx slot : free_) unused[slot] = true;
    for (CallIx slot = 0; slot < calls_.size(); ++slot)
        if (!unused[slot]) link(slot);
}

CallIx CallBook::add(Call&& call, std::uint32_t hash) {
    SURGED_ASSERT(hash == hash_of(call.source, call.id));  // else nobody would find it
    call.entry = ++entries_;
    const CallIx slot = place(std::move(call), hash);
    insert_by_age(slot);
    ++open_;
    return slot;
}

CallBook::List& CallBook::ages_of(const Call& call) {
    return by_age_[static_cast<std::size_t>(pace_of(call.channel))];
}

void CallBook::insert_by_age(CallIx call) {
    insert(ages_of(calls_[call]), &Links::age, call, [](const Call& a, const Call& b) {
        return std::tie(a.born, a.entry) < std::tie(b.born, b.entry);
    });
}

void CallBook::set_channel(CallIx call, Channel channel) {
    Call& c = calls_[call];
    if (c.open()) unlink(ages_of(c), &Links::age, call);
    c.channel = channel;
    if (c.open()) insert_by_age(call);
}

void CallBook::close(CallIx call) {
    Call& c = calls_[call];
    SURGED_ASSERT(c.open() && !c.settling());
    unlink(ages_of(c), &Links::age, call);
    reply_no_more(call);
    --open_;
    c.phase = Phase::closed;
    c.wait.reset();
    if (closed_.size() <= c.source) closed_.resize(c.source + 1);
    closed_[c.source].push_back(call);
    ++closed_count_;
}

void CallBook::forget(SourceIx source, Instant before, std::size_t most) {
    if (closed_.size() <= source) return;
    auto& closed = closed_[source];
    while (!closed.empty() && (calls_[closed.front()].ended < before || closed_count_ > most)) {
        const CallIx soon = closed[std::min<std::size_t>(2, closed.size() - 1)];
        __builtin_prefetch(&calls_[soon].ended);
        __builtin_prefetch(&links_[soon]);
        erase(closed.front());
        closed.pop_front();
        --closed_count_;
    }
}

void CallBook::forget_queue(board::QueueIx queue) {
    for (auto& closed : closed_) {
        const auto gone = std::remove_if(closed.begin(), closed.end(), [&](CallIx call) {
            if (calls_[call].queue != queue) return false;
            erase(call);
            --closed_count_;
            return true;
        });
        closed.erase(gone, closed.end());
    }
}

void CallBook::erase(CallIx call) {
    CallIx* at = &heads_[links_[call].hash & (heads_.size() - 1)];
    while (*at != call) at = &links_[*at].next;
    *at = links_[call].next;
    free_.push_back(call);
    --used_;
}

void CallBook::settle_later(CallIx call) {
    insert(settling(calls_[call].phase), &Links::place, call, [](const Call& a, const Call& b) {
        return std::tie(a.deadline, a.entry) < std::tie(b.deadline, b.entry);
    });
}
void CallBook::settle_no_more(CallIx call) {
    unlink(settling(calls_[call].phase), &Links::place, call);
}

void CallBook::connect(CallIx call) {
    const board::QueueIx queue = calls_[call].queue;
    if (connected_.size() <= queue) connected_.resize(queue + 1);
    insert(connected_[queue], &Links::place, call, [](const Call& a, const Call& b) {
        return std::tie(a.connected, a.entry) < std::tie(b.connected, b.entry);
    });
}
void CallBook::disconnect(CallIx call) {
    unlink(connected_[calls_[call].queue], &Links::place, call);
}

void CallBook::await_reply(CallIx call) {
    if (!calls_[call].unanswered()) return;
    insert(unanswered_, &Links::reply, call, [](const Call& a, const Call& b) {
        return std::tie(a.rounds->asked, a.entry) < std::tie(b.rounds->asked, b.entry);
    });
}
void CallBook::reply_no_more(CallIx call) {
    if (calls_[call].unanswered()) unlink(unanswered_, &Links::reply, call);
}

void CallBook::write(codec::Writer& out) const {
    out(entries_, open_);
    for_open([&](CallIx call) { out(calls_[call]); });
    out(closed_.size());
    for (const auto& closed : closed_) {
        out(closed.size());
        for (const CallIx call : closed) out(calls_[call]);
    }
}

void CallBook::read(codec::Reader& in, board::QueueIx queues) {
    *this = {};
    std::size_t open = 0;
    in(entries_, open);
    for (; open > 0 && in.ok(); --open) {
        Call call;
        in(call);
        if (!in.ok() || !call.open() || call.phase > Phase::closed || call.queue >= queues ||
            call.channel > Channel::front_desk)
            return in.fault();
        const std::uint32_t hash = hash_of(call.source, call.id);
        const CallIx slot = place(std::move(call), hash);
        insert_by_age(slot);
        await_reply(slot);
        ++open_;
        if (calls_[slot].settling()) settle_later(slot);
        if (calls_[slot].phase == Phase::connected) connect(slot);
    }
    std::size_t sources = 0;
    in(sources);
    if (sources > in.rest().size()) return in.fault();
    closed_.resize(sources);
    for (auto& closed : closed_) {
        std::size_t count = 0;
        in(count);
        for (; count > 0 && in.ok(); --count) {
            Call call;
            in(call);
            if (!in.ok() || call.phase != Phase::closed || call.queue >= queues ||
                call.channel > Channel::front_desk)
                return in.fault();
            const std::uint32_t hash = hash_of(call.source, call.id);
            closed.push_back(place(std::move(call), hash));
            ++closed_count_;
        }
    }
}

}  // namespace surged::acd
