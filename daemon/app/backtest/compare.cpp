#include "app/backtest/compare.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace surged::app::backtest {
namespace {

/// One incident of either rule set.
struct Piece {
    const IncidentSeen* incident;
    Instant end;
    bool is_now;
};

bool share_a_queue(const std::set<std::string>& a, const std::set<std::string>& b) {
    if (a.empty() || b.empty()) return true;  // of the site as a whole
    return std::any_of(a.begin(), a.end(), [&](const auto& queue) { return b.contains(queue); });
}

void add(Half& half, const IncidentSeen& one) {
    ++half.incidents;
    half.pages += one.pages;
    half.highest = std::max(half.highest, one.highest);
    if (!half.opened || one.opened < *half.opened) half.opened = one.opened;
    for (const Stage& stage : one.stages)
        for (const plan::Level level : plan::levels) {
            auto& at = half.reached.at(level);
            if (level <= stage.level && (!at || stage.at < *at)) at = stage.at;
        }
}

/// A surge that grows while incidents join it.
struct Growing {
    Surge surge;
    Instant end;
};

Instant opening(const Surge& surge) {
    if (!surge.now.opened) return surge.before.opened.value_or(Instant{});
    return surge.before.opened ? std::min(*surge.now.opened, *surge.before.opened)
                               : *surge.now.opened;
}

std::vector<Piece> pieces_of(const Outcome& now, const Outcome& before) {
    std::vector<Piece> out;
    for (const auto& [outcome, is_now] : {
             std::pair{&now,    true },
             std::pair{&before, false}
    })
        for (const IncidentSeen& one : outcome->incidents)
            if (one.highest != plan::Level::none)
                out.push_back({&one, one.ended.value_or(outcome->to.value_or(one.opened)), is_now});
    std::stable_sort(out.begin(), out.end(), [](const Piece& a, const Piece& b) {
        return std::tie(a.incident->opened, a.incident->plan) <
               std::tie(b.incident->opened, b.incident->plan);
    });
    return out;
}

std::vector<Surge> surges_of(const Outcome& now, const Outcome& before) {
    std::vector<Growing> all;
    for (const Piece& piece : pieces_of(now, before)) {
        const IncidentSeen& one = *piece.incident;
        auto at = std::find_if(all.begin(), all.end(), [&](const Growing& growing) {
            return growing.surge.plan == one.plan && growing.end >= one.opened &&
                   share_a_queue(growing.surge.queues, one.queues);
        });
        if (at == all.end()) {
            at = all.insert(all.end(), Growing{});
            at->surge.plan = one.plan;
        }
        add(piece.is_now ? at->surge.now : at->surge.before, one);
        at->surge.queues.insert(one.queues.begin(), one.queues.end());
        at->end = std::max(at->end, piece.end);
    }
    std::vector<Surge> out;
    out.reserve(all.size());
    for (Growing& growing : all) out.push_back(std::move(growing.surge));
    std::stable_sort(out.begin(), out.end(), [](const Surge& a, const Surge& b) {
        return opening(a) < opening(b);
    });
    return out;
}

}  // namespace

std::optional<Micros> Surge::earlier(plan::Level level) const {
    const auto& a = now.reached.at(level);
    const auto& b = before.reached.at(level);
    return a && b ? std::optional{*b - *a} : std::nullopt;
}

std::optional<Micros> median(std::vector<Micros> values) {
    if (values.empty()) return std::nullopt;
    std::sort(values.begin(), values.end());
    return values[(values.size() - 1) / 2];
}

Comparison compare(const Outcome& now, const Outcome& before) {
    Comparison out;
    out.surges = surges_of(now, before);
    for (const plan::Level level : plan::levels) {
        LevelCount& count = out.levels.at(level);
        std::vector<Micros> leads;
        for (const Surge& surge : out.surges) {
            const bool a = surge.now.reached.at(level).has_value();
            const bool b = surge.before.reached.at(level).has_value();
            if (const auto lead = surge.earlier(level)) leads.push_back(*lead);
            if (a || b) ++(a && b ? count.both : a ? count.only_now : count.only_before);
        }
        count.lead = median(std::move(leads));
    }
    const Tally tally_now = tally_of(now);
    const Tally tally_before = tally_of(before);
    out.pages_now = tally_now.pages;
    out.pages_before = tally_before.pages;
    for (const auto& [person, tally] : tally_now.people) out.people[person].now = tally;
    for (const auto& [person, tally] : tally_before.people) out.people[person].before = tally;
    return out;
}

}  // namespace surged::app::backtest
