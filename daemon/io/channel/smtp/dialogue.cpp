#include "io/channel/smtp/dialogue.hpp"

#include "io/channel/smtp/mime.hpp"
#include "io/channel/wording.hpp"
#include "io/crypto.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace surged::io::smtp {
namespace {

using delivery::Outcome;

constexpr std::size_t told_max = 200;  // bytes of a server's words that are kept
constexpr std::array<std::string_view, 10> step_names{
    "greeting",
    "EHLO",
    "STARTTLS",
    "TLS handshake",
    "AUTH",
    "MAIL FROM",
    "recipient",
    "DATA",
    "message",
    "QUIT",
};

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x80;
    });
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

/// The words of an EHLO line in capitals: AUTH PLAIN LOGIN; also the old AUTH=LOGIN.
std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> out(1);
    for (const char c : line) {
        if (c == ' ' || c == '=' || c == '\t') {
            if (!out.back().empty()) out.emplace_back();
        } else {
            out.back() += upper(c);
        }
    }
    return out;
}

/// 5.7.1 and its like: refused for what we are or may do, whoever the mail is for.
bool by_policy(const Reply& reply) {
    if (reply.code == 530 || reply.code == 535 || reply.code == 554) return true;
    return !reply.lines.empty() && reply.lines.front().starts_with("5.7.");
}

}  // namespace

Dialogue::Dialogue(Account account, Envelope envelope)
    : account_{std::move(account)}, envelope_{std::move(envelope)} {}

Action Dialogue::begin() {
    if (account_.security != Security::implicit) return send(Step::greeting, "");
    step_ = Step::handshake;
    return {Action::Kind::secure, ""};
}

Action Dialogue::secured() {
    tls_ = true;
    // After STARTTLS all that was said before counts for nothing (RFC 3207 §4.2).
    return account_.security == Security::implicit ? send(Step::greeting, "") : hello();
}

Action Dialogue::replied(const Reply& reply) {
    switch (step_) {
        case Step::greeting:
            return greeted(reply);
        case Step::hello:
            return capabilities(reply);
        case Step::starttls:
            if (reply.code != 220) return refused(reply, Outcome::bad_channel);
            step_ = Step::handshake;
            return {Action::Kind::secure, ""};
        case Step::auth:
            return authenticated(reply);
        case Step::sender:
            // 552: longer than this server takes; all else is about the sender: our configuration.
            if (reply.code / 100 != 2)
                return refused(
                    reply, reply.code == 552 ? Outcome::bad_message : Outcome::bad_channel
                );
            return next_recipient();
        case Step::recipient:
            return recipient(reply);
        case Step::data:
            if (reply.code != 354) return refused(reply, Outcome::bad_message);
            return send(Step::message, data_of(envelope_.message));
        case Step::message:
            return taken(reply);
        case Step::handshake:
        case Step::over:
            break;
    }
    return {Action::Kind::end, ""};
}

void Dialogue::lost(std::string_view why) {
    if (step_ == Step::over) return;  // the result is known: only QUIT went unheard
    outcome_.outcome = step_ == Step::message ? Outcome::unknown : Outcome::retry;
    outcome_.detail = fmt::format("{}: {}", step_names[static_cast<std::size_t>(step_)], why);
    step_ = Step::over;
}

void Dialogue::lost_unsent(std::string_view why) {
    if (step_ == Step::message) step_ = Step::data;
    lost(why);
}

Action Dialogue::send(Step next, std::string command) {
    step_ = next;
    return {Action::Kind::send, std::move(command)};
}

Action Dialogue::hello() {
    can_starttls_ = can_plain_ = can_login_ = can_utf8_ = false;
    return send(Step::hello, fmt::format("EHLO {}\r\n", account_.helo));
}

Action Dialogue::finish(Outcome outcome, std::string detail) {
    outcome_.outcome = outcome;
    outcome_.detail = std::move(detail);
    step_ = Step::over;
    return {Action::Kind::end, "QUIT\r\n"};
}

/// 4xx and 421 pass; 5xx is for good; anything else is no answer to what was asked.
Action Dialogue::refused(const Reply& reply, Outcome permanent) {
    const auto at = step_names[static_cast<std::size_t>(step_)];
    return finish(
        reply.code / 100 == 5 ? permanent : Outcome::retry, fmt::format("{}: {}", at, told(reply))
    );
}

std::string Dialogue::told(const Reply& reply) const {
    std::string out = reply.text();
    if (account_.password.empty()) return out;
    const std::string plain = '\0' + account_.username + '\0' + account_.password;
    for (const std::string& secret :
         {crypto::to_base64(plain), crypto::to_base64(account_.password), account_.password})
        for (auto at = out.find(secret); at != std::string::npos; at = out.find(secret, at))
            out.replace(at, secret.size(), "***");
    return out;
}

Action Dialogue::greeted(const Reply& reply) {
    if (reply.code != 220) return refused(reply, Outcome::bad_channel);
    return hello();
}

