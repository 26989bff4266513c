// The client's side of one SMTP session (RFC 5321, 3207, 4954), without the socket: replies in,
// what to do next out. Every step can fail, and each failure says what became of the mail.
#pragma once

#include "core/engine/input.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace surged::io::smtp {

/// One reply: a code and its lines, without the codes.
struct Reply {
    int code{0};
    std::vector<std::string> lines;
    /// 250 2.0.0 queued as 4A7F: on one line of UTF-8, cut.
    [[nodiscard]] std::string text() const;
};

/// Takes the first whole reply out of `pending`. nullopt: not all of it has come yet. An error: it
/// is no SMTP reply, or longer than any server has to say.
[[nodiscard]] tl::expected<std::optional<Reply>, std::string> take_reply(std::string& pending);

enum class Security : std::uint8_t {
    starttls,  // required: a server that does not offer it gets no mail
    implicit,  // TLS from the first byte
    none,
};

struct Account {
    Security security{Security::starttls};
    std::string helo;                // how we call ourselves
    std::string username, password;  // empty: no AUTH; never sent without TLS
};

/// A mail and where it goes.
struct Envelope {
    std::string from;
    std::vector<std::string> to;
    std::string message;  // headers and body with CRLF
};

/// What to do next.
struct Action {
    enum class Kind : std::uint8_t {
        send,    // write `bytes` (perhaps none), then wait for a reply
        secure,  // forget what has been read, shake hands, then secured()
        end,     // write `bytes` (QUIT or nothing) and leave: outcome() has the result
    };
    Kind kind{Kind::end};
    std::string bytes;
};

class Dialogue {
public:
    Dialogue(Account account, Envelope envelope);

    /// The connection stands.
    [[nodiscard]] Action begin();
    [[nodiscard]] Action replied(const Reply& reply);
    [[nodiscard]] Action secured();
    /// The connection or the time is over, or the server speaks no SMTP.
    void lost(std::string_view why);
    /// The same while what was to be sent had not left in full: no server acts on half a mail.
    void lost_unsent(std::string_view why);

    /// Once the dialogue is over or lost. Page and attempt are left to the caller.
    [[nodiscard]] const engine::Receipt& outcome() const { return outcome_; }
    /// Recipients for whom the server has taken the mail: the next attempt leaves them out.
    [[nodiscard]] const std::vector<std::string>& delivered() const { return delivered_; }

private:
    enum class Step : std::uint8_t {
        greeting,
        hello,
        starttls,
        handshake,
        auth,
        sender,
        recipient,
        data,
        message,  // all is sent, the final dot too
        over,
    };
    Action send(Step next, std::string command);
    Action hello();
    Action refused(const Reply& reply, delivery::Outcome permanent);
    Action finish(delivery::Outcome outcome, std::string detail);
    Action greeted(const Reply& reply);
    Action capabilities(const Reply& reply);
    Action authenticate();
    Action authenticated(const Reply& reply);
    Action sender();
    Action recipient(const Reply& reply);
    Action next_recipient();
    Action taken(const Reply& reply);
    [[nodiscard]] std::string told(const Reply& reply) const;

    Account account_;
    Envelope envelope_;
    Step step_{Step::greeting};
    bool tls_{false};
    bool can_starttls_{false}, can_plain_{false}, can_login_{false}, can_utf8_{false};
    std::vector<std::string> to_say_;  // AUTH LOGIN: what is asked for next, last first
    std::size_t asked_{0};             // recipients named so far
    std::vector<std::string> taken_;   // of them, those that the server will deliver to
    std::size_t put_off_{0};           // refused for now
    std::string refusal_;              // the first refusal of a recipient
    bool refused_by_policy_{false};    // it is about us, not about the recipient
    std::vector<std::string> delivered_;
    engine::Receipt outcome_;
};

}  // namespace surged::io::smtp
