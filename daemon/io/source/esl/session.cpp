#include "io/source/esl/session.hpp"

#include "io/source/esl/values.hpp"
#include "io/source/text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace surged::io::esl {
namespace {

// Who has just been added gets his tiers a moment later, and no event says so.
constexpr Micros soon = 2s;

bool is_ok(std::string_view reply) { return reply.starts_with("+OK"); }

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

// A name as an argument of an api command; "" if it cannot be one.
std::string argument(std::string_view name) {
    if (name.find_first_of("\r\n'\\") != std::string_view::npos) return {};
    if (name.find(' ') == std::string_view::npos) return std::string{name};
    return fmt::format("'{}'", name);
}

}  // namespace

Session::Session(SessionOptions options, Sink& sink, Picture& picture, Steady now)
    : options_{std::move(options)},
      sink_{sink},
      picture_{picture},
      version_{"FreeSWITCH"},
      started_{now},
      heard_{now} {
    picture_.connected();
    if (options_.secret.find_first_of("\r\n") != std::string::npos)
        end("the password contains a line break", true);
}

void Session::received(std::string_view bytes, Steady now) {
    framer_.push(bytes);
    bool heard = false;
    while (!ended_) {
        const Found found = framer_.next();
        if (found == Found::nothing) break;
        heard = true;
        heard_ = now;
        if (found == Found::frame) {
            on_frame(framer_.frame(), now);
        } else if (phase_ == Phase::greeting) {
            end(fmt::format("not a FreeSWITCH event socket: it says \"{}\"", framer_.bad().excerpt),
                true);
        } else {
            sink_.bad_record(std::string{framer_.bad().reason}, framer_.bad().excerpt);
        }
    }
    if (!polling_ && picture_.incomplete()) poll_due_ = std::min(poll_due_, now + soon);
    const bool silent = batch_.empty();
    flush();
    if (heard && silent && told_up_) sink_.heard();
}

void Session::on_frame(const Frame& frame, Steady now) {
    const std::string_view type = frame.content_type();
    const bool greets =
        type == "auth/request" || type == "text/rude-rejection" || type == "text/disconnect-notice";
    if (phase_ == Phase::greeting && !greets)
        return end(
            fmt::format("not a FreeSWITCH event socket: it sends {}", safe_excerpt(type)), true
        );
    if (type == "text/event-plain" || type == "text/event-json") return on_event(frame);
    if (type == "api/response" || type == "command/reply") return on_reply(frame, now);
    if (type == "auth/request") {
        if (phase_ != Phase::greeting) return report("unexpected_frame", type);
        phase_ = Phase::login;
        return ask(Ask::auth);
    }
    if (type == "text/rude-rejection") {
        return end(
            "refused by FreeSWITCH's access list: check apply-inbound-acl in event_socket.conf.xml",
            true
        );
    }
    if (type == "text/disconnect-notice") {
        return end(stopping_ ? detail() : fmt::format("{} closed the connection", version_));
    }
    report("unexpected_frame", type);
}

// ---- Events

void Session::on_event(const Frame& frame) {
    const bool json = frame.content_type() == "text/event-json";
    if (json ? !event_.read_json(frame.body()) : !event_.read_plain(frame.body()))
        return report(json ? "bad_json" : "bad_event", frame.body());
    const Decoded decoded = picture_.apply(event_, batch_);
    if (!decoded.reason.empty()) report(decoded.reason, event_.get(Key::action));
    if (decoded.meaning == Meaning::stopping) stopping_ = true;
    if (decoded.meaning != Meaning::heartbeat) return;
    if (const std::string release = release_of(event_.get(Key::version)); !release.empty())
        version_ = release;
}

// ---- Answers

void Session::on_reply(const Frame& frame, Steady now) {
    if (asked_.empty()) return report("unexpected_frame", frame.content_type());
    const Asked asked = std::move(asked_.front());
    asked_.pop_front();
    const bool is_api = frame.content_type() == "api/response";
    const std::string_view answer = is_api ? frame.body() : frame.get("Reply-Text");
    switch (asked.what) {
        case Ask::auth:
            return on_login(answer);
        case Ask::status:
            if (const std::string release = release_of(answer); !release.empty())
                version_ = release;
            return;
        case Ask::events:
            return on_events(answer, now);
        case Ask::queues:
        case Ask::agents:
        case Ask::tiers:
        case Ask::members:
            return on_table(asked, answer, now);
    }
}

void Session::on_login(std::string_view reply) {
    if (!is_ok(reply)) {
        return end(
            fmt::format(
                "login refused ({}): check the password in event_socket.conf.xml",
                safe_excerpt(first_line(reply))
            ),
            true
        );
    }
    ask(Ask::status);
    ask(Ask::events);
}

void Session::on_events(std::string_view reply, Steady now) {
    if (!is_ok(reply))
        return end(fmt::format("events refused ({})", safe_excerpt(first_line(reply))), true);
    phase_ = Phase::listening;
    begin_poll(now);
}

