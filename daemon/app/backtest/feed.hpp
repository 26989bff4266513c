// One recorded stretch of time as inputs of the engine, in order.
#pragma once

#include "app/backtest/blocks.hpp"
#include "base/error.hpp"
#include "core/engine/input.hpp"
#include "core/plan/zone.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace surged::app::backtest {

/// What could not be read: counted by reason, the newest few kept for a look.
struct BadLines {
    struct Shown {
        std::string file;
        std::uint64_t line{0};  // from 1
        std::string reason, words;
    };
    static constexpr std::size_t shown_max = 5;
    std::map<std::string, std::uint64_t, std::less<>> by_reason;
    std::deque<Shown> newest;
    std::uint64_t total{0};

    void add(Shown one);
    /// Counts alone.
    void count(std::string_view reason, std::uint64_t times);
    void add(const BadLines& others);
};

/// Events of a file that stand behind others later by more than the lateness: the engine refuses
/// them. The file is not in order, or a sender's clock was wrong.
struct Disorder {
    std::uint64_t events{0};
    // The newest time that the first of them stood behind, and where that is.
    std::string file;
    std::uint64_t line{0};  // from 1
    Wall newest;
};

/// How far the reading has come.
struct Reading {
    std::uint64_t lines{0}, events{0};
    BadLines bad;
    std::vector<std::string> notes;  // what was passed over, in words
    Disorder disorder;
    void add(const Reading& other);
};

struct FeedOptions {
    std::string site;       // events that name another one are refused
    std::string source;     // whose events these are
    plan::Zone zone;        // of local times without an offset
    Micros lateness{5min};  // as of the site
};

class Feed {
public:
    virtual ~Feed() = default;
    /// The next inputs, some thousands at most; empty at the end. Their instants never fall.
    [[nodiscard]] virtual Result<std::vector<engine::Input>> next() = 0;
    [[nodiscard]] virtual const Reading& reading() const = 0;
};

/// Looks for what is not in the order of time.
class Order {
public:
    explicit Order(Micros lateness) : lateness_{lateness} {}
    void saw(Wall time, const std::string& file, std::uint64_t line, Disorder& found);
    /// True of one event that is dated a month after all before it, where the next does not agree:
    /// its sender's clock was wrong, and the engine would live through all that time. Ask before
    /// `saw`.
    [[nodiscard]] bool is_alone(Wall time);

private:
    Micros lateness_;
    Wall newest_;
    bool far_{false};   // the one before was far ahead
    std::string file_;  // of the newest
    std::uint64_t line_{0};
};

/// Gathers events into one input a second. Its instant is the newest time in it: when all of it
/// has happened.
class Gather {
public:
    explicit Gather(std::string source) : source_{std::move(source)} {}
    /// What follows is of this time. A time before the newest counts as then: its event tells its
    /// own, by which it is counted or refused.
    void at(Wall time);
    [[nodiscard]] acd::Batch& batch() { return batch_; }
    /// What is gathered; `all`: of the second that is not over, too.
    [[nodiscard]] std::vector<engine::Input> take(bool all);

private:
    void flush();
    std::string source_;
    acd::Batch batch_;
    Wall newest_;
    std::int64_t second_{0};
    std::vector<engine::Input> ready_;
};

// `blocks`: the text, where it has been opened already; nullptr: the files are opened when it is
// their turn.
/// queue_log files in the order of their first lines: one log that was rotated.
[[nodiscard]] std::unique_ptr<Feed> queue_log_feed(
    std::vector<std::string> paths, std::unique_ptr<Blocks> blocks, const FeedOptions& options
);
/// Lines as POST /api/v1/events takes them.
[[nodiscard]] std::unique_ptr<Feed> ndjson_feed(
    std::string path, std::unique_ptr<Blocks> blocks, const FeedOptions& options
);
/// A table of events: csv.hpp.
[[nodiscard]] std::unique_ptr<Feed> csv_feed(
    std::string path, std::unique_ptr<Blocks> blocks, const FeedOptions& options
);
/// What a daemon has journaled, without what people and channels said to pages and incidents that
/// other rules may not bring about. `folder`: of journal.db.
[[nodiscard]] Result<std::unique_ptr<Feed>> journal_feed(const std::string& folder);

}  // namespace surged::app::backtest
