// Everything the engine may ask for. Carried out by the shell after the input is committed.
#pragma once

#include "core/acd/floor.hpp"
#include "core/delivery/page.hpp"
#include "core/incident/incident.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace surged::engine {

/// Make attempt `attempt` of this page, if Engine::wants(page, attempt) still holds then.
struct SendPage {
    delivery::Page page;
    template <class A>
    void fields(A& a) {
        a(page);
    }
    bool operator==(const SendPage&) const = default;
};
/// An incident changed: for logs, streams and the record.
struct IncidentChanged {
    std::string incident, plan;
    plan::Level level{plan::Level::none};
    incident::Phase phase{incident::Phase::warned};
    incident::TimelineItem item;
    template <class A>
    void fields(A& a) {
        a(incident, plan, level, phase, item);
    }
    bool operator==(const IncidentChanged&) const = default;
};
/// A page's state changed otherwise than by a SendPage.
struct PageChanged {
    std::string page;
    delivery::State state{delivery::State::due};
    std::string detail;
    template <class A>
    void fields(A& a) {
        a(page, state, detail);
    }
    bool operator==(const PageChanged&) const = default;
};
/// Somebody must know that surged itself is in trouble (a page gave up, an empty ladder …).
struct Trouble {
    std::string what, detail;
    template <class A>
    void fields(A& a) {
        a(what, detail);
    }
    bool operator==(const Trouble&) const = default;
};

using EffectBody = std::variant<SendPage, IncidentChanged, PageChanged, Trouble>;
struct Effect {
    Instant at;  // when it was decided, in engine time: a deadline's own instant
    EffectBody body;
    template <class A>
    void fields(A& a) {
        a(at, body);
    }
    bool operator==(const Effect&) const = default;
};

/// The answer to whoever sent the input.
enum class Verdict : std::uint8_t { done, not_found, conflict };
struct Step {
    std::vector<Effect> effects;
    acd::Applied applied;            // Events
    Verdict verdict{Verdict::done};  // of what a person asked for
    std::string detail;
};

}  // namespace surged::engine
