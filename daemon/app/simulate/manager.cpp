#include "app/simulate/manager.hpp"

#include "io/crypto.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <list>
#include <map>
#include <optional>

namespace surged::app::simulate {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using tcp = net::ip::tcp;

constexpr auto as_result = net::as_tuple(net::use_awaitable);
constexpr std::size_t action_bytes_max = 64 * 1024;
constexpr std::size_t unsent_bytes_max = 64 * 1024 * 1024;  // a reader slower than that is dropped
constexpr auto login_within = std::chrono::seconds{30};     // Asterisk's authtimeout

/// One action: keys in lower case, the first of each counts.
using Action = std::map<std::string, std::string>;

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string field(const Action& action, const char* key) {
    const auto found = action.find(key);
    return found == action.end() ? std::string{} : found->second;
}

Action parse_action(std::string_view text) {
    Action action;
    while (!text.empty()) {
        const auto end = text.find('\n');
        std::string_view row = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (row.ends_with('\r')) row.remove_suffix(1);
        const auto colon = row.find(':');
        if (colon == std::string_view::npos) continue;
        std::string_view value = row.substr(colon + 1);
        while (value.starts_with(' ')) value.remove_prefix(1);
        action.emplace(lower(row.substr(0, colon)), std::string{value});
    }
    return action;
}

/// Cuts the first whole action off `pending`; nullopt if there is none yet.
std::optional<std::string> take_action(std::string& pending) {
    std::size_t at = 0;
    while (true) {
        const auto end = pending.find('\n', at);
        if (end == std::string::npos) return std::nullopt;
        const bool empty = end == at || (end == at + 1 && pending[at] == '\r');
        if (empty) {
            std::string action = pending.substr(0, at);
            pending.erase(0, end + 1);
            return action;
        }
        at = end + 1;
    }
}

std::string response(std::string_view kind, const Action& action, std::string_view rest) {
    const auto id = field(action, "actionid");
    const std::string id_line = id.empty() ? "" : fmt::format("ActionID: {}\r\n", id);
    return fmt::format("Response: {}\r\n{}{}\r\n", kind, id_line, rest);
}

/// One connection. Kept alive by its coroutines; the manager sees it while it lasts.
struct Session {
    explicit Session(tcp::socket s) : socket{std::move(s)}, wake{socket.get_executor()} {}
    tcp::socket socket;
    net::steady_timer wake;  // cancelled when there is something to write
    std::string unsent;
    std::string challenge;
    bool logged_in{false}, closing{false};
    EventClass mask{0};

    void say(std::string_view text) {
        if (closing) return;
        unsent.append(text);
        if (unsent.size() > unsent_bytes_max) return abort();
        wake.cancel();
    }
    /// Sends what there is, then ends.
    void finish() {
        closing = true;
        wake.cancel();
    }
    void abort() {
        closing = true;
        unsent.clear();
        error_code ignored;
        socket.close(ignored);
        wake.cancel();
    }
};
using SessionPtr = std::shared_ptr<Session>;

net::awaitable<void> write_all(SessionPtr session) {
    for (;;) {
        if (session->unsent.empty()) {
            if (session->closing) break;
            session->wake.expires_at(net::steady_timer::time_point::max());
            co_await session->wake.async_wait(as_result);
            continue;
        }
        const std::string chunk = std::exchange(session->unsent, {});
        auto [ec, size] = co_await net::async_write(session->socket, net::buffer(chunk), as_result);
        if (ec) break;
    }
    session->abort();
}

net::awaitable<void> expect_login(SessionPtr session) {
    net::steady_timer timer{session->socket.get_executor(), login_within};
    co_await timer.async_wait(as_result);
    if (!session->logged_in) session->abort();
}

}  // namespace

struct Manager::State : std::enable_shared_from_this<Manager::State> {
    State(net::any_io_executor e, ManagerOptions o, const Pbx& p, std::function<Wall()> c)
        : executor{std::move(e)},
          options{std::move(o)},
          pbx{p},
          clock{std::move(c)},
          acceptor{executor} {}

