// From the lines of Asterisk's queue_log to call and agent events. Pure: no clock, no file.
//
// What leaves this file holds no caller's number or name and no channel: a caller is what the
// CallerHash makes of his number. An agent is what the log calls him.
#pragma once

#include "core/acd/event.hpp"
#include "io/source/queue_log/line.hpp"
#include "io/source/queue_log/members.hpp"
#include "io/source/source.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace surged::io::queue_log {

struct DecoderOptions {
    CallerHash caller_hash;
    /// Name of a member → his interface. The log adds and removes a member by his interface and
    /// tells of his calls by his name: who is not listed here is two people to it.
    MemberNames members;
    /// False beside a manager connection, which knows the agents better.
    bool agents{true};
};

class Decoder {
public:
    explicit Decoder(DecoderOptions options);

    /// Appends what the line says to `out`, and how a caller left to `words` too if that is given.
    /// @return why nothing came of it or what had to be left out; empty if all is well. A line that
    ///     is no news, and an empty one, is well.
    std::string_view decode(std::string_view text, acd::Batch& out, acd::Batch* words = nullptr);

    /// The time given to the last line: the log's own, and within one second a microsecond more for
    /// each line, so that the order of the file is the order of the times.
    [[nodiscard]] Wall newest() const { return newest_; }
    /// Goes on after a line of this time.
    void resume(Wall newest) { newest_ = newest; }

private:
    using Handler = void (Decoder::*)(const Line&);
    struct Entry {
        std::string_view event;
        Handler handler;  // null: no news
    };
    static const Entry* find_entry(std::string_view event);

    void entered(const Line& line);
    void connected(const Line& line);
    void completed(const Line& line);
    void transferred(const Line& line);
    void attended(const Line& line);
    void abandoned(const Line& line);
    void timed_out(const Line& line);
    void left_by_key(const Line& line);
    void left_empty(const Line& line);
    void withdrawn(const Line& line);
    void incompatible(const Line& line);
    void started(const Line& line);
    void member_added(const Line& line);
    void member_removed(const Line& line);
    void paused(const Line& line);
    void unpaused(const Line& line);
    void logged_in(const Line& line);
    void logged_off(const Line& line);

    void gone(const Line& line, std::optional<acd::ExitReason> exit, std::string_view wait);
    void ended(const Line& line, acd::EventType type, std::string_view hold, std::string_view talk);
    void pause(const Line& line, bool paused);
    void tell_members();

    [[nodiscard]] acd::Event event_of(acd::EventType type, const Line& line);
    [[nodiscard]] Wall stamp(Wall written);
    [[nodiscard]] std::string_view text(std::string_view value);
    [[nodiscard]] std::string_view agent(std::string_view member);
    [[nodiscard]] std::optional<Micros> seconds(std::string_view value);
    bool want(std::string_view value);

    DecoderOptions options_;
    Members members_;
    Wall newest_;
    // Of the line in hand:
    acd::Batch* out_{nullptr};
    acd::Batch* words_{nullptr};
    Wall at_;
    std::string_view reason_;
    std::deque<std::string> texts_;  // escaped texts and caller references its event points to
};

}  // namespace surged::io::queue_log
