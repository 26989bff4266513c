// One conversation with an Asterisk manager, without its socket: bytes and time in, bytes out.
//
// Login by challenge (MD5), else plain; a QueueStatus snapshot at once and again on FullyBooted;
// a Ping when it is silent. Pure, so every step of it can be tested without a network.
#pragma once

#include "io/source/ami/decode.hpp"
#include "io/source/ami/frame.hpp"
#include "io/source/conversation.hpp"
#include "io/source/source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace surged::io::ami {

struct SessionOptions {
    std::string username, secret;
    Micros stale_after{30s};    // nothing heard for so long: the connection is dead
    Micros login_timeout{10s};  // from the connection to the login's answer
};

class Session final : public Conversation {
public:
    /// `sink` must outlive the session. The TCP connection was made at `now`.
    Session(SessionOptions options, Sink& sink, CallerHash caller_hash, Steady now);

    void received(std::string_view bytes, Steady now) override;
    /// Pings, or gives up.
    void passed(Steady now) override;
    [[nodiscard]] Steady deadline() const override;
    [[nodiscard]] std::string take_output() override;
    [[nodiscard]] bool has_output() const override { return !output_.empty(); }
    [[nodiscard]] const std::optional<Ended>& ended() const override { return ended_; }
    /// Logged in, and the PBX's view has been handed over in full, as far as it gave one.
    [[nodiscard]] bool up() const override { return told_up_; }
    /// "connected, Asterisk 22.10.1", or how far the login is.
    [[nodiscard]] std::string detail() const override;

private:
    enum class Phase : std::uint8_t { banner, challenge, login, logged_in };

    void on_banner(const std::string& banner);
    void on_frame(const Frame& frame, Steady now);
    void on_response(const Frame& frame, Steady now);
    void on_challenge(const Frame& frame);
    void on_login(const Frame& frame, Steady now);
    void report(std::string_view reason, std::string excerpt);
    [[nodiscard]] bool logged_in() const { return phase_ == Phase::logged_in; }
    void tell_up();
    void flush();
    void end(std::string detail, bool refused = false);

    std::string send(std::string_view action, std::string_view headers);
    void login_md5(std::string_view challenge);
    void login_plain();
    void ask_snapshot(Steady now);

    SessionOptions options_;
    Sink& sink_;
    Framer framer_;
    Decoder decoder_;
    Phase phase_{Phase::banner};
    acd::Batch batch_;
    std::string output_;
    std::optional<Ended> ended_;
    std::uint64_t actions_{0};
    std::string ping_id_, snapshot_id_, settings_id_, login_id_;  // of what is unanswered
    std::string version_;  // of Asterisk, as far as it is known
    Steady started_, heard_;
    Steady snapshot_asked_;
    bool snapshot_begun_{false};
    bool snapshot_wanted_again_{false};
    bool told_up_{false};
    bool exits_known_told_{false};
    bool stopping_{false};
};

}  // namespace surged::io::ami
