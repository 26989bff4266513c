// The connection over which the PBX tells the daemon what happens: it can repeat, disorder and
// delay events, and be lost. When it comes back it asks the PBX for all that stands.
#pragma once

#include "base/random.hpp"
#include "io/source/source.hpp"
#include "simulation/worlds/agenda.hpp"
#include "simulation/worlds/centre.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace surged::worlds {

/// What the line does to events; each a share of them.
struct LineNoise {
    double repeats{0}, swaps{0}, delays{0};
    [[nodiscard]] bool none() const { return repeats + swaps + delays <= 0; }
};

class Feed {
public:
    struct Hooks {
        std::function<io::Sink*()> sink;  // nullptr: the daemon is not there
        std::function<void()> on_batch;   // after each that it has taken
    };
    Feed(Agenda& agenda, std::uint64_t seed, Micros wall_of_zero, Hooks hooks);
    /// Must be called once, before anything happens.
    void listen_to(const Centre& centre) { centre_ = &centre; }

    void heard(Told told);
    void set_noise(LineNoise noise);
    /// The link breaks (or the daemon has died): it is up again by itself unless held down.
    void lose(bool tell_daemon);
    void hold_down(bool down) { held_down_ = down; }
    /// The PBX has started anew behind a lost link: said when the link is up again.
    void restarted() { anew_ = true; }
    [[nodiscard]] bool up() const { return up_; }
    /// Since when everything that happened was told, in order and once; none: it was not.
    [[nodiscard]] std::optional<Micros> faithful_since() const { return faithful_since_; }

private:
    void flush();
    void reconnect();
    void append(acd::Batch& batch, const Told& told, std::uint64_t id) const;

    Agenda& agenda_;
    Random random_;
    const Micros wall_of_zero_;
    Hooks hooks_;
    const Centre* centre_{nullptr};
    LineNoise noise_;
    std::vector<Told> told_;
    bool up_{false}, held_down_{false}, anew_{false}, coming_{false};
    std::optional<Micros> faithful_since_;
    std::uint64_t ids_{0}, asked_{0};
};

}  // namespace surged::worlds
