// The receivers of pages and the people behind them: what a channel answers and when, who reads a
// page, who takes it, who sleeps.
#pragma once

#include "app/courier.hpp"
#include "base/random.hpp"
#include "simulation/worlds/agenda.hpp"
#include "simulation/worlds/checks.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace surged::worlds {

/// How a provider is just now.
enum class Mood : std::uint8_t { good, failing, hanging, limiting, slow, refusing };

class Office {
public:
    struct Hooks {
        std::function<const engine::Engine*()> engine;  // nullptr: the daemon is not there
        /// A person takes a page; `answered` says whether the daemon has heard it, and durably.
        std::function<
            void(const delivery::Page& page, std::function<void(bool done, bool durable)> answered)>
            take;
        std::function<void()> on_sending;             // an attempt has begun
        std::function<std::optional<Micros>()> well;  // since when nothing is wrong
    };
    Office(Agenda& agenda, std::uint64_t seed, Checks& checks, Hooks hooks);

    /// The channels, for a new daemon.
    [[nodiscard]] app::Channels channels();
    void set_mood(const std::string& channel, Mood mood) { moods_[channel] = mood; }
    void set_awake(double share) { awake_ = share; }
    /// The daemon is gone: nobody waits for the answers under way.
    void daemon_gone();

    // For a channel.
    /// Decides what becomes of an attempt; its answer is waited for under this number.
    std::uint64_t begin(const std::string& channel, const delivery::Page& page);
    void park(std::uint64_t number, std::function<void()> resume);
    [[nodiscard]] engine::Receipt receipt(std::uint64_t number);

private:
    struct Attempt {
        delivery::Page page;
        engine::Receipt receipt;
        std::function<void()> resume;
        bool heard{false};  // of the answer, by the daemon
    };
    struct Fate {
        delivery::Outcome outcome{delivery::Outcome::accepted};
        Micros takes{100ms};
        std::optional<Micros> retry_after{};
        bool arrives{true};
    };
    [[nodiscard]] Fate fate(Mood mood);
    void answer(std::uint64_t number);
    void read(const delivery::Page& page);
    void take(const delivery::Page& page, int tries);
    Micros between(Micros least, Micros most);

    Agenda& agenda_;
    Random random_;
    Checks& checks_;
    Hooks hooks_;
    std::map<std::string, Mood> moods_;
    std::map<std::uint64_t, Attempt> attempts_;
    std::uint64_t numbers_{0};
    double awake_{0.7};
};

}  // namespace surged::worlds
