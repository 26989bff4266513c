// What a plan says is to be done: activation, steps, and the parts of the binder that are read and
// checked but that no machine carries out yet (notices, review, drills, readiness, cards).
#pragma once

#include "base/time.hpp"
#include "core/plan/level.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace surged::plan {

/// What a level does: warn only, start by itself, ask somebody first, or start and let him say no
/// (a later no stops it and undoes what it began).
enum class Activation : std::uint8_t { warn, automatic, ask, start_then_confirm };
struct ActivationRule {
    Activation mode{Activation::warn};
    std::string by{};          // ask, start_then_confirm: role or team
    Micros within{5min};       // ask: how long he has; start_then_confirm: how long a no counts
    bool then_activate{true};  // ask: what happens without an answer
    template <class A>
    void fields(A& a) {
        a(mode, by, within, then_activate);
    }
    bool operator==(const ActivationRule&) const = default;
};

/// What a machine does for a step. Read and checked; it does not run yet.
struct Action {
    std::string kind, target;  // webhook acd-overflow, ami …
    std::string approval;      // role or team that must allow it; empty: nobody
    std::string undo;          // target of the same kind that puts it back; empty: none
    Micros timeout{30s};
    template <class A>
    void fields(A& a) {
        a(kind, target, approval, undo, timeout);
    }
    bool operator==(const Action&) const = default;
};

struct StepRule {
    std::string id, phase, team;
    Level from_level{Level::IV};
    Micros within{0};  // from its opening; 0: no deadline
    Bilingual text;
    std::vector<std::string> kinds;  // only for incidents of these kinds; empty: all
    std::optional<Micros> before;    // opens so long before the date of a plan started by calendar
    Micros every{0};                 // comes again so long after it was done; 0: once
    bool required{false};            // the incident cannot end while it is open
    std::optional<Action> action;
    template <class A>
    void fields(A& a) {
        a(id, phase, team, from_level, within, text);
        if (a.version() >= 2) a(kinds, before, every, required, action);
    }
    bool operator==(const StepRule&) const = default;
};

/// A kind of incident that this plan knows: what a report names.
struct KindRule {
    std::string id;
    Bilingual title;
    Level level{Level::none};  // at which a report of it starts; none: the trigger's
    template <class A>
    void fields(A& a) {
        a(id, title, level);
    }
    bool operator==(const KindRule&) const = default;
};

struct NoticeRule {
    std::string to;                // audience: customers, agents, superiors, authorities, public …
    std::vector<std::string> via;  // ivr, site, sms …
    std::string text;              // name in notices.yaml
    Level from_level{Level::IV};
    Micros within{0}, every{0};
    std::string approval;
    template <class A>
    void fields(A& a) {
        a(to, via, text, from_level, within, every, approval);
    }
    bool operator==(const NoticeRule&) const = default;
};
struct ReviewRule {
    Micros within{0};
    std::string owner;
    std::vector<Bilingual> questions;
    template <class A>
    void fields(A& a) {
        a(within, owner, questions);
    }
    bool operator==(const ReviewRule&) const = default;
};
struct DrillRule {
    Micros every{0};
    std::string owner;
    std::vector<std::string> kinds;  // of incidents to practise
    Bilingual scenario;
    std::vector<Bilingual> scores;  // what is judged
    template <class A>
    void fields(A& a) {
        a(every, owner, kinds, scenario, scores);
    }
    bool operator==(const DrillRule&) const = default;
};
/// What must be true before the day: supplies, training, risks, maintenance, revision.
struct ReadinessRule {
    std::string id, kind, owner;
    Micros every{0};
    Bilingual text;
    template <class A>
    void fields(A& a) {
        a(id, kind, owner, every, text);
    }
    bool operator==(const ReadinessRule&) const = default;
};
/// 现场处置卡: one page for one post and kind.
struct CardRule {
    std::string kind;
    Bilingual title;
    std::vector<Bilingual> call, record, act, never;
    template <class A>
    void fields(A& a) {
        a(kind, title, call, record, act, never);
    }
    bool operator==(const CardRule&) const = default;
};
struct RiskRule {
    Bilingual risk, prevention;
    std::string rating, owner;
    template <class A>
    void fields(A& a) {
        a(risk, prevention, rating, owner);
    }
    bool operator==(const RiskRule&) const = default;
};
/// Read and checked, not carried out: `surgectl status` says so.
struct Binder {
    std::map<std::string, Bilingual> duties;  // role → what it answers for
    std::vector<NoticeRule> notices;
    std::optional<ReviewRule> review;
    std::optional<DrillRule> drill;
    std::vector<ReadinessRule> readiness;
    std::vector<CardRule> cards;
    std::vector<RiskRule> risks;
    template <class A>
    void fields(A& a) {
        a(duties, notices, review, drill, readiness, cards, risks);
    }
    bool operator==(const Binder&) const = default;
};

}  // namespace surged::plan
