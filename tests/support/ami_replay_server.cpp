#include "support/ami_replay_server.hpp"

#include "io/runtime/wall_clock.hpp"
#include "io/runtime/within.hpp"
#include "support/ami_script.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace surged::test {

namespace net = boost::asio;
using io::as_result;
using net::ip::tcp;

struct ReplayServer::State {
    State(net::io_context& context, Recording recording, ReplayOptions o)
        : script{take_apart(recording)},
          options{o},
          acceptor{context, tcp::endpoint{net::ip::address_v4::loopback(), 0}},
          socket{context},
          timer{context} {}

    [[nodiscard]] Wall now() const {
        if (!started) return script.begins;
        const std::chrono::duration<double, std::micro> real = io::steady_now() - *started;
        return Wall{script.begins.us + static_cast<std::int64_t>(real.count() * options.speed)};
    }
    [[nodiscard]] io::Steady due(Wall at) const {
        const double real_us = static_cast<double>(at.us - script.begins.us) / options.speed;
        return *started + Micros{static_cast<Micros::rep>(real_us)};
    }
    void act(const std::string& action);
    void answer(const std::string& name, const std::string& id);
    void send(std::string_view bytes) {
        boost::system::error_code ignored;
        net::write(socket, net::buffer(bytes), ignored);
    }

    AmiScript script;
    ReplayOptions options;
    tcp::acceptor acceptor;
    tcp::socket socket;
    net::steady_timer timer;
    std::optional<io::Steady> started;  // the login
    std::string held;                   // answers that wait for the end of a frame
    bool within_frame{false};
    bool finished{false}, closed{false};
    std::size_t unanswered{0}, pieces{0};
};

namespace {

std::string value_of(const std::string& action, const std::string& key) {
    const std::string text = "\r\n" + action;
    const auto at = text.find("\r\n" + key + ": ");
    if (at == std::string::npos) return {};
    const auto from = at + key.size() + 4;
    return text.substr(from, text.find("\r\n", from) - from);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

}  // namespace

void ReplayServer::State::act(const std::string& action) {
    const std::string name = value_of(action, "Action");
    const std::string id = value_of(action, "ActionID");
    if (name == "Login") {
        const std::string given = value_of(action, script.by_challenge ? "Key" : "Secret");
        if (given != script.key_or_secret)
            return send(
                "Response: Error\r\nActionID: " + id + "\r\nMessage: Authentication failed\r\n\r\n"
            );
        answer(name, id);
        started = io::steady_now();
        timer.cancel();
        return;
    }
    answer(name, id);
}

void ReplayServer::State::answer(const std::string& name, const std::string& id) {
    const RecordedAnswer* recorded = script.answer_to(name, now());
    std::string bytes = "Response: Error\r\nActionID: " + id + "\r\nMessage: not recorded\r\n\r\n";
    if (recorded != nullptr) {
        bytes = replaced(
            recorded->bytes, "ActionID: " + recorded->action.id + "\r\n", "ActionID: " + id + "\r\n"
        );
    } else if (name == "Ping") {
        bytes = "Response: Success\r\nActionID: " + id + "\r\nPing: Pong\r\n\r\n";
    } else {
        ++unanswered;
    }
    if (within_frame) {
        held += bytes;
    } else {
        send(bytes);
    }
}

namespace {

template <class StatePtr>
net::awaitable<void> tell(StatePtr state) {
    while (!state->started && !state->closed) {
        state->timer.expires_at(io::Steady::max());
        co_await state->timer.async_wait(as_result);
    }
    for (const UnaskedPiece& piece : state->script.unasked) {
        if (state->closed) co_return;
        state->timer.expires_at(state->due(piece.at));
        co_await state->timer.async_wait(as_result);
        if (state->closed) co_return;
        state->send(piece.bytes);
        ++state->pieces;
        state->within_frame = !piece.ends_frame;
        if (piece.ends_frame) state->send(std::exchange(state->held, {}));
    }
    state->finished = true;
}

template <class StatePtr>
net::awaitable<void> listen(StatePtr state) {
    auto [failed] = co_await state->acceptor.async_accept(state->socket, as_result);
    if (failed) co_return;
    state->socket.set_option(tcp::no_delay{true});
    state->send(state->script.banner);
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        auto [ec, size] = co_await state->socket.async_read_some(net::buffer(buffer), as_result);
        if (ec || state->closed) co_return;
        text.append(buffer.data(), size);
        for (auto end = text.find("\r\n\r\n"); end != std::string::npos;
             end = text.find("\r\n\r\n")) {
            state->act(text.substr(0, end + 2));
            text.erase(0, end + 4);
        }
    }
}

}  // namespace

ReplayServer::ReplayServer(net::io_context& context, Recording recording, ReplayOptions options)
    : state_{std::make_shared<State>(context, std::move(recording), options)} {
    net::co_spawn(context, listen(state_), net::detached);
    net::co_spawn(context, tell(state_), net::detached);
}

ReplayServer::~ReplayServer() {
    state_->closed = true;
    boost::system::error_code ignored;
    state_->acceptor.close(ignored);
    state_->socket.close(ignored);
    state_->timer.cancel();
}

std::uint16_t ReplayServer::port() const { return state_->acceptor.local_endpoint().port(); }
Wall ReplayServer::recorded_now() const { return state_->now(); }
bool ReplayServer::finished() const { return state_->finished; }
bool ReplayServer::logged_in() const { return state_->started.has_value(); }
std::size_t ReplayServer::unanswered() const { return state_->unanswered; }
std::size_t ReplayServer::pieces() const { return state_->pieces; }

}  // namespace surged::test
