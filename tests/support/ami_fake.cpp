#include "support/ami_fake.hpp"

#include "io/crypto.hpp"
#include "io/runtime/within.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <sstream>

namespace surged::test {

namespace net = boost::asio;
using io::as_result;
using net::ip::tcp;

namespace {

constexpr std::string_view challenge = "316339751";

std::string answer(std::string_view kind, const std::string& id, std::string_view rest) {
    return fmt::format("Response: {}\r\nActionID: {}\r\n{}\r\n", kind, id, rest);
}

}  // namespace

struct FakeAsterisk::State {
    State(net::io_context& context, FakeAsteriskOptions o)
        : options{std::move(o)},
          acceptor{context, tcp::endpoint{net::ip::address_v4::loopback(), 0}},
          socket{context} {}

    void act(ReceivedAction action);
    void login(const ReceivedAction& action);
    void list(const std::string& id);
    void send(const std::string& bytes) {
        boost::system::error_code ignored;
        net::write(socket, net::buffer(bytes), ignored);
    }

    FakeAsteriskOptions options;
    tcp::acceptor acceptor;
    tcp::socket socket;
    std::vector<ReceivedAction> actions;
    std::size_t connections{0};
    bool frozen{false};
    bool logged_in{false};
};

void FakeAsterisk::State::act(ReceivedAction action) {
    actions.push_back(action);
    const std::string& name = action["Action"];
    const std::string& id = action["ActionID"];
    if (name == "Challenge" && options.takes_challenge)
        return send(answer("Success", id, fmt::format("Challenge: {}\r\n", challenge)));
    if (name == "Login") return login(action);
    if (!logged_in) return send(answer("Error", id, "Message: Permission denied\r\n"));
    if (name == "Ping") {
        if (options.answers_ping)
            send(answer("Success", id, "Ping: Pong\r\nTimestamp: 1795451719.000000\r\n"));
    } else if (name == "QueueStatus") {
        if (options.answers_queue_status) list(id);
    } else if (name == "CoreSettings") {
        send(answer("Success", id, "AMIversion: 11.0.0\r\nAsteriskVersion: 22.10.1\r\n"));
    } else {
        send(answer("Error", id, fmt::format("Message: Invalid/unknown command: {}.\r\n", name)));
    }
}

void FakeAsterisk::State::login(const ReceivedAction& action) {
    const auto header = [&](const char* key) {
        const auto at = action.find(key);
        return at == action.end() ? std::string{} : at->second;
    };
    const bool md5 = header("AuthType") == "MD5";
    const std::string want =
        md5 ? io::crypto::md5_hex(std::string{challenge} + options.secret) : options.secret;
    logged_in = header("Username") == options.username && header(md5 ? "Key" : "Secret") == want;
    if (!logged_in) {
        send(answer("Error", header("ActionID"), "Message: Authentication failed\r\n"));
        boost::system::error_code ignored;
        socket.close(ignored);
        return;
    }
    send(answer("Success", header("ActionID"), "Message: Authentication accepted\r\n"));
    if (options.booted)
        send("Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted\r\n\r\n");
}

void FakeAsterisk::State::list(const std::string& id) {
    send(answer("Success", id, "EventList: start\r\nMessage: Queue status will follow\r\n"));
    for (const std::string& row : options.snapshot)
        send(fmt::format("{}ActionID: {}\r\n\r\n", row, id));
    send(fmt::format(
        "Event: QueueStatusComplete\r\nActionID: {}\r\nEventList: Complete\r\nListItems: "
        "{}\r\n\r\n",
        id,
        options.snapshot.size()
    ));
}

namespace {

// The state outlives the coroutine by the pointer it holds; a second connection replaces the first.
template <class StatePtr>
net::awaitable<void> serve(StatePtr state, std::size_t number) {
    state->send(state->options.banner);
    std::string text;
    std::array<char, 4096> buffer{};
    while (state->connections == number) {
        auto [ec, size] = co_await state->socket.async_read_some(net::buffer(buffer), as_result);
        if (ec || state->connections != number || state->frozen) co_return;
        text.append(buffer.data(), size);
        for (auto end = text.find("\r\n\r\n"); end != std::string::npos;
             end = text.find("\r\n\r\n")) {
            std::istringstream lines{text.substr(0, end)};
            text.erase(0, end + 4);
            ReceivedAction action;
            for (std::string line; std::getline(lines, line);) {
                if (line.ends_with('\r')) line.pop_back();
                const auto colon = line.find(": ");
                if (colon != std::string::npos)
                    action[line.substr(0, colon)] = line.substr(colon + 2);
            }
            state->act(std::move(action));
        }
    }
}

template <class StatePtr>
net::awaitable<void> accept_loop(StatePtr state) {
    for (;;) {
        tcp::socket next{state->acceptor.get_executor()};
        auto [ec] = co_await state->acceptor.async_accept(next, as_result);
        if (ec) co_return;
        boost::system::error_code ignored;
        state->socket.close(ignored);
        state->socket = std::move(next);
        state->frozen = false;
        state->logged_in = false;
        const std::size_t number = ++state->connections;
        net::co_spawn(state->acceptor.get_executor(), serve(state, number), net::detached);
    }
}

}  // namespace

FakeAsterisk::FakeAsterisk(net::io_context& context, FakeAsteriskOptions options)
    : state_{std::make_shared<State>(context, std::move(options))} {
    net::co_spawn(context, accept_loop(state_), net::detached);
}

FakeAsterisk::~FakeAsterisk() {
    boost::system::error_code ignored;
    state_->acceptor.close(ignored);
    state_->socket.close(ignored);
    ++state_->connections;
}

std::uint16_t FakeAsterisk::port() const { return state_->acceptor.local_endpoint().port(); }
FakeAsteriskOptions& FakeAsterisk::options() { return state_->options; }
void FakeAsterisk::send(std::string bytes) { state_->send(bytes); }
void FakeAsterisk::freeze() { state_->frozen = true; }
void FakeAsterisk::drop() {
    boost::system::error_code ignored;
    state_->socket.close(ignored);
}
const std::vector<ReceivedAction>& FakeAsterisk::actions() const { return state_->actions; }
std::size_t FakeAsterisk::connections() const { return state_->connections; }
std::size_t FakeAsterisk::count(std::string_view action) const {
    return static_cast<std::size_t>(std::count_if(
        state_->actions.begin(),
        state_->actions.end(),
        [&](const ReceivedAction& received) {
            const auto at = received.find("Action");
            return at != received.end() && at->second == action;
        }
    ));
}

bool run_until(
    net::io_context& context, std::chrono::milliseconds limit, const std::function<bool()>& done
) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!done()) {
        if (std::chrono::steady_clock::now() >= end) return false;
        context.restart();
        context.run_for(std::chrono::milliseconds{5});
    }
    return true;
}

std::string ami_frame(const std::vector<std::string>& lines) {
    std::string out;
    for (const std::string& line : lines) out += line + "\r\n";
    return out + "\r\n";
}

}  // namespace surged::test
