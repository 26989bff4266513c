#include "support/esl_fake.hpp"

#include "io/runtime/within.hpp"
#include "support/esl_text.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

namespace surged::test {

namespace net = boost::asio;
using io::as_result;
using net::ip::tcp;

struct FakeFreeswitch::State : std::enable_shared_from_this<State> {
    State(net::io_context& context, FakeFreeswitchOptions o)
        : options{std::move(o)},
          acceptor{context, tcp::endpoint{net::ip::address_v4::loopback(), 0}},
          socket{context} {}

    void act(const std::string& command);
    void send(std::string_view bytes) {
        if (frozen) return;
        outbox.append(bytes);
        if (!sending) drip();
    }
    // One piece, then the client's turn.
    void drip() {
        if (frozen || outbox.empty() || !socket.is_open()) {
            sending = false;
            return;
        }
        sending = true;
        const std::size_t size =
            options.piece == 0 ? outbox.size() : std::min(options.piece, outbox.size());
        boost::system::error_code ignored;
        net::write(socket, net::buffer(outbox.data(), size), ignored);
        outbox.erase(0, size);
        net::post(acceptor.get_executor(), [self = shared_from_this()] { self->drip(); });
    }

    FakeFreeswitchOptions options;
    tcp::acceptor acceptor;
    tcp::socket socket;
    std::vector<std::string> commands;
    std::string outbox;
    std::size_t connections{0};
    bool sending{false}, frozen{false}, logged_in{false};
};

void FakeFreeswitch::State::act(const std::string& command) {
    commands.push_back(command);
    if (command.starts_with("auth ")) {
        logged_in = command == "auth " + options.password;
        send(esl_reply(logged_in ? "+OK accepted" : "-ERR invalid"));
        if (!logged_in)
            send(
                "Content-Type: text/disconnect-notice\nContent-Length: 23\n\n"
                "Disconnected, goodbye.\n"
            );
    } else if (logged_in && command.starts_with("event ")) {
        if (!options.takes_events) return send(esl_reply("-ERR no keywords supplied"));
        send(esl_reply("+OK event listener enabled plain"));
        send(options.after_events);
    } else if (logged_in && command.starts_with("api ")) {
        if (!options.answers_api) return;
        const std::string words = command.substr(4);
        const auto answer = options.answers.find(words);
        send(esl_answer(
            answer != options.answers.end()
                ? answer->second
                : fmt::format("-ERR {} Command not found!\n", words.substr(0, words.find(' ')))
        ));
    } else {
        send(esl_reply("-ERR command not found"));
    }
}

namespace {

// The state outlives the coroutine by the pointer it holds; a second connection replaces the first.
template <class StatePtr>
net::awaitable<void> serve(StatePtr state, std::size_t number) {
    state->send(state->options.greeting);
    std::string text;
    std::array<char, 4096> buffer{};
    while (state->connections == number) {
        auto [ec, size] = co_await state->socket.async_read_some(net::buffer(buffer), as_result);
        if (ec || state->connections != number || state->frozen) co_return;
        text.append(buffer.data(), size);
        for (auto end = text.find("\n\n"); end != std::string::npos; end = text.find("\n\n")) {
            const std::string command = text.substr(0, end);
            text.erase(0, end + 2);
            state->act(command);
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
        state->socket.set_option(tcp::no_delay{true}, ignored);
        state->frozen = false;
        state->logged_in = false;
        state->outbox.clear();
        const std::size_t number = ++state->connections;
        net::co_spawn(state->acceptor.get_executor(), serve(state, number), net::detached);
    }
}

}  // namespace

FakeFreeswitch::FakeFreeswitch(net::io_context& context, FakeFreeswitchOptions options)
    : state_{std::make_shared<State>(context, std::move(options))} {
    net::co_spawn(context, accept_loop(state_), net::detached);
}

FakeFreeswitch::~FakeFreeswitch() {
    boost::system::error_code ignored;
    state_->acceptor.close(ignored);
    state_->socket.close(ignored);
}

std::uint16_t FakeFreeswitch::port() const { return state_->acceptor.local_endpoint().port(); }
FakeFreeswitchOptions& FakeFreeswitch::options() { return state_->options; }
void FakeFreeswitch::send(std::string_view bytes) { state_->send(bytes); }
bool FakeFreeswitch::sent() const { return state_->outbox.empty(); }
void FakeFreeswitch::freeze() { state_->frozen = true; }
void FakeFreeswitch::drop() {
    boost::system::error_code ignored;
    state_->socket.close(ignored);
}
const std::vector<std::string>& FakeFreeswitch::commands() const { return state_->commands; }
std::size_t FakeFreeswitch::count(std::string_view command) const {
    return static_cast<std::size_t>(
        std::count(state_->commands.begin(), state_->commands.end(), command)
    );
}
std::size_t FakeFreeswitch::connections() const { return state_->connections; }

}  // namespace surged::test
