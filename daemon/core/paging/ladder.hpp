// The escalation ladder of one team for one rise of one incident: who is paged when nobody answers.
//
// Rungs in order, all rungs again for `repeat` rounds, then the last resort again and again until
// somebody acknowledges or the matter is over. An empty rung is skipped at once.
#pragma once

#include "base/time.hpp"
#include "core/plan/rules.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace surged::paging {

/// Page this person by his `method`-th way now.
struct Due {
    std::string person;
    std::uint32_t method{0}, rung{0}, round{0};
    bool operator==(const Due&) const = default;
};

/// A later way to reach a person who was paged, unless somebody answers before.
struct Waiting {
    std::string person;
    std::uint32_t method{0}, rung{0}, round{0};
    Instant at;
    template <class A>
    void fields(A& a) {
        a(person, method, rung, round, at);
    }
    bool operator==(const Waiting&) const = default;
};

struct Ladder {
    std::string incident, team;
    std::uint32_t rise{0}, rung{0}, round{0};
    bool last_resort{false};
    std::optional<Instant> escalate_at;  // none: nobody is left to ask
    std::vector<Waiting> waiting;
    std::string step;  // not empty: about a step that is overdue
    template <class A>
    void fields(A& a) {
        a(incident, team, rise, rung, round, last_resort, escalate_at, waiting);
        if (a.version() >= 2) a(step);
    }
    bool operator==(const Ladder&) const = default;
};

/// Puts the ladder on its first rung that has anybody and says whom to page.
/// `in_force`: the calendars, for the shifts.
[[nodiscard]] std::vector<Due> start(
    Ladder& ladder, const plan::RuleSet& rules, const plan::InForce& in_force, Instant now
);
/// All that is due at or before `now`: later methods, then the next rung.
[[nodiscard]] std::vector<Due> run(
    Ladder& ladder, const plan::RuleSet& rules, const plan::InForce& in_force, Instant now
);
/// Who is on call: the rungs of the last shift whose calendar is in force, else the team's own.
[[nodiscard]] const std::vector<plan::Rung>& on_call(
    const plan::Team& team, const plan::InForce& in_force
);
/// Nothing is due before `until`; what would have been is due then.
void postpone(Ladder& ladder, Instant until);
/// A way to a person has failed: his next way, if he has one, is due at once.
[[nodiscard]] std::vector<Due> hurry(Ladder& ladder, const std::string& person);
[[nodiscard]] std::optional<Instant> next_wake(const Ladder& ladder);

}  // namespace surged::paging
