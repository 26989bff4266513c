// The agents and the queues they serve. An agent's events name no queue: the tiers say it.
#pragma once

#include "io/source/esl/event.hpp"
#include "io/source/esl/members.hpp"
#include "io/source/esl/table.hpp"
#include "io/source/esl/writer.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace surged::io::esl {

class Agents {
public:
    static constexpr std::size_t most = 50'000;
    static constexpr std::size_t tiers_most = 200'000;

    explicit Agents(Writer& out) : out_{out} {}

    // Events. What says nothing new gives nothing.
    void status_changed(const Event& event);
    void state_changed(const Event& event);
    void gave_no_answer(const Event& event);  // so often that his status is changed next
    void added(const Event& event);
    /// An offer or a bridge shows whom he serves: a tier may be younger than the last poll.
    void serves(const Event& event);

    void connected() { first_ = true; }
    void begin_poll();
    /// One contradiction may be an event under way: it takes two polls to believe a row against the
    /// events, save for the first poll of a connection.
    void agent_row(const Table::Row& row);
    void tier_row(const Table::Row& row);
    /// Tells what the tables know better. True: agents or tiers came or went, which only a
    /// snapshot can say.
    [[nodiscard]] bool end_poll();
    /// Something is not known yet: the next poll is to come soon.
    [[nodiscard]] bool incomplete() const { return incomplete_; }

    /// A row for each agent and queue.
    void snapshot();
    [[nodiscard]] Serving serving(std::string_view agent, Wall bridged) const;
    [[nodiscard]] std::optional<Micros> wrap_up(std::string_view agent) const;

private:
    struct Agent {
        std::string status, state;
        std::string state_listed;  // by the last table
        std::uint32_t doubts{0};   // tables in a row that contradict the events
        bool no_answer{false};     // his break was not his choice
        std::optional<Wall> bridge_start, bridge_end;
        std::optional<Micros> wrap_up;
        std::set<std::string, std::less<>> queues;
        std::optional<acd::AgentState> told;
        std::string told_reason;
    };
    using Entry = std::map<std::string, Agent, std::less<>>::iterator;
    Entry entry_of(std::string_view name);
    [[nodiscard]] std::string_view reason(const Agent& agent) const;
    void tell(Entry entry, std::optional<Wall> ts);
    void tell(Entry entry, std::string_view queue, std::optional<Wall> ts);

    Writer& out_;
    std::map<std::string, Agent, std::less<>> agents_;
    std::size_t tiers_{0};
    bool incomplete_{false};
    // Of the poll that is under way:
    std::set<std::string, std::less<>> listed_;
    std::map<std::string, std::set<std::string, std::less<>>, std::less<>> tiers_listed_;
    std::set<std::pair<std::string, std::string>> learned_;
    bool changed_{false};
    bool first_{true};
};

}  // namespace surged::io::esl
