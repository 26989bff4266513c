#include "io/source/ami/seen.hpp"

namespace surged::io::ami {
namespace {

// A list takes milliseconds; this is only so that a server that never ends one fills no memory.
constexpr std::size_t seen_max = 100'000;
// A channel that hangs up while waiting gives no further event of class dialplan, so entries stay
// behind; the oldest make room.
constexpr std::size_t channels_max = 20'000;

}  // namespace

void Seen::joined(std::string_view queue, std::string_view call) {
    if (calls_.size() < seen_max) calls_.emplace(queue, call);
}

void Seen::left(std::string_view queue, std::string_view call) { calls_.erase(Key{queue, call}); }

void Seen::member(std::string_view queue, std::string_view agent, acd::AgentState state) {
    if (members_.size() < seen_max) members_.insert_or_assign(Key{queue, agent}, state);
}

void Seen::removed(std::string_view queue, std::string_view agent) {
    members_.erase(Key{queue, agent});
}

void Seen::name_all(acd::Batch& out) {
    for (const auto& [key, state] : members_) {
        acd::Event row;
        row.type = acd::EventType::snapshot_agent;
        row.queue = key.first;
        row.agent = key.second;
        row.state = state;
        out.append(row);
    }
    for (const auto& [queue, call] : calls_) {
        acd::Event row;
        row.type = acd::EventType::snapshot_call;
        row.queue = queue;
        row.call = call;
        out.append(row);
    }
    clear();
}

void Seen::clear() {
    calls_.clear();
    members_.clear();
}

void QueueOfChannel::set(std::string_view channel_id, std::string_view queue) {
    const auto [at, fresh] = queues_.insert_or_assign(std::string{channel_id}, std::string{queue});
    if (!fresh) return;
    order_.push_back(at->first);
    if (order_.size() <= channels_max) return;
    queues_.erase(order_.front());
    order_.pop_front();
}

std::string_view QueueOfChannel::find(std::string_view channel_id) const {
    const auto at = queues_.find(channel_id);
    return at == queues_.end() ? std::string_view{} : std::string_view{at->second};
}

void QueueOfChannel::erase(std::string_view channel_id) {
    const auto at = queues_.find(channel_id);
    if (at != queues_.end()) queues_.erase(at);
}

}  // namespace surged::io::ami
