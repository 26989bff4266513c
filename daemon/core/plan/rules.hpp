// The rules as validated values: what the YAML under rules/ says after it was checked.
//
// A RuleSet is canonical: names instead of positions, resolved durations, sorted maps. Its bytes
// (codec) are stored once and named by their hash; a reload is an input that names the hash.
#pragma once

#include "base/time.hpp"
#include "core/board/kpi.hpp"
#include "core/board/service_level.hpp"
#include "core/plan/calendar.hpp"
#include "core/plan/level.hpp"
#include "core/plan/playbook.hpp"
#include "core/plan/zone.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace surged::plan {

enum class Callers : std::uint8_t { drop, pseudonym };

struct QueueRule {
    std::optional<Micros> target;  // T; none: the PBX's ServiceLevel, else 20 s
    Micros short_abandon{5s};      // S
    Micros wrap{0};                // after a completion, where the feed carries no wrap-up
    std::int32_t lines{0};         // 0: unknown
    Callers callers{Callers::drop};
    board::Formula formula{board::Formula::V8};  // of service_level and service_level_live
    std::optional<Micros> backlog_after;         // an open contact older than this is backlog
    std::optional<Micros> complaint_limit;       // a complaint without a due time has so long
    std::set<board::Window> quantiles;           // kept for readers, besides those of the rules
    template <class A>
    void fields(A& a) {
        a(target, short_abandon, wrap, lines, callers);
        if (a.version() >= 2) a(formula, backlog_after, complaint_limit, quantiles);
    }
    bool operator==(const QueueRule&) const = default;
};

struct Limits {
    std::uint32_t queues{10000};
    std::uint32_t open_calls{100000};
    Micros call_ttl{6h};
    Micros queue_ttl{24h};
    Micros lateness{5min};
    Micros mail_ttl{std::chrono::days{14}};  // as call_ttl, of e-mail and social
    template <class A>
    void fields(A& a) {
        a(queues, open_calls, call_ttl, queue_ttl, lateness);
        if (a.version() >= 2) a(mail_ttl);
    }
    bool operator==(const Limits&) const = default;
};

struct Site {
    std::string id;
    Zone zone;
    Language language{Language::zh_cn};
    std::map<std::string, QueueRule> queues;  // others get QueueRule{}
    Limits limits;
    Calendars calendars;
    std::string special_days;  // calendar: days that the profile neither learns from nor speaks for
    /// A change of rules needs a second person in this calendar, and while an incident stands.
    std::string second_person_during;
    bool second_person_in_incident{false};
    template <class A>
    void fields(A& a) {
        a(id, zone, language, queues, limits);
        if (a.version() >= 2)
            a(calendars, special_days, second_person_during, second_person_in_incident);
    }
    bool operator==(const Site&) const = default;
};

struct Method {
    std::string channel, to;
    Micros after{0};  // from the page to this person, while nobody has acknowledged
    template <class A>
    void fields(A& a) {
        a(channel, to, after);
    }
    bool operator==(const Method&) const = default;
};
struct Person {
    std::string name;
    Language language{Language::zh_cn};
    std::vector<Method> contact;  // never empty
    template <class A>
    void fields(A& a) {
        a(name, language, contact);
    }
    bool operator==(const Person&) const = default;
};
struct Rung {
    std::vector<std::string> page;  // people
    Micros wait{5min};
    template <class A>
    void fields(A& a) {
        a(page, wait);
    }
    bool operator==(const Rung&) const = default;
};
/// Who is on call in a calendar, in place of the team's own escalation; the last in force wins.
struct Shift {
    std::string when;
    std::vector<Rung> escalation;
    template <class A>
    void fields(A& a) {
        a(when, escalation);
    }
    bool operator==(const Shift&) const = default;
};
struct Team {
    std::vector<Rung> escalation;
    std::uint32_t repeat{1};  // rounds over the ladder in all; at least 1
    std::string last_resort;  // a person; paged when all rounds went unanswered; empty: nobody
    std::vector<Shift> shifts;
    template <class A>
    void fields(A& a) {
        a(escalation, repeat, last_resort);
        if (a.version() >= 2) a(shifts);
    }
    bool operator==(const Team&) const = default;
};

