#include "app/simulate/pbx.hpp"

#include "app/simulate/pbx_text.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace surged::app::simulate {
namespace {

std::string event(std::string_view name, std::string_view privilege) {
    return fmt::format("Event: {}\r\nPrivilege: {},all\r\n", name, privilege);
}

AmiEvent agent_event(std::string_view name, const std::string& fields, const std::string& rest) {
    return {event_class::agent, event(name, "agent") + fields + rest + "\r\n"};
}

constexpr std::array<std::string_view, 5> severities{"normal", "critical", "high", "normal", "low"};

}  // namespace

EventClass event_class::parse(std::string_view mask) {
    if (mask == "on" || mask == "all" || mask == "yes" || mask == "true" || mask == "1") return all;
    EventClass classes = 0;
    while (!mask.empty()) {
        const auto end = mask.find(',');
        const auto word = mask.substr(0, end);
        if (word == "system") classes |= system;
        if (word == "agent") classes |= agent;
        if (word == "dialplan") classes |= dialplan;
        if (word == "user") classes |= user;
        if (word == "all") classes |= all;
        mask.remove_prefix(end == std::string_view::npos ? mask.size() : end + 1);
    }
    return classes;
}

std::int64_t whole_seconds(Wall from, Wall to) { return epoch_s(to) - epoch_s(from); }

Pbx::Pbx(const Setup& setup, Wall start) : setup_{setup}, start_{start} {
    queues_.resize(setup_.queues.size());
    members_.resize(setup_.agents.size());
    for (std::uint32_t a = 0; a < members_.size(); ++a)
        for (const auto q : setup_.agents[a].queues) members_[a].queues[q] = {};
}

Wall Pbx::wall(const Happening& happening) const { return Wall{start_.us + happening.at.count()}; }

std::uint32_t Pbx::position(const Queue& queue, std::uint32_t call) const {
    const auto found = std::find(queue.waiting.begin(), queue.waiting.end(), call);
    return static_cast<std::uint32_t>(std::distance(queue.waiting.begin(), found)) + 1;
}

std::string Pbx::caller_fields(const Channel& channel, std::uint32_t queue) const {
    std::string out;
    line(out, "Channel: {}", channel.name);
    line(out, "ChannelState: 6");
    line(out, "ChannelStateDesc: Up");
    line(out, "CallerIDNum: {}", channel.number);
    line(out, "CallerIDName: {}", channel.caller);
    line(out, "ConnectedLineNum: <unknown>");
    line(out, "ConnectedLineName: <unknown>");
    line(out, "Language: zh");
    line(out, "AccountCode: ");
    line(out, "Context: toqueue");
    line(out, "Exten: q{}", setup_.queues[queue].name);
    line(out, "Priority: 3");
    line(out, "Uniqueid: {}", channel.uniqueid);
    line(out, "Linkedid: {}", channel.uniqueid);
    return out;
}

std::string Pbx::agent_fields(const Channel& channel, const Happening& h) const {
    const bool up = h.what != What::ringing && h.what != What::unanswered;
    const AgentSetup& agent = setup_.agents[h.agent];
    std::string out;
    line(out, "DestChannel: {}", channel.agent_channel);
    line(out, "DestChannelState: {}", up ? 6 : 0);
    line(out, "DestChannelStateDesc: {}", up ? "Up" : "Down");
    line(out, "DestCallerIDNum: {}", agent.interface.substr(agent.interface.find('/') + 1));
    line(out, "DestCallerIDName: {}", agent.name);
    line(out, "DestConnectedLineNum: {}", channel.number);
    line(out, "DestConnectedLineName: {}", channel.caller);
    line(out, "DestLanguage: zh");
    line(out, "DestAccountCode: ");
    line(out, "DestContext: agents");
    line(out, "DestExten: ");
    line(out, "DestPriority: 1");
    line(out, "DestUniqueid: {}", channel.agent_uniqueid);
    line(out, "DestLinkedid: {}", channel.uniqueid);
    line(out, "Queue: {}", setup_.queues[h.queue].name);
    line(out, "Interface: {}", agent.interface);
    line(out, "MemberName: {}", agent.name);
    return out;
}

std::string Pbx::member_fields(std::uint32_t agent, std::uint32_t queue) const {
    const Member& member = members_[agent];
    const Membership& here = member.queues.at(queue);
    std::string out;
    line(out, "StateInterface: {}", setup_.agents[agent].interface);
    line(out, "Membership: dynamic");
    line(out, "Penalty: 0");
    line(out, "CallsTaken: {}", here.calls_taken);
    line(out, "LastCall: {}", here.last_call);
    line(out, "LastPause: {}", member.last_pause);
    line(out, "LoginTime: {}", member.login_time);
    line(out, "InCall: {}", here.in_call ? 1 : 0);
    line(out, "Status: {}", member.status);
    line(out, "Paused: {}", member.paused ? 1 : 0);
    line(out, "PausedReason: {}", member.pause_reason);
    return out;
}

