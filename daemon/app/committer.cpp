#include "app/committer.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <iterator>
#include <optional>
#include <utility>

namespace surged::app {
namespace net = boost::asio;
namespace {

constexpr Micros gather{100ms};  // the longest an input waits when nobody waits for it
constexpr Micros repair_after{500ms};
constexpr std::size_t loads_kept = 100;  // of rules, while nothing can be written

}  // namespace

struct Committer::State : std::enable_shared_from_this<State> {
    enum class Mode : std::uint8_t { good, failing, repairing };

    /// Effects that wait for one commit.
    struct Waiter {
        Instant added;
        bool urgent{false};
        Release release;  // empty once it has run
    };
    struct Group {
        store::Commit commit;
        std::vector<Waiter> waiters;
        std::vector<store::RulesRecord> loads;  // as in the commit
        Instant first;
        std::size_t bytes{0}, inputs{0}, pages{0};  // the commit itself is moved to the journal
    };

    State(net::any_io_executor loop, store::Journal& j, Hooks h)
        : executor{std::move(loop)},
          journal{j},
          hooks{std::move(h)},
          gather_timer{new_alarm(hooks.alarm, executor)},
          slow_timer{new_alarm(hooks.alarm, executor)},
          repair_timer{new_alarm(hooks.alarm, executor)} {}

    net::any_io_executor executor;
    store::Journal& journal;
    Hooks hooks;
    Mode mode{Mode::good};
    Group pending;
    std::optional<Group> in_flight;  // its commit is with the journal
    engine::Gap gap;
    std::vector<store::RulesRecord> owed;  // loads of rules that no commit has
    std::uint64_t gaps{0}, early{0};
    bool gathering{false}, watching{false};
    bool turning{false};   // a flush is on its way through the loop
    bool hopeless{false};  // the last repair failed, and the store could not write
    std::vector<std::function<void()>> idle;
    std::unique_ptr<Alarm> gather_timer, slow_timer, repair_timer;

    void add(Stepped stepped) {
        if (mode == Mode::failing) {
            count_lost(1, stepped.pages.size());
            owe(std::move(stepped.rules));
            run_later(std::move(stepped.release), false);
            return;
        }
        if (pending.commit.inputs.empty()) pending.first = stepped.input.instant;
        pending.bytes += stepped.input.bytes.size() + 64;
        ++pending.inputs;
        pending.pages += stepped.pages.size();
        store::Commit& commit = pending.commit;
        commit.last_seq = stepped.input.seq;
        commit.effect_hash = stepped.effect_hash;
        commit.state_hash = std::move(stepped.state_hash);
        commit.inputs.push_back(std::move(stepped.input));
        std::move(stepped.pages.begin(), stepped.pages.end(), std::back_inserter(commit.pages));
        commit.rules.insert(commit.rules.end(), stepped.rules.begin(), stepped.rules.end());
        std::move(stepped.rules.begin(), stepped.rules.end(), std::back_inserter(pending.loads));
        if (mode == Mode::repairing) {
            run_later(std::move(stepped.release), false);  // who knows whether the repair holds
            return;
        }
        pending.waiters.push_back({hooks.now(), stepped.urgent, std::move(stepped.release)});
        if (stepped.urgent) {
            watch_slow();
            if (!turning || pending.pages > 0) flush();
        } else if (!gathering) {
            gathering = true;
            gather_timer->set(gather, [self = shared_from_this()] {
                self->gathering = false;
                self->flush();
            });
        }
    }

    void run_later(Release release, bool durable) {
        if (!release) return;
        net::post(executor, [release = std::move(release), durable] { release(durable); });
    }

    void flush() {
        if (in_flight || pending.commit.inputs.empty() || mode != Mode::good) return;
        in_flight = std::exchange(pending, {});
        journal.append(
            std::move(in_flight->commit),
            [self = shared_from_this()](store::Committed result) {
                net::post(self->executor, [self, result = std::move(result)] {
                    self->committed(result);
                });
            }
        );
    }

    void tell_idle() {
        for (const auto& done : std::exchange(idle, {})) done();
    }

    void committed(const store::Committed& result) {
        hooks.on_commit(result);
        Group group = std::exchange(in_flight, std::nullopt).value_or(Group{});
        if (!result.durable) fail(group, result.error);
        for (Waiter& waiter : group.waiters)
            if (waiter.release) std::exchange(waiter.release, nullptr)(result.durable);
        if (pending.pages > 0) flush();  // nobody's answer goes before a page
        if (!in_flight && pending.commit.inputs.empty()) tell_idle();
        // After a turn of the loop: the answers are out, and who asks meanwhile shares the commit.
        turning = true;
        net::post(executor, [self = shared_from_this()] {
            self->turning = false;
            self->flush();
        });
    }

    // Not at once: the first inputs of this run belong into the gap, and so into its snapshot.
    void begin_gap(engine::Gap known) {
        mode = Mode::failing;
        gap = std::move(known);
        hooks.on_state(false, gap.why);
        arm_repair(Micros{0});
    }

