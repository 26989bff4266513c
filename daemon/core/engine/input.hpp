// Everything that can happen to the engine. Only an input changes state.
#pragma once

#include "core/acd/event.hpp"
#include "core/delivery/page.hpp"
#include "core/engine/command.hpp"
#include "core/plan/rules.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace surged::engine {

enum class ActorKind : std::uint8_t { system, source, person, token };
struct Actor {
    ActorKind kind{ActorKind::system};
    std::string name;  // token or person; "local" from loopback without a token
    std::string via;   // http, ami, signal …
    template <class A>
    void fields(A& a) {
        a(kind, name, via);
    }
    bool operator==(const Actor&) const = default;
};
enum class Mode : std::uint8_t { live, drill };

/// Only time passes: every deadline up to the input's instant runs.
struct Tick {
    template <class A>
    void fields(A&) {}
    bool operator==(const Tick&) const = default;
};
/// A batch of one source. The queues it touches are evaluated once, at its end.
struct Events {
    acd::Batch batch;
    template <class A>
    void fields(A& a) {
        a(batch);
    }
    bool operator==(const Events&) const = default;
};
/// The rules in force from here on. Encoded as the hash alone; the bytes are stored once.
struct RulesLoaded {
    std::string hash;  // hex SHA-256 of codec::encode(*rules)
    plan::Rules rules;
    std::string why{};     // in the words of who asked for it
    std::string second{};  // who agreed, where the site asks for a second person
    template <class A>
    void fields(A& a) {
        a(hash);
        if (a.version() >= 3) a(why, second);
    }
    bool operator==(const RulesLoaded& o) const { return hash == o.hash; }
};
/// Input.source went up or down. `detail` in words for people.
struct SourceState {
    bool up{false};
    bool exits_known{true};
    std::string detail;
    template <class A>
    void fields(A& a) {
        a(up, exits_known, detail);
    }
    bool operator==(const SourceState&) const = default;
};
/// Wall minus engine is now this (a departure of more than 1 s from what the engine has).
struct WallClock {
    Micros offset{0};
    template <class A>
    void fields(A& a) {
        a(offset);
    }
    bool operator==(const WallClock&) const = default;
};
/// A person takes a page; the first stops the escalation for everybody.
struct Acknowledge {
    std::string page, by;
    template <class A>
    void fields(A& a) {
        a(page, by);
    }
    bool operator==(const Acknowledge&) const = default;
};
/// What else than "I have it" a person may say to his page.
enum class Answer : std::uint8_t { on_my_way, pass_on };
/// on_my_way takes the page, like Acknowledge, and says when he is there; pass_on takes nothing:
/// the next rung of the ladder is due at once.
struct AnswerPage {
    std::string page, by;
    Answer answer{Answer::on_my_way};
    Micros within{0};  // on_my_way
    template <class A>
    void fields(A& a) {
        a(page, by, answer, within);
    }
    bool operator==(const AnswerPage&) const = default;
};
/// A person declares the end.
struct EndIncident {
    std::string incident, by, why;
    template <class A>
    void fields(A& a) {
        a(incident, by, why);
    }
    bool operator==(const EndIncident&) const = default;
};
/// What a channel said to one attempt.
struct Receipt {
    std::string page;
    std::uint32_t attempt{0};
    delivery::Outcome outcome{delivery::Outcome::retry};
    std::optional<Micros> retry_after;
    std::string detail;  // provider id or error, without secrets
    template <class A>
    void fields(A& a) {
        a(page, attempt, outcome, retry_after, detail);
    }
    bool operator==(const Receipt&) const = default;
};
/// The process started again: attempts in flight are in doubt and go out again, marked.
struct Restarted {
    std::string version;
    template <class A>
    void fields(A& a) {
        a(version);
    }
    bool operator==(const Restarted&) const = default;
};
/// Records were lost between the previous record and this one (the store had failed): a full
/// snapshot follows, and no replay crosses it.
struct Gap {
    Instant from, to;
    std::uint64_t inputs{0}, pages{0};  // stepped without being journaled
    std::string why;
    template <class A>
    void fields(A& a) {
        a(from, to, inputs, pages, why);
    }
    bool operator==(const Gap&) const = default;
};

using Body = std::variant<
    Tick,
    Events,
    RulesLoaded,
    SourceState,
    WallClock,
    Acknowledge,
    EndIncident,
    Receipt,
    Restarted,
    Gap,
    Report,
    Alerts,
    Decide,
    PinLevel,
    MarkStep,
    AddNote,
    Temporary,
    AnswerPage>;

struct Input {
    std::uint64_t seq{0};
    Instant instant;
    std::string site, source;
    Actor actor;
    Mode mode{Mode::live};
    Body body;
    template <class A>
    void fields(A& a) {
        a(seq, instant, site, source, actor, mode, body);
    }
    bool operator==(const Input&) const = default;
};

}  // namespace surged::engine
