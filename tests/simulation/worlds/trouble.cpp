// What goes wrong in a world, and when. A fifth of the days is without any of it.
#include "simulation/worlds/world.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace surged::worlds {

void World::somewhen(double from_h, double to_h, std::function<void()> work) {
    const double hour = from_h + (to_h - from_h) * random_.uniform();
    agenda_.after(Micros{static_cast<std::int64_t>(hour * 3.6e9)}, std::move(work));
}

// A fault that ends by itself, or when all of them do.
void World::spell(Micros lasts, std::function<void()> begin, std::function<void()> end) {
    if (calm_) return;
    ++faults_;
    begin();
    agenda_.after(lasts, [this, end = std::move(end), day = day_] {
        if (calm_ || day != day_) return;
        --faults_;
        end();
    });
}

void World::trouble() {
    const std::uint64_t kind = random_.below(5);
    office_.set_awake(0.3 + 0.6 * random_.uniform());
    if (kind == 0) return;
    noisy_ = random_.below(3) == 0;
    if (noisy_) {
        const double much = 0.05 * random_.uniform();
        feed_.set_noise({much, 2 * much, much / 2});
    }
    const auto often = [&](std::uint64_t most, const std::function<void()>& work) {
        const std::uint64_t times = random_.below(most + 1);
        for (std::uint64_t i = 0; i < times; ++i) somewhen(0.5, 22.4, work);
    };
    often(4, [this] { kill(); });
    often(3, [this] { node_.disk().lose_power_at(1 + random_.below(12)); });
    often(1, [this] { stop_daemon(); });
    often(2, [this] { kill_at_send_ = 1 + random_.below(6); });
    often(3, [this] { reload(); });
    reloads_in_surge_ = random_.below(4);
    often(4, [this] { change_mood(); });
    often(3, [this] { break_disk(); });
    often(2, [this] { lose_feed(); });
    often(1, [this] { restart_pbx(); });
    often(2, [this] { step_clock(); });
}

void World::change_mood() {
    const std::string channel = channels[random_.below(channels.size())];
    const auto mood = static_cast<Mood>(1 + random_.below(5));
    const Micros lasts = some(30s, 30min);
    spell(
        lasts,
        [this, channel, mood] { office_.set_mood(channel, mood); },
        [this, channel] { office_.set_mood(channel, Mood::good); }
    );
}

void World::break_disk() {
    using Mode = test::MemoryVfs::Mode;
    const std::uint64_t kind = random_.below(4);
    const Micros lasts = some(5s, 10min);
    if (kind == 0) {
        const Micros slow = some(50ms, 8s);
        spell(
            lasts,
            [this, slow] { node_.weather() = {slow / 2, slow}; },
            [this] { node_.weather() = {}; }
        );
        return;
    }
    const Mode mode = kind == 1 ? Mode::full : kind == 2 ? Mode::read_only : Mode::broken;
    spell(
        lasts,
        [this, mode] { node_.disk().set_mode(mode); },
        [this] { node_.disk().set_mode(Mode::good); }
    );
}

void World::lose_feed() {
    const Micros lasts = some(20s, 12min);
    spell(
        lasts,
        [this] {
            feed_.hold_down(true);
            feed_.lose(true);
        },
        [this] { feed_.hold_down(false); }
    );
}

void World::restart_pbx() {
    centre_.restart();
    feed_.restarted();
    feed_.lose(true);
}

void World::step_clock() {
    // Each draw a statement of its own: compilers differ in which operand comes first.
    const int way = random_.below(2) == 0 ? 1 : -1;
    const Micros by = way * some(2s, 90s);
    const Micros lasts = some(1min, 2h);
    spell(lasts, [this, by] { node_.step_wall(by); }, [this, by] { node_.step_wall(-by); });
}

// A wave of complaints, told by another system over HTTP.
void World::complain() {
    const std::uint64_t many = 3 + random_.below(15);
    for (std::uint64_t i = 0; i < many; ++i)
        agenda_.after(some(0s, 40min), [this] {
            if (!node_.up()) return;
            const std::string ticket = fmt::format("t{}", ++tickets_);
            acd::Event event;
            event.type = acd::EventType::complaint;
            event.queue = queues[random_.below(queues.size())];
            event.ticket = ticket;
            event.severity = 2;
            event.status = acd::TicketStatus::opened;
            acd::Batch batch;
            batch.append(event);
            engine::Input input;
            input.source = "tickets";
            input.actor = {engine::ActorKind::token, "tickets", "http"};
            input.body = engine::Events{std::move(batch)};
            node_.live().ask(std::move(input), [](const io::Submitted&) {});
        });
}

}  // namespace surged::worlds
