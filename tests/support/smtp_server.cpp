#include "support/smtp_server.hpp"

#include "io/crypto.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
#include <fmt/format.h>
#include <list>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace surged::test {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

/// One client's connection, plain or TLS.
class Line {
public:
    explicit Line(tcp::socket socket) : socket_{std::move(socket)} {}

    bool secure(const TlsIdentity& identity) {
        buffer_.clear();
        context_.use_certificate_chain_file(identity.certificate);
        context_.use_private_key_file(identity.key, net::ssl::context::pem);
        tls_ = std::make_unique<net::ssl::stream<tcp::socket&>>(socket_, context_);
        error_code ec;
        tls_->handshake(net::ssl::stream_base::server, ec);
        return !ec;
    }
    bool say(std::string_view bytes) {
        error_code ec;
        const auto buffer = net::buffer(bytes.data(), bytes.size());
        if (tls_)
            net::write(*tls_, buffer, ec);
        else
            net::write(socket_, buffer, ec);
        return !ec;
    }
    /// Up to and without `end`; false once the client is gone.
    bool hear(std::string& into, std::string_view end) {
        while (true) {
            if (const auto at = buffer_.find(end); at != std::string::npos) {
                into = buffer_.substr(0, at);
                buffer_.erase(0, at + end.size());
                return true;
            }
            std::array<char, 4096> chunk{};
            error_code ec;
            const auto size = tls_ ? tls_->read_some(net::buffer(chunk), ec)
                                   : socket_.read_some(net::buffer(chunk), ec);
            if (ec) return false;
            buffer_.append(chunk.data(), size);
        }
    }
    /// From another thread: whatever waits, ends.
    void cut() {
        error_code ec;
        socket_.shutdown(tcp::socket::shutdown_both, ec);
    }
    [[nodiscard]] bool tls() const { return tls_ != nullptr; }

private:
    tcp::socket socket_;
    net::ssl::context context_{net::ssl::context::tls_server};
    std::unique_ptr<net::ssl::stream<tcp::socket&>> tls_;
    std::string buffer_;
};

std::string undotted(const std::string& data) {
    std::string out;
    for (std::size_t from = 0; from < data.size();) {
        const auto end = std::min(data.find("\r\n", from), data.size());
        std::string line = data.substr(from, end - from);
        if (line.starts_with('.')) line.erase(0, 1);
        out += line + "\r\n";
        from = end + 2;
    }
    return out;
}

}  // namespace

struct SmtpServer::State {
    explicit State(SmtpServerOptions o) : options{std::move(o)} {}
    SmtpServerOptions options;
    net::io_context loop;
    tcp::acceptor acceptor{
        loop, tcp::endpoint{net::ip::address_v4::loopback(), 0}
    };
    mutable std::mutex lock;
    std::condition_variable ends;
    bool over{false};
    std::optional<SmtpFault> next;
    std::vector<SmtpMail> mails;
    std::vector<std::string> commands;
    std::size_t connections{0};
    std::list<Line> lines;
    std::list<std::thread> threads;
    std::thread acceptance;

    void accept();
};

namespace {

SmtpStep step_of(const std::string& command) {
    if (command.starts_with("STARTTLS")) return SmtpStep::starttls;
    if (command.starts_with("AUTH")) return SmtpStep::auth;
    if (command.starts_with("MAIL")) return SmtpStep::mail;
    if (command.starts_with("RCPT")) return SmtpStep::rcpt;
    if (command.starts_with("DATA")) return SmtpStep::data;
    return SmtpStep::ehlo;
}

std::string address_in(const std::string& command) {
    const auto open = command.find('<');
    return command.substr(open + 1, command.find('>') - open - 1);
}

}  // namespace

/// The server's side of one session.
class SmtpServer::Session {
public:
    Session(State& server, Line& line, std::optional<SmtpFault> fault)
        : server_{server}, line_{line}, fault_{std::move(fault)} {}

