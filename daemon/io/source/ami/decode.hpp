// From the manager's frames to call and agent events. Pure: no clock, no socket.
//
// What leaves this file holds no caller's number, no caller's name and no channel name: a call is
// its Uniqueid, an agent his interface, a caller what the CallerHash makes of his number.
#pragma once

#include "core/acd/event.hpp"
#include "io/source/ami/frame.hpp"
#include "io/source/ami/queue_of_channel.hpp"
#include "io/source/source.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace surged::io::ami {

/// What a frame was, for whoever leads the conversation.
enum class Meaning : std::uint8_t {
    ignored,         // nothing that concerns us
    events,          // it gave events
    bad,             // it should have given events: see Decoded::reason
    response,        // to an action of ours: look at the frame
    snapshot_begun,  // the list asked for starts
    snapshot_ended,
    fully_booted,  // member states before this were provisional
    reloaded,      // queues may have come or gone
    stopping,      // the PBX says that it goes down
};

struct Decoded {
    Meaning meaning{Meaning::ignored};
    /// Why nothing came of it (bad), or what of it had to be left out or escaped; may be empty.
    std::string_view reason;
};

class Decoder {
public:
    explicit Decoder(CallerHash caller_hash);

    /// Rows that carry this ActionID are the snapshot. One at a time; empty: none. Other events
    /// come between them in the order of the wire: whoever keeps the calls sees to it that a caller
    /// who joined meanwhile is not taken for gone.
    void expect_snapshot(std::string action_id);

    /// Appends what the frame says to `out`.
    Decoded decode(const Frame& frame, acd::Batch& out);

    /// True once an event of class dialplan came. The manager does not say which classes an account
    /// may read, but a channel enters an extension and sets variables before it reaches a queue:
    /// where the class is given, the proof comes before the first exit that needs it.
    [[nodiscard]] bool exits_known() const { return dialplan_seen_; }

private:
    using Handler = void (Decoder::*)(const Frame&);
    struct Entry {
        std::string_view event;
        Handler handler;
    };
    static const Entry* find_handler(std::string_view event);

    // Unsolicited events.
    void joined(const Frame& frame);
    void abandoned(const Frame& frame);
    void left(const Frame& frame);
    void connected(const Frame& frame);
    void completed(const Frame& frame);
    void member(const Frame& frame);
    void member_removed(const Frame& frame);
    void extension(const Frame& frame);
    void variable(const Frame& frame);
    void user_event(const Frame& frame);
    void complaint(const Frame& frame);
    void survey(const Frame& frame);
    void shutdown(const Frame& frame);
    void fully_booted(const Frame& frame);
    void reload(const Frame& frame);
    // Rows of a snapshot.
    void queue_row(const Frame& frame);
    void member_row(const Frame& frame);
    void entry_row(const Frame& frame);
    void list_complete(const Frame& frame);
    void response(const Frame& frame);

    [[nodiscard]] bool of_snapshot(const Frame& frame) const;
    void refused(std::string_view channel_id, acd::RefuseReason why);
    void settled(std::string_view channel_id, acd::ExitReason why);
    void member_state(const Frame& frame, acd::AgentState state);

    [[nodiscard]] acd::Event event_of(acd::EventType type, const Frame& frame);
    [[nodiscard]] std::string_view text(std::string_view value);
    [[nodiscard]] std::optional<Micros> seconds(std::string_view value);
    void caller_of(const Frame& frame, acd::Event& event);
    bool want(std::string_view value);
    void put(const acd::Event& event);
    void bad(std::string_view reason);
    void note(std::string_view reason);

    CallerHash caller_hash_;
    bool dialplan_seen_{false};
    std::string snapshot_id_;  // empty: none is expected
    bool snapshot_begun_{false};
    QueueOfChannel queue_of_;
    // Of the frame in hand:
    acd::Batch* out_{nullptr};
    Decoded decoded_;
    std::deque<std::string> texts_;  // escaped texts and caller references its event points to
};

}  // namespace surged::io::ami