void Pbx::member_event(Events& out, std::uint32_t agent, std::string_view name) const {
    for (const auto& [queue, membership] : members_[agent].queues) {
        std::string fields;
        line(fields, "Queue: {}", setup_.queues[queue].name);
        line(fields, "MemberName: {}", setup_.agents[agent].name);
        line(fields, "Interface: {}", setup_.agents[agent].interface);
        fields += member_fields(agent, queue);
        out.push_back(agent_event(name, fields, "Ringinuse: 0\r\nWrapuptime: 0\r\n"));
    }
}

void Pbx::set_status(Events& out, std::uint32_t agent, int status) {
    members_[agent].status = status;
    member_event(out, agent, "QueueMemberStatus");
}

AmiEvent Pbx::queue_status_variable(
    const Channel& channel, std::uint32_t queue, std::string_view value
) const {
    std::string text = event("VarSet", "dialplan") + caller_fields(channel, queue);
    line(text, "Variable: QUEUESTATUS");
    line(text, "Value: {}", value);
    return {event_class::dialplan, text + "\r\n"};
}

// ---- what is said at each happening

std::vector<AmiEvent> Pbx::apply(const Happening& h) {
    Events out;
    switch (h.what) {
        case What::offered:
            on_offered(out, h);
            break;
        case What::refused:
            on_refused(out, h);
            break;
        case What::ringing:
            on_ringing(out, h);
            break;
        case What::unanswered: {
            const Channel& channel = channels_.at(h.call);
            const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(h.ring).count();
            out.push_back(agent_event(
                "AgentRingNoAnswer",
                caller_fields(channel, h.queue) + agent_fields(channel, h),
                fmt::format("RingTime: {}\r\n", ms)
            ));
            set_status(out, h.agent, 1);
            break;
        }
        case What::answered:
            on_answered(out, h);
            break;
        case What::abandoned:
        case What::exited:
            on_left(out, h);
            break;
        case What::completed:
        case What::transferred:
            on_completed(out, h);
            break;
        case What::logged_in:
            members_[h.agent].on = true;
            members_[h.agent].status = 1;
            members_[h.agent].login_time = epoch_s(wall(h));
            member_event(out, h.agent, "QueueMemberAdded");
            break;
        case What::logged_out:
            members_[h.agent].on = false;
            member_event(out, h.agent, "QueueMemberRemoved");
            break;
        case What::paused:
        case What::unpaused:
            on_pause(out, h);
            break;
        case What::complaint:
        case What::survey:
            on_user_event(out, h);
            break;
        case What::wrapped_up:  // app_queue leaves wrap-up to whoever listens
            break;
    }
    return out;
}

/// The caller's channel; a caller who was transferred keeps the one he came with.
Pbx::Channel& Pbx::channel_of(const Happening& h) {
    Channel& channel = channels_[h.call];
    if (!channel.uniqueid.empty()) return channel;
    const auto number = next_channel_++;
    channel.name = fmt::format("PJSIP/trunk-{:08x}", number);
    channel.uniqueid = fmt::format("{}.{}", epoch_s(wall(h)), number);
    channel.number = fmt::format("138{:08}", h.call);
    channel.caller = fmt::format("C{}", h.call);
    return channel;
}

void Pbx::enter_dialplan(Events& out, const Channel& channel, std::uint32_t queue) const {
    std::string text = event("Newexten", "dialplan") + caller_fields(channel, queue);
    line(text, "Extension: q{}", setup_.queues[queue].name);
    line(text, "Application: Queue");
    line(text, "AppData: {},tT,,,", setup_.queues[queue].name);
    out.push_back({event_class::dialplan, text + "\r\n"});
}

void Pbx::on_offered(Events& out, const Happening& h) {
    Queue& queue = queues_[h.queue];
    Channel& channel = channel_of(h);
    enter_dialplan(out, channel, h.queue);
    queue.waiting.push_back(h.call);
    channel.joined = wall(h);
    channel.queue = h.queue;
    channel.original_position = static_cast<std::uint32_t>(queue.waiting.size());
    out.push_back(agent_event(
        "QueueCallerJoin",
        caller_fields(channel, h.queue),
        fmt::format(
            "Queue: {}\r\nPosition: {}\r\nCount: {}\r\n",
            setup_.queues[h.queue].name,
            queue.waiting.size(),
            queue.waiting.size()
        )
    ));
}

void Pbx::on_refused(Events& out, const Happening& h) {
    const Channel& channel = channel_of(h);
    enter_dialplan(out, channel, h.queue);
    out.push_back(queue_status_variable(channel, h.queue, "FULL"));
    channels_.erase(h.call);
}

void Pbx::on_ringing(Events& out, const Happening& h) {
    Channel& channel = channels_.at(h.call);
    const auto number = next_channel_++;
    channel.agent_channel = fmt::format("{}-{:08x}", setup_.agents[h.agent].interface, number);
    channel.agent_uniqueid = fmt::format("{}.{}", epoch_s(wall(h)), number);
    out.push_back(
        agent_event("AgentCalled", caller_fields(channel, h.queue) + agent_fields(channel, h), "")
    );
    set_status(out, h.agent, 6);
}

