#include "simulation/worlds/feed.hpp"

#include <fmt/format.h>
#include <utility>

namespace surged::worlds {
namespace {

constexpr Micros flush_least = 5s;

}  // namespace

Feed::Feed(Agenda& agenda, std::uint64_t seed, Micros wall_of_zero, Hooks hooks)
    : agenda_{agenda}, random_{seed}, wall_of_zero_{wall_of_zero}, hooks_{std::move(hooks)} {
    agenda_.after(flush_least, [this] { flush(); });
}

void Feed::heard(Told told) {
    if (!up_) return;
    if (random_.uniform() < noise_.delays) {
        // Some come too late to be counted.
        const Micros late = 1s * static_cast<int>(1 + random_.below(420));
        agenda_.after(late, [this, told = std::move(told), asked = asked_] {
            if (up_ && asked == asked_) told_.push_back(told);
        });
        return;
    }
    told_.push_back(std::move(told));
}

void Feed::append(acd::Batch& batch, const Told& told, std::uint64_t id) const {
    acd::Event event;
    const std::string name = id == 0 ? std::string{} : fmt::format("e{}", id);
    event.type = told.type;
    event.id = name;
    event.ts = Wall{(wall_of_zero_ + told.at).count()};
    event.queue = told.type == acd::EventType::agent_state ? std::string_view{} : told.queue;
    if (told.type == acd::EventType::agent_state) event.queues = {told.queue};
    event.call = told.call;
    event.agent = told.agent;
    event.wait = told.wait;
    event.talk = told.talk;
    event.state = told.state;
    event.exit = told.exit;
    batch.append(event);
}

void Feed::flush() {
    agenda_.after(flush_least + 1s * static_cast<int>(random_.below(15)), [this] { flush(); });
    io::Sink* sink = hooks_.sink();
    if (!up_ || sink == nullptr || told_.empty()) return;
    acd::Batch batch;
    std::vector<Told> told = std::exchange(told_, {});
    for (std::size_t i = 0; i + 1 < told.size(); ++i)
        if (random_.uniform() < noise_.swaps) std::swap(told[i], told[i + 1]);
    for (const Told& one : told) {
        append(batch, one, ++ids_);
        if (random_.uniform() < noise_.repeats) append(batch, one, ids_);        // by its id
        if (random_.uniform() < noise_.repeats / 2) append(batch, one, ++ids_);  // said twice
    }
    sink->events(std::move(batch));
    hooks_.on_batch();
}

void Feed::set_noise(LineNoise noise) {
    noise_ = noise;
    if (!noise.none()) faithful_since_.reset();
}

void Feed::lose(bool tell_daemon) {
    io::Sink* sink = hooks_.sink();
    if (up_ && tell_daemon && sink != nullptr) sink->state(false, true, "connection lost");
    up_ = false;
    faithful_since_.reset();
    told_.clear();
    if (std::exchange(coming_, true)) return;
    agenda_.after(1s * static_cast<int>(1 + random_.below(5)), [this] { reconnect(); });
}

void Feed::reconnect() {
    io::Sink* sink = hooks_.sink();
    if (held_down_ || sink == nullptr) {
        agenda_.after(2s, [this] { reconnect(); });
        return;
    }
    coming_ = false;
    up_ = true;
    acd::Batch batch;
    if (std::exchange(anew_, false)) {
        Told started;
        started.type = acd::EventType::started;
        started.at = agenda_.now();
        append(batch, started, 0);
    }
    for (const Told& told : centre_->snapshot()) append(batch, told, 0);
    sink->events(std::move(batch));
    sink->state(true, true, "");
    if (noise_.none()) {
        faithful_since_ = agenda_.now();
        ++asked_;  // what is still under way from before comes no more
    }
    hooks_.on_batch();
}

}  // namespace surged::worlds
