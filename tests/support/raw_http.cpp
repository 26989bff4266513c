#include "support/raw_http.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <cctype>
#include <future>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace surged::test {

LoopThread::LoopThread()
    : thread_{[this] {
          const auto stay = boost::asio::make_work_guard(loop_);
          loop_.run();
      }} {}

LoopThread::~LoopThread() {
    loop_.stop();
    thread_.join();
}

void LoopThread::run(const std::function<void()>& work) {
    std::promise<void> done;
    boost::asio::post(loop_, [&] {
        try {
            work();
            done.set_value();
        } catch (...) {
            done.set_exception(std::current_exception());
        }
    });
    done.get_future().get();
}

RawHttp::RawHttp(std::uint16_t port) : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    const timeval limit{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
        throw std::runtime_error{"cannot connect"};
    }
}

RawHttp::~RawHttp() { ::close(fd_); }

void RawHttp::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;  // closed on us: the answer, if any, says why
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

bool RawHttp::fill() {
    char bytes[65536];
    const auto size = ::recv(fd_, bytes, sizeof bytes, 0);
    if (size <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(size));
    return true;
}

bool RawHttp::closed() {
    char byte = 0;
    return ::recv(fd_, &byte, 1, 0) == 0;
}

RawAnswer RawHttp::answer(bool head) {
    RawAnswer out;
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) return out;
    }
    out.header = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    out.status = std::stoi(out.header.substr(9, 3));
    std::size_t at = out.header.find("\r\n") + 2;
    while (at < out.header.size()) {
        const auto stop = out.header.find("\r\n", at);
        const auto colon = out.header.find(": ", at);
        std::string name = out.header.substr(at, colon - at);
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
            return static_cast<char>(std::tolower(c));
        });
        out.fields[name] = out.header.substr(colon + 2, stop - colon - 2);
        at = stop + 2;
    }
    const auto length = out.fields.find("content-length");
    if (head || length == out.fields.end()) return out;
    const auto size = static_cast<std::size_t>(std::stoull(length->second));
    while (buffer_.size() < size) {
        if (!fill()) break;
    }
    out.body = buffer_.substr(0, size);
    buffer_.erase(0, out.body.size());
    return out;
}

RawAnswer http_request(
    std::uint16_t port,
    std::string_view method,
    std::string_view target,
    std::string_view body,
    std::string_view extra
) {
    RawHttp peer{port};
    std::string text = std::string{method} + " " + std::string{target} +
                       " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + std::string{extra};
    if (!body.empty() || method == "POST") {
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    }
    text += "\r\n";
    text += body;
    peer.send(text);
    return peer.answer(method == "HEAD");
}

}  // namespace surged::test
