// The daemon in the world: started from its store, fed, and killed. Everything in it is surged's
// own but the sockets, the clock and the threads.
#pragma once

#include "app/live.hpp"
#include "simulation/worlds/agenda.hpp"
#include "simulation/worlds/checks.hpp"
#include "simulation/worlds/disk.hpp"
#include "simulation/worlds/office.hpp"
#include "support/memory_vfs.hpp"
#include "support/temp_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace surged::worlds {

class Node {
public:
    Node(Agenda& agenda, std::uint64_t seed, Wall begin, Checks& checks);
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    /// Starts from what the store has; false: the store cannot be opened now.
    bool start(Office& office, const app::NewRules& rules);
    /// kill −9.
    void die(Office& office);
    /// SIGTERM; `done` once it has ended.
    void stop(Office& office, std::function<void()> done);
    [[nodiscard]] bool up() const { return life_ != nullptr && !life_->stopping; }
    [[nodiscard]] app::Live& live() { return *life_->live; }
    [[nodiscard]] const engine::Engine& engine() const { return life_->live->engine(); }
    [[nodiscard]] io::Sink& feed() { return *life_->feed; }
    /// Runs all that the loop has ready.
    void poll();

    [[nodiscard]] Instant engine_now() const;
    void step_wall(Micros by) { wall_off_ += by; }
    [[nodiscard]] Micros wall_off() const { return wall_off_; }
    [[nodiscard]] test::MemoryVfs& disk() { return disk_; }
    [[nodiscard]] DiskWeather& weather() { return weather_; }
    /// The journal has all that was stepped, and says so.
    [[nodiscard]] bool all_written() const;
    void on_power_lost(std::function<void()> kill) { power_lost_ = std::move(kill); }
    [[nodiscard]] std::uint64_t torn_writes() const { return disk_.torn(); }
    [[nodiscard]] bool store_up() const { return life_ != nullptr && life_->live->store_up(); }

    // What the housekeeping thread does.
    void make_image();
    void tidy();
    /// Replays the journal and compares it with the live engine; `ticks`: with time passing in
    /// between at other instants.
    void compare_replay(bool ticks);

private:
    std::function<void()> power_lost_;
    struct Life {
        boost::asio::io_context loop{1};
        std::unique_ptr<SlowJournal> journal;
        std::unique_ptr<app::Live> live;
        io::Sink* feed{nullptr};
        bool stopping{false};
    };
    [[nodiscard]] store::Options where() const;
    [[nodiscard]] app::Clock clock();
    void noted(const store::Commit& commit);

    Agenda& agenda_;
    Random random_;
    const Wall begin_;
    Checks& checks_;
    test::MemoryVfs disk_;
    test::TempFolder folder_;
    DiskWeather weather_;
    Micros wall_off_{0};
    Micros started_{0};
    Instant anchor_;
    std::optional<store::Commit> doubted_;  // under way when the power failed
    std::optional<std::pair<std::uint64_t, std::uint64_t>> last_;  // durable seq and effect hash
    std::unique_ptr<Life> life_;
};

}  // namespace surged::worlds
