#include "io/source/queue_log/decode.hpp"

#include "io/http/utf8.hpp"
#include "io/source/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace surged::io::queue_log {
namespace {

using acd::AgentState;
using acd::Event;
using acd::EventType;
using acd::ExitReason;

constexpr std::size_t text_bytes_max = 256;  // the core takes no longer ones
constexpr std::int64_t seconds_max = 366LL * 24 * 3600;
constexpr std::int64_t disorder_us = 3'000'000;  // threads write one file

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x80;
    });
}

}  // namespace

Decoder::Decoder(DecoderOptions options) : options_{std::move(options)} {}

const Decoder::Entry* Decoder::find_entry(std::string_view event) {
    // Frequent ones first. Nothing is known of a caller or a member by the ones without a handler
    // that another line does not tell; RINGNOANSWER and RINGCANCELED are in milliseconds, and a
    // busy member in a queue that rings all writes one at each retry.
    static constexpr std::array<Entry, 33> table{
        {
         {"ENTERQUEUE", &Decoder::entered},
         {"CONNECT", &Decoder::connected},
         {"RINGNOANSWER", nullptr},
         {"COMPLETECALLER", &Decoder::completed},
         {"COMPLETEAGENT", &Decoder::completed},
         {"ABANDON", &Decoder::abandoned},
         {"RINGCANCELED", nullptr},
         {"DID", nullptr},
         {"INFO", nullptr},
         {"EXITWITHTIMEOUT", &Decoder::timed_out},
         {"EXITWITHKEY", &Decoder::left_by_key},
         {"EXITEMPTY", &Decoder::left_empty},
         {"WITHDRAW", &Decoder::withdrawn},
         {"PAUSE", &Decoder::paused},
         {"UNPAUSE", &Decoder::unpaused},
         {"PAUSEALL", &Decoder::paused},
         {"UNPAUSEALL", &Decoder::unpaused},
         {"ADDMEMBER", &Decoder::member_added},
         {"REMOVEMEMBER", &Decoder::member_removed},
         {"BLINDTRANSFER", &Decoder::transferred},
         {"ATTENDEDTRANSFER", &Decoder::attended},
         {"TRANSFER", &Decoder::transferred},
         {"SYSCOMPAT", &Decoder::incompatible},
         {"AGENTDUMP", nullptr},
         {"PENALTY", nullptr},
         {"RINGINUSE", nullptr},
         {"AGENTLOGIN", &Decoder::logged_in},
         {"AGENTLOGOFF", &Decoder::logged_off},
         {"AGENTCALLBACKLOGIN", &Decoder::logged_in},
         {"AGENTCALLBACKLOGOFF", &Decoder::logged_off},
         {"QUEUESTART", &Decoder::started},
         {"CONFIGRELOAD", nullptr},
         {"OUTCALL", nullptr},
         }
    };
    const auto at = std::find_if(table.begin(), table.end(), [&](const Entry& entry) {
        return entry.event == event;
    });
    return at == table.end() ? nullptr : at;
}

std::string_view Decoder::decode(std::string_view text, acd::Batch& out, acd::Batch* words) {
    reason_ = {};
    if (text.empty() || text == "\r") return reason_;
    const auto line = parse_line(text);
    if (!line) return "not_a_line";
    const Entry* const entry = find_entry(line->event);
    if (entry == nullptr) return "unknown_event";
    at_ = stamp(line->written);
    if (entry->handler == nullptr) return reason_;
    out_ = &out;
    words_ = words;
    texts_.clear();
    (this->*entry->handler)(*line);
    return reason_;
}

// Several lines have the same second, and a re-entry in the second of the exit is not the entry
// told twice: in the file's order each is a little later than the one before.
Wall Decoder::stamp(Wall written) {
    const bool disorder = written <= newest_ && newest_.us - written.us < disorder_us;
    newest_ = disorder ? Wall{newest_.us + 1} : written;
    return newest_;
}

// ---- Callers

void Decoder::entered(const Line& line) {
    Event event = event_of(EventType::offered, line);
    if (!want(event.queue) || !want(event.call)) return;
    const std::string_view number = line.param(1);
    if (options_.caller_hash && !number.empty())
        event.caller = texts_.emplace_back(options_.caller_hash(number, event.queue));
    out_->append(event);
}

void Decoder::connected(const Line& line) {
    Event event = event_of(EventType::answered, line);
    if (!want(event.queue) || !want(event.call)) return;
    event.agent = agent(line.member);
    event.wait = seconds(line.param(0));
    out_->append(event);
    if (!options_.agents || event.agent.empty()) return;
    members_.connected(event.agent, event.queue, event.call);
    tell_members();
}

void Decoder::completed(const Line& line) {
    ended(line, EventType::completed, line.param(0), line.param(1));
}

// exten|context|hold|talk|origpos: of a blind one, and of the only kind up to Asterisk 11.
void Decoder::transferred(const Line& line) {
    ended(line, EventType::transferred, line.param(2), line.param(3));
}

