// What the HTTP API and the exporter need of the running daemon. app::Live implements it.
#pragma once

#include "core/engine/engine.hpp"
#include "io/source/source.hpp"

#include <boost/asio/awaitable.hpp>
#include <map>
#include <string>
#include <vector>

namespace surged::io {

/// What came of an input: after the commit, or at once with durable = false while the store fails.
struct Submitted {
    engine::Verdict verdict{engine::Verdict::done};
    std::string detail;
    acd::Applied applied;
    bool durable{true};
    bool overloaded{false};  // not taken: answer 503 with Retry-After
};

/// One part of the daemon for /readyz.
struct Component {
    std::string name;  // "store", "source acd-1", "channel hook", "leader"
    bool ok{true};
    std::string detail;  // in words
    std::string since;   // RFC 3339
};

/// Something unreadable that came, for a look: "acd-1: bad_frame" and a piece of it, masked.
struct BadSeen {
    std::string what, excerpt;
};

/// Figures of the shell that the engine does not know.
struct ShellStats {
    bool store_up{true};
    std::uint64_t gaps{0};
    std::uint64_t commits{0};
    std::vector<std::uint64_t>
        commit_buckets;  // per bound of commit_bounds_s, then +Inf; not cumulative
    double commit_seconds_sum{0};
    std::uint64_t steps{0};
    std::vector<std::uint64_t> step_buckets;
    double step_seconds_sum{0};
    double rules_loaded_at{0};  // Unix seconds
    bool last_reload_ok{true};
    std::map<std::string, double> source_lag_s;
    std::map<std::pair<std::string, std::string>, std::uint64_t> bad_records;  // source, reason
    std::vector<BadSeen> last_bad;                                             // oldest first
    std::map<std::pair<std::string, std::string>, std::uint64_t> pages;        // channel, result
    std::vector<std::uint64_t> delivery_buckets;
    double delivery_seconds_sum{0};
    std::vector<std::uint64_t> ack_buckets;
    double ack_seconds_sum{0};
};
inline constexpr double commit_bounds_s[] = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5
};
inline constexpr double step_bounds_s[] = {0.00001, 0.0001, 0.001, 0.01, 0.1, 1};
inline constexpr double delivery_bounds_s[] = {
    0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300
};
inline constexpr double ack_bounds_s[] = {5, 15, 30, 60, 120, 300, 600, 1800, 3600};

class Host {
public:
    virtual ~Host() = default;
    [[nodiscard]] virtual const engine::Engine& engine() const = 0;
    /// Stamps seq, instant and site, steps, waits for the commit. `input` by value: rule for
    /// coroutines.
    [[nodiscard]] virtual boost::asio::awaitable<Submitted> submit(engine::Input input) = 0;
    /// Brings the engine's figures up to this moment before they are read (a Tick, not journaled
    /// unless it has effects).
    virtual void refresh() = 0;
    [[nodiscard]] virtual std::vector<Component> components() const = 0;
    [[nodiscard]] virtual ShellStats stats() const = 0;
    /// Bytes of input accepted but not yet committed: the measure of back-pressure.
    [[nodiscard]] virtual std::size_t backlog_bytes() const = 0;
    /// Something unreadable was posted: it is kept among the last that came, whose ShellStats tell.
    virtual void keep_bad(BadSeen seen) = 0;
};

}  // namespace surged::io