    net::any_io_executor executor;
    ManagerOptions options;
    const Pbx& pbx;
    std::function<Wall()> clock;
    tcp::acceptor acceptor;
    std::list<SessionPtr> sessions;
    std::uint32_t challenges{0};
    bool closed{false};  // the Pbx may be gone: nothing may be answered from it any more

    net::awaitable<void> accept();
    net::awaitable<void> read_all(SessionPtr session);
    void act(Session& session, const Action& action);
    void log_in(Session& session, const Action& action);
    void ask(Session& session, const Action& action, const std::string& name);
    void publish(const AmiEvent& event);
};

net::awaitable<void> Manager::State::accept() {
    const auto self = shared_from_this();
    while (!closed) {
        auto [ec, socket] = co_await acceptor.async_accept(as_result);
        if (ec) co_return;
        error_code ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        const auto session = std::make_shared<Session>(std::move(socket));
        sessions.push_back(session);
        session->say("Asterisk Call Manager/11.0.0\r\n");
        net::co_spawn(executor, write_all(session), net::detached);
        net::co_spawn(executor, read_all(session), net::detached);
        net::co_spawn(executor, expect_login(session), net::detached);
    }
}

net::awaitable<void> Manager::State::read_all(SessionPtr session) {
    const auto self = shared_from_this();
    std::array<char, 4096> chunk;
    std::string pending;
    while (!session->closing) {
        auto [ec, size] = co_await session->socket.async_read_some(net::buffer(chunk), as_result);
        if (ec || closed) break;
        pending.append(chunk.data(), size);
        while (auto text = take_action(pending)) {
            const Action action = parse_action(*text);
            if (!action.empty() && !session->closing) act(*session, action);
        }
        if (pending.size() > action_bytes_max) break;
    }
    session->finish();
    sessions.remove(session);
}

void Manager::State::log_in(Session& session, const Action& action) {
    bool right = field(action, "username") == options.username;
    if (lower(field(action, "authtype")) == "md5") {
        const auto want = io::crypto::md5_hex(session.challenge + options.secret);
        right = io::crypto::equal_in_constant_time(field(action, "key"), want) && right &&
                !session.challenge.empty();
    } else {
        right =
            io::crypto::equal_in_constant_time(field(action, "secret"), options.secret) && right;
    }
    if (!right) {
        session.say(response("Error", action, "Message: Authentication failed\r\n"));
        return session.finish();
    }
    session.logged_in = true;
    const auto events = field(action, "events");
    session.mask =
        (events.empty() ? event_class::all : event_class::parse(lower(events))) & options.allowed;
    session.say(response("Success", action, "Message: Authentication accepted\r\n"));
    if ((session.mask & event_class::system) != 0)
        session.say(
            "Event: FullyBooted\r\nPrivilege: system,all\r\nUptime: 5\r\nLastReload: 5\r\n"
            "Status: Fully Booted\r\n\r\n"
        );
}

/// The actions that only a client that has logged in may use.
void Manager::State::ask(Session& session, const Action& action, const std::string& name) {
    const auto id = field(action, "actionid");
    if (name == "queuestatus") {
        session.say(
            response("Success", action, "EventList: start\r\nMessage: Queue status will follow\r\n")
        );
        return session.say(
            pbx.queue_status(id, field(action, "queue"), field(action, "member"), clock())
        );
    }
    if (name == "queuesummary") {
        session.say(response(
            "Success", action, "EventList: start\r\nMessage: Queue summary will follow\r\n"
        ));
        return session.say(pbx.queue_summary(id, field(action, "queue"), clock()));
    }
    if (name == "ping") {
        const auto us = clock().us;
        return session.say(response(
            "Success",
            action,
            fmt::format("Ping: Pong\r\nTimestamp: {}.{:06}\r\n", us / 1'000'000, us % 1'000'000)
        ));
    }
    if (name == "events") {
        session.mask = event_class::parse(lower(field(action, "eventmask"))) & options.allowed;
        return session.say(
            response("Success", action, session.mask != 0 ? "Events: On\r\n" : "Events: Off\r\n")
        );
    }
    if (name == "coresettings")
        return session.say(response(
            "Success", action, "AMIversion: 11.0.0\r\nAsteriskVersion: 22.10.1\r\nSystemName: \r\n"
        ));
    if (name == "userevent") {
        std::string text = "Event: UserEvent\r\nPrivilege: user,all\r\n";
        text += fmt::format("UserEvent: {}\r\n", field(action, "userevent"));
        if (!id.empty()) text += fmt::format("ActionID: {}\r\n", id);
        for (const auto& [key, value] : action)
            if (key != "action" && key != "actionid" && key != "userevent")
                text += fmt::format("{}: {}\r\n", key, value);
        session.say(response("Success", action, "Message: Event Sent\r\n"));
        return publish({event_class::user, text + "\r\n"});
    }
    session.say(response(
        "Error",
        action,
        fmt::format(
            "Message: Invalid/unknown command: {}. Use Action: ListCommands to show available "
            "commands.\r\n",
            field(action, "action")
        )
    ));
}

