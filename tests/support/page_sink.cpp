#include "support/page_sink.hpp"

#include "io/channel/webhook/verify.hpp"
#include "io/runtime/wall_clock.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/parse.hpp>
#include <condition_variable>
#include <deque>
#include <fmt/format.h>
#include <mutex>
#include <thread>

namespace surged::test {
namespace {

namespace net = boost::asio;
namespace http = boost::beast::http;
namespace json = boost::json;
using tcp = net::ip::tcp;

constexpr auto as_result = net::as_tuple(net::use_awaitable);

std::string from_alert(const std::string& body, const char* part, std::string_view name) {
    boost::system::error_code ec;
    const json::value parsed = json::parse(body, ec);
    if (ec) return {};
    const auto pointer = fmt::format("/alerts/0/{}", part);
    const json::value* found = parsed.find_pointer(pointer, ec);
    if (found == nullptr || !found->is_object()) return {};
    const json::value* value = found->get_object().if_contains(name);
    return value != nullptr && value->is_string() ? std::string{value->get_string()}
                                                  : std::string{};
}

std::string reply_text(const Answer& answer) {
    std::string out = fmt::format("HTTP/1.1 {} Scripted\r\n", answer.status);
    if (!answer.retry_after.empty()) out += fmt::format("Retry-After: {}\r\n", answer.retry_after);
    if (!answer.location.empty()) out += fmt::format("Location: {}\r\n", answer.location);
    return out + "Content-Length: 2\r\nConnection: close\r\n\r\nok";
}

}  // namespace

std::string ReceivedPage::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        const auto same = [](char a, char b) { return std::tolower(a) == std::tolower(b); };
        if (std::equal(key.begin(), key.end(), name.begin(), name.end(), same)) return value;
    }
    return {};
}
std::string ReceivedPage::label(std::string_view name) const {
    return from_alert(body, "labels", name);
}
std::string ReceivedPage::annotation(std::string_view name) const {
    return from_alert(body, "annotations", name);
}

struct PageSink::State {
    std::string secret;
    net::io_context loop{1};
    tcp::acceptor acceptor{loop};
    std::thread thread;
    mutable std::mutex mutex;  // guards what follows
    mutable std::condition_variable changed;
    std::deque<Answer> answers;
    std::vector<ReceivedPage> pages;

    net::awaitable<void> serve();
    net::awaitable<void> session(tcp::socket socket);
    Answer keep(const http::request<http::string_body>& request);
};

net::awaitable<void> PageSink::State::serve() {
    for (;;) {
        auto [ec, socket] = co_await acceptor.async_accept(as_result);
        if (ec) co_return;
        net::co_spawn(loop, session(std::move(socket)), net::detached);
    }
}

Answer PageSink::State::keep(const http::request<http::string_body>& request) {
    ReceivedPage page;
    page.at = std::chrono::steady_clock::now();
    page.method = request.method_string();
    page.target = request.target();
    page.body = request.body();
    for (const auto& field : request)
        page.headers.emplace_back(std::string{field.name_string()}, std::string{field.value()});
    page.id = page.header("webhook-id");
    const std::string timestamp = page.header("webhook-timestamp");
    const std::string signature = page.header("webhook-signature");
    const io::webhook::Stamp stamp{page.id, timestamp, signature};
    page.signature_good =
        io::webhook::verify(secret, stamp, page.body, io::wall_now()) == io::webhook::Verdict::good;
    page.possible_repeat = page.annotation("possible_repeat") == "true";
    const std::scoped_lock lock{mutex};
    Answer answer;
    if (!answers.empty()) {
        answer = answers.front();
        answers.pop_front();
    } else if (!page.signature_good && !secret.empty()) {
        answer = Answer::error(401);
    }
    page.answered = answer.kind == Answer::Kind::reply ? answer.status : 0;
    pages.push_back(std::move(page));
    changed.notify_all();
    return answer;
}

net::awaitable<void> PageSink::State::session(tcp::socket socket) {
    boost::beast::flat_buffer buffer;
    http::request_parser<http::string_body> parser;
    parser.body_limit(std::uint64_t{64} << 20);  // Alertmanager tells of 10,000 alerts at once
    auto [ec, size] = co_await http::async_read(socket, buffer, parser, as_result);
    if (ec) co_return;
    const Answer answer = keep(parser.get());
    boost::system::error_code ignored;
    if (answer.kind == Answer::Kind::reset) {
        socket.set_option(net::socket_base::linger{true, 0}, ignored);
        socket.close(ignored);
        co_return;
    }
    if (answer.kind == Answer::Kind::hang) {
        net::steady_timer timer{loop, std::chrono::minutes{5}};
        co_await timer.async_wait(as_result);
        co_return;
    }
    const std::string text =
        answer.kind == Answer::Kind::garbage ? "<html>login</html>\r\n\r\n" : reply_text(answer);
    co_await net::async_write(socket, net::buffer(text), as_result);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
}

PageSink::PageSink(std::string secret, std::uint16_t port) : state_{std::make_unique<State>()} {
    state_->secret = std::move(secret);
    const tcp::endpoint endpoint{net::ip::address_v4::loopback(), port};
    state_->acceptor.open(endpoint.protocol());
    state_->acceptor.set_option(tcp::acceptor::reuse_address{true});
    state_->acceptor.bind(endpoint);
    state_->acceptor.listen();
    net::co_spawn(state_->loop, state_->serve(), net::detached);
    state_->thread = std::thread{[loop = &state_->loop] { loop->run(); }};
}

PageSink::~PageSink() {
    state_->loop.stop();
    state_->thread.join();
}

std::string PageSink::default_secret() { return "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"; }
std::uint16_t PageSink::port() const { return state_->acceptor.local_endpoint().port(); }
std::string PageSink::url() const { return fmt::format("http://127.0.0.1:{}/hook", port()); }

void PageSink::script(std::vector<Answer> answers) {
    const std::scoped_lock lock{state_->mutex};
    state_->answers.assign(answers.begin(), answers.end());
}

std::vector<ReceivedPage> PageSink::received() const {
    const std::scoped_lock lock{state_->mutex};
    return state_->pages;
}

std::vector<ReceivedPage> PageSink::accepted() const {
    auto pages = received();
    std::erase_if(pages, [](const auto& p) { return p.answered < 200 || p.answered > 299; });
    return pages;
}

bool PageSink::wait_for(std::size_t count, std::chrono::milliseconds limit) const {
    std::unique_lock lock{state_->mutex};
    return state_->changed.wait_for(lock, limit, [&] { return state_->pages.size() >= count; });
}

bool PageSink::wait_accepted(std::size_t count, std::chrono::milliseconds limit) const {
    std::unique_lock lock{state_->mutex};
    return state_->changed.wait_for(lock, limit, [&] {
        const auto good =
            std::count_if(state_->pages.begin(), state_->pages.end(), [](const ReceivedPage& p) {
                return p.answered >= 200 && p.answered <= 299;
            });
        return static_cast<std::size_t>(good) >= count;
    });
}

}  // namespace surged::test
