#include "simulation/worlds/node.hpp"

#include "app/recover.hpp"
#include "app/recover_store.hpp"
#include "app/store_view.hpp"
#include "base/codec.hpp"
#include "store/housekeeping.hpp"
#include "store/reader.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace surged::worlds {
namespace {

store::KeepingRules keeping() {
    store::KeepingRules out;
    out.retention = 36h;
    out.packing.commits = 100;
    return out;
}

/// No time passes for a daemon that is not there.
bool begins_a_life(const store::InputRecord& record) {
    const auto input = codec::decode<engine::Input>(record.bytes, record.format);
    return !input || std::holds_alternative<engine::Restarted>(input->body);
}

}  // namespace

Node::Node(Agenda& agenda, std::uint64_t seed, Wall begin, Checks& checks)
    : agenda_{agenda}, random_{seed}, begin_{begin}, checks_{checks} {}

Node::~Node() {
    if (life_) life_->live.reset();
}

store::Options Node::where() const {
    store::Options out;
    out.path = folder_.path();
    out.site = "sim";
    out.vfs = disk_.name();
    out.busy_wait = 0s;
    out.repair_every = 0s;
    return out;
}

app::Clock Node::clock() {
    return {
        [this] { return agenda_.now(); },
        [this] { return Wall{begin_.us + (agenda_.now() + wall_off_).count()}; },
        [this] { return std::make_unique<AgendaAlarm>(agenda_); }
    };
}

Instant Node::engine_now() const { return anchor_ + (agenda_.now() - started_); }

void Node::noted(const store::Commit& commit) {
    last_ = {commit.last_seq, commit.effect_hash};
    for (const store::PageRecord& page : commit.pages) checks_.recorded(page.page, page.attempt);
}

bool Node::start(Office& office, const app::NewRules& rules) {
    if (disk_.dark()) {  // the power failed while nothing ran, or a start before this one
        disk_.freeze();
        disk_.restore();
    }
    auto writer = store::Writer::open(where());
    if (!writer) return false;
    auto found = app::recover_store(where());
    if (!found) return false;
    if (doubted_ && found->last_seq == doubted_->last_seq &&
        found->engine.effect_hash() == doubted_->effect_hash)
        noted(*doubted_);
    doubted_.reset();
    if (last_ && found->lost.empty()) {
        if (found->last_seq == last_->first)
            checks_.same_effects(last_->first, last_->second, found->engine.effect_hash());
        else
            checks_.fail(
                Verdict::wrong,
                "replay",
                fmt::format(
                    "the journal was written up to {}, and recovered up to {}",
                    last_->first,
                    found->last_seq
                )
            );
    }
    life_ = std::make_unique<Life>();
    life_->journal = std::make_unique<SlowJournal>(
        agenda_,
        random_,
        weather_,
        disk_,
        std::move(*writer),
        [this](const store::Commit& commit) { noted(commit); },
        [this](const store::Commit& commit) {
            if (!doubted_) doubted_ = commit;
            if (power_lost_) agenda_.at(agenda_.now(), power_lost_);
        }
    );
    app::LiveOptions options;
    options.site = "sim";
    options.wall_every = 30s;
    started_ = agenda_.now();
    const Wall wall{begin_.us + (agenda_.now() + wall_off_).count()};
    anchor_ = std::max(found->last_instant, to_instant(wall, Micros{0}));
    life_->live = std::make_unique<app::Live>(
        life_->loop.get_executor(),
        std::move(found->engine),
        found->last_seq,
        found->last_instant,
        *life_->journal,
        office.channels(),
        clock(),
        std::move(options)
    );
    life_->feed = &life_->live->add_source("pbx", nullptr);
    life_->live->start(rules, found->lost);
    poll();
    return true;
}

// The connections close as those of a dead process: what they would do to the files is undone.
void Node::die(Office& office) {
    if (!life_) return;
    life_->journal->die();
    disk_.freeze();
    office.daemon_gone();
    life_->live.reset();
    life_.reset();
    disk_.restore();
}

void Node::stop(Office& office, std::function<void()> done) {
    life_->stopping = true;
    life_->live->stop([this, &office, done = std::move(done)] {
        // On the loop of the one that ends: it goes in the next step.
        agenda_.after(0s, [this, &office, done] {
            office.daemon_gone();
            life_->live.reset();
            life_.reset();
            done();
        });
    });
}

void Node::poll() {
    if (!life_) return;
    life_->loop.restart();
    life_->loop.poll();
}

bool Node::all_written() const {
    return life_ && life_->journal->idle() && life_->live->backlog_bytes() == 0 &&
           life_->live->stats().store_up;
}

void Node::make_image() {
    auto keeper = store::Housekeeping::open(where(), keeping());
    if (!keeper) return;  // the disk is broken now
    auto made = keeper->make_image(app::make_image);
    if (made && made->difference)
        checks_.same_effects(
            made->difference->seq, made->difference->live, made->difference->replayed
        );
}

void Node::tidy() {
    auto keeper = store::Housekeeping::open(where(), keeping());
    if (!keeper) return;
    (void)keeper->checkpoint();
    (void)keeper->pack();
    (void)keeper->delete_old();
}

void Node::compare_replay(bool ticks) {
    auto reader = store::JournalReader::open(where());
    if (!reader) return;
    const auto shared = std::make_shared<store::JournalReader>(std::move(*reader));
    app::JournalView view = app::view_of(shared);
    auto image = view.newest_image();
    if (!image) return;
    Result<app::Recovered> replayed;
    if (!ticks) {
        replayed = app::recover_from(view, *image, std::nullopt);
    } else {
        // Time passes in between, at instants that the live engine never saw.
        const auto all = view.inputs_after;
        view.inputs_after = [this, all](std::uint64_t seq, const auto& visit) {
            return all(seq, [&](const store::InputRecord& record) {
                if (random_.below(2) == 0 && !begins_a_life(record)) {
                    store::InputRecord tick;
                    engine::Input input;
                    const Micros early{static_cast<std::int64_t>(random_.below(900'000))};
                    input.seq = tick.seq = record.seq;
                    input.instant = tick.instant = record.instant - early;
                    tick.bytes = codec::encode(input);
                    if (!visit(tick)) return false;
                }
                return visit(record);
            });
        };
        replayed = app::recover_from(view, *image, std::nullopt);
    }
    if (!replayed || !replayed->lost.empty()) {
        checks_.fail(Verdict::wrong, "replay", replayed ? replayed->lost : replayed.error().what);
        return;
    }
    life_->live->refresh();
    poll();
    engine::Input tick;
    tick.instant = engine().now();
    (void)replayed->engine.step(tick);
    checks_.same_state(
        engine(), replayed->engine, ticks ? "replay with other ticks" : "replay of the journal"
    );
}

}  // namespace surged::worlds
