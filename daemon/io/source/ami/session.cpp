#include "io/source/ami/session.hpp"

#include "io/crypto.hpp"
#include "io/source/ami/banner.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace surged::io::ami {
namespace {

// VarSet of class dialplan is four times the traffic of the rest, and the only word on exits.
constexpr std::string_view event_mask = "system,agent,user,dialplan";

std::string safe(std::string_view text) { return safe_excerpt(text); }

bool may_go_into_a_header(std::string_view text) {
    return text.find_first_of("\r\n") == std::string_view::npos;
}

}  // namespace

Session::Session(SessionOptions options, Sink& sink, CallerHash caller_hash, Steady now)
    : options_{std::move(options)},
      sink_{sink},
      decoder_{std::move(caller_hash)},
      started_{now},
      heard_{now} {
    if (!may_go_into_a_header(options_.username) || !may_go_into_a_header(options_.secret))
        end("the username or the secret contains a line break", true);
}

void Session::received(std::string_view bytes, Steady now) {
    framer_.push(bytes);
    bool heard = false;
    while (!ended_) {
        const Found found = framer_.next();
        if (found == Found::nothing) break;
        heard = true;
        heard_ = now;
        if (found == Found::banner) on_banner(framer_.banner());
        if (found == Found::bad) report(framer_.bad().reason, framer_.bad().excerpt);
        if (found == Found::frame) on_frame(framer_.frame(), now);
    }
    const bool silent = batch_.empty();
    flush();
    if (heard && silent && up()) sink_.heard();
}

void Session::on_banner(const std::string& banner) {
    version_ = release_of(banner);
    if (version_.empty())
        return end(fmt::format("not an Asterisk manager: it says \"{}\"", safe(banner)), true);
    phase_ = Phase::challenge;
    login_id_ = send("Challenge", "AuthType: MD5\r\n");
}

void Session::on_frame(const Frame& frame, Steady now) {
    if (frame.odd_lines() > 0) report("odd_line", safe(frame.name()));
    const Decoded decoded = decoder_.decode(frame, batch_);
    if (!decoded.reason.empty()) report(decoded.reason, safe(frame.name()));
    if (decoder_.exits_known() && !exits_known_told_ && up()) tell_up();
    switch (decoded.meaning) {
        case Meaning::response:
            on_response(frame, now);
            break;
        case Meaning::snapshot_begun:
            snapshot_begun_ = true;
            break;
        case Meaning::snapshot_ended:
            snapshot_id_.clear();
            if (!up()) tell_up();
            if (std::exchange(snapshot_wanted_again_, false)) ask_snapshot(now);
            break;
        case Meaning::fully_booted:
        case Meaning::reloaded:
            // A list that has not begun yet is made after this: once is enough.
            if (logged_in() && snapshot_id_.empty())
                ask_snapshot(now);
            else if (snapshot_begun_)
                snapshot_wanted_again_ = true;
            break;
        case Meaning::stopping:
            stopping_ = true;
            break;
        case Meaning::ignored:
        case Meaning::events:
        case Meaning::bad:
            break;
    }
}

void Session::on_response(const Frame& frame, Steady now) {
    if (phase_ == Phase::challenge) return on_challenge(frame);
    if (phase_ == Phase::login) return on_login(frame, now);
    const std::string_view id = frame.get("ActionID");
    if (id == ping_id_) ping_id_.clear();
    if (id == settings_id_) {
        const std::string_view version = frame.get("AsteriskVersion");
        if (!version.empty()) version_ = fmt::format("Asterisk {}", version.substr(0, 32));
    }
    if (!snapshot_id_.empty() && id == snapshot_id_) {
        // An error: app_queue is not loaded (yet). FullyBooted or a reload asks again.
        snapshot_id_.clear();
        decoder_.expect_snapshot({});
        report("no_queue_status", safe(frame.get("Message")));
        if (!up()) tell_up();
    }
}

