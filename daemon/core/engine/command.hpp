// What people and monitoring systems tell the engine besides call events.
#pragma once

#include "base/time.hpp"
#include "core/board/kpi.hpp"
#include "core/plan/level.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace surged::engine {

/// A person says that something happened. It stands until the incident that it starts has ended.
struct Report {
    std::string plan;                              // empty: every plan with a trigger for this kind
    std::string kind;                              // a kind of the plan
    plan::Level level{plan::Level::none};          // none: the kind's, else the trigger's
    std::string queue, place, scope, cause, text;  // first guess at the cause; as far as known
    std::string by;
    template <class A>
    void fields(A& a) {
        a(plan, kind, level, queue, place, scope, cause, text, by);
    }
    bool operator==(const Report&) const = default;
};

/// Alerts of another monitoring system, as it sent them together.
struct Alerts {
    struct One {
        std::map<std::string, std::string> labels;  // its identity
        std::string summary;
        Micros lasts{0};  // from now, unless it is sent again; 0 or less: it has ended
        template <class A>
        void fields(A& a) {
            a(labels, summary, lasts);
        }
        bool operator==(const One&) const = default;
    };
    std::vector<One> list;
    template <class A>
    void fields(A& a) {
        a(list);
    }
    bool operator==(const Alerts&) const = default;
};

/// Somebody with the right to decides: activate, or not. The first decision stands.
struct Decide {
    std::string incident;
    bool activate{true};
    std::string by, why;
    template <class A>
    void fields(A& a) {
        a(incident, activate, by, why);
    }
    bool operator==(const Decide&) const = default;
};

/// A person pins the level; when the time is over, the triggers speak again.
struct PinLevel {
    std::string incident;
    plan::Level level{plan::Level::none};  // none: takes the pin away
    Micros lasts{30min};
    std::string by, why;
    template <class A>
    void fields(A& a) {
        a(incident, level, lasts, by, why);
    }
    bool operator==(const PinLevel&) const = default;
};

struct MarkStep {
    std::string incident, step;
    bool skipped{false};  // else done; a skip wants a reason
    std::string by, why;
    template <class A>
    void fields(A& a) {
        a(incident, step, skipped, by, why);
    }
    bool operator==(const MarkStep&) const = default;
};

struct AddNote {
    std::string incident, by, text;
    template <class A>
    void fields(A& a) {
        a(incident, by, text);
    }
    bool operator==(const AddNote&) const = default;
};

/// Other thresholds for a while: for one trigger, on one queue or on all that it watches.
struct Temporary {
    std::string plan, trigger, queue;                     // queue empty: all
    plan::PerLevel<std::optional<board::Millionths>> at;  // all empty: takes it back
    Micros lasts{0};
    std::string by, why;
    template <class A>
    void fields(A& a) {
        a(plan, trigger, queue, at, lasts, by, why);
    }
    bool operator==(const Temporary&) const = default;
};

}  // namespace surged::engine
