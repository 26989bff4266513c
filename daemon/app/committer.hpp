// Step first, effects after the commit: gathers what was stepped into group commits and lets the
// effects go when it is durable; or, when the store is slow or fails, without it, and says so.
#pragma once

#include "app/alarm.hpp"
#include "core/engine/input.hpp"
#include "store/journal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace surged::app {

/// A page waits at most this long for a slow disk; past that it leaves anyway.
inline constexpr Micros slow_commit{250ms};

/// What the step left to do; runs on the loop. durable: it is in the journal.
using Release = std::function<void(bool durable)>;

struct Stepped {
    store::InputRecord input;
    std::vector<store::PageRecord> pages;
    std::vector<store::RulesRecord> rules;
    std::uint64_t effect_hash{0};
    std::string state_hash;
    bool urgent{false};  // a page or an answer waits
    Release release;
};

class Committer {
public:
    struct Hooks {
        /// Steps the Gap into the engine and returns the commit that repairs: gap and snapshot.
        std::function<store::Commit(const engine::Gap&)> make_repair;
        std::function<Instant()> now;
        std::function<void(const store::Committed&)> on_commit;  // each, good or bad
        std::function<void(bool up, const std::string& why)> on_state;
        MakeAlarm alarm{};  // empty: the loop's own timers
    };
    Committer(boost::asio::any_io_executor loop, store::Journal& journal, Hooks hooks);
    ~Committer();
    Committer(const Committer&) = delete;
    Committer& operator=(const Committer&) = delete;

    void add(Stepped stepped);
    /// Records are missing since before this run: gap and full snapshot come before anything else.
    void begin_gap(engine::Gap gap);
    /// Commits what waits; `done` when all that was added before is settled one way or the other.
    void flush(std::function<void()> done);
    [[nodiscard]] std::size_t backlog_bytes() const;
    [[nodiscard]] bool up() const;
    /// These rules were loaded, and no commit has that yet: the repair will bring it.
    [[nodiscard]] bool owes_rules(const std::string& hash) const;
    [[nodiscard]] std::uint64_t gaps() const;
    [[nodiscard]] std::uint64_t released_early(
    ) const;  // pages or answers that left before a commit

private:
    struct State;
    std::shared_ptr<State> state_;  // shared with what the store thread posts back
};

}  // namespace surged::app
