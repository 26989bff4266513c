// The rules as validated values: what the YAML under rules/ says after it was checked.
//
// A RuleSet is canonical: names instead of positions, resolved durations, sorted maps. Its bytes
// (codec) are stored once and named by their hash; a reload is an input that names the hash.
#pragma once

#include "base/time.hpp"
#include "core/board/kpi.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::plan {

/// Response level, rising gravity. Ⅰ is the gravest; `none` is "below every threshold".
enum class Level : std::uint8_t { none, IV, III, II, I };
inline constexpr std::array<Level, 4> levels{Level::IV, Level::III, Level::II, Level::I};
[[nodiscard]] std::string_view name_of(Level level);  // "none", "IV", "III", "II", "I"
[[nodiscard]] std::optional<Level> parse_level(std::string_view text);
/// A T per level IV…I; index with at().
template <class T>
struct PerLevel {
    std::array<T, 4> of{};
    [[nodiscard]] const T& at(Level level) const { return of[static_cast<std::size_t>(level) - 1]; }
    [[nodiscard]] T& at(Level level) { return of[static_cast<std::size_t>(level) - 1]; }
    template <class A>
    void fields(A& a) {
        a(of);
    }
    bool operator==(const PerLevel&) const = default;
};

enum class Language : std::uint8_t { zh_cn, en };
/// A text in both languages.
struct Bilingual {
    std::string zh, en;
    [[nodiscard]] const std::string& in(Language language) const {
        return language == Language::zh_cn ? zh : en;
    }
    template <class A>
    void fields(A& a) {
        a(zh, en);
    }
    bool operator==(const Bilingual&) const = default;
};

/// Offsets of a time zone over the years needed; the first entry holds from the beginning.
struct Zone {
    struct Change {
        Wall from;                 // the wall-clock instant (UTC) from which it holds
        std::int32_t offset_s{0};  // local = UTC + offset
        template <class A>
        void fields(A& a) {
            a(from, offset_s);
        }
        bool operator==(const Change&) const = default;
    };
    std::string name;  // IANA
    std::vector<Change> changes;
    template <class A>
    void fields(A& a) {
        a(name, changes);
    }
    bool operator==(const Zone&) const = default;
};
/// Local time as seconds since 1970-01-01 00:00 local; and the Wall of the latest local midnight.
[[nodiscard]] std::int32_t offset_at(const Zone& zone, Wall wall);
[[nodiscard]] Wall local_midnight(const Zone& zone, Wall wall);
[[nodiscard]] std::string local_date(const Zone& zone, Wall wall);   // 20261123
[[nodiscard]] std::string local_clock(const Zone& zone, Wall wall);  // 2026-11-23 16:35:19

enum class Callers : std::uint8_t { drop, pseudonym };

struct QueueRule {
    std::optional<Micros> target;  // T; none: the PBX's ServiceLevel, else 20 s
    Micros short_abandon{5s};      // S
    Micros wrap{0};                // after a completion, where the feed carries no wrap-up
    std::int32_t lines{0};         // 0: unknown
    Callers callers{Callers::drop};
    template <class A>
    void fields(A& a) {
        a(target, short_abandon, wrap, lines, callers);
    }
    bool operator==(const QueueRule&) const = default;
};

struct Limits {
    std::uint32_t queues{10000};
    std::uint32_t open_calls{100000};
    Micros call_ttl{6h};
    Micros queue_ttl{24h};
    Micros lateness{5min};
    template <class A>
    void fields(A& a) {
        a(queues, open_calls, call_ttl, queue_ttl, lateness);
    }
    bool operator==(const Limits&) const = default;
};

