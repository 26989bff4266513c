// What the decoder must remember between frames, bounded.
#pragma once

#include "core/acd/event.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace surged::io::ami {

/// Calls and members told of by events while a QueueStatus list was under way. The list holds each
/// queue as it was when its turn came, so who came after that stands only here.
class Seen {
public:
    void joined(std::string_view queue, std::string_view call);
    void left(std::string_view queue, std::string_view call);
    void member(std::string_view queue, std::string_view agent, acd::AgentState state);
    void removed(std::string_view queue, std::string_view agent);
    /// Names them all as rows of the snapshot and forgets them.
    void name_all(acd::Batch& out);
    void clear();

private:
    using Key = std::pair<std::string, std::string>;
    std::set<Key> calls_;  // (queue, call)
    std::map<Key, acd::AgentState> members_;
};

/// The queue a channel last asked for, from the dialplan. A caller turned away at the door never
/// joins, so the event that says so names no queue.
class QueueOfChannel {
public:
    void set(std::string_view channel_id, std::string_view queue);
    /// Empty if it is not known.
    [[nodiscard]] std::string_view find(std::string_view channel_id) const;
    void erase(std::string_view channel_id);

private:
    std::map<std::string, std::string, std::less<>> queues_;
    std::deque<std::string> order_;  // oldest first
};

}  // namespace surged::io::ami
