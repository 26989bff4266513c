#include "io/source/ami/decode.hpp"

#include "io/http/utf8.hpp"
#include "io/source/ami/values.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace surged::io::ami {
namespace {

using acd::AgentState;
using acd::Event;
using acd::EventType;
using acd::ExitReason;
using acd::RefuseReason;

constexpr std::size_t text_bytes_max = 512;  // Asterisk's own names are at most 80
constexpr std::int64_t seconds_max = 366LL * 24 * 3600;

/// What the variable QUEUESTATUS says when a caller comes back from Queue().
/// @source asterisk/asterisk 22.10.1, apps/app_queue.c, queue_results
std::optional<ExitReason> exit_of(std::string_view status) {
    if (status == "TIMEOUT") return ExitReason::timeout;
    if (status == "WITHDRAW") return ExitReason::withdrawn;
    if (status == "LEAVEEMPTY" || status == "LEAVEUNAVAIL") return ExitReason::empty;
    return std::nullopt;
}
std::optional<RefuseReason> refusal_of(std::string_view status) {
    if (status == "FULL") return RefuseReason::full;
    if (status == "JOINEMPTY" || status == "JOINUNAVAIL") return RefuseReason::empty;
    return std::nullopt;
}

}  // namespace

Decoder::Decoder(CallerHash caller_hash) : caller_hash_{std::move(caller_hash)} {}

const Decoder::Entry* Decoder::find_handler(std::string_view event) {
    // Frequent ones first. What is not here is no news: AgentCalled, AgentRingNoAnswer and
    // AgentDump are told again by the member's state.
    static constexpr std::array<Entry, 21> table{
        {
         {"VarSet", &Decoder::variable},
         {"Newexten", &Decoder::extension},
         {"QueueMemberStatus", &Decoder::member},
         {"QueueCallerJoin", &Decoder::joined},
         {"QueueCallerLeave", &Decoder::left},
         {"QueueCallerAbandon", &Decoder::abandoned},
         {"AgentConnect", &Decoder::connected},
         {"AgentComplete", &Decoder::completed},
         {"QueueMember", &Decoder::member_row},
         {"QueueEntry", &Decoder::entry_row},
         {"QueueParams", &Decoder::queue_row},
         {"QueueStatusComplete", &Decoder::list_complete},
         {"QueueMemberAdded", &Decoder::member},
         {"QueueMemberRemoved", &Decoder::member_removed},
         {"QueueMemberPause", &Decoder::member},
         {"QueueMemberPenalty", &Decoder::member},
         {"QueueMemberRinginuse", &Decoder::member},
         {"UserEvent", &Decoder::user_event},
         {"FullyBooted", &Decoder::fully_booted},
         {"Shutdown", &Decoder::shutdown},
         {"Reload", &Decoder::reload},
         }
    };
    const auto at = std::find_if(table.begin(), table.end(), [&](const Entry& entry) {
        return entry.event == event;
    });
    return at == table.end() ? nullptr : at;
}

void Decoder::expect_snapshot(std::string action_id) {
    snapshot_id_ = std::move(action_id);
    snapshot_begun_ = false;
}

Decoded Decoder::decode(const Frame& frame, acd::Batch& out) {
    out_ = &out;
    decoded_ = Decoded{};
    texts_.clear();
    if (!frame.is_event()) {
        response(frame);
    } else if (const Entry* entry = find_handler(frame.name())) {
        (this->*entry->handler)(frame);
    }
    return decoded_;
}

// ---- Callers

void Decoder::joined(const Frame& frame) {
    Event event = event_of(EventType::offered, frame);
    if (!want(event.queue) || !want(event.call)) return;
    caller_of(frame, event);
    put(event);
}

void Decoder::abandoned(const Frame& frame) {
    Event event = event_of(EventType::abandoned, frame);
    if (!want(event.queue) || !want(event.call)) return;
    event.wait = seconds(frame.get("HoldTime"));
    event.provisional = true;  // sent for a timeout, a withdrawal and an empty queue as well
    put(event);
}

void Decoder::left(const Frame& frame) {
    const Event event = event_of(EventType::left, frame);
    if (!want(event.queue) || !want(event.call)) return;
    put(event);
}

void Decoder::connected(const Frame& frame) {
    Event event = event_of(EventType::answered, frame);
    if (!want(event.queue) || !want(event.call)) return;
    event.agent = text(frame.get("Interface"));
    event.wait = seconds(frame.get("HoldTime"));
    put(event);
}

