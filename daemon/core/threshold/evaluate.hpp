// Turns the figures of one queue into the level of a trigger: ladders, composed by all, any, not
// and absent. step.hpp has the rules of a single ladder.
//
// evaluate() must be called whenever the queue or a source was touched, and at every `wake`. Called
// at any other instant besides, it changes nothing: the state at a given instant does not depend on
// how often it was asked for.
#pragma once

#include "core/acd/floor.hpp"
#include "core/board/changes.hpp"
#include "core/board/view.hpp"
#include "core/expect/baselines.hpp"
#include "core/expect/past.hpp"
#include "core/plan/rules.hpp"
#include "core/threshold/outside.hpp"
#include "core/threshold/step.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace surged::threshold {

/// What a condition remembers about one queue. One node per leaf and composite, in preorder.
///
/// It survives a reload if the condition still has as many nodes (thresholds may have moved);
/// otherwise evaluate() starts it afresh, because no node can be told from another by name.
struct State {
    std::vector<LeafState> nodes;
    plan::Level level{plan::Level::none};
    std::optional<Instant> since;  // it has stood at `level` since; none: never evaluated
    template <class A>
    void fields(A& a) {
        a(nodes, level, since);
    }
    bool operator==(const State&) const = default;
};

/// Where to read. Everything outlives the call; `sources` is Floor::sources().
struct Context {
    const board::View* board{nullptr};
    board::QueueIx queue{0};
    std::string_view queue_name;
    Instant now;
    const std::map<std::string, acd::SourceCounts>* sources{nullptr};
    const plan::Site* site{nullptr};          // its calendars and zone
    const plan::InForce* calendars{nullptr};  // those in force; kept up to date by the caller
    Micros wall_offset{0};                    // wall minus engine
    const Outside* outside{nullptr};
    std::string_view plan;                   // whose trigger it is
    const plan::Ladder* temporary{nullptr};  // in place of the ladder of a condition that is a leaf
    const expect::Baselines* baselines{nullptr};  // nullptr: nothing is known of other days
    const expect::Past* past{nullptr};            // nullptr: nothing is known of before
};

/// The figure that speaks for a condition: of `any` the gravest member's, of `all` the mildest's
/// (it decides), the first among equals.
struct Reading {
    board::Measure measure;
    std::optional<board::Quantity> value;  // as the board has it, whether or not floors are met
    /// Of the level it is at; of the mildest rung while it is at none.
    std::optional<board::Millionths> threshold;
    plan::PerLevel<std::optional<board::Millionths>> thresholds;  // in force for this queue
    bool below{false};
    plan::Relative relative{plan::Relative::none};  // the value is a multiple of this
    Micros change_over{0};                          // not 0: the value is a change over so long
    std::string source;  // an absent condition: the source it watches; the rest is then empty
    /// "alert …", "report …", "date …": what speaks where no figure does; the rest is then empty.
    std::string told;
    bool operator==(const Reading&) const = default;
};

struct Evaluated {
    plan::Level level{plan::Level::none};
    /// When time alone may change the answer or the state. Always after `now`.
    std::optional<Instant> wake;
    Reading leading;
    /// Since when the leading figure has met the threshold of its level (or its source has been
    /// silent): what a page calls "since". none: it does not any more, or nothing fires.
    std::optional<Instant> leading_since;
};

/// What evaluate() says of level and wake, and what it does to `state`, without the words for it.
struct Updated {
    plan::Level level{plan::Level::none};
    std::optional<Instant> wake;
};
Updated update(const plan::Condition& condition, const Context& context, State& state);
[[nodiscard]] Evaluated evaluate(
    const plan::Condition& condition, const Context& context, State& state
);

/// A condition of one figure, and what of its memory tells whether that stays as it is.
struct Steady {
    /// In force on the queue until the calendars turn; nullptr: ask update().
    const plan::Leaf* leaf{nullptr};
    /// Strictly between these, in millionths, a value that counts changes nothing but with time.
    /// What lies on them or beyond is to be compared exactly. 0 and 0: all is.
    float low{0}, high{0};
    /// The same in contacts, these among them: so many wait, or with_connected are here, as long as
    /// none but contacts come and go. None: it is not told by them.
    std::uint16_t least{1}, most{0};
    std::uint8_t over{0};  // a bit per rung that the value is over, IV the lowest
    plan::Level level{plan::Level::none};
    bool comes_down : 1 {false};  // it has been inside since: who waits may hold it up
    bool plain : 1 {false};       // its value is the board's: no floor, minimum or comparison
    /// `low` and `high` are of the board's figure, whatever else its value is made of.
    bool by_figure : 1 {false};
    bool of_calls : 1 {true};  // it has none while what feeds the queue's calls is lost
    bool by_contacts : 1 {false}, with_connected : 1 {false};
    board::NamedGauges::Place gauge{nowhere};  // its value is a gauge, which stands there
    static constexpr board::NamedGauges::Place nowhere = 0xff;
};
static_assert(sizeof(Steady) <= 24 && Steady::nowhere >= board::NamedGauges::most);

