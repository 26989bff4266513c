// The queue a channel last asked for, as the dialplan told it. Bounded.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace surged::io::ami {

/// A caller turned away at the door never joins, so the event that says so names no queue: it is
/// the one that the dialplan gave to Queue() on his channel.
class QueueOfChannel {
public:
    void set(std::string_view channel_id, std::string_view queue);
    /// Empty if it is not known.
    [[nodiscard]] std::string_view find(std::string_view channel_id) const;
    void erase(std::string_view channel_id);

private:
    std::map<std::string, std::string, std::less<>> queues_;
    std::deque<std::string> order_;  // oldest first; may name what was erased since
};

}  // namespace surged::io::ami
