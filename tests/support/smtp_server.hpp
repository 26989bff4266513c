// A mail server inside the test program: keeps what it was given, and misbehaves at one step as a
// test asks it to.
#pragma once

#include "support/tls_identity.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace surged::test {

enum class SmtpStep : std::uint8_t {
    greeting,
    ehlo,  // each of the two
    starttls,
    handshake,
    auth,
    mail,
    rcpt,
    data,
    message,
};

/// What happens at one step instead of the usual.
struct SmtpFault {
    enum class Kind : std::uint8_t {
        reply,  // these bytes as they stand; 2xx and 3xx go on as usual
        close,
        hang,   // says nothing until the server goes
        flood,  // says "250-…" without end
    };
    SmtpStep step{SmtpStep::greeting};
    Kind kind{Kind::reply};
    std::string bytes;
    std::size_t nth{0};  // which time it comes to that step: the second recipient is 1
};

struct SmtpMail {
    std::string from, message;  // message: CRLF, without the dots of DATA
    std::vector<std::string> to;
    bool tls{false};
    std::string username, password;
};

struct SmtpServerOptions {
    const TlsIdentity* identity{nullptr};  // nullptr: no TLS at all
    bool implicit{false};
    std::string auth;  // "PLAIN LOGIN", offered over TLS only; empty: not offered
    std::string username, password;
    bool utf8{false};
};

class SmtpServer {
public:
    explicit SmtpServer(SmtpServerOptions options = {});
    ~SmtpServer();
    SmtpServer(const SmtpServer&) = delete;
    SmtpServer& operator=(const SmtpServer&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    /// For the next connection only.
    void fail(SmtpFault fault);
    [[nodiscard]] std::vector<SmtpMail> mails() const;
    /// The lines of all clients but those of messages, in order.
    [[nodiscard]] std::vector<std::string> commands() const;
    [[nodiscard]] std::size_t connections() const;

private:
    class Session;
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace surged::test
