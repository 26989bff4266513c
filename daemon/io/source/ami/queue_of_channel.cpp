#include "io/source/ami/queue_of_channel.hpp"

#include <cstddef>

namespace surged::io::ami {
namespace {

// A channel that hangs up while waiting gives no further event of class dialplan, so entries stay
// behind; the oldest make room.
constexpr std::size_t channels_max = 20'000;

}  // namespace

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
