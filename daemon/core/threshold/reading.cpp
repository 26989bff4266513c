// The leading figure of a condition, for pages and readers, without any memory.
#include "base/assert.hpp"
#include "core/threshold/observe.hpp"

#include <algorithm>

namespace surged::threshold {
namespace {

using board::Kpi;
using board::Measure;
using board::Quantity;
using plan::Condition;
using plan::ConditionKind;
using plan::Level;

struct Glance {
    Level level{Level::none};
    const Condition* leading{nullptr};
    Level leading_level{Level::none};
};

std::string told(const Condition& condition, const Context& context) {
    if (condition.kind == ConditionKind::calendar) return "date " + condition.calendar;
    if (condition.kind == ConditionKind::report) {
        const Reported* report = gravest_report(*context.outside, condition, context.plan);
        if (report == nullptr) return {};
        return "report " + report->kind + (report->text.empty() ? "" : ": " + report->text);
    }
    if (condition.kind != ConditionKind::alert) return {};
    const Alerting* alert = oldest_alert(*context.outside, condition);
    if (alert == nullptr) return {};
    if (!alert->summary.empty()) return "alert " + alert->summary;
    const auto name = alert->labels.find("alertname");
    return "alert " + (name == alert->labels.end() ? std::string{} : name->second);
}

/// The level by what the values are at this instant, without any memory.
Glance glance(const Condition& condition, const Context& context) {
    Glance said{Level::none, first_leaf(condition), Level::none};
    if (sleeps(condition, context)) return said;
    if (condition.kind == ConditionKind::calendar) {
        const bool now = context.calendars->contains(condition.calendar);
        if (now) said.level = said.leading_level = condition.level;
        return said;
    }
    if (condition.kind == ConditionKind::report) {
        const Reported* report = gravest_report(*context.outside, condition, context.plan);
        if (report != nullptr) said.level = said.leading_level = level_of(*report, condition);
        return said;
    }
    if (condition.kind == ConditionKind::alert) {
        if (oldest_alert(*context.outside, condition) != nullptr)
            said.level = said.leading_level = condition.level;
        return said;
    }
    if (condition.kind == ConditionKind::leaf) {
        const plan::Leaf& leaf = plan::leaf_for(condition, context.queue_name, *context.calendars);
        if (!has_data(leaf, context)) return said;
        const std::optional<Quantity> value = value_that_counts(leaf, context);
        for (const Level level : plan::levels)
            if (value && over(leaf.ladder, level, *value)) said.level = said.leading_level = level;
        return said;
    }
    if (condition.kind == ConditionKind::absent) {
        if (is_silent(condition, context)) said.level = said.leading_level = condition.level;
        return said;
    }
    const bool all = condition.kind != ConditionKind::any;
    for (const Condition& member : condition.members) {
        const Glance one = glance(member, context);
        const bool first = &member == &condition.members.front();
        if (first || (all ? one.level < said.level : one.level > said.level)) said = one;
    }
    if (condition.kind == ConditionKind::not_)
        said.level = said.level == Level::none ? condition.level : Level::none;
    return said;
}

void collect(const plan::Leaf& leaf, std::vector<Measure>& out) {
    out.push_back(leaf.measure);
    if (leaf.min_calls > 0) out.push_back(contacts_of(leaf));
    if (leaf.ratio_to == plan::Relative::profile || leaf.ratio_to == plan::Relative::event)
        out.push_back(expect::learned(leaf.measure));
    for (const plan::Floor& floor : leaf.floors) out.push_back(floor.measure);
}

void collect(const Condition& condition, std::vector<Measure>& out) {
    if (condition.kind == ConditionKind::leaf) {
        collect(condition.leaf, out);
        for (const plan::Override& other : condition.overrides) collect(other.leaf, out);
        out.push_back(Measure{Kpi::longest_wait, {}, {}, {}, {}});
    }
    for (const Condition& member : condition.members) collect(member, out);
}

board::Changes reads_of(const plan::Leaf& leaf) {
    board::Changes out = board::made_of(leaf.measure);
    if (leaf.min_calls > 0) out |= board::made_of(contacts_of(leaf));
    for (const plan::Floor& floor : leaf.floors) out |= board::made_of(floor.measure);
    if (leaf.ratio_to == plan::Relative::plan) out |= board::changes::plan;
    if (leaf.change_over > Micros{0}) out |= board::changes::time;  // not the board's
    return out;
}

board::Changes wake_reads(const plan::Leaf& leaf) {
    board::Changes out = board::brings_forward(leaf.measure);
    // With the data comes back what it is compared with.
    if (leaf.ratio_to != plan::Relative::none || leaf.change_over > Micros{0})
        out |= board::changes::sooner;
    if (leaf.ratio_to == plan::Relative::plan) out |= board::changes::plan;
    // What has crossed a limit unheard sets no wake for it; who is in front next will cross it
    // again.
    const bool unheard = !leaf.floors.empty() || leaf.min_calls > 0 || leaf.min_count > 0;
    if (unheard && grows(leaf.measure)) out |= board::changes::front;
    for (const plan::Floor& floor : leaf.floors) {
        out |= board::brings_forward(floor.measure);
        if (grows(floor.measure)) out |= board::changes::front;
    }
    return out;
}

}  // namespace

Measure contacts_of(const plan::Leaf& leaf) {
    Measure out = leaf.measure;
    if (leaf.ratio_to == plan::Relative::none) return out;
    out.kpi = Kpi::calls_offered;
    out.topic.clear();
    out.severity = 0;
    return out;
}

board::Changes reads_of(const Condition& condition) {
    if (condition.kind == ConditionKind::leaf) {
        board::Changes out = reads_of(condition.leaf);
        for (const plan::Override& other : condition.overrides) out |= reads_of(other.leaf);
        return out;
    }
    board::Changes out = condition.members.empty() ? board::changes::time  // of no queue
                                                   : board::changes::front;
    for (const Condition& member : condition.members) out |= reads_of(member);
    return out;
}

std::vector<board::Changes> node_reads(const Condition& condition) {
    std::vector<board::Changes> out{reads_of(condition)};
    for (const Condition& member : condition.members) {
        const std::vector<board::Changes> more = node_reads(member);
        out.insert(out.end(), more.begin(), more.end());
    }
    return out;
}

board::Changes wake_reads(const Condition& condition) {
    if (condition.kind == ConditionKind::leaf) {
        board::Changes out = wake_reads(condition.leaf);
        for (const plan::Override& other : condition.overrides) out |= wake_reads(other.leaf);
        return out;
    }
    board::Changes out = condition.members.empty() ? board::changes::all : board::Changes{0};
    for (const Condition& member : condition.members) out |= wake_reads(member);
    return out;
}

const Condition* first_leaf(const Condition& condition) {
    return condition.members.empty() ? &condition : first_leaf(condition.members.front());
}

bool is_silent(const Condition& condition, const Context& context) {
    const auto found = context.sources->find(condition.source);
    return found == context.sources->end() || !found->second.up;
}

bool has_data(const plan::Leaf& leaf, const Context& context) {
    return !board::info_of(leaf.measure.kpi).of_calls || context.board->data_live(context.queue);
}

bool callers_wait_too_long(const Context& context) {
    static const Measure longest_wait{Kpi::longest_wait, {}, {}, {}, {}};
    const std::optional<Quantity> oldest = context.board->value(context.queue, longest_wait);
    return oldest && !board::at_most(*oldest, context.board->target(context.queue).count());
}

bool are_floors_met(const plan::Leaf& leaf, const Context& context) {
    return std::all_of(leaf.floors.begin(), leaf.floors.end(), [&](const plan::Floor& floor) {
        const auto figure = context.board->value(context.queue, floor.measure);
        return figure && board::at_least(*figure, floor.least);
    });
}

std::optional<Quantity> value_that_counts(const plan::Leaf& leaf, const Context& context) {
    const board::View& board = *context.board;
    if (!are_floors_met(leaf, context)) return std::nullopt;
    const auto enough = [&](std::uint64_t least, const Measure& measure) {
        return board.base_count(context.queue, measure) >= least;
    };
    if (leaf.min_calls > 0) {
        // A comparison nearly always is of the contacts that came: then nothing is copied.
        const Measure& own = leaf.measure;
        const bool itself =
            leaf.ratio_to == plan::Relative::none ||
            (own.kpi == Kpi::calls_offered && own.topic.empty() && own.severity == 0);
        if (!enough(leaf.min_calls, itself ? own : contacts_of(leaf))) return std::nullopt;
    }
    if (leaf.min_count > 0 && !enough(leaf.min_count, leaf.measure)) return std::nullopt;
    return watched_value(leaf, context);  // last: nothing is dearer than what is usual
}

Reading reading_of(const Condition& condition, Level level, const Context& context) {
    Reading reading;
    if (condition.kind != ConditionKind::leaf) {
        reading.source = condition.source;  // of an absence
        reading.told = told(condition, context);
        return reading;
    }
    const plan::Leaf& leaf = plan::leaf_for(condition, context.queue_name, *context.calendars);
    reading.measure = leaf.measure;
    reading.value = watched_value(leaf, context);
    reading.relative = leaf.ratio_to;
    reading.change_over = leaf.change_over;
    const plan::Ladder& ladder = context.temporary != nullptr ? *context.temporary : leaf.ladder;
    reading.thresholds = ladder.at;
    reading.below = ladder.below;
    if (level != Level::none) reading.threshold = ladder.at.at(level);
    for (const Level rung : plan::levels)
        if (!reading.threshold) reading.threshold = ladder.at.at(rung);
    return reading;
}

Reading read(const Condition& condition, const Context& context) {
    SURGED_ASSERT(context.board != nullptr && context.sources != nullptr);
    SURGED_ASSERT(context.site != nullptr && context.calendars != nullptr);
    SURGED_ASSERT(context.outside != nullptr);
    const Glance said = glance(condition, context);
    return reading_of(*said.leading, said.leading_level, context);
}

std::vector<Measure> measures_of(const Condition& condition) {
    std::vector<Measure> out;
    collect(condition, out);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

}  // namespace surged::threshold