    // What was stepped is in the engine but not in the journal: from here to the repair is a gap.
    void fail(Group& group, const std::string& why) {
        mode = Mode::failing;
        gap = {};
        gap.from = group.first;
        gap.why = why;
        log::line(
            log::Severity::error,
            "store_failed",
            {
                {"why", why}
        }
        );
        hooks.on_state(false, why);
        lose(std::move(group));
        for (Waiter& waiter : pending.waiters) run_later(std::move(waiter.release), false);
        lose(std::exchange(pending, {}));
        arm_repair(repair_after);
    }

    void lose(Group&& group) {
        count_lost(group.inputs, group.pages);
        owe(std::exchange(group.loads, {}));
    }

    // Who loaded them, and who agreed, is nowhere else: the repair brings it.
    void owe(std::vector<store::RulesRecord> loads) {
        std::move(loads.begin(), loads.end(), std::back_inserter(owed));
        if (owed.size() > loads_kept)
            owed.erase(owed.begin(), owed.end() - std::ptrdiff_t{loads_kept});
    }

    void count_lost(std::size_t inputs, std::size_t pages) {
        gap.inputs += inputs;
        gap.pages += pages;
    }

    void arm_repair(Micros after) {
        repair_timer->set(after, [self = shared_from_this()] {
            self->hopeless ? self->probe() : self->repair();
        });
    }

    // A whole snapshot is dear: while the last one was in vain, the store is first asked whether it
    // can write at all.
    void probe() {
        journal.append({}, [self = shared_from_this()](store::Committed result) {
            net::post(self->executor, [self, yes = result.durable || result.ready] {
                yes ? self->repair() : self->arm_repair(repair_after);
            });
        });
    }

    void repair() {
        gap.to = hooks.now();
        mode = Mode::repairing;
        pending = {};
        store::Commit commit = hooks.make_repair(gap);
        // Before those that the repair has: the first of a hash brings its files.
        commit.rules.insert(commit.rules.begin(), owed.begin(), owed.end());
        journal.append(std::move(commit), [self = shared_from_this()](store::Committed result) {
            net::post(self->executor, [self, result = std::move(result)] {
                self->repaired(result);
            });
        });
    }

    void repaired(const store::Committed& result) {
        hooks.on_commit(result);
        if (!result.durable) {
            mode = Mode::failing;
            gap.why = result.error;
            hopeless = !result.ready;
            lose(std::exchange(pending, {}));
            arm_repair(repair_after);
            return tell_idle();
        }
        mode = Mode::good;
        hopeless = false;
        owed.clear();
        ++gaps;
        log::line(
            log::Severity::warning,
            "store_repaired",
            {
                {"inputs_not_journaled", gap.inputs},
                {"pages_not_journaled",  gap.pages }
        }
        );
        hooks.on_state(true, {});
        flush();
        if (!in_flight) tell_idle();
    }

    void watch_slow(Micros left = slow_commit) {
        if (watching) return;
        watching = true;
        slow_timer->set(left, [self = shared_from_this()] {
            self->watching = false;
            self->let_slow_go();
        });
    }

    // Pages and answers that have waited too long leave without the commit.
    void let_slow_go() {
        const Instant now = hooks.now();
        std::optional<Instant> next;
        std::vector<Release> late;
        const auto look = [&](std::vector<Waiter>& waiters) {
            for (Waiter& waiter : waiters) {
                if (!waiter.urgent || !waiter.release) continue;
                const Instant limit = waiter.added + slow_commit;
                if (limit <= now)
                    late.push_back(std::exchange(waiter.release, nullptr));
                else
                    next = std::min(next.value_or(limit), limit);
            }
        };
        if (in_flight) look(in_flight->waiters);
        look(pending.waiters);
        if (next) watch_slow(*next - now);
        if (late.empty()) return;
        early += late.size();
        log::line(
            log::Severity::warning,
            "commit_slow",
            {
                {"released", late.size()}
        }
        );
        for (const Release& release : late) release(false);  // last: what they do may add inputs
    }
};

Committer::Committer(net::any_io_executor loop, store::Journal& journal, Hooks hooks)
    : state_{std::make_shared<State>(std::move(loop), journal, std::move(hooks))} {}

Committer::~Committer() {
    state_->gather_timer->cancel();
    state_->slow_timer->cancel();
    state_->repair_timer->cancel();
}

void Committer::add(Stepped stepped) { state_->add(std::move(stepped)); }

void Committer::flush(std::function<void()> done) {
    state_->flush();
    if (!state_->in_flight && state_->mode != State::Mode::repairing) {
        net::post(state_->executor, std::move(done));
        return;
    }
    state_->idle.push_back(std::move(done));
}

void Committer::begin_gap(engine::Gap gap) { state_->begin_gap(std::move(gap)); }

std::size_t Committer::backlog_bytes() const {
    return state_->pending.bytes + (state_->in_flight ? state_->in_flight->bytes : 0);
}
bool Committer::owes_rules(const std::string& hash) const {
    return std::any_of(state_->owed.begin(), state_->owed.end(), [&](const auto& load) {
        return load.hash == hash;
    });
}
bool Committer::up() const { return state_->mode == State::Mode::good; }
std::uint64_t Committer::gaps() const { return state_->gaps; }
std::uint64_t Committer::released_early() const { return state_->early; }

}  // namespace surged::app
