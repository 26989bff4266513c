#include "io/source/esl/members.hpp"

#include "io/source/esl/values.hpp"

#include <algorithm>
#include <vector>

namespace surged::io::esl {
namespace {

using acd::EventType;
using Phase = Member::Phase;

// A member whose bridge failed and who is still there after so long waits again: mod_callcenter
// itself gives a bridge three seconds.
constexpr Micros parted_span = 5s;

}  // namespace

// ---- Events

Members::Times Members::times_of(const Event& event) {
    const auto given = parse_micros(event.get(Key::timestamp));
    if (given) clock(*given);
    return {given, given.value_or(newest_)};
}

acd::Event Members::event_of(EventType type, const Event& event, const Times& times) {
    acd::Event out;
    out.type = type;
    out.ts = times.given;
    out.queue = out_.text(event.get(Key::queue));
    out.call = out_.text(event.get(Key::member));
    out.agent = out_.text(event.get(Key::agent));
    return out;
}

acd::Event Members::event_of(EventType type, Entry entry, std::optional<Wall> ts) {
    acd::Event out;
    out.type = type;
    out.ts = ts;
    out.queue = entry->second.queue;
    out.call = entry->first;
    out.agent = entry->second.agent;
    return out;
}

Members::Entry Members::find(const Event& event) {
    const Entry found = members_.find(event.get(Key::member));
    if (found == members_.end()) return found;
    found->second.heard = poll_;
    found->second.doubts = 0;
    return found;
}

Members::Entry Members::add(std::string_view id, std::string_view queue) {
    if (members_.size() >= most + over_most) {
        out_.note("limit");
        return members_.end();
    }
    const auto [entry, fresh] = members_.try_emplace(std::string{id});
    if (!fresh) entry->second = Member{};
    entry->second.queue = queue;
    entry->second.heard = poll_;
    return entry;
}

// A caller who resumes gave up his place before, and was counted for it: he enters again. The
// switch's own counters see it so, too (docs/reference/freeswitch.md).
void Members::joined(const Event& event) {
    const Times times = times_of(event);
    acd::Event out = event_of(EventType::offered, event, times);
    out.agent = {};
    if (!out_.want(out.queue) || !out_.want(out.call)) return;
    out.caller = out_.caller(event.get(Key::number), out.queue);
    out_.put(out);
    const Entry known = find(event);
    // Overtaken by what came of it.
    if (known != members_.end() && known->second.phase != Phase::waiting &&
        times.at <= known->second.changed)
        return;
    const Entry entry = add(out.call, out.queue);
    if (entry == members_.end()) return;
    entry->second.joined = times.at;
    entry->second.caller = out.caller;
}

void Members::offering(const Event& event) {
    const Times times = times_of(event);
    const Entry entry = find(event);
    if (entry != members_.end() && entry->second.phase == Phase::parted &&
        times.at > entry->second.changed)
        wait_again(entry);
}

void Members::bridge_started(const Event& event) {
    const Times times = times_of(event);
    acd::Event out = event_of(EventType::answered, event, times);
    if (!out_.want(out.queue) || !out_.want(out.call)) return;
    Entry entry = find(event);
    if (entry == members_.end()) {
        // Nobody saw him join: the switch says when, in whole seconds.
        const auto joined = parse_epoch(event.get(Key::joined));
        if (joined) out.wait = std::max(Micros{0}, Micros{times.at.us - joined->us});
        entry = add(out.call, out.queue);
    } else if (entry->second.phase == Phase::parted) {
        wait_again(entry);
    } else if (entry->second.phase == Phase::over && entry->second.canceled) {
        return;  // overtaken by his leaving, which is counted
    }
    out_.put(out);
    if (entry == members_.end() || entry->second.phase == Phase::over) return;
    entry->second.phase = Phase::answered;
    entry->second.agent = out.agent;
    entry->second.changed = times.at;
    entry->second.counted = true;
}

void Members::bridge_ended(const Event& event, std::optional<Micros> wrap) {
    const std::string_view disposition = event.get(Key::disposition);
    const bool transfer = disposition == "BLIND_TRANSFER" || disposition == "ATTENDED_TRANSFER";
    const auto type = transfer ? EventType::transferred : EventType::completed;
    if (event.get(Key::bridged) != "false")
        return complete(event, event.get(Key::terminated), wrap, type);
    const Times times = times_of(event);
    const Entry entry = find(event);
    if (entry == members_.end() || entry->second.phase != Phase::answered) return;
    out_.put(event_of(EventType::completed, event, times));
    entry->second.phase = Phase::parted;
    entry->second.changed = times.at;
}

// The call is over. It is said twice, of the bridge and of the member: the first counts.
void Members::complete(
    const Event& event, std::string_view until, std::optional<Micros> wrap, EventType type
) {
    const Times times = times_of(event);
    acd::Event out = event_of(type, event, times);
    if (!out_.want(out.queue) || !out_.want(out.call)) return;
    Entry entry = find(event);
    if (entry != members_.end() && entry->second.phase == Phase::over) return;
    // What the floor measures itself is finer than these whole seconds.
    const bool seen =
        entry != members_.end() && entry->second.phase == Phase::answered && entry->second.counted;
    if (!seen) out.talk = span_of(event.get(Key::answered), until);
    out.wrap = wrap;
    out_.put(out);
    if (entry == members_.end()) entry = add(out.call, out.queue);
    if (entry != members_.end()) over(entry, times.at, false);
}

void Members::ended(const Event& event, std::optional<Micros> wrap) {
    if (event.get(Key::cause) == "Terminated")
        return complete(event, event.get(Key::leaving), wrap, EventType::completed);
    const Times times = times_of(event);
    acd::Event out = event_of(EventType::abandoned, event, times);
    out.agent = {};
    if (!out_.want(out.queue) || !out_.want(out.call)) return;
    Entry entry = find(event);
    if (entry != members_.end() && entry->second.phase == Phase::over) return;
    if (entry != members_.end() && entry->second.phase == Phase::parted) {
        if (times.at.us - entry->second.changed.us < parted_span.count())
            return over(entry, times.at, true);  // it failed because he had hung up
        wait_again(entry);
    }
    if (entry != members_.end() && entry->second.phase == Phase::answered) {
        // He hung up just as the agent answered: that has been counted, so the call is over.
        out_.put(event_of(EventType::completed, entry, times.given));
        return over(entry, times.at, true);
    }
    const Canceled canceled = parse_cancel(
        event.get(Key::cancel_reason), event.get(Key::answer_state), event.get(Key::hangup_cause)
    );
    if (!canceled.known) out_.note("out_of_range");
    if (canceled.exit) {
        out.type = EventType::exited;
        out.exit = canceled.exit;
    }
    const auto joined = parse_epoch(event.get(Key::joined));
    if (entry == members_.end() && joined)
        out.wait = std::max(Micros{0}, Micros{times.at.us - joined->us});
    out_.put(out);
    if (entry == members_.end()) entry = add(out.call, out.queue);
    if (entry != members_.end()) over(entry, times.at, true);
}

// ---- Changes

// His bridge had failed, and he is still there.
void Members::wait_again(Entry entry) {
    Member& member = entry->second;
    member.agent.clear();
    acd::Event out = event_of(EventType::offered, entry, member.changed);
    out.caller = member.caller;
    out_.put(out);
    member.phase = Phase::waiting;
    member.joined = member.changed;
    member.doubts = 0;
}

// His call is over, and nobody said when.
void Members::finish(Entry entry, std::optional<Wall> end) {
    Member& member = entry->second;
    if (member.counted) {
        if (end && *end < member.changed) end.reset();
        out_.put(event_of(EventType::completed, entry, end));
    }
    over(entry, newest_, false);
    member.concluded = true;
}

void Members::over(Entry entry, Wall at, bool canceled) {
    entry->second.phase = Phase::over;
    entry->second.changed = at;
    entry->second.canceled = canceled;
    entry->second.concluded = false;
    over_.push_back(entry->first);
    if (over_.size() <= over_most) return;
    const Entry oldest = members_.find(over_.front());
    over_.pop_front();
    if (oldest != members_.end() && oldest->second.phase == Phase::over) members_.erase(oldest);
}

bool Members::doubted(Member& member) { return first_ || ++member.doubts >= 2; }

// ---- Tables

void Members::row(const Table::Row& row, std::string_view queue, const AgentOf& agent_of) {
    const std::string_view id = out_.text(row.get("uuid"));
    if (!out_.want(id)) return;
    const Entry entry = members_.find(id);
    const std::string_view state = row.get("state");
    if (state == "Abandoned") return;  // gone: kept in case he calls again
    if (entry != members_.end()) entry->second.listed = poll_;
    if (state == "Waiting" || state == "Trying")
        waiting_row(entry, id, row, queue);
    else if (state == "Answered")
        answered_row(entry, id, row, queue, agent_of);
    else
        out_.note("out_of_range");
}

void Members::waiting_row(
    Entry entry, std::string_view id, const Table::Row& row, std::string_view queue
) {
    const Wall joined = std::max(
        parse_epoch(row.get("joined_epoch")).value_or(Wall{}),
        parse_epoch(row.get("rejoined_epoch")).value_or(Wall{})
    );
    if (entry != members_.end()) {
        Member& member = entry->second;
        if (member.phase == Phase::waiting) {
            member.doubts = 0;
            return;
        }
        if (member.phase == Phase::parted) return wait_again(entry);
        if (member.phase == Phase::answered) return;  // his bridge is being made
        if (joined <= member.changed && !member.concluded) {
            outdated_.emplace(queue);
            return;
        }
    }
    const bool was_given_up = entry != members_.end() && entry->second.concluded;
    entry = add(id, queue);
    if (entry == members_.end()) return;
    entry->second.listed = poll_;
    entry->second.joined = joined.us > 0 && !was_given_up ? joined : newest_;
    entry->second.caller = out_.caller(row.get("cid_number"), queue);
    if (first_) return;  // the snapshot names him
    acd::Event out = event_of(EventType::snapshot_call, entry, entry->second.joined);
    if (was_given_up) out.ts.reset();  // he enters again now
    out.caller = entry->second.caller;
    out_.put(out);
}

void Members::answered_row(
    Entry entry,
    std::string_view id,
    const Table::Row& row,
    std::string_view queue,
    const AgentOf& agent_of
) {
    const auto bridged = parse_epoch(row.get("bridge_epoch"));
    if (entry == members_.end()) {  // answered before we came: not ours to count
        entry = add(id, queue);
        if (entry == members_.end()) return;
        entry->second.listed = poll_;
        entry->second.phase = Phase::answered;
        entry->second.counted = false;
        entry->second.agent = out_.text(row.get("serving_agent"));
        entry->second.changed = bridged.value_or(newest_);
        return;
    }
    Member& member = entry->second;
    if (member.phase == Phase::answered || member.phase == Phase::parted) {
        // The row outlives the call now and then: is his agent still in it?
        const Serving serving = agent_of(member.agent, member.changed);
        if (serving.in_call)
            member.doubts = 0;
        else if (++member.doubts >= 2)
            finish(entry, serving.last_bridge_end);
        return;
    }
    if (member.phase != Phase::waiting || !doubted(member)) return;
    member.agent = out_.text(row.get("serving_agent"));
    member.phase = Phase::answered;
    member.changed = std::max(member.joined, bridged.value_or(newest_));
    member.doubts = 0;
    out_.put(event_of(EventType::answered, entry, member.changed));
}

void Members::end_poll(const AgentOf& agent_of) {
    std::vector<Entry> missing;
    for (auto entry = members_.begin(); entry != members_.end(); ++entry) {
        const Member& member = entry->second;
        if (member.phase != Phase::over && member.listed != poll_ && member.heard != poll_ &&
            !outdated_.contains(member.queue))
            missing.push_back(entry);
    }
    for (const Entry entry : missing) {
        Member& member = entry->second;
        if (!doubted(member)) continue;
        if (member.phase == Phase::answered) {
            finish(entry, agent_of(member.agent, member.changed).last_bridge_end);
            continue;
        }
        // At the first poll the snapshot that follows says so of all who are gone.
        if (member.phase == Phase::waiting && !first_) {
            acd::Event out = event_of(EventType::exited, entry, std::nullopt);
            out.exit = acd::ExitReason::unknown;
            out_.put(out);
        }
        over(entry, newest_, true);
        member.concluded = true;
    }
    first_ = false;
}

void Members::snapshot() {
    for (auto entry = members_.begin(); entry != members_.end(); ++entry) {
        const Member& member = entry->second;
        if (member.phase != Phase::waiting) continue;
        acd::Event out = event_of(EventType::snapshot_call, entry, member.joined);
        out.caller = member.caller;
        out_.put(out);
    }
}

std::size_t Members::waiting() const {
    return static_cast<std::size_t>(std::count_if(
        members_.begin(),
        members_.end(),
        [](const auto& entry) { return entry.second.phase == Phase::waiting; }
    ));
}

}  // namespace surged::io::esl