void Manager::State::act(Session& session, const Action& action) {
    const auto name = lower(field(action, "action"));
    if (name == "challenge") {
        if (lower(field(action, "authtype")) != "md5")
            return session.say(response("Error", action, "Message: Must specify AuthType\r\n"));
        ++challenges;
        const auto digits = io::crypto::random_bytes(4);
        std::uint32_t number = challenges;
        for (const char c : digits) number = number * 31 + static_cast<std::uint8_t>(c);
        session.challenge = std::to_string(number);
        return session.say(
            response("Success", action, fmt::format("Challenge: {}\r\n", session.challenge))
        );
    }
    if (name == "login") return log_in(session, action);
    if (name == "logoff") {
        session.say(response("Goodbye", action, "Message: Thanks for all the fish.\r\n"));
        return session.finish();
    }
    if (!session.logged_in)
        return session.say(response("Error", action, "Message: Permission denied\r\n"));
    ask(session, action, name);
}

void Manager::State::publish(const AmiEvent& event) {
    for (const SessionPtr& session : sessions)
        if (session->logged_in && (session->mask & event.of) != 0) session->say(event.text);
}

Manager::Manager(
    net::any_io_executor executor,
    ManagerOptions options,
    const Pbx& pbx,
    std::function<Wall()> clock
)
    : state_{std::make_shared<State>(std::move(executor), std::move(options), pbx, std::move(clock))
      } {}

Manager::~Manager() { close(); }

Result<std::uint16_t> Manager::listen() {
    error_code ec;
    const auto address = net::ip::make_address(state_->options.address, ec);
    if (ec) return fail("not an address: " + state_->options.address);
    const tcp::endpoint endpoint{address, state_->options.port};
    state_->acceptor.open(endpoint.protocol(), ec);
    if (!ec) state_->acceptor.set_option(tcp::acceptor::reuse_address{true}, ec);
    if (!ec) state_->acceptor.bind(endpoint, ec);
    if (!ec) state_->acceptor.listen(net::socket_base::max_listen_connections, ec);
    if (ec)
        return fail(
            fmt::format(
                "cannot listen on {}:{}: {}",
                state_->options.address,
                state_->options.port,
                ec.message()
            ),
            "choose another address, or stop what uses it"
        );
    net::co_spawn(state_->executor, state_->accept(), net::detached);
    return state_->acceptor.local_endpoint().port();
}

void Manager::publish(const std::vector<AmiEvent>& events) {
    for (const AmiEvent& event : events) state_->publish(event);
}

std::size_t Manager::clients() const {
    const auto& all = state_->sessions;
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const SessionPtr& s) {
        return s->logged_in && !s->closing;
    }));
}

void Manager::close() {
    if (state_->closed) return;
    state_->closed = true;
    error_code ignored;
    state_->acceptor.close(ignored);
    state_->publish(
        {event_class::system,
         "Event: Shutdown\r\nPrivilege: system,all\r\nShutdown: Cleanly\r\n"
         "Restart: False\r\n\r\n"}
    );
    for (const SessionPtr& session : state_->sessions) {
        session->finish();
        session->socket.cancel(ignored);
    }
}

}  // namespace surged::app::simulate