    void run() {
        const auto* identity = server_.options.identity;
        if (server_.options.implicit && (!usual(SmtpStep::handshake) || !line_.secure(*identity)))
            return;
        if (usual(SmtpStep::greeting)) say("220 fake ESMTP\r\n");
        std::string command;
        while (!gone_ && line_.hear(command, "\r\n")) {
            {
                const std::lock_guard held{server_.lock};
                server_.commands.push_back(command);
            }
            if (command == "QUIT") {
                line_.say("221 bye\r\n");
                return;
            }
            if (const SmtpStep step = step_of(command); usual(step)) obey(step, command);
        }
    }

private:
    /// True: go on as usual, unless a reply has already been given.
    bool usual(SmtpStep step) {
        answered_ = false;
        const std::size_t time = times_[step]++;
        if (!fault_ || fault_->step != step || fault_->nth != time) return true;
        if (fault_->kind == SmtpFault::Kind::reply) {
            answered_ = true;
            gone_ = !line_.say(fault_->bytes);
            return !gone_ && (fault_->bytes.starts_with('2') || fault_->bytes.starts_with('3'));
        }
        gone_ = true;
        if (fault_->kind == SmtpFault::Kind::flood)
            while (line_.say("250-on and on\r\n")) continue;
        if (fault_->kind == SmtpFault::Kind::hang) {
            std::unique_lock held{server_.lock};
            server_.ends.wait(held, [&] { return server_.over; });
        }
        return false;
    }
    void say(const std::string& text) {
        if (!answered_ && !line_.say(text)) gone_ = true;
    }
    void obey(SmtpStep step, const std::string& command) {
        if (step == SmtpStep::ehlo) return say(ehlo_answer());
        if (step == SmtpStep::starttls) {
            say("220 go ahead\r\n");
            if (!usual(SmtpStep::handshake) || !line_.secure(*server_.options.identity))
                gone_ = true;
        }
        if (step == SmtpStep::auth)
            say(authenticate(command) ? "235 2.7.0 welcome\r\n" : "535 5.7.8 wrong password\r\n");
        if (step == SmtpStep::mail) {
            mail_.from = address_in(command);
            mail_.to.clear();
            say("250 2.1.0 ok\r\n");
        }
        if (step == SmtpStep::rcpt) {
            mail_.to.push_back(address_in(command));
            say("250 2.1.5 ok\r\n");
        }
        if (step == SmtpStep::data) take();
    }
    void take() {
        say("354 go ahead\r\n");
        std::string data;
        if (gone_ || !line_.hear(data, "\r\n.\r\n")) {
            gone_ = true;
            return;
        }
        mail_.message = undotted(data);
        mail_.tls = line_.tls();
        if (!usual(SmtpStep::message)) return;
        {
            const std::lock_guard held{server_.lock};
            server_.mails.push_back(mail_);  // before the answer: the client may look at once
        }
        say("250 2.0.0 queued as 4A7F\r\n");
    }
    [[nodiscard]] std::string ehlo_answer() const {
        const SmtpServerOptions& options = server_.options;
        std::string out = "250-fake\r\n";
        if (options.identity != nullptr && !line_.tls()) out += "250-STARTTLS\r\n";
        if (!options.auth.empty() && line_.tls()) out += "250-AUTH " + options.auth + "\r\n";
        if (options.utf8) out += "250-SMTPUTF8\r\n";
        return out + "250 SIZE 1000000\r\n";
    }
    bool authenticate(const std::string& command) {
        std::string user, password;
        if (command.starts_with("AUTH PLAIN ")) {
            const auto text = io::crypto::from_base64(command.substr(11)).value_or("");
            const auto second = text.find('\0', 1);
            if (second == std::string::npos) return false;
            user = text.substr(1, second - 1);
            password = text.substr(second + 1);
        } else {
            for (std::string* into : {&user, &password}) {
                std::string answer;
                if (!line_.say("334 VXNlcm5hbWU6\r\n") || !line_.hear(answer, "\r\n")) return false;
                *into = io::crypto::from_base64(answer).value_or("");
            }
        }
        mail_.username = user;
        mail_.password = password;
        return user == server_.options.username && password == server_.options.password;
    }

    State& server_;
    Line& line_;
    std::optional<SmtpFault> fault_;
    std::map<SmtpStep, std::size_t> times_;
    SmtpMail mail_;
    bool answered_{false}, gone_{false};
};

void SmtpServer::State::accept() {
    while (true) {
        error_code ec;
        tcp::socket socket{loop};
        acceptor.accept(socket, ec);
        const std::lock_guard held{lock};
        if (over || ec) return;
        ++connections;
        Line& line = lines.emplace_back(std::move(socket));
        threads.emplace_back([this, &line, fault = std::exchange(next, std::nullopt)] {
            Session{*this, line, fault}.run();
            line.cut();
        });
    }
}

SmtpServer::SmtpServer(SmtpServerOptions options)
    : state_{std::make_unique<State>(std::move(options))} {
    state_->acceptance = std::thread{[state = state_.get()] { state->accept(); }};
}

SmtpServer::~SmtpServer() {
    {
        const std::lock_guard held{state_->lock};
        state_->over = true;
        for (Line& line : state_->lines) line.cut();
    }
    state_->ends.notify_all();
    error_code ec;
    tcp::socket poke{state_->loop};
    poke.connect(state_->acceptor.local_endpoint(), ec);
    state_->acceptance.join();
    for (std::thread& thread : state_->threads) thread.join();
}

std::uint16_t SmtpServer::port() const { return state_->acceptor.local_endpoint().port(); }

void SmtpServer::fail(SmtpFault fault) {
    const std::lock_guard held{state_->lock};
    state_->next = std::move(fault);
}

std::vector<SmtpMail> SmtpServer::mails() const {
    const std::lock_guard held{state_->lock};
    return state_->mails;
}

std::vector<std::string> SmtpServer::commands() const {
    const std::lock_guard held{state_->lock};
    return state_->commands;
}

std::size_t SmtpServer::connections() const {
    const std::lock_guard held{state_->lock};
    return state_->connections;
}

}  // namespace surged::test