/// Contacts have come and gone, and nothing else.
[[nodiscard]] inline bool is_of_contacts(board::Changes news) {
    using namespace board::changes;
    return (news & static_cast<board::Changes>(~(waiting | connected | front))) == 0;
}
/// Of what it reads contacts alone have changed, and they are as many as leave it as it is. Asked
/// where its wake is ahead and nothing has brought it forward.
[[nodiscard]] inline bool is_among(
    const Steady& steady, const board::Contacts& contacts, board::Changes news
) {
    if (!is_of_contacts(news)) return false;
    const std::uint32_t here = contacts.waiting + (steady.with_connected ? contacts.connected : 0);
    return here >= steady.least && here <= steady.most && (!steady.comes_down || contacts.late);
}
/// Tells it by contacts anew, where it is, after something else has changed that it reads.
void tell_by_contacts(Steady& steady, const Context& context);
/// What it is after update() has said `state`. Of a figure that is compared with what is usual or
/// planned it stands until the wake, and until what it is compared with is learned anew.
[[nodiscard]] Steady steady(
    const plan::Condition& condition, const Context& context, const State& state
);
/// True if update() would leave the state of a steady one as it is, as it does for nearly all at
/// nearly all times. `wake`: gets the wake; nullptr where the one of before is ahead and nothing of
/// wake_reads() has changed, so that it stands. It may come before the one that update() would
/// name, never after. Of one at rest the state is not even read.
[[nodiscard]] bool stays(
    const Steady& steady, const Context& context, const State& state, std::optional<Instant>* wake
);

/// The same of each node of a condition composed of leaves, in the order of State::nodes: what is
/// no leaf, or asleep, has none. False: ask update().
[[nodiscard]] bool steady_nodes(
    const plan::Condition& condition,
    const Context& context,
    const State& state,
    std::span<Steady> out
);
/// What has changed of a queue, and what of it each node of a condition reads: see node_reads().
struct News {
    board::Changes changed{board::changes::all};
    std::span<const board::Changes> reads;
    board::Contacts contacts;
};
/// Does what update() would do to a composed one whose wake is ahead and stands, as long as no leaf
/// of it reaches another level: then its own is what it was. Each leaf that reads something of what
/// has changed is asked, and brought up to now where it does not rest; `wake` is brought forward.
/// False: a part of that may be done; update() must follow, and steady_nodes().
[[nodiscard]] bool all_follow(
    std::span<Steady> nodes, const Context& context, State& state, const News& news, Instant& wake
);
/// The same of a composed one whose wake does not stand, which is sought.
[[nodiscard]] bool all_stay(
    const plan::Condition& condition,
    const Context& context,
    const State& state,
    std::optional<Instant>& wake
);
/// It is outside the calendar that it is bound to.
[[nodiscard]] inline bool sleeps(const plan::Condition& condition, const Context& context) {
    return !condition.during.empty() && !context.calendars->contains(condition.during);
}

/// The leading figure by what the values are now, without holds; for display. Changes nothing.
[[nodiscard]] Reading read(const plan::Condition& condition, const Context& context);

/// What a leaf watches, floors apart: the figure, or what it is a multiple of; nullopt: no value.
[[nodiscard]] std::optional<board::Quantity> figure_of(
    const plan::Leaf& leaf, const Context& context
);
/// A part of the condition that is awake asks for the plan of the day, which does not cover its
/// window.
[[nodiscard]] bool lacks_plan(const plan::Condition& condition, const Context& context);
/// When time alone gives a leaf that is compared, with days or with before, another value.
[[nodiscard]] std::optional<Instant> comparison_changes(
    const plan::Leaf& leaf, const Context& context
);

/// What of its queue the condition reads, at whatever level its leaf stands; at one, a leaf reads
/// who waits longest too. Where none of it has changed and the wake has not come, update() changes
/// nothing and would name the same wake.
[[nodiscard]] board::Changes reads_of(const plan::Condition& condition);

/// The same of each node of the condition, in the order of State::nodes.
[[nodiscard]] std::vector<board::Changes> node_reads(const plan::Condition& condition);

/// What of its queue can bring the wake of a condition forward.
[[nodiscard]] board::Changes wake_reads(const plan::Condition& condition);

/// Everything the condition reads of any queue: figures, floors, overrides, what they are compared
/// with, and longest_wait, which guards the way down. Sorted, each once.
[[nodiscard]] std::vector<board::Measure> measures_of(const plan::Condition& condition);

}  // namespace surged::threshold