void Session::on_challenge(const Frame& frame) {
    const std::string_view challenge = frame.get("Challenge");
    if (frame.name() == "Success" && !challenge.empty()) return login_md5(challenge);
    login_plain();
}

void Session::on_login(const Frame& frame, Steady now) {
    if (frame.name() != "Success") {
        return end(
            fmt::format(
                "login refused ({}): check username and secret, and deny/permit in manager.conf",
                safe(frame.get("Message"))
            ),
            true
        );
    }
    phase_ = Phase::logged_in;
    settings_id_ = send("CoreSettings", "");
    ask_snapshot(now);
}

void Session::login_md5(std::string_view challenge) {
    const std::string key = crypto::md5_hex(std::string{challenge} + options_.secret);
    phase_ = Phase::login;
    login_id_ = send(
        "Login",
        fmt::format(
            "AuthType: MD5\r\nUsername: {}\r\nKey: {}\r\nEvents: {}\r\n",
            options_.username,
            key,
            event_mask
        )
    );
}

void Session::login_plain() {
    phase_ = Phase::login;
    login_id_ = send(
        "Login",
        fmt::format(
            "Username: {}\r\nSecret: {}\r\nEvents: {}\r\n",
            options_.username,
            options_.secret,
            event_mask
        )
    );
}

void Session::ask_snapshot(Steady now) {
    snapshot_id_ = send("QueueStatus", "");
    snapshot_begun_ = false;
    snapshot_asked_ = now;
    decoder_.expect_snapshot(snapshot_id_);
}

void Session::passed(Steady now) {
    if (ended_ || now < deadline()) return;
    if (!logged_in()) {
        return end(
            fmt::format("no answer to the login within {}", format_duration(options_.login_timeout))
        );
    }
    if (now >= heard_ + options_.stale_after) {
        return end(fmt::format(
            "nothing heard for {}: the connection is dead", format_duration(options_.stale_after)
        ));
    }
    if (!snapshot_id_.empty() && now >= snapshot_asked_ + 2 * options_.stale_after)
        return end("QueueStatus was not answered in full");
    if (ping_id_.empty() && now >= heard_ + options_.stale_after / 2) ping_id_ = send("Ping", "");
}

Steady Session::deadline() const {
    if (!logged_in()) return started_ + options_.login_timeout;
    Steady at = heard_ + (ping_id_.empty() ? options_.stale_after / 2 : options_.stale_after);
    if (!snapshot_id_.empty()) at = std::min(at, snapshot_asked_ + 2 * options_.stale_after);
    return at;
}

std::string Session::take_output() { return std::exchange(output_, {}); }

std::string Session::detail() const {
    if (stopping_) return fmt::format("{} is going down", version_);
    if (!logged_in()) return version_.empty() ? "connected, no banner yet" : "logging in";
    if (!up()) return fmt::format("{}: asking who waits", version_);
    return fmt::format("connected, {}", version_);
}

void Session::report(std::string_view reason, std::string excerpt) {
    sink_.bad_record(std::string{reason}, std::move(excerpt));
}

// Not before the snapshot has been handed over: until then callers of before a lost connection
// would look as if they had waited all the time, and page somebody.
void Session::tell_up() {
    flush();
    told_up_ = true;
    exits_known_told_ = decoder_.exits_known();
    sink_.state(true, exits_known_told_, detail());
}

void Session::flush() {
    if (batch_.empty()) return;
    sink_.events(std::exchange(batch_, acd::Batch{}));
}

void Session::end(std::string detail, bool refused) {
    flush();
    ended_ = Ended{std::move(detail), refused};
}

std::string Session::send(std::string_view action, std::string_view headers) {
    std::string id = fmt::format("surged-{}", ++actions_);
    output_ += fmt::format("Action: {}\r\nActionID: {}\r\n{}\r\n", action, id, headers);
    return id;
}

}  // namespace surged::io::ami