void Session::on_table(const Asked& asked, std::string_view answer, Steady now) {
    const auto table = Table::parse(answer, asked.what == Ask::agents ? "contact" : "cid_name");
    if (!table) {
        // mod_callcenter is not loaded (yet), or is being reloaded: the next poll asks again.
        report("no_table", first_line(answer));
        trouble_ = safe_excerpt(first_line(answer));
        to_ask_.clear();
        polling_ = false;
        poll_due_ = now + options_.poll;
        if (told_up_) tell(false);
        return;
    }
    std::string_view wrong;
    if (asked.what == Ask::queues) {
        wrong = picture_.queues(*table, batch_);
        for (std::string& queue : picture_.queues())
            to_ask_.push_back({Ask::members, std::move(queue)});
    } else if (asked.what == Ask::agents) {
        wrong = picture_.agents(*table, batch_);
    } else if (asked.what == Ask::tiers) {
        wrong = picture_.tiers(*table, batch_);
    } else {
        wrong = picture_.members(asked.queue, *table, batch_);
    }
    if (!wrong.empty()) report(wrong, asked.queue);
    ask_next(now);
}

// ---- Asking

void Session::ask(Ask what, std::string queue) {
    const auto api = [&](std::string_view words) {
        output_ += fmt::format("api callcenter_config {}\n\n", words);
    };
    switch (what) {
        case Ask::auth:
            output_ += fmt::format("auth {}\n\n", options_.secret);
            break;
        case Ask::status:
            output_ += "api status\n\n";
            break;
        case Ask::events:
            // Every word behind CUSTOM is taken for a subclass of it.
            output_ += fmt::format(
                "event {} HEARTBEAT SHUTDOWN CUSTOM callcenter::info\n\n",
                options_.format == Format::json ? "json" : "plain"
            );
            break;
        case Ask::queues:
            api("queue list");
            break;
        case Ask::agents:
            api("agent list");
            break;
        case Ask::tiers:
            api("tier list");
            break;
        case Ask::members:
            api(fmt::format("queue list members {}", argument(queue)));
            break;
    }
    asked_.push_back({what, std::move(queue)});
}

// One after the other: the switch answers on the thread that sends its events.
void Session::ask_next(Steady now) {
    while (!to_ask_.empty()) {
        Asked next = std::move(to_ask_.front());
        to_ask_.pop_front();
        if (next.what == Ask::members && argument(next.queue).empty()) {
            report("bad_queue_name", next.queue);
            continue;
        }
        return ask(next.what, std::move(next.queue));
    }
    const std::string_view wrong = picture_.end_poll(batch_);
    if (!wrong.empty()) report(wrong, "");
    polling_ = false;
    trouble_.clear();
    poll_due_ = now + options_.poll;
    if (!told_up_) tell(true);
}

void Session::begin_poll(Steady now) {
    polling_ = true;
    poll_begun_ = now;
    picture_.begin_poll();
    to_ask_ = {
        {Ask::queues, {}},
        {Ask::agents, {}},
        {Ask::tiers,  {}}
    };
    ask_next(now);
}

// ---- Time

void Session::passed(Steady now) {
    if (ended_ || now < deadline()) return;
    if (!listening()) {
        return end(
            fmt::format("no answer to the login within {}", format_duration(options_.login_timeout))
        );
    }
    if (now >= heard_ + options_.stale_after) {
        return end(fmt::format(
            "nothing heard for {}: the connection is dead", format_duration(options_.stale_after)
        ));
    }
    if (polling_ && now >= poll_begun_ + 2 * options_.stale_after)
        return end("callcenter_config was not answered in full");
    if (!polling_ && now >= poll_due_) return begin_poll(now);
    if (asked_.empty() && now >= heard_ + options_.stale_after / 2) ask(Ask::status);
}

Steady Session::deadline() const {
    if (!listening()) return started_ + options_.login_timeout;
    const Steady silent =
        heard_ + (asked_.empty() ? options_.stale_after / 2 : options_.stale_after);
    return std::min(silent, polling_ ? poll_begun_ + 2 * options_.stale_after : poll_due_);
}

// ---- The rest

std::string Session::take_output() { return std::exchange(output_, {}); }

std::string Session::detail() const {
    if (stopping_) return fmt::format("{} is going down", version_);
    if (phase_ == Phase::greeting) return "connected, nothing said yet";
    if (!listening()) return "logging in";
    if (!trouble_.empty())
        return fmt::format(
            "connected, {}, but callcenter_config fails ({}): is mod_callcenter loaded?",
            version_,
            trouble_
        );
    if (!told_up_) return fmt::format("{}: asking who waits", version_);
    const std::size_t queues = picture_.queue_count();
    return fmt::format("connected, {}, {} queue{}", version_, queues, queues == 1 ? "" : "s");
}

// Up only when the tables have been handed over: until then callers of before a lost connection
// would look as if they had waited all the time. Without tables a silent switch is not a quiet one.
void Session::tell(bool up) {
    flush();
    told_up_ = up;
    sink_.state(up, true, detail());
}

void Session::report(std::string_view reason, std::string_view excerpt) {
    sink_.bad_record(std::string{reason}, safe_excerpt(excerpt));
}

void Session::flush() {
    if (batch_.empty()) return;
    sink_.events(std::exchange(batch_, acd::Batch{}));
}

void Session::end(std::string detail, bool refused) {
    flush();
    ended_ = Ended{std::move(detail), refused};
}

}  // namespace surged::io::esl