// BRIDGE|id, APP|name, LINK|channel|channel or what else, then hold|talk|origpos.
void Decoder::attended(const Line& line) {
    const std::size_t n = line.count;
    ended(
        line,
        EventType::transferred,
        n >= 3 ? line.param(n - 3) : std::string_view{},
        n >= 2 ? line.param(n - 2) : std::string_view{}
    );
}

void Decoder::ended(
    const Line& line, EventType type, std::string_view hold, std::string_view talk
) {
    Event event = event_of(type, line);
    if (!want(event.queue) || !want(event.call)) return;
    event.agent = agent(line.member);
    event.wait = seconds(hold);
    event.talk = seconds(talk);
    out_->append(event);
    if (!options_.agents) return;
    members_.ended(event.call);
    tell_members();
}

void Decoder::abandoned(const Line& line) { gone(line, std::nullopt, line.param(2)); }
void Decoder::timed_out(const Line& line) { gone(line, ExitReason::timeout, line.param(2)); }
void Decoder::left_by_key(const Line& line) { gone(line, ExitReason::key, line.param(3)); }
void Decoder::left_empty(const Line& line) { gone(line, ExitReason::empty, line.param(2)); }
void Decoder::withdrawn(const Line& line) { gone(line, ExitReason::withdrawn, line.param(2)); }
// Caller and agent could not be joined: the caller is sent away.
void Decoder::incompatible(const Line& line) { gone(line, ExitReason::unknown, {}); }

void Decoder::gone(const Line& line, std::optional<ExitReason> exit, std::string_view wait) {
    Event event = event_of(exit ? EventType::exited : EventType::abandoned, line);
    if (!want(event.queue) || !want(event.call)) return;
    event.exit = exit;
    event.wait = seconds(wait);
    out_->append(event);
    if (words_ == nullptr) return;
    event.type = EventType::settled;
    words_->append(event);
}

void Decoder::started(const Line&) {
    Event event;
    event.type = EventType::started;
    event.ts = at_;
    out_->append(event);
    if (!options_.agents) return;
    members_.all_calls_ended();
    tell_members();
}

// ---- Members

void Decoder::member_added(const Line& line) {
    const std::string_view queue = text(line.queue);
    const std::string_view member = agent(line.member);
    if (!options_.agents || !want(queue) || !want(member)) return;
    members_.added(member, queue, line.param(0) == "PAUSED");
    tell_members();
}

void Decoder::member_removed(const Line& line) {
    const std::string_view queue = text(line.queue);
    const std::string_view member = agent(line.member);
    if (!options_.agents || !want(queue) || !want(member)) return;
    members_.removed(member, queue);
    tell_members();
}

void Decoder::paused(const Line& line) { pause(line, true); }
void Decoder::unpaused(const Line& line) { pause(line, false); }

void Decoder::pause(const Line& line, bool paused) {
    const std::string_view queue = text(line.queue);  // none: PAUSEALL, in all queues
    const std::string_view member = agent(line.member);
    if (!options_.agents || !want(member)) return;
    members_.paused(member, queue, paused, text(line.param(0)));
    tell_members();
}

void Decoder::logged_in(const Line& line) {
    const std::string_view member = agent(line.member);
    if (!options_.agents || !want(member)) return;
    members_.present(member, true);
    tell_members();
}

void Decoder::logged_off(const Line& line) {
    const std::string_view member = agent(line.member);
    if (!options_.agents || !want(member)) return;
    members_.present(member, false);
    tell_members();
}

void Decoder::tell_members() {
    for (const MemberChange& change : members_.take_changes()) {
        Event event;
        event.type = EventType::agent_state;
        event.ts = at_;
        event.agent = change.member;
        event.state = change.state;
        event.reason = change.reason;
        event.queues = change.queues;
        out_->append(event);
    }
}

// ---- Parts of an event

Event Decoder::event_of(EventType type, const Line& line) {
    Event event;
    event.type = type;
    event.ts = at_;
    event.queue = text(line.queue);
    event.call = text(line.call);
    return event;
}

std::string_view Decoder::text(std::string_view value) {
    if (value.size() > text_bytes_max) {
        reason_ = "out_of_range";
        return {};
    }
    if (is_ascii(value) || is_utf8(value)) return value;
    reason_ = "bad_utf8";
    return texts_.emplace_back(escape_to_utf8(value));
}

std::string_view Decoder::agent(std::string_view member) {
    const std::string_view name = text(member);
    const auto known = options_.members.find(name);
    return known == options_.members.end() ? name : std::string_view{known->second};
}

std::optional<Micros> Decoder::seconds(std::string_view value) {
    if (value.empty()) return std::nullopt;
    const auto count = parse_count(value);
    if (count && *count <= seconds_max) return Seconds{*count};
    reason_ = "out_of_range";
    return std::nullopt;
}

bool Decoder::want(std::string_view value) {
    if (!value.empty()) return true;
    if (reason_.empty()) reason_ = "missing_field";
    return false;
}

}  // namespace surged::io::queue_log
