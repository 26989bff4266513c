// A feed of call events. It speaks to the sequencer through a Sink and decides nothing.
#pragma once

#include "core/acd/event.hpp"

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace surged::io {

/// The opaque reference of a caller in a queue, or "" to know nothing of him.
using CallerHash = std::function<std::string(std::string_view number, std::string_view queue)>;

/// What a source tells. Called on the loop thread only.
class Sink {
public:
    virtual ~Sink() = default;
    /// One read's worth of events, in order.
    virtual void events(acd::Batch batch) = 0;
    /// The feed is there, and has told in full who waits and who works as far as it knows: its
    /// figures hold from here on; or it is gone, and why, in words.
    virtual void state(bool up, bool exits_known, std::string detail) = 0;
    /// Something unreadable came: counted by reason, the last few kept for a look. No secrets.
    virtual void bad_record(std::string reason, std::string excerpt) = 0;
    /// The same `times` over: what comes too fast to be told one by one.
    virtual void bad_records(std::string reason, std::uint64_t times, std::string excerpt) {
        while (times-- > 0) bad_record(reason, excerpt);
    }
    /// Bytes came that carry no events (a pong): the feed is alive.
    virtual void heard() = 0;
};

/// For /readyz, surgectl status and surged_source_up.
struct SourceStatus {
    std::string name, type;
    bool up{false};
    std::string detail;  // "connected, Asterisk 22.10.1" or what is wrong, in words
    std::string since;   // RFC 3339
};

/// A feed that is kept up for as long as the daemon lives. It must outlive run(), its sink it.
class Source {
public:
    virtual ~Source() = default;
    /// Runs until stop() or until it is cancelled. Never throws; comes back by itself after a loss.
    [[nodiscard]] virtual boost::asio::awaitable<void> run() = 0;
    /// Ends run() soon. The sink is not called any more.
    virtual void stop() = 0;
    [[nodiscard]] virtual SourceStatus status() const = 0;
    /// Calls `then` once, when it has caught up with what came while nobody listened, or it is
    /// known why it cannot; at once where there is nothing to catch up with.
    virtual void when_settled(std::function<void()> then) { then(); }
};

}  // namespace surged::io
