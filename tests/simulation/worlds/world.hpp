// One simulated world: a site over days, from one seed, and the daemon that watches it.
//
// A step is one entry of the agenda with all that the daemon does at once because of it. The run is
// the same each time: --until STEP ends it there, with the checks of a world's end.
#pragma once

#include "simulation/worlds/centre.hpp"
#include "simulation/worlds/checks.hpp"
#include "simulation/worlds/feed.hpp"
#include "simulation/worlds/node.hpp"
#include "simulation/worlds/office.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace surged::worlds {

struct WorldOptions {
    std::uint64_t seed{1};
    int days{1};
    std::optional<std::uint64_t> until{};  // of steps; the world ends there
    Verdict planted{Verdict::fine};        // for the tests of this program: what happens
    std::uint64_t planted_at{0};           // at this step
};

struct WorldReport {
    std::optional<Failure> failure;
    std::uint64_t steps{0};  // done when it ended, or failed
    Micros at{0};            // the world's time then
    std::uint64_t calls{0}, inputs{0}, incidents{0}, pages{0}, repeats{0}, deaths{0}, gaps{0},
        torn{0};
    std::string digest;  // of the whole state, hour by hour: the same wherever it runs
};

class World {
public:
    explicit World(const WorldOptions& options);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    [[nodiscard]] WorldReport run();

private:
    void day_begins();
    void trouble();  // of one day
    void somewhen(double from_h, double to_h, std::function<void()> work);
    void spell(Micros lasts, std::function<void()> begin, std::function<void()> end);
    void start_daemon();
    void kill();
    void lose_power();
    void stop_daemon();
    void reload();
    void load(int version);
    void load_the_same();  // rules that say the same of the pressure plan
    void page_leaves();
    void change_mood();
    void break_disk();
    void lose_feed();
    void restart_pbx();
    void step_clock();
    void complain();
    void person_takes(
        const delivery::Page& page, std::function<void(bool done, bool durable)> answered
    );
    void calm();    // every fault ends
    void reckon();  // what must hold after a calm while
    void look();    // every few minutes
    void after_batch();
    void planted();
    void after_step();
    void finish();
    [[nodiscard]] bool well() const;
    [[nodiscard]] Moment moment() const;
    [[nodiscard]] Micros some(Micros least, Micros most);

    const WorldOptions options_;
    Agenda agenda_;
    Random random_;
    Checks checks_;
    Centre centre_;
    Feed feed_;
    Node node_;
    Office office_;
    int rules_{0};  // version on disk
    int day_{0}, tickets_{0};
    int faults_{0};  // going on
    bool noisy_{false}, calm_{false}, ending_{false};
    std::optional<Micros> well_since_, trusted_since_;
    std::uint64_t looks_{0}, digest_{0};
    std::uint64_t deaths_{0}, kill_at_send_{0}, reloads_in_surge_{0};
    WorldReport report_;
};

}  // namespace surged::worlds