void Pbx::leave(Events& out, const Happening& h) {
    Queue& queue = queues_[h.queue];
    const auto at = position(queue, h.call);
    queue.waiting.remove(h.call);
    out.push_back(agent_event(
        "QueueCallerLeave",
        caller_fields(channels_.at(h.call), h.queue),
        fmt::format(
            "Queue: {}\r\nPosition: {}\r\nCount: {}\r\n",
            setup_.queues[h.queue].name,
            at,
            queue.waiting.size()
        )
    ));
}

void Pbx::on_answered(Events& out, const Happening& h) {
    leave(out, h);
    const Channel& channel = channels_.at(h.call);
    Queue& queue = queues_[h.queue];
    const std::int64_t hold = whole_seconds(channel.joined, wall(h));
    queue.holdtime = (3 * queue.holdtime + hold) >> 2;
    const auto ring = std::chrono::duration_cast<Seconds>(h.ring).count();
    out.push_back(agent_event(
        "AgentConnect",
        caller_fields(channel, h.queue) + agent_fields(channel, h),
        fmt::format("HoldTime: {}\r\nRingTime: {}\r\n", hold, ring)
    ));
    members_[h.agent].queues.at(h.queue).in_call = true;
    set_status(out, h.agent, 2);
}

void Pbx::on_left(Events& out, const Happening& h) {
    const Channel& channel = channels_.at(h.call);
    Queue& queue = queues_[h.queue];
    const std::int64_t hold = whole_seconds(channel.joined, wall(h));
    if (!h.by_key) {  // Asterisk says "abandon" for a time-out too
        ++queue.abandoned;
        if (Seconds{hold} <= setup_.queues[h.queue].target) ++queue.abandoned_in_target;
        out.push_back(agent_event(
            "QueueCallerAbandon",
            caller_fields(channel, h.queue),
            fmt::format(
                "Queue: {}\r\nPosition: {}\r\nOriginalPosition: {}\r\nHoldTime: {}\r\n",
                setup_.queues[h.queue].name,
                position(queue, h.call),
                channel.original_position,
                hold
            )
        ));
    }
    leave(out, h);
    if (h.what == What::exited && !h.by_key)
        out.push_back(queue_status_variable(channel, h.queue, "TIMEOUT"));
    if (h.agent != nobody) set_status(out, h.agent, 1);
    channels_.erase(h.call);
}

void Pbx::on_completed(Events& out, const Happening& h) {
    const Channel& channel = channels_.at(h.call);
    Queue& queue = queues_[h.queue];
    const Wall answered{wall(h).us - h.talk.count()};
    const std::int64_t hold = whole_seconds(channel.joined, answered);
    const std::int64_t talk = whole_seconds(answered, wall(h));
    queue.talktime = (3 * queue.talktime + talk) >> 2;
    ++queue.completed;
    if (Seconds{hold} <= setup_.queues[h.queue].target) ++queue.completed_in_target;
    const std::string_view why = h.what == What::transferred ? "transfer"
                                 : h.by_agent                ? "agent"
                                                             : "caller";
    out.push_back(agent_event(
        "AgentComplete",
        caller_fields(channel, h.queue) + agent_fields(channel, h),
        fmt::format("HoldTime: {}\r\nTalkTime: {}\r\nReason: {}\r\n", hold, talk, why)
    ));
    Membership& here = members_[h.agent].queues.at(h.queue);
    here.in_call = false;
    ++here.calls_taken;
    here.last_call = epoch_s(wall(h));
    set_status(out, h.agent, 1);
    if (h.what == What::completed) channels_.erase(h.call);
}

void Pbx::on_pause(Events& out, const Happening& h) {
    Member& member = members_[h.agent];
    member.paused = h.what == What::paused;
    member.pause_reason = member.paused ? h.text : std::string_view{};
    if (member.paused) member.last_pause = epoch_s(wall(h));
    member_event(out, h.agent, "QueueMemberPause");
}

void Pbx::on_user_event(Events& out, const Happening& h) const {
    std::string text = event("UserEvent", "user");
    if (h.what == What::complaint) {
        line(text, "UserEvent: Complaint");
        line(text, "Queue: {}", setup_.queues[h.queue].name);
        line(text, "TicketId: T-{}", h.call);
        line(text, "Topic: {}", h.text);
        line(text, "Severity: {}", severities.at(static_cast<std::size_t>(h.severity)));
        line(text, "Status: opened");
    } else {
        line(text, "UserEvent: Survey");
        line(text, "Queue: {}", setup_.queues[h.queue].name);
        line(text, "Score: {}", h.score);
    }
    out.push_back({event_class::user, text + "\r\n"});
}

}  // namespace surged::app::simulate