struct Clear {
    board::Millionths margin{200'000};  // 20 % inside the threshold
    PerLevel<Micros> hold{
        {5min, 5min, 10min, 10min}
    };  // how long inside
    PerLevel<Micros> dwell{
        {10min, 10min, 10min, 10min}
    };  // least time at a level after a rise
    template <class A>
    void fields(A& a) {
        a(margin, hold, dwell);
    }
    bool operator==(const Clear&) const = default;
};

/// A threshold per level on one figure of one queue.
struct Ladder {
    bool below{false};  // true: value ≤ threshold is bad
    PerLevel<std::optional<board::Millionths>> at;
    template <class A>
    void fields(A& a) {
        a(below, at);
    }
    bool operator==(const Ladder&) const = default;
};
struct Floor {
    board::Measure measure;
    board::Millionths least{0};  // measure below this: the condition has no value
    template <class A>
    void fields(A& a) {
        a(measure, least);
    }
    bool operator==(const Floor&) const = default;
};
/// What a figure is divided by before it meets the ladder; `none`: nothing.
enum class Relative : std::uint8_t {
    none,
    profile,  // the same hour of past weeks
    plan,     // the plan of the day
    event     // the last occurrence of `event`, a calendar, times `factor`
};
struct Leaf {
    board::Measure measure;
    Ladder ladder;
    std::vector<Floor> floors;
    PerLevel<Micros> hold;  // `for`
    Clear clear;
    std::uint64_t min_calls{0};  // against the KPI's Base
    std::uint64_t min_count{0};  // against the count itself
    Relative ratio_to{Relative::none};
    std::string event;                    // Relative::event: the calendar
    board::Millionths factor{1'000'000};  // Relative::event: expected = last time × factor
    Micros change_over{0};  // not 0: the figure is its value now less its value so long ago
    Micros keep{0};         // goes on firing so long after the value is gone
    template <class A>
    void fields(A& a) {
        a(measure, ladder, floors, hold, clear, min_calls, min_count);
        if (a.version() >= 2) a(ratio_to, event, factor, change_over, keep);
    }
    bool operator==(const Leaf&) const = default;
};
/// Replaces a leaf for the queues that match, while its calendar is in force; the last override
/// that matches wins. Already merged with its leaf key by key by the decoder, so that it is whole.
struct Override {
    std::vector<std::string> queues;  // globs: * and ?; empty: every queue
    Leaf leaf;
    std::string when;  // calendar; empty: always
    template <class A>
    void fields(A& a) {
        a(queues, leaf);
        if (a.version() >= 2) a(when);
    }
    bool operator==(const Override&) const = default;
};
/// leaf: the ladder; all: mildest of the members; any: gravest; not_: `level` while the one member
/// is none; absent: `level` (then `then_level`) while a source is silent, for `hold`; alert: while
/// an alert from outside with these labels fires; report: while a person's report of one of these
/// kinds stands; calendar: while it is in force, and at IV so long as `lead` before.
enum class ConditionKind : std::uint8_t { leaf, all, any, not_, absent, alert, report, calendar };
struct Condition {
    ConditionKind kind{ConditionKind::leaf};
    Leaf leaf;
    std::vector<Override> overrides;
    std::vector<Condition> members;
    Level level{Level::none};          // not_, absent, alert, report (of kinds without), calendar
    std::string source;                // absent
    Micros hold{0};                    // absent, alert
    std::optional<Micros> then_after;  // absent: this much later…
    Level then_level{Level::none};     // …it is this level
    std::string during;  // calendar: outside it the condition is at none; empty: always
    std::map<std::string, std::string> labels;  // alert: all of these, value globs
    std::vector<std::string> reports;           // report: kinds
    std::string calendar;                       // calendar
    Micros lead{0};                             // calendar
    template <class A>
    void fields(A& a) {
        a(kind, leaf, overrides, members, level, source, hold, then_after, then_level);
        if (a.version() >= 2) a(during, labels, reports, calendar, lead);
    }
    bool operator==(const Condition&) const = default;
};
struct Trigger {
    std::string id;
    Condition condition;
    std::vector<std::string> page;  // plan roles or teams; empty: the plan's `page` for the level
    /// Triggers of this plan, or plan/trigger: while one of them fires on the queue, or on a
    /// source, this one counts as calm.
    std::vector<std::string> inhibited_by;
    template <class A>
    void fields(A& a) {
        a(id, condition, page);
        if (a.version() >= 2) a(inhibited_by);
    }
    bool operator==(const Trigger&) const = default;
};

struct End {
    Micros when_clear_for{15min};
    std::string declared_by;  // role; not empty: a person must say so too
    template <class A>
    void fields(A& a) {
        a(when_clear_for, declared_by);
    }
    bool operator==(const End&) const = default;
};
/// Rises milder than `below` page nobody while `during` is in force; what still stands at its end
/// is paged then.
struct Quiet {
    std::string during;
    Level below{Level::none};
    template <class A>
    void fields(A& a) {
        a(during, below);
    }
    bool operator==(const Quiet&) const = default;
};

enum class Scope : std::uint8_t { plan, queue };
struct Plan {
    std::string name;    // platform-service
    std::string source;  // P06; the incident id begins with it (the name if empty)
    std::uint32_t version{1};
    Bilingual title;
    Scope scope{Scope::plan};
    std::vector<std::string> queues;  // globs; empty: every queue
    std::vector<Trigger> triggers;
    PerLevel<ActivationRule> activation{
        {ActivationRule{Activation::warn},
         ActivationRule{Activation::automatic},
         ActivationRule{Activation::automatic},
         ActivationRule{Activation::automatic}}
    };
    std::map<std::string, std::string> teams;  // role → team
    PerLevel<std::vector<std::string>> page;   // roles
    std::vector<StepRule> steps;
    End end;
    std::vector<std::string> channels;  // voice, chat …: of the queues it watches; empty: any
    std::vector<std::string>
        yields_to;  // plans that lead where both match; this one then opens nothing
    std::vector<KindRule> kinds;
    Quiet quiet;
    Binder binder;
    template <class A>
    void fields(A& a) {
        a(name, source, version, title, scope, queues, triggers);
        if (a.version() >= 2) {
            a(activation);
        } else {
            fields_of_format_1(a);
        }
        a(teams, page, steps, end);
        if (a.version() >= 2) a(channels, yields_to, kinds, quiet, binder);
    }
    template <class A>
    void fields_of_format_1(A& a) {
        PerLevel<Activation> modes;
        a(modes);
        for (const Level level : levels) activation.at(level) = ActivationRule{modes.at(level)};
    }
    bool operator==(const Plan&) const = default;
};

struct RuleSet {
    Site site;
    std::map<std::string, Person> people;
    std::map<std::string, Team> teams;
    std::map<std::string, Plan> plans;              // by name
    std::map<std::string, std::string> companions;  // source → the source it accompanies
    std::string public_url;                         // links in pages; empty: none
    std::map<std::string, Bilingual> notices;       // notices.yaml: texts by name
    template <class A>
    void fields(A& a) {
        a(site, people, teams, plans, companions, public_url);
        if (a.version() >= 2) a(notices);
    }
    bool operator==(const RuleSet&) const = default;
};
using Rules = std::shared_ptr<const RuleSet>;

/// * matches any run, ? one byte; everything else itself.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view text);
[[nodiscard]] bool any_glob_matches(const std::vector<std::string>& globs, std::string_view text);
/// Names of the calendars in force at one instant: few, each once, sorted.
class InForce {
public:
    InForce() = default;
    InForce(std::initializer_list<std::string_view> names) {
        for (const std::string_view name : names) insert(name);
    }
    void insert(std::string_view name);
    [[nodiscard]] bool contains(std::string_view name) const {
        for (const std::string& one : names_)
            if (one == name) return true;
        return false;
    }
    [[nodiscard]] auto begin() const { return names_.begin(); }
    [[nodiscard]] auto end() const { return names_.end(); }
    bool operator==(const InForce&) const = default;

private:
    std::vector<std::string> names_;  // asked far more often than changed: no tree to walk
};
/// The leaf in force for a queue: the last override that matches, else the leaf itself.
[[nodiscard]] const Leaf& leaf_for(
    const Condition& condition, std::string_view queue, const InForce& in_force
);

}  // namespace surged::plan
