#include "core/plan/difference_leaf.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace surged::plan {
namespace {

using board::Measure;
using board::Millionths;

std::string text_of(const Measure& measure) {
    std::string out{board::info_of(measure.kpi).name};
    if (!measure.gauge.empty()) out = measure.gauge;
    if (measure.window != board::Window::now)
        out += fmt::format(" {}", board::name_of(measure.window));
    for (const std::string& part : {measure.klass, measure.topic})
        if (!part.empty()) out += " " + part;
    if (measure.severity > 0) out += fmt::format(" severity {}", measure.severity);
    return out;
}

/// 0.35, 12: millionths without zeros at their end.
std::string text_of(Millionths amount) {
    std::string out = fmt::format("{:.6f}", static_cast<double>(amount) / 1e6);
    out.erase(out.find_last_not_of('0') + 1);
    if (out.ends_with('.')) out.pop_back();
    return out;
}

std::string text_of(const std::optional<Millionths>& amount) {
    return amount ? text_of(*amount) : "none";
}

/// What is read and compared with what, apart from amounts.
std::string figure_of(const Leaf& leaf) {
    std::string out = text_of(leaf.measure);
    switch (leaf.ratio_to) {
        case Relative::none:
            break;
        case Relative::profile:
            out += " / profile";
            break;
        case Relative::plan:
            out += " / plan";
            break;
        case Relative::event:
            out += fmt::format(" / {} x {}", leaf.event, text_of(leaf.factor));
            break;
    }
    if (leaf.change_over > Micros{0}) out += " change over " + format_duration(leaf.change_over);
    if (leaf.ladder.below) out += " below";
    if (leaf.keep > Micros{0}) out += " keep " + format_duration(leaf.keep);
    return out;
}

std::string floors_of(const Leaf& leaf) {
    std::string out;
    for (const Floor& floor : leaf.floors)
        out += fmt::format("{} >= {}; ", text_of(floor.measure), text_of(floor.least));
    if (leaf.min_calls > 0) out += fmt::format("min_calls {}; ", leaf.min_calls);
    if (leaf.min_count > 0) out += fmt::format("min_count {}; ", leaf.min_count);
    if (!out.empty()) out.resize(out.size() - 2);
    return out;
}

std::string way_down_of(const Leaf& leaf) {
    std::string out = "margin " + text_of(leaf.clear.margin);
    for (const Level level : levels)
        out += fmt::format(
            "; {} hold {} dwell {}",
            name_of(level),
            format_duration(leaf.clear.hold.at(level)),
            format_duration(leaf.clear.dwell.at(level))
        );
    return out;
}

/// Everything of a condition but its members, its leaf and its overrides.
std::string frame_of(const Condition& c) {
    std::string out = fmt::format("{}", static_cast<int>(c.kind));
    if (c.kind == ConditionKind::leaf) return out + " during " + c.during;
    out += fmt::format(
        " {} {} {} {} {}",
        name_of(c.level),
        c.source,
        format_duration(c.hold),
        c.then_after ? format_duration(*c.then_after) : "",
        name_of(c.then_level)
    );
    for (const auto& [name, value] : c.labels) out += fmt::format(" {}={}", name, value);
    for (const std::string& kind : c.reports) out += " " + kind;
    return out + fmt::format(" {} {} during {}", c.calendar, format_duration(c.lead), c.during);
}

bool alike(const Condition& a, const Condition& b) {
    return frame_of(a) == frame_of(b) &&
           std::equal(
               a.members.begin(), a.members.end(), b.members.begin(), b.members.end(), alike
           );
}

using Pair = std::pair<const Leaf*, const Leaf*>;

/// Queues by the pair of leaves in force for them; `order` keeps the order of their first.
std::vector<std::pair<Pair, std::vector<std::string>>> pairs(
    const Condition& before, const Condition& after, const Where& where, const InForce& in_force
) {
    std::vector<std::pair<Pair, std::vector<std::string>>> out;
    for (const std::string& queue : where.queues) {
        const Pair pair{&leaf_for(before, queue, in_force), &leaf_for(after, queue, in_force)};
        const auto found = std::find_if(out.begin(), out.end(), [&](const auto& one) {
            return one.first == pair;
        });
        if (found == out.end())
            out.push_back({pair, {queue}});
        else
            found->second.push_back(queue);
    }
    return out;
}

void compare_leaves(const Pair& pair, const Change& one, std::vector<Change>& out) {
    const Leaf &before = *pair.first, &after = *pair.second;
    const auto add = [&](What what, Level level, std::string was, std::string is) {
        if (was == is) return;
        Change change = one;
        change.what = what;
        change.level = level;
        change.before = std::move(was);
        change.after = std::move(is);
        out.push_back(std::move(change));
    };
    add(What::figure, Level::none, figure_of(before), figure_of(after));
    for (const Level level : levels) {
        add(What::threshold,
            level,
            text_of(before.ladder.at.at(level)),
            text_of(after.ladder.at.at(level)));
        if (before.ladder.at.at(level) || after.ladder.at.at(level))
            add(What::hold,
                level,
                format_duration(before.hold.at(level)),
                format_duration(after.hold.at(level)));
    }
    add(What::floor, Level::none, floors_of(before), floors_of(after));
    add(What::way_down, Level::none, way_down_of(before), way_down_of(after));
}

/// The same change of several leaves is one, of all their queues; of all that there are: "*".
void put_merged(std::vector<Change> found, const Where& where, std::vector<Change>& out) {
    const std::size_t first = out.size();
    for (Change& change : found) {
        const auto same = std::find_if(
            out.begin() + static_cast<std::ptrdiff_t>(first),
            out.end(),
            [&](Change other) {
                other.queues = change.queues;
                return other == change;
            }
        );
        if (same == out.end())
            out.push_back(std::move(change));
        else
            same->queues.insert(same->queues.end(), change.queues.begin(), change.queues.end());
    }
    for (std::size_t i = first; i < out.size(); ++i)
        if (out[i].queues.size() == where.queues.size()) out[i].queues = {"*"};
}

void compare_leaf(
    const Condition& before, const Condition& after, const Where& where, std::vector<Change>& out
) {
    std::set<std::string> seasons;
    for (const Condition* condition : {&before, &after})
        for (const Override& other : condition->overrides)
            if (!other.when.empty()) seasons.insert(other.when);
    const auto always = pairs(before, after, where, {});
    Change one;
    one.plan = where.plan;
    one.trigger = where.trigger;
    one.subject = text_of(after.leaf.measure);
    std::vector<Change> found;
    for (const auto& [pair, queues] : always) {
        one.queues = queues;
        compare_leaves(pair, one, found);
    }
    for (const std::string& season : seasons) {
        one.during = season;
        for (const auto& [pair, queues] : pairs(before, after, where, {season})) {
            const bool told = std::any_of(always.begin(), always.end(), [&](const auto& other) {
                return other.first == pair;
            });
            one.queues = queues;
            if (!told) compare_leaves(pair, one, found);
        }
    }
    put_merged(std::move(found), where, out);
}

void walk(
    const Condition& before, const Condition& after, const Where& where, std::vector<Change>& out
) {
    if (before.kind == ConditionKind::leaf) return compare_leaf(before, after, where, out);
    for (std::size_t i = 0; i < before.members.size(); ++i)
        walk(before.members[i], after.members[i], where, out);
}

}  // namespace

std::string summary_of(const Condition& condition) {
    if (condition.kind == ConditionKind::leaf) return figure_of(condition.leaf);
    constexpr std::array<const char*, 8> names{
        "", "all", "any", "not", "absent", "alert", "report", "calendar"
    };
    std::string inside = condition.source + condition.calendar;
    for (const auto& [name, value] : condition.labels)
        inside += fmt::format("{}{}={}", inside.empty() ? "" : ", ", name, value);
    for (const std::string& kind : condition.reports) inside += (inside.empty() ? "" : ", ") + kind;
    for (const Condition& member : condition.members)
        inside += (inside.empty() ? "" : ", ") + summary_of(member);
    return fmt::format("{}({})", names.at(static_cast<std::size_t>(condition.kind)), inside);
}

void compare_conditions(
    const Condition& before, const Condition& after, const Where& where, std::vector<Change>& out
) {
    if (before == after) return;
    if (alike(before, after)) return walk(before, after, where, out);
    Change change;
    change.what = What::condition;
    change.plan = where.plan;
    change.trigger = where.trigger;
    change.before = summary_of(before);
    change.after = summary_of(after);
    out.push_back(std::move(change));
}

}  // namespace surged::plan