struct Site {
    std::string id;
    Zone zone;
    Language language{Language::zh_cn};
    std::map<std::string, QueueRule> queues;  // others get QueueRule{}
    Limits limits;
    template <class A>
    void fields(A& a) {
        a(id, zone, language, queues, limits);
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
struct Team {
    std::vector<Rung> escalation;
    std::uint32_t repeat{1};  // rounds over the ladder in all; at least 1
    std::string last_resort;  // a person; paged when all rounds went unanswered; empty: nobody
    template <class A>
    void fields(A& a) {
        a(escalation, repeat, last_resort);
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
struct Leaf {
    board::Measure measure;
    Ladder ladder;
    std::vector<Floor> floors;
    PerLevel<Micros> hold;  // `for`
    Clear clear;
    std::uint64_t min_calls{0};  // against the KPI's Base
    std::uint64_t min_count{0};  // against the count itself
    template <class A>
    void fields(A& a) {
        a(measure, ladder, floors, hold, clear, min_calls, min_count);
    }
    bool operator==(const Leaf&) const = default;
};
/// Replaces a leaf for the queues that match; the last override that matches wins. Already merged
/// with its leaf key by key by the decoder, so that it is whole.
struct Override {
    std::vector<std::string> queues;  // globs: * and ?
    Leaf leaf;
    template <class A>
    void fields(A& a) {
        a(queues, leaf);
    }
    bool operator==(const Override&) const = default;
};
/// leaf: the ladder; all: mildest of the members; any: gravest; not_: `level` while the one member
/// is none; absent: `level` (then `then_level`) while a source is silent, for `hold`.
enum class ConditionKind : std::uint8_t { leaf, all, any, not_, absent };
struct Condition {
    ConditionKind kind{ConditionKind::leaf};
    Leaf leaf;
    std::vector<Override> overrides;
    std::vector<Condition> members;
    Level level{Level::none};          // not_, absent
    std::string source;                // absent
    Micros hold{0};                    // absent
    std::optional<Micros> then_after;  // absent: this much later…
    Level then_level{Level::none};     // …it is this level
    template <class A>
    void fields(A& a) {
        a(kind, leaf, overrides, members, level, source, hold, then_after, then_level);
    }
    bool operator==(const Condition&) const = default;
};
struct Trigger {
    std::string id;
    Condition condition;
    std::vector<std::string> page;  // plan roles or teams; empty: the plan's `page` for the level
    template <class A>
    void fields(A& a) {
        a(id, condition, page);
    }
    bool operator==(const Trigger&) const = default;
};

enum class Activation : std::uint8_t { warn, automatic };
struct End {
    Micros when_clear_for{15min};
    std::string declared_by;  // role; not empty: a person must say so too
    template <class A>
    void fields(A& a) {
        a(when_clear_for, declared_by);
    }
    bool operator==(const End&) const = default;
};
struct StepRule {
    std::string id, phase, team;
    Level from_level{Level::IV};
    Micros within{0};
    Bilingual text;
    template <class A>
    void fields(A& a) {
        a(id, phase, team, from_level, within, text);
    }
    bool operator==(const StepRule&) const = default;
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
    PerLevel<Activation> activation{
        {Activation::warn, Activation::automatic, Activation::automatic, Activation::automatic}
    };
    std::map<std::string, std::string> teams;  // role → team
    PerLevel<std::vector<std::string>> page;   // roles
    std::vector<StepRule> steps;
    End end;
    template <class A>
    void fields(A& a) {
        a(name, source, version, title, scope, queues, triggers, activation, teams, page, steps, end
        );
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
    template <class A>
    void fields(A& a) {
        a(site, people, teams, plans, companions, public_url);
    }
    bool operator==(const RuleSet&) const = default;
};
using Rules = std::shared_ptr<const RuleSet>;

/// * matches any run, ? one byte; everything else itself.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view text);
[[nodiscard]] bool any_glob_matches(const std::vector<std::string>& globs, std::string_view text);
/// The leaf in force for a queue: the last override that matches, else the leaf itself.
[[nodiscard]] const Leaf& leaf_for(const Condition& condition, std::string_view queue);

}  // namespace surged::plan
