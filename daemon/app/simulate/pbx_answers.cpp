// What the simulated manager interface answers when it is asked for its queues.
#include "app/simulate/pbx.hpp"
#include "app/simulate/pbx_text.hpp"

#include <fmt/format.h>

namespace surged::app::simulate {
namespace {

std::string list_end(std::string_view name, std::string_view action_id, std::size_t items) {
    std::string out = fmt::format("Event: {}Complete\r\n", name);
    if (!action_id.empty()) line(out, "ActionID: {}", action_id);
    line(out, "EventList: Complete");
    line(out, "ListItems: {}", items);
    return out + "\r\n";
}

std::string item_end(std::string_view action_id) {
    return action_id.empty() ? "\r\n" : fmt::format("ActionID: {}\r\n\r\n", action_id);
}

}  // namespace

std::string Pbx::queue_item(std::uint32_t q) const {
    const Queue& queue = queues_[q];
    const auto share = [](std::uint64_t part, std::uint64_t whole) {
        return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
    };
    const auto in_target = queue.completed_in_target + queue.abandoned_in_target;
    std::string out = "Event: QueueParams\r\n";
    line(out, "Queue: {}", setup_.queues[q].name);
    line(out, "Max: {}", setup_.queues[q].waiting_max);
    line(out, "Strategy: leastrecent");
    line(out, "Calls: {}", queue.waiting.size());
    line(out, "Holdtime: {}", queue.holdtime);
    line(out, "TalkTime: {}", queue.talktime);
    line(out, "Completed: {}", queue.completed);
    line(out, "Abandoned: {}", queue.abandoned);
    line(
        out,
        "ServiceLevel: {}",
        std::chrono::duration_cast<Seconds>(setup_.queues[q].target).count()
    );
    line(out, "ServicelevelPerf: {:.1f}", share(queue.completed_in_target, queue.completed));
    line(out, "ServicelevelPerf2: {:.1f}", share(in_target, queue.completed + queue.abandoned));
    line(out, "Weight: 0");
    return out;
}

std::string Pbx::member_item(std::uint32_t agent, std::uint32_t queue) const {
    std::string out = "Event: QueueMember\r\n";
    line(out, "Queue: {}", setup_.queues[queue].name);
    line(out, "Name: {}", setup_.agents[agent].name);
    line(out, "Location: {}", setup_.agents[agent].interface);
    return out + member_fields(agent, queue) + "Wrapuptime: 0\r\n";
}

std::string Pbx::entry_item(std::uint32_t call, std::uint32_t at, Wall now) const {
    const Channel& channel = channels_.at(call);
    std::string out = "Event: QueueEntry\r\n";
    line(out, "Queue: {}", setup_.queues[channel.queue].name);
    line(out, "Position: {}", at);
    line(out, "Channel: {}", channel.name);
    line(out, "Uniqueid: {}", channel.uniqueid);
    line(out, "CallerIDNum: {}", channel.number);
    line(out, "CallerIDName: {}", channel.caller);
    line(out, "ConnectedLineNum: unknown");
    line(out, "ConnectedLineName: unknown");
    line(out, "Wait: {}", whole_seconds(channel.joined, now));
    line(out, "Priority: 0");
    return out;
}

std::string Pbx::queue_status(
    std::string_view action_id, std::string_view queue, std::string_view member, Wall now
) const {
    std::string out;
    std::size_t items = 0;
    const auto add = [&](const std::string& item) {
        out += item + item_end(action_id);
        ++items;
    };
    for (std::uint32_t q = 0; q < queues_.size(); ++q) {
        if (!queue.empty() && queue != setup_.queues[q].name) continue;
        add(queue_item(q));
        for (std::uint32_t a = 0; a < members_.size(); ++a) {
            if (!members_[a].on || members_[a].queues.count(q) == 0) continue;
            if (!member.empty() && member != setup_.agents[a].interface) continue;
            add(member_item(a, q));
        }
        std::uint32_t at = 0;
        for (const auto call : queues_[q].waiting) add(entry_item(call, ++at, now));
    }
    return out + list_end("QueueStatus", action_id, items);
}

std::string Pbx::queue_summary(std::string_view action_id, std::string_view queue, Wall now) const {
    std::string out;
    std::size_t items = 0;
    for (std::uint32_t q = 0; q < queues_.size(); ++q) {
        if (!queue.empty() && queue != setup_.queues[q].name) continue;
        std::size_t staffed = 0, available = 0;
        for (const Member& member : members_) {
            if (!member.on || member.queues.count(q) == 0) continue;
            ++staffed;
            if (!member.paused && member.status == 1) ++available;
        }
        const auto& waiting = queues_[q].waiting;
        const auto longest =
            waiting.empty() ? 0 : whole_seconds(channels_.at(waiting.front()).joined, now);
        out += "Event: QueueSummary\r\n";
        line(out, "Queue: {}", setup_.queues[q].name);
        line(out, "LoggedIn: {}", staffed);
        line(out, "Available: {}", available);
        line(out, "Callers: {}", waiting.size());
        line(out, "HoldTime: {}", queues_[q].holdtime);
        line(out, "TalkTime: {}", queues_[q].talktime);
        line(out, "LongestHoldTime: {}", longest);
        out += item_end(action_id);
        ++items;
    }
    return out + list_end("QueueSummary", action_id, items);
}

}  // namespace surged::app::simulate