Action Dialogue::capabilities(const Reply& reply) {
    if (reply.code != 250) return refused(reply, Outcome::bad_channel);
    for (const std::string& line : reply.lines) {
        const auto words = words_of(line);
        const auto has = [&](std::string_view word) {
            return std::find(words.begin() + 1, words.end(), word) != words.end();
        };
        if (words[0] == "STARTTLS") can_starttls_ = true;
        if (words[0] == "SMTPUTF8") can_utf8_ = true;
        if (words[0] == "AUTH" && has("PLAIN")) can_plain_ = true;
        if (words[0] == "AUTH" && has("LOGIN")) can_login_ = true;
    }
    if (account_.security == Security::starttls && !tls_) {
        if (!can_starttls_)
            return finish(
                Outcome::bad_channel, "the server offers no STARTTLS; nothing was sent in clear"
            );
        return send(Step::starttls, "STARTTLS\r\n");
    }
    return account_.username.empty() ? sender() : authenticate();
}

Action Dialogue::authenticate() {
    if (!tls_) return finish(Outcome::bad_channel, "a password is sent over TLS only");
    if (can_plain_) {
        const std::string plain = '\0' + account_.username + '\0' + account_.password;
        return send(Step::auth, fmt::format("AUTH PLAIN {}\r\n", crypto::to_base64(plain)));
    }
    if (can_login_) {
        to_say_ = {account_.password, account_.username};
        return send(Step::auth, "AUTH LOGIN\r\n");
    }
    return finish(Outcome::bad_channel, "the server offers neither AUTH PLAIN nor AUTH LOGIN");
}

Action Dialogue::authenticated(const Reply& reply) {
    if (reply.code == 334 && !to_say_.empty()) {
        const std::string say = crypto::to_base64(to_say_.back()) + "\r\n";
        to_say_.pop_back();
        return send(Step::auth, say);
    }
    if (reply.code != 235) return refused(reply, Outcome::bad_channel);
    return sender();
}

Action Dialogue::sender() {
    const bool ascii =
        is_ascii(envelope_.from) && std::all_of(envelope_.to.begin(), envelope_.to.end(), is_ascii);
    if (!ascii && !can_utf8_)
        return finish(
            Outcome::bad_message, "the server takes no address beyond ASCII (no SMTPUTF8)"
        );
    return send(
        Step::sender, fmt::format("MAIL FROM:<{}>{}\r\n", envelope_.from, ascii ? "" : " SMTPUTF8")
    );
}

Action Dialogue::next_recipient() {
    if (asked_ < envelope_.to.size())
        return send(Step::recipient, fmt::format("RCPT TO:<{}>\r\n", envelope_.to[asked_++]));
    if (!taken_.empty()) return send(Step::data, "DATA\r\n");
    if (put_off_ > 0) return finish(Outcome::retry, "recipient: " + refusal_);
    return finish(
        refused_by_policy_ ? Outcome::bad_channel : Outcome::bad_message, "recipient: " + refusal_
    );
}

Action Dialogue::recipient(const Reply& reply) {
    if (reply.code == 421) return refused(reply, Outcome::retry);  // and hangs up
    if (reply.code / 100 == 2) {
        taken_.push_back(envelope_.to[asked_ - 1]);
        return next_recipient();
    }
    if (reply.code / 100 == 5)
        refused_by_policy_ = refused_by_policy_ || by_policy(reply);
    else
        ++put_off_;
    if (refusal_.empty()) refusal_ = told(reply);
    return next_recipient();
}

Action Dialogue::taken(const Reply& reply) {
    if (reply.code / 100 != 2) return refused(reply, Outcome::bad_message);
    delivered_ = taken_;
    if (refusal_.empty()) return finish(Outcome::accepted, told(reply));
    return finish(
        put_off_ > 0 ? Outcome::retry : Outcome::accepted,
        fmt::format(
            "taken for {} of {} recipients; the first refusal: {}",
            taken_.size(),
            envelope_.to.size(),
            refusal_
        )
    );
}

std::string Reply::text() const {
    std::string out = std::to_string(code);
    for (const std::string& line : lines) out += " " + line;
    return wording::cut(one_line(out), told_max);
}

tl::expected<std::optional<Reply>, std::string> take_reply(std::string& pending) {
    constexpr std::size_t bytes_max = 16 * 1024;
    const auto wrong = [](std::string_view why) {
        return tl::make_unexpected(fmt::format("the server {}", why));
    };
    Reply reply;
    std::string_view rest = pending;
    while (true) {
        const auto end = rest.find('\n');
        if (end == std::string_view::npos) {
            if (pending.size() > bytes_max) return wrong("says more than a reply can hold");
            return std::optional<Reply>{};
        }
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        const auto digit = [&](std::size_t i) { return line[i] >= '0' && line[i] <= '9'; };
        if (line.size() < 3 || !digit(0) || !digit(1) || !digit(2))
            return wrong("does not speak SMTP");
        const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
        const char mark = line.size() > 3 ? line[3] : ' ';
        const bool first = reply.lines.empty();
        if ((mark != ' ' && mark != '-') || (!first && code != reply.code))
            return wrong("does not speak SMTP");
        reply.code = code;
        reply.lines.emplace_back(line.size() > 4 ? line.substr(4) : std::string_view{});
        if (mark == '-') continue;
        pending.erase(0, pending.size() - rest.size());
        return std::optional{std::move(reply)};
    }
}

}  // namespace surged::io::smtp
