#include "io/source/esl/picture.hpp"

#include "io/source/esl/values.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace surged::io::esl {
namespace {

constexpr std::size_t queues_most = 20'000;

std::string_view first_of(std::string_view a, std::string_view b) { return a.empty() ? b : a; }

}  // namespace

Picture::Picture(CallerHash caller_hash) : out_{std::move(caller_hash)} {}

// ---- Events

const Picture::Action* Picture::find_action(std::string_view name) {
    // What is not here is no news: members-count, bridge-agent-fail (the agent's state tells),
    // agent-contact-change, agent-<key>-get.
    static constexpr std::array<Action, 10> table{
        {
         {"agent-state-change", &Picture::agent_state},
         {"agent-offering", &Picture::agent_offering},
         {"member-queue-start", &Picture::member_joined},
         {"member-queue-end", &Picture::member_ended},
         {"bridge-agent-start", &Picture::bridge_started},
         {"bridge-agent-end", &Picture::bridge_ended},
         {"agent-status-change", &Picture::agent_status},
         {"member-queue-resume", &Picture::member_joined},
         {"agent-max-no-answer", &Picture::agent_gave_no_answer},
         {"agent-add", &Picture::agent_added},
         }
    };
    const auto at = std::find_if(table.begin(), table.end(), [&](const Action& action) {
        return action.name == name;
    });
    return at == table.end() ? nullptr : at;
}

Decoded Picture::apply(const Event& event, acd::Batch& out) {
    out_.begin(out);
    if (const auto at = parse_micros(event.get(Key::timestamp))) members_.clock(*at);
    const std::string_view name = event.get(Key::event_name);
    if (name == "HEARTBEAT") return {Meaning::heartbeat, {}};
    if (name == "SHUTDOWN") {
        acd::Event stopping;
        stopping.type = acd::EventType::stopping;
        stopping.ts = parse_micros(event.get(Key::timestamp));
        out_.put(stopping);
        return {Meaning::stopping, {}};
    }
    if (name != "CUSTOM" || event.get(Key::subclass) != "callcenter::info")
        return {Meaning::ignored, {}};
    if (const Action* action = find_action(event.get(Key::action))) (this->*action->handler)(event);
    return {Meaning::center, out_.reason()};
}

void Picture::member_joined(const Event& event) {
    queue_seen(event);
    members_.joined(event);
}

void Picture::member_ended(const Event& event) {
    members_.ended(event, agents_.wrap_up(event.get(Key::agent)));
}

void Picture::agent_offering(const Event& event) {
    agents_.serves(event);
    members_.offering(event);
}

void Picture::bridge_started(const Event& event) {
    queue_seen(event);
    agents_.serves(event);
    members_.bridge_started(event);
}

void Picture::bridge_ended(const Event& event) {
    members_.bridge_ended(event, agents_.wrap_up(event.get(Key::agent)));
}

// A queue is loaded when it is first used: it may be younger than the last poll.
void Picture::queue_seen(const Event& event) {
    const std::string_view queue = out_.text(event.get(Key::queue));
    if (queue.empty() || queues_.size() >= queues_most) return;
    if (!queues_.contains(queue)) queues_.emplace(queue);
    if (!seen_.contains(queue)) seen_.emplace(queue);
}

// ---- Tables

void Picture::connected() {
    first_ = true;
    members_.connected();
    agents_.connected();
}

void Picture::begin_poll() {
    listed_.clear();
    seen_.clear();
    members_.begin_poll();
    agents_.begin_poll();
}

namespace {

template <class F>
std::string_view rows(Writer& writer, const Table& table, acd::Batch& out, F&& each) {
    std::string_view reason = table.short_rows() > 0 ? "short_row" : "";
    table.for_each([&](const Table::Row& row) {
        writer.begin(out);
        each(row);
        reason = first_of(reason, writer.reason());
    });
    return reason;
}

}  // namespace

std::string_view Picture::queues(const Table& table, acd::Batch& out) {
    return rows(out_, table, out, [&](const Table::Row& row) {
        const std::string_view name = out_.text(row.get("name"));
        if (out_.want(name) && listed_.size() < queues_most) listed_.emplace(name);
    });
}

std::string_view Picture::agents(const Table& table, acd::Batch& out) {
    return rows(out_, table, out, [&](const Table::Row& row) { agents_.agent_row(row); });
}

std::string_view Picture::tiers(const Table& table, acd::Batch& out) {
    return rows(out_, table, out, [&](const Table::Row& row) { agents_.tier_row(row); });
}

std::string_view Picture::members(std::string_view queue, const Table& table, acd::Batch& out) {
    return rows(out_, table, out, [&](const Table::Row& row) {
        members_.row(row, queue, agent_of());
    });
}

std::string_view Picture::end_poll(acd::Batch& out) {
    out_.begin(out);
    members_.end_poll(agent_of());
    const bool staff_changed = agents_.end_poll();
    listed_.insert(seen_.begin(), seen_.end());
    const bool queues_changed = listed_ != queues_;
    queues_ = std::exchange(listed_, {});
    if (std::exchange(first_, false) || staff_changed || queues_changed) snapshot();
    return out_.reason();
}

void Picture::snapshot() {
    acd::Event event;
    event.type = acd::EventType::snapshot_begin;
    out_.put(event);
    event.type = acd::EventType::snapshot_queue;
    for (const std::string& queue : queues_) {
        event.queue = queue;
        out_.put(event);
    }
    agents_.snapshot();
    members_.snapshot();
    acd::Event end;
    end.type = acd::EventType::snapshot_end;
    out_.put(end);
}

std::vector<std::string> Picture::queues() const { return {listed_.begin(), listed_.end()}; }

AgentOf Picture::agent_of() const {
    return [this](std::string_view agent, Wall bridged) { return agents_.serving(agent, bridged); };
}

}  // namespace surged::io::esl
