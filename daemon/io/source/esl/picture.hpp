// One FreeSWITCH's call center as we believe it to be, from its events and its tables. Pure: no
// clock, no socket.
//
// It outlives a connection: what comes after a loss is compared with what was believed before.
#pragma once

#include "core/acd/event.hpp"
#include "io/source/esl/agents.hpp"
#include "io/source/esl/event.hpp"
#include "io/source/esl/members.hpp"
#include "io/source/esl/table.hpp"
#include "io/source/esl/writer.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::esl {

/// What an event was, for whoever leads the conversation.
enum class Meaning : std::uint8_t { ignored, center, heartbeat, stopping };

struct Decoded {
    Meaning meaning{Meaning::ignored};
    /// Why nothing came of it, or what of it was left out or escaped; may be empty.
    std::string_view reason;
};

class Picture {
public:
    explicit Picture(CallerHash caller_hash);
    Picture(const Picture&) = delete;
    Picture& operator=(const Picture&) = delete;

    /// Appends what the event says to `out`.
    Decoded apply(const Event& event, acd::Batch& out);

    /// A new connection: the tables that come next are compared with what was believed before it.
    void connected();
    /// A poll: these in order, `members` once for each queue of queues(). They return what was
    /// wrong with rows; "" if nothing.
    void begin_poll();
    std::string_view queues(const Table& table, acd::Batch& out);
    std::string_view agents(const Table& table, acd::Batch& out);
    std::string_view tiers(const Table& table, acd::Batch& out);
    std::string_view members(std::string_view queue, const Table& table, acd::Batch& out);
    /// Tells what the tables know better: only differences, and all as one snapshot where queues,
    /// agents or tiers came or went, or this is the first poll of a connection.
    std::string_view end_poll(acd::Batch& out);

    /// The next poll is to come soon: whom an agent serves is not known yet.
    [[nodiscard]] bool incomplete() const { return agents_.incomplete(); }
    [[nodiscard]] std::vector<std::string> queues() const;
    [[nodiscard]] std::size_t queue_count() const { return queues_.size(); }
    [[nodiscard]] std::size_t waiting() const { return members_.waiting(); }

private:
    using Handler = void (Picture::*)(const Event&);
    struct Action {
        std::string_view name;
        Handler handler;
    };
    [[nodiscard]] static const Action* find_action(std::string_view name);

    void member_joined(const Event& event);
    void member_ended(const Event& event);
    void agent_offering(const Event& event);
    void bridge_started(const Event& event);
    void bridge_ended(const Event& event);
    void agent_status(const Event& event) { agents_.status_changed(event); }
    void agent_state(const Event& event) { agents_.state_changed(event); }
    void agent_gave_no_answer(const Event& event) { agents_.gave_no_answer(event); }
    void agent_added(const Event& event) { agents_.added(event); }
    void queue_seen(const Event& event);
    void snapshot();
    [[nodiscard]] AgentOf agent_of() const;

    Writer out_;
    Members members_{out_};
    Agents agents_{out_};
    std::set<std::string, std::less<>> queues_;
    std::set<std::string, std::less<>> seen_;    // by events, since the poll began
    std::set<std::string, std::less<>> listed_;  // by the poll that is under way
    bool first_{true};
};

}  // namespace surged::io::esl