void Decoder::completed(const Frame& frame) {
    const bool transfer = frame.get("Reason") == "transfer";
    Event event = event_of(transfer ? EventType::transferred : EventType::completed, frame);
    event.agent = text(frame.get("Interface"));
    // After a transfer, and now and then after a plain hang-up, no channel is named: the agent's
    // interface finds the call.
    if (!want(event.queue) || (event.call.empty() && !want(event.agent))) return;
    event.talk = seconds(frame.get("TalkTime"));
    put(event);
}

// Before Queue() runs, the dialplan says so: `AppData: support,tT,,,60`.
void Decoder::extension(const Frame& frame) {
    dialplan_seen_ = true;
    if (frame.get("Application") != "Queue") return;
    const std::string_view data = frame.get("AppData");
    const std::string_view queue = data.substr(0, data.find(','));
    const std::string_view channel_id = frame.get("Uniqueid");
    if (queue.empty() || channel_id.empty() || data.size() > text_bytes_max) return;
    queue_of_.set(channel_id, queue);
}

void Decoder::variable(const Frame& frame) {
    dialplan_seen_ = true;
    if (frame.get("Variable") != "QUEUESTATUS") return;
    const std::string_view status = frame.get("Value");
    const std::string_view channel_id = frame.get("Uniqueid");
    if (!want(channel_id)) return;
    if (const auto exit = exit_of(status)) {
        settled(channel_id, *exit);
    } else if (const auto refusal = refusal_of(status)) {
        refused(channel_id, *refusal);
    } else if (status == "UNKNOWN") {
        bad("unknown_queue");  // the dialplan sent a caller to a queue that does not exist
    }
    // CONTINUE and what a later release may add: the events of the call have told it all.
    queue_of_.erase(channel_id);
}

void Decoder::settled(std::string_view channel_id, ExitReason why) {
    Event event;
    event.type = EventType::settled;
    event.queue = text(queue_of_.find(channel_id));
    event.call = text(channel_id);
    event.exit = why;
    put(event);
}

void Decoder::refused(std::string_view channel_id, RefuseReason why) {
    Event event;
    event.type = EventType::refused;
    event.queue = text(queue_of_.find(channel_id));
    event.refuse = why;
    if (!want(event.queue)) return;  // Queue() was not seen: run by a macro, or before we came
    put(event);
}

// ---- Members

void Decoder::member(const Frame& frame) {
    const auto state = parse_member_state(frame.get("Status"), frame.get("Paused"));
    if (!state) return bad("missing_field");
    member_state(frame, *state);
}

void Decoder::member_removed(const Frame& frame) { member_state(frame, AgentState::offline); }

void Decoder::member_state(const Frame& frame, AgentState state) {
    Event event = event_of(EventType::agent_state, frame);
    event.agent = text(frame.get("Interface"));
    if (!want(event.queue) || !want(event.agent)) return;
    event.state = state;
    event.reason = text(frame.get("PausedReason"));
    if (event.reason.empty()) event.reason = text(frame.get("Reason"));  // Asterisk up to 16
    event.queues.push_back(event.queue);
    put(event);
}

// ---- Complaints and surveys

void Decoder::user_event(const Frame& frame) {
    const std::string_view name = frame.get("UserEvent");
    if (same_word(name, "Complaint")) return complaint(frame);
    if (same_word(name, "Survey")) return survey(frame);
}

void Decoder::complaint(const Frame& frame) {
    Event event = event_of(EventType::complaint, frame);
    event.queue = text(frame.get_last("Queue"));
    event.call = text(frame.get_last("Uniqueid"));
    if (!want(event.queue)) return;
    event.ticket = text(frame.get_last("TicketId"));
    event.topic = text(frame.get_last("Topic"));
    const std::string_view severity = frame.get_last("Severity");
    event.severity = parse_severity(severity);
    if (event.severity == 0 && !severity.empty()) note("out_of_range");
    const std::string_view status = frame.get_last("Status");
    for (const auto known :
         {acd::TicketStatus::opened, acd::TicketStatus::assigned, acd::TicketStatus::closed})
        if (same_word(status, name_of(known))) event.status = known;
    if (!event.status && !status.empty()) note("out_of_range");
    put(event);
}

void Decoder::survey(const Frame& frame) {
    Event event = event_of(EventType::survey, frame);
    event.queue = text(frame.get_last("Queue"));
    event.call = text(frame.get_last("Uniqueid"));
    if (!want(event.queue)) return;
    const auto score = parse_count(frame.get_last("Score"));
    if (!score) return bad("missing_field");
    if (*score > 100) return bad("out_of_range");
    event.score = static_cast<std::int32_t>(*score);
    put(event);
}

