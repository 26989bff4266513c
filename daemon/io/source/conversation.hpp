// One conversation with a server, without its socket: bytes and time in, bytes out. Pure, so every
// step of it can be tested without a network; TcpClient gives it one.
#pragma once

#include "io/runtime/wall_clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace surged::io {

/// Why a conversation is over.
struct Ended {
    std::string detail;   // in words, without secrets
    bool refused{false};  // the login: it will not mend by itself
};

class Conversation {
public:
    virtual ~Conversation() = default;

    /// One read's worth of bytes: at most one Sink::events comes of it.
    virtual void received(std::string_view bytes, Steady now) = 0;
    /// Time has reached deadline().
    virtual void passed(Steady now) = 0;
    /// When passed() must be called at the latest.
    [[nodiscard]] virtual Steady deadline() const = 0;

    /// What is to be sent, and forgets it.
    [[nodiscard]] virtual std::string take_output() = 0;
    [[nodiscard]] virtual bool has_output() const = 0;

    /// Set once the conversation is over; nothing more is to be fed or sent.
    [[nodiscard]] virtual const std::optional<Ended>& ended() const = 0;
    [[nodiscard]] virtual bool up() const = 0;
    /// In words: what is at the other end, or how far the login is.
    [[nodiscard]] virtual std::string detail() const = 0;
};

}  // namespace surged::io
