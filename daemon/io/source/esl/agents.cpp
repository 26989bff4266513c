#include "io/source/esl/agents.hpp"

#include "io/source/esl/values.hpp"
#include "io/source/text.hpp"

#include <algorithm>
#include <utility>

namespace surged::io::esl {
namespace {

using acd::EventType;

// The switch writes a bridge's times in whole seconds, the agent's row a moment after the event.
constexpr Micros bridge_slack = 2s;
constexpr std::int64_t wrap_up_most_s = 24 * 3600;

}  // namespace

// ---- Events

void Agents::status_changed(const Event& event) {
    const Entry entry = entry_of(event.get(Key::agent));
    if (entry == agents_.end()) return;
    Agent& agent = entry->second;
    const std::string_view status = out_.text(event.get(Key::agent_status));
    if (!out_.want(status)) return;
    if (agent.status != status && status != "On Break") agent.no_answer = false;
    agent.status = status;
    agent.doubts = 0;
    tell(entry, parse_micros(event.get(Key::timestamp)));
}

void Agents::state_changed(const Event& event) {
    const Entry entry = entry_of(event.get(Key::agent));
    if (entry == agents_.end()) return;
    const std::string_view state = out_.text(event.get(Key::agent_state));
    if (!out_.want(state)) return;
    entry->second.state = state;
    entry->second.doubts = 0;
    tell(entry, parse_micros(event.get(Key::timestamp)));
}

void Agents::gave_no_answer(const Event& event) {
    const Entry entry = entry_of(event.get(Key::agent));
    if (entry != agents_.end()) entry->second.no_answer = true;
}

void Agents::added(const Event& event) {
    const Entry entry = entry_of(event.get(Key::agent));
    if (entry == agents_.end()) return;
    Agent& agent = entry->second;
    if (agent.status.empty()) agent.status = "Logged Out";
    if (agent.state.empty()) agent.state = "Waiting";
    incomplete_ = true;  // whom he will serve is said by no event
}

void Agents::serves(const Event& event) {
    const std::string_view queue = out_.text(event.get(Key::queue));
    if (queue.empty() || event.get(Key::agent).empty()) return;
    const Entry entry = entry_of(event.get(Key::agent));
    if (entry == agents_.end()) return;
    Agent& agent = entry->second;
    if (agent.queues.contains(queue) || tiers_ >= tiers_most) return;
    agent.queues.emplace(queue);
    ++tiers_;
    learned_.emplace(entry->first, queue);
    if (agent.told)
        tell(entry, queue, parse_micros(event.get(Key::timestamp)));
    else
        incomplete_ = true;
}

// ---- Telling

Agents::Entry Agents::entry_of(std::string_view raw) {
    const std::string_view name = out_.text(raw);
    if (!out_.want(name)) return agents_.end();
    const Entry known = agents_.find(name);
    if (known != agents_.end()) return known;
    if (agents_.size() >= most) {
        out_.note("limit");
        return agents_.end();
    }
    listed_.emplace(name);  // younger than the table that is being read
    return agents_.try_emplace(std::string{name}).first;
}

std::string_view Agents::reason(const Agent& agent) const {
    if (agent.status == "On Break")
        return agent.no_answer ? std::string_view{"max-no-answer"} : std::string_view{"On Break"};
    if (agent.state == "Idle" && agent.status != "Logged Out") return agent.state;
    return {};
}

void Agents::tell(Entry entry, std::optional<Wall> ts) {
    Agent& agent = entry->second;
    if (agent.status.empty() || agent.state.empty()) {
        incomplete_ = true;  // the other half stands in the table
        return;
    }
    const auto state = parse_agent(agent.status, agent.state);
    if (!state) return out_.note("out_of_range");
    if (agent.told == state && agent.told_reason == reason(agent)) return;
    agent.told = state;
    agent.told_reason = reason(agent);
    if (agent.queues.empty()) return;
    acd::Event out;
    out.type = EventType::agent_state;
    out.ts = ts;
    out.agent = entry->first;
    out.state = state;
    out.reason = agent.told_reason;
    out.queues.assign(agent.queues.begin(), agent.queues.end());
    out_.put(out);
}

void Agents::tell(Entry entry, std::string_view queue, std::optional<Wall> ts) {
    acd::Event out;
    out.type = EventType::agent_state;
    out.ts = ts;
    out.agent = entry->first;
    out.state = entry->second.told;
    out.reason = entry->second.told_reason;
    out.queues.push_back(queue);
    out_.put(out);
}

// ---- Tables

void Agents::begin_poll() {
    listed_.clear();
    tiers_listed_.clear();
    learned_.clear();
    changed_ = false;
    incomplete_ = false;
}

void Agents::agent_row(const Table::Row& row) {
    const bool known = agents_.contains(row.get("name"));
    const Entry entry = entry_of(row.get("name"));
    if (entry == agents_.end()) return;
    listed_.insert(entry->first);
    changed_ = changed_ || !known;
    Agent& agent = entry->second;
    agent.bridge_start = parse_epoch(row.get("last_bridge_start"));
    agent.bridge_end = parse_epoch(row.get("last_bridge_end"));
    const auto wrap_up = parse_count(row.get("wrap_up_time"));
    agent.wrap_up.reset();
    if (wrap_up && *wrap_up > 0 && *wrap_up <= wrap_up_most_s) agent.wrap_up = Seconds{*wrap_up};
    const std::string_view status = out_.text(row.get("status"));
    const std::string_view state = out_.text(row.get("state"));
    agent.state_listed = state;
    const bool same = agent.status == status && agent.state == state;
    if (!same && !first_ && agent.told && ++agent.doubts < 2) return;
    agent.doubts = 0;
    if (agent.status != status && status != "On Break") agent.no_answer = false;
    agent.status = status;
    agent.state = state;
    tell(entry, std::nullopt);
}

void Agents::tier_row(const Table::Row& row) {
    const std::string_view agent = out_.text(row.get("agent"));
    const std::string_view queue = out_.text(row.get("queue"));
    if (out_.want(agent) && out_.want(queue)) tiers_listed_[std::string{agent}].emplace(queue);
}

bool Agents::end_poll() {
    for (const auto& [agent, queue] : learned_) {  // as young as the tables themselves
        listed_.insert(agent);
        tiers_listed_[agent].insert(queue);
    }
    tiers_ = 0;
    for (Entry entry = agents_.begin(); entry != agents_.end();) {
        if (!listed_.contains(entry->first)) {
            changed_ = true;
            entry = agents_.erase(entry);
            continue;
        }
        auto& queues = tiers_listed_[entry->first];
        tiers_ += queues.size();
        changed_ = changed_ || queues != entry->second.queues;
        entry->second.queues = std::move(queues);
        ++entry;
    }
    first_ = false;
    return changed_;
}

void Agents::snapshot() {
    for (const auto& [name, agent] : agents_) {
        if (!agent.told) continue;
        for (const std::string& queue : agent.queues) {
            acd::Event out;
            out.type = EventType::snapshot_agent;
            out.queue = queue;
            out.agent = name;
            out.state = agent.told;
            out.reason = agent.told_reason;
            out_.put(out);
        }
    }
}

Serving Agents::serving(std::string_view name, Wall bridged) const {
    const auto found = agents_.find(name);
    if (found == agents_.end()) return {};
    const Agent& agent = found->second;
    const bool another =
        agent.bridge_start && agent.bridge_start->us > bridged.us + bridge_slack.count();
    return {agent.state_listed == "In a queue call" && !another, agent.bridge_end};
}

std::optional<Micros> Agents::wrap_up(std::string_view name) const {
    const auto found = agents_.find(name);
    return found == agents_.end() ? std::nullopt : found->second.wrap_up;
}

}  // namespace surged::io::esl