// ---- The server itself

void Decoder::shutdown(const Frame& frame) {
    put(event_of(EventType::stopping, frame));
    decoded_.meaning = Meaning::stopping;
}

void Decoder::fully_booted(const Frame&) { decoded_.meaning = Meaning::fully_booted; }

void Decoder::reload(const Frame& frame) {
    const std::string_view module = frame.get("Module");
    if (module == "All" || module.starts_with("app_queue")) decoded_.meaning = Meaning::reloaded;
}

// ---- The snapshot

bool Decoder::of_snapshot(const Frame& frame) const {
    return !snapshot_id_.empty() && frame.get("ActionID") == snapshot_id_;
}

void Decoder::response(const Frame& frame) {
    decoded_.meaning = Meaning::response;
    if (!of_snapshot(frame) || frame.name() != "Success") return;
    Event event;
    event.type = EventType::snapshot_begin;
    put(event);
    snapshot_begun_ = true;
    decoded_.meaning = Meaning::snapshot_begun;
}

void Decoder::queue_row(const Frame& frame) {
    if (!of_snapshot(frame)) return;
    Event event;
    event.type = EventType::snapshot_queue;
    event.queue = text(frame.get("Queue"));
    if (!want(event.queue)) return;
    const auto target = seconds(frame.get("ServiceLevel"));
    if (target > Micros{0}) event.target = target;  // 0: the PBX has none set
    put(event);
}

void Decoder::member_row(const Frame& frame) {
    if (!of_snapshot(frame)) return;
    Event event;
    event.type = EventType::snapshot_agent;
    event.queue = text(frame.get("Queue"));
    event.agent = text(frame.get("Location"));
    if (!want(event.queue) || !want(event.agent)) return;
    event.state = parse_member_state(frame.get("Status"), frame.get("Paused"));
    if (!event.state) return bad("missing_field");
    event.reason = text(frame.get("PausedReason"));
    put(event);
}

void Decoder::entry_row(const Frame& frame) {
    if (!of_snapshot(frame)) return;
    Event event;
    event.type = EventType::snapshot_call;
    event.queue = text(frame.get("Queue"));
    event.call = text(frame.get("Uniqueid"));
    if (!want(event.queue) || !want(event.call)) return;
    event.wait = seconds(frame.get("Wait"));
    caller_of(frame, event);
    put(event);
}

void Decoder::list_complete(const Frame& frame) {
    if (!of_snapshot(frame) || !snapshot_begun_) return;
    Event event;
    event.type = EventType::snapshot_end;
    put(event);
    expect_snapshot({});
    decoded_.meaning = Meaning::snapshot_ended;
}

// ---- Parts of an event

Event Decoder::event_of(EventType type, const Frame& frame) {
    Event event;
    event.type = type;
    event.ts = parse_timestamp(frame.get("Timestamp"));
    event.queue = text(frame.get("Queue"));
    event.call = text(frame.get("Uniqueid"));
    return event;
}

std::string_view Decoder::text(std::string_view value) {
    if (value.size() > text_bytes_max) {
        note("out_of_range");
        return {};
    }
    if (is_utf8(value)) return value;
    note("bad_utf8");
    return texts_.emplace_back(escape_to_utf8(value));
}

std::optional<Micros> Decoder::seconds(std::string_view value) {
    if (value.empty()) return std::nullopt;
    const auto count = parse_count(value);
    if (count && *count <= seconds_max) return Seconds{*count};
    note("out_of_range");
    return std::nullopt;
}

void Decoder::caller_of(const Frame& frame, Event& event) {
    const std::string_view number = frame.get("CallerIDNum");
    if (!caller_hash_ || number.empty() || number == "<unknown>") return;
    event.caller = texts_.emplace_back(caller_hash_(number, event.queue));
}

bool Decoder::want(std::string_view value) {
    if (!value.empty()) return true;
    bad(decoded_.reason.empty() ? std::string_view{"missing_field"} : decoded_.reason);
    return false;
}

void Decoder::put(const Event& event) {
    out_->append(event);
    decoded_.meaning = Meaning::events;
}

void Decoder::bad(std::string_view reason) {
    decoded_.meaning = Meaning::bad;
    decoded_.reason = reason;
}

void Decoder::note(std::string_view reason) { decoded_.reason = reason; }

}  // namespace surged::io::ami
