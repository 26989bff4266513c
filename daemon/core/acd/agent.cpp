#include "core/acd/agent.hpp"

#include <algorithm>

namespace surged::acd {
namespace {

/// Rows in the order of their names, which is the same on every machine.
template <class Rows>
auto in_order(Rows& rows) {
    std::vector<decltype(&*rows.begin())> out;
    out.reserve(rows.size());
    for (auto& row : rows) out.push_back(&row);
    std::sort(out.begin(), out.end(), [](const auto* a, const auto* b) {
        return a->first < b->first;
    });
    return out;
}

}  // namespace

void Roster::count(board::Board& board, board::QueueIx queue, AgentState before, AgentState after) {
    board::Figures& figures = board.at(queue);
    board.accrue(figures);
    --figures.agents[static_cast<std::size_t>(before)];
    ++figures.agents[static_cast<std::size_t>(after)];
    figures.changed |= board::changes::agents;
    if (before == AgentState::offline || after == AgentState::offline)
        figures.changed |= board::changes::staffed;
}

void Roster::count_row(board::Board& board, board::QueueIx queue, int by) {
    auto& offline = board.at(queue).agents[static_cast<std::size_t>(AgentState::offline)];
    offline += static_cast<std::uint32_t>(by);
}

void Roster::change(
    board::Board& board,
    board::QueueIx queue,
    const std::string& name,
    Agent& agent,
    const Agent& to
) {
    const AgentState before = agent.state(board.now());
    const AgentState after = to.state(board.now());
    const auto by_timer = [](const Agent& a, AgentState state) {
        return state == AgentState::wrap && a.feed == AgentState::available;
    };
    if (by_timer(agent, before)) wraps_.erase({agent.wrap_until, queue, name});
    if (by_timer(to, after)) wraps_.insert({to.wrap_until, queue, name});
    agent = to;
    if (before == after) return;
    count(board, queue, before, after);
}

bool Roster::set(
    board::Board& board,
    board::QueueIx queue,
    std::string_view name,
    AgentState state,
    std::optional<Instant> at,
    std::uint32_t mark
) {
    Rows& rows = queues_[queue];
    auto row = rows.find(name);
    if (row == rows.end()) {
        row = rows.emplace(name, Agent{}).first;
        ++rows_;
        count_row(board, queue, 1);
        auto& queues = by_name_[row->first];
        queues.insert(std::upper_bound(queues.begin(), queues.end(), queue), queue);
    }
    Agent to = row->second;
    to.mark = std::max(to.mark, mark);
    const bool newest = !at || *at >= to.changed;
    if (newest) {
        to.feed = state;
        to.changed = at.value_or(Instant{});
    }
    change(board, queue, row->first, row->second, to);
    return newest;
}

void Roster::wrap(board::Board& board, board::QueueIx queue, std::string_view name, Instant until) {
    const auto rows = queues_.find(queue);
    if (rows == queues_.end()) return;
    const auto row = rows->second.find(name);
    if (row == rows->second.end() || until <= std::max(row->second.wrap_until, board.now())) return;
    Agent to = row->second;
    to.wrap_until = until;
    change(board, queue, row->first, row->second, to);
}

void Roster::keep_only(board::Board& board, board::QueueIx queue, std::uint32_t mark) {
    const auto rows = queues_.find(queue);
    if (rows == queues_.end()) return;
    for (auto* const row : in_order(rows->second)) {
        if (row->second.mark == mark) continue;
        Agent gone = row->second;
        gone.feed = AgentState::offline;
        change(board, queue, row->first, row->second, gone);
        count_row(board, queue, -1);
        unlink(queue, row->first);
        rows->second.erase(rows->second.find(row->first));
        --rows_;
    }
}

void Roster::forget_queue(board::Board& board, board::QueueIx queue) {
    constexpr std::uint32_t nobody = 0xffff'ffff;
    keep_only(board, queue, nobody);
    queues_.erase(queue);
}

void Roster::unlink(board::QueueIx queue, std::string_view agent) {
    const auto found = by_name_.find(agent);
    if (found == by_name_.end()) return;
    std::erase(found->second, queue);
    if (found->second.empty()) by_name_.erase(found);
}

bool Roster::knows(board::QueueIx queue, std::string_view agent) const {
    const auto rows = queues_.find(queue);
    return rows != queues_.end() && rows->second.contains(agent);
}

std::vector<board::QueueIx> Roster::queues_of(std::string_view agent) const {
    const auto found = by_name_.find(agent);
    return found == by_name_.end() ? std::vector<board::QueueIx>{} : found->second;
}

std::optional<Instant> Roster::next_wrap_end() const {
    if (wraps_.empty()) return std::nullopt;
    return wraps_.begin()->until;
}

bool Roster::stands_on(const board::Board& board) const {
    return std::all_of(queues_.begin(), queues_.end(), [&](const auto& item) {
        return board.exists(item.first);
    });
}

void Roster::write(codec::Writer& out) const {
    out(queues_.size());
    for (const auto& [queue, rows] : queues_) {
        out(queue, rows.size());
        for (const auto* const row : in_order(rows)) out(row->first, row->second);
    }
}

void Roster::read(codec::Reader& in, Instant now) {
    *this = {};
    std::map<board::QueueIx, std::map<std::string, Agent>> sorted;
    in(sorted);
    for (const auto& [queue, rows] : sorted) {
        queues_[queue].insert(rows.begin(), rows.end());
        rows_ += rows.size();
        for (const auto& [name, agent] : rows) {
            by_name_[name].push_back(queue);
            if (agent.feed == AgentState::available && agent.wrap_until > now)
                wraps_.insert({agent.wrap_until, queue, name});
        }
    }
}

}  // namespace surged::acd
