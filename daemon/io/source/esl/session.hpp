// One conversation with a FreeSWITCH event socket, without its socket: bytes and time in, bytes
// out.
//
// Password, version, events, then the tables of callcenter_config, and these again at every poll.
#pragma once

#include "io/source/conversation.hpp"
#include "io/source/esl/event.hpp"
#include "io/source/esl/frame.hpp"
#include "io/source/esl/picture.hpp"
#include "io/source/source.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace surged::io::esl {

enum class Format : std::uint8_t { plain, json };

struct SessionOptions {
    std::string secret;
    Format format{Format::plain};
    Micros stale_after{30s};    // nothing heard for so long: the connection is dead
    Micros poll{30s};           // from the end of one reading of the tables to the next
    Micros login_timeout{10s};  // from the connection to the first events
};

class Session final : public Conversation {
public:
    /// `sink` and `picture` must outlive the session. The TCP connection was made at `now`.
    Session(SessionOptions options, Sink& sink, Picture& picture, Steady now);

    void received(std::string_view bytes, Steady now) override;
    /// Polls, asks whether anybody is there, or gives up.
    void passed(Steady now) override;
    [[nodiscard]] Steady deadline() const override;
    [[nodiscard]] std::string take_output() override;
    [[nodiscard]] bool has_output() const override { return !output_.empty(); }
    [[nodiscard]] const std::optional<Ended>& ended() const override { return ended_; }
    /// Logged in, and the tables stand: what waits and who works is known.
    [[nodiscard]] bool up() const override { return told_up_; }
    /// "connected, FreeSWITCH 1.10.12, 3 queues", or how far the login is.
    [[nodiscard]] std::string detail() const override;

private:
    enum class Phase : std::uint8_t { greeting, login, listening };
    enum class Ask : std::uint8_t { auth, status, events, queues, agents, tiers, members };
    struct Asked {
        Ask what;
        std::string queue;  // of members
    };

    void on_frame(const Frame& frame, Steady now);
    void on_event(const Frame& frame);
    void on_reply(const Frame& frame, Steady now);
    void on_login(std::string_view reply);
    void on_events(std::string_view reply, Steady now);
    void on_table(const Asked& asked, std::string_view answer, Steady now);
    void ask(Ask what, std::string queue = {});
    void ask_next(Steady now);
    void begin_poll(Steady now);
    void tell(bool up);
    [[nodiscard]] bool listening() const { return phase_ == Phase::listening; }
    void report(std::string_view reason, std::string_view excerpt);
    void flush();
    void end(std::string detail, bool refused = false);

    SessionOptions options_;
    Sink& sink_;
    Picture& picture_;
    Framer framer_;
    Event event_;
    acd::Batch batch_;
    Phase phase_{Phase::greeting};
    std::string output_;
    std::optional<Ended> ended_;
    std::deque<Asked> asked_;  // unanswered; answers come in the order of asking
    std::deque<Asked> to_ask_;
    std::string version_;  // "FreeSWITCH 1.10.12" as far as it is known
    std::string trouble_;  // why the tables cannot be had; "" if they can
    Steady started_, heard_;
    Steady poll_due_, poll_begun_;
    bool polling_{false};
    bool told_up_{false};
    bool stopping_{false};
};

}  // namespace surged::io::esl
