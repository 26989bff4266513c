#include "simulation/worlds/world.hpp"

#include "app/recover.hpp"
#include "base/hash.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <thread>
#include <utility>

namespace surged::worlds {
namespace {

constexpr Wall first_midnight{1'795'449'600'000'000};  // 2026-11-24 00:00 in Shanghai
constexpr Micros day = 24h;

}  // namespace

World::World(const WorldOptions& options)
    : options_{options},
      random_{options.seed * 7919},
      centre_{agenda_, options.seed * 7919 + 1, [this](Told told) { feed_.heard(std::move(told)); }},
      feed_{
          agenda_,
          options.seed * 7919 + 2,
          Micros{first_midnight.us},
          {[this] { return node_.up() ? &node_.feed() : nullptr; }, [this] { after_batch(); }}
      },
      node_{agenda_, options.seed * 7919 + 3, first_midnight, checks_},
      office_{
          agenda_,
          options.seed * 7919 + 4,
          checks_,
          {[this] { return node_.up() ? &node_.engine() : nullptr; },
           [this](const delivery::Page& page, std::function<void(bool, bool)> answered) {
               person_takes(page, std::move(answered));
           },
           [this] { page_leaves(); },
           [this] { return well_since_; }}
      } {
    feed_.listen_to(centre_);
}

World::~World() {
    office_.daemon_gone();
    node_.die(office_);
}

Micros World::some(Micros least, Micros most) {
    const auto width = static_cast<std::uint64_t>((most - least).count());
    return least + Micros{static_cast<std::int64_t>(random_.below(width))};
}

WorldReport World::run() {
    node_.on_power_lost([this] { lose_power(); });
    day_begins();
    start_daemon();
    feed_.lose(false);
    agenda_.after(1min, [this] { look(); });
    while (!checks_.failure() && !ending_ && (!options_.until || agenda_.steps() < *options_.until)
    ) {
        agenda_.step();
        after_step();
    }
    if (!checks_.failure() && !ending_) {  // the prefix that was asked for
        calm();
        agenda_.after(45min, [this] {
            reckon();
            finish();
        });
        while (!checks_.failure() && !ending_) {
            agenda_.step();
            after_step();
        }
    }
    report_.failure = checks_.failure();
    report_.steps = agenda_.steps();
    report_.at = agenda_.now();
    report_.calls = centre_.calls();
    report_.pages = checks_.pages_sent();
    report_.repeats = checks_.repeats();
    report_.deaths = deaths_;
    report_.torn = node_.torn_writes();
    report_.digest = fmt::format("{:016x}", digest_);
    return report_;
}

void World::finish() { ending_ = true; }

void World::planted() {
    if (options_.planted == Verdict::fine || calm_ || agenda_.steps() != options_.planted_at)
        return;
    if (options_.planted == Verdict::crash) std::abort();
    if (options_.planted == Verdict::wrong) checks_.fail(Verdict::wrong, "planted", "a mistake");
    while (options_.planted == Verdict::stuck) std::this_thread::sleep_for(1s);
}

void World::after_step() {
    planted();
    node_.poll();
    if (well())
        well_since_ = well_since_.value_or(agenda_.now());
    else
        well_since_.reset();
    if (!node_.up()) return;
    checks_.deadlines(node_.engine(), moment());
}

bool World::well() const { return node_.up() && faults_ == 0 && node_.store_up(); }

Moment World::moment() const {
    Moment out;
    out.now = agenda_.now();
    out.engine_now = node_.engine_now();
    out.well = well_since_;
    out.rules = rules_;
    const auto faithful = feed_.faithful_since();
    if (faithful && trusted_since_ && node_.wall_off() == Micros{0})
        out.trusted = std::max(*faithful, *trusted_since_);
    return out;
}

void World::day_begins() {
    if (day_ == options_.days) return finish();
    ++day_;
    calm_ = false;
    centre_.plan_day();
    trouble();
    agenda_.after(22h + 30min, [this] { calm(); });
    agenda_.after(23h + 30min, [this] { reckon(); });
    agenda_.after(day, [this] { day_begins(); });
    for (Micros at = 3h; at < day; at += some(2h, 5h))
        agenda_.after(at, [this] {
            if (node_.up()) node_.make_image();
        });
    for (Micros at = 30min; at < day; at += 1h)
        agenda_.after(at, [this] {
            if (node_.up()) node_.tidy();
        });
    somewhen(8, 20, [this] { complain(); });
}

void World::look() {
    agenda_.after(1min, [this] { look(); });
    if (!node_.up()) return;
    checks_.paging(node_.engine(), moment());
    if (random_.below(60) == 0) checks_.same_deadlines(node_.engine());
    if (++looks_ % 60 == 0) digest_ = fnv1a(app::state_hash(node_.engine()), digest_);
}

void World::after_batch() {
    checks_.identity(node_.engine().board());
    std::array<std::size_t, queues.size()> waiting{};
    for (std::size_t q = 0; q < queues.size(); ++q) waiting[q] = centre_.waiting(q);
    const Moment now = moment();
    if (now.trusted && *now.trusted < now.now) checks_.counts(node_.engine().board(), waiting);
    checks_.waiting(node_.engine(), waiting, now);
    const Pressure pressure = pressure_of(rules_);
    const bool surge = std::any_of(waiting.begin(), waiting.end(), [&](std::size_t wait) {
        return wait >= static_cast<std::size_t>(pressure.at[0]);
    });
    if (surge && reloads_in_surge_ > 0 && !calm_ && random_.below(4) == 0) {
        --reloads_in_surge_;
        agenda_.after(some(1s, 15s), [this] { load_the_same(); });
    }
}

void World::page_leaves() {
    if (kill_at_send_ > 0) {
        --kill_at_send_;
        if (kill_at_send_ == 0) agenda_.after(some(0s, 1s), [this] { kill(); });
    }
    if (faults_ == 0 || reloads_in_surge_ == 0 || random_.below(8) != 0) return;
    --reloads_in_surge_;
    agenda_.after(some(0s, 10s), [this] { load_the_same(); });
}

void World::start_daemon() {
    if (node_.up()) return;
    if (!node_.start(office_, rules_of(rules_))) {
        agenda_.after(10s, [this] { start_daemon(); });
        return;
    }
    trusted_since_ = agenda_.now();
}

// Once: whatever else is under way finds the same.
void World::lose_power() {
    if (node_.up() && node_.disk().dark()) kill();
}

void World::kill() {
    if (!node_.up()) return;
    ++deaths_;
    checks_.died(agenda_.now(), well_since_);
    node_.die(office_);
    feed_.lose(false);
    trusted_since_.reset();
    well_since_.reset();
    agenda_.after(some(1s, calm_ ? 5s : 3min), [this] { start_daemon(); });
}

void World::stop_daemon() {
    if (!node_.up()) return;
    feed_.lose(false);
    trusted_since_.reset();
    checks_.died(agenda_.now(), well_since_);
    node_.stop(office_, [this] { agenda_.after(some(1s, 30s), [this] { start_daemon(); }); });
}

void World::reload() { load(static_cast<int>(random_.below(rule_versions))); }

// What was pending must go on.
void World::load_the_same() { load(rules_ == 0 ? 3 : rules_ == 3 ? 0 : rules_); }

void World::load(int version) {
    if (!node_.up()) return;
    const Pressure before = pressure_of(rules_);
    rules_ = version;
    const app::NewRules rules = rules_of(rules_);
    if (pressure_of(rules_) != before) trusted_since_ = agenda_.now();
    if (rules.record.hash == node_.engine().rules_hash()) return;
    engine::Input input;
    input.actor = {engine::ActorKind::person, "boss", "http"};
    input.body = engine::RulesLoaded{rules.record.hash, rules.rules};
    node_.live().take(std::move(input), {rules.record});
}

void World::person_takes(
    const delivery::Page& page, std::function<void(bool done, bool durable)> answered
) {
    engine::Input input;
    input.actor = {engine::ActorKind::person, page.person, "link"};
    input.body = engine::Acknowledge{page.id, page.person};
    node_.live().ask(std::move(input), [answered = std::move(answered)](const io::Submitted& said) {
        answered(said.verdict == engine::Verdict::done, said.durable);
    });
}

void World::calm() {
    calm_ = true;
    faults_ = 0;
    for (const char* channel : channels) office_.set_mood(channel, Mood::good);
    node_.disk().set_mode(test::MemoryVfs::Mode::good);
    node_.disk().lose_power_at(0);
    node_.weather() = {};
    if (node_.wall_off() != Micros{0}) node_.step_wall(-node_.wall_off());
    kill_at_send_ = reloads_in_surge_ = 0;
    noisy_ = false;
    feed_.hold_down(false);
    feed_.set_noise({});
    feed_.lose(true);
    start_daemon();
}

void World::reckon() {
    if (!node_.up() || !node_.all_written()) {
        checks_.fail(Verdict::stuck, "store", "an hour without faults, and not all is written");
        return;
    }
    const engine::Engine& engine = node_.engine();
    checks_.drained(engine);
    checks_.same_deadlines(engine);
    checks_.bounded(engine, node_.live().backlog_bytes(), node_.disk().bytes());
    node_.compare_replay(day_ % 2 == 0);
    node_.make_image();
}

}  // namespace surged::worlds
