#include "io/source/queue_log/members.hpp"

#include <algorithm>
#include <utility>

namespace surged::io::queue_log {

using acd::AgentState;

Members::Entry* Members::find(std::string_view member, bool create) {
    const auto at = members_.find(member);
    if (at != members_.end()) return &*at;
    if (!create || members_.size() >= members_max) return nullptr;
    return &*members_.emplace(std::string{member}, Member{}).first;
}

void Members::touch(Entry& entry) {
    if (!std::exchange(entry.second.touched, true)) touched_.push_back(&entry);
}

void Members::added(std::string_view member, std::string_view queue, bool paused) {
    Entry* const entry = find(member, true);
    if (entry == nullptr) return;
    Seat& seat = entry->second.seats[std::string{queue}];
    seat.paused = paused;
    seat.reason.clear();
    entry->second.off = false;
    touch(*entry);
}

void Members::removed(std::string_view member, std::string_view queue) {
    Entry* const entry = find(member, false);
    if (entry == nullptr) return;
    const auto seat = entry->second.seats.find(queue);
    if (seat == entry->second.seats.end()) return;
    entry->second.seats.erase(seat);
    gone_.push_back({std::string{member}, std::string{queue}});
}

void Members::paused(
    std::string_view member, std::string_view queue, bool paused, std::string_view reason
) {
    Entry* const entry = find(member, true);
    if (entry == nullptr) return;
    if (!queue.empty()) entry->second.seats.try_emplace(std::string{queue});
    for (auto& [name, seat] : entry->second.seats) {
        if (!queue.empty() && name != queue) continue;
        seat.paused = paused;
        seat.reason = paused ? reason : std::string_view{};
    }
    touch(*entry);
}

void Members::present(std::string_view member, bool there) {
    Entry* const entry = find(member, true);
    if (entry == nullptr) return;
    entry->second.off = !there;
    touch(*entry);
}

void Members::connected(std::string_view member, std::string_view queue, std::string_view call) {
    Entry* const entry = find(member, true);
    if (entry == nullptr) return;
    entry->second.seats.try_emplace(std::string{queue});
    entry->second.off = false;
    touch(*entry);
    const auto early = std::find(ended_early_.begin(), ended_early_.end(), call);
    if (early != ended_early_.end()) {
        ended_early_.erase(early);
        return;
    }
    if (talking_.size() >= calls_max) all_calls_ended();
    const auto [at, fresh] = talking_.emplace(std::string{call}, entry);
    if (!fresh) {  // the same call again: its end with the other one was not told
        --at->second->second.calls;
        touch(*at->second);
        at->second = entry;
    }
    ++entry->second.calls;
}

void Members::ended(std::string_view call) {
    constexpr std::size_t early_max = 32;
    const auto at = talking_.find(call);
    if (at == talking_.end()) {
        if (ended_early_.size() >= early_max) ended_early_.pop_front();
        ended_early_.emplace_back(call);
        return;
    }
    --at->second->second.calls;
    touch(*at->second);
    talking_.erase(at);
}

void Members::all_calls_ended() {
    talking_.clear();
    ended_early_.clear();
    std::vector<Entry*> talked;
    for (Entry& entry : members_)
        if (entry.second.calls > 0) talked.push_back(&entry);
    // What is told of them is journaled: in an order that is no table's.
    std::sort(talked.begin(), talked.end(), [](const Entry* a, const Entry* b) {
        return a->first < b->first;
    });
    for (Entry* const entry : talked) {
        entry->second.calls = 0;
        touch(*entry);
    }
}

// As the manager interface has it: paused goes before busy.
AgentState Members::state_of(const Member& member, const Seat& seat) {
    if (member.off) return AgentState::offline;
    if (seat.paused) return AgentState::paused;
    return member.calls > 0 ? AgentState::busy : AgentState::available;
}

std::vector<MemberChange> Members::take_changes() {
    std::vector<MemberChange> out;
    gone_told_ = std::exchange(gone_, {});
    out.reserve(gone_told_.size() + touched_.size());
    for (const Gone& gone : gone_told_)
        out.push_back({gone.member, AgentState::offline, {}, {gone.queue}});
    for (Entry* const entry : std::exchange(touched_, {})) {
        Member& member = entry->second;
        member.touched = false;
        const std::size_t first = out.size();
        for (auto& [queue, seat] : member.seats) {
            const AgentState state = state_of(member, seat);
            if (std::exchange(seat.told, true) && seat.state == state) continue;
            seat.state = state;
            const std::string_view reason =
                state == AgentState::paused ? std::string_view{seat.reason} : std::string_view{};
            const auto same = std::find_if(
                out.begin() + static_cast<std::ptrdiff_t>(first),
                out.end(),
                [&](const MemberChange& c) { return c.state == state && c.reason == reason; }
            );
            if (same != out.end())
                same->queues.emplace_back(queue);
            else
                out.push_back({entry->first, state, reason, {queue}});
        }
    }
    return out;
}

}  // namespace surged::io::queue_log
