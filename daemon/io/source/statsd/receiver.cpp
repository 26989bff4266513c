#include "io/source/statsd/receiver.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

namespace surged::io::statsd {
namespace net = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t at_once = 32;
constexpr std::size_t datagram_max = 65'536;  // UDP has no larger ones

error_code last_error() { return {errno, boost::system::system_category()}; }

/// The larger of what an ordinary and a privileged process gets.
std::size_t enlarge(int socket, std::size_t wanted) {
    const int bytes = static_cast<int>(wanted);
    if (::setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
        (void)::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    int given = 0;
    socklen_t size = sizeof given;
    (void)::getsockopt(socket, SOL_SOCKET, SO_RCVBUF, &given, &size);
    return static_cast<std::size_t>(given) / 2;  // the kernel doubles it for its own overhead
}

}  // namespace

struct Receiver::Batch {
    union Control {
        cmsghdr align;
        std::array<char, CMSG_SPACE(sizeof(std::uint32_t))> bytes;
    };
    Batch() : bytes(at_once * datagram_max) {
        for (std::size_t i = 0; i < at_once; ++i) {
            pieces[i] = {bytes.data() + i * datagram_max, datagram_max};
            msghdr& header = headers[i].msg_hdr;
            header.msg_iov = &pieces[i];
            header.msg_iovlen = 1;
            header.msg_control = controls[i].bytes.data();
        }
    }
    std::vector<char> bytes;
    std::array<iovec, at_once> pieces{};
    std::array<Control, at_once> controls{};
    std::array<mmsghdr, at_once> headers{};
};

Receiver::Receiver(const net::any_io_executor& executor)
    : socket_{executor}, batch_{std::make_unique<Batch>()} {}

Receiver::~Receiver() = default;

Status Receiver::open(const std::string& address, std::uint16_t port, std::size_t buffer) {
    close();
    error_code failed;
    const net::ip::udp::endpoint at{net::ip::make_address(address, failed), port};
    if (!failed) socket_.open(at.protocol(), failed);
    if (!failed) buffer_ = enlarge(socket_.native_handle(), buffer);
    if (!failed) socket_.bind(at, failed);
    if (!failed) socket_.native_non_blocking(true, failed);
    const int on = 1;
    if (!failed &&
        ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on) != 0)
        failed = last_error();
    if (!failed) port_ = socket_.local_endpoint(failed).port();
    if (!failed) return {};
    close();
    return fail(fmt::format("cannot listen on {}:{}: {}", address, port, failed.message()));
}

void Receiver::close() {
    error_code ignored;
    socket_.close(ignored);
    seen_drops_ = 0;
}

net::awaitable<error_code> Receiver::wait() {
    const auto [failed] =
        co_await socket_.async_wait(net::socket_base::wait_read, net::as_tuple(net::use_awaitable));
    co_return failed;
}

const std::vector<std::string_view>& Receiver::read(error_code& failed) {
    datagrams_.clear();
    failed.clear();
    for (mmsghdr& each : batch_->headers)
        each.msg_hdr.msg_controllen = sizeof(Batch::Control::bytes);
    const int got =
        ::recvmmsg(socket_.native_handle(), batch_->headers.data(), at_once, MSG_DONTWAIT, nullptr);
    if (got < 0) {
        const bool nothing = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        if (!nothing) failed = last_error();
        return datagrams_;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
        mmsghdr& each = batch_->headers[i];
        const auto* const from = static_cast<const char*>(batch_->pieces[i].iov_base);
        datagrams_.emplace_back(from, each.msg_len);
        for (cmsghdr* c = CMSG_FIRSTHDR(&each.msg_hdr); c != nullptr;
             c = CMSG_NXTHDR(&each.msg_hdr, c)) {
            if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SO_RXQ_OVFL) continue;
            std::uint32_t total = 0;
            std::memcpy(&total, CMSG_DATA(c), sizeof total);
            note_drops(total);
        }
    }
    return datagrams_;
}

// Only forward: a datagram carries what was known when it came, SO_MEMINFO what is known now.
void Receiver::note_drops(std::uint32_t total) {
    const std::uint32_t more = total - seen_drops_;
    if (more == 0 || more > (1U << 31U)) return;
    drops_ += more;
    seen_drops_ = total;
}

std::uint64_t Receiver::take_drops() {
    std::array<std::uint32_t, SK_MEMINFO_VARS> info{};
    socklen_t size = sizeof info;
    if (socket_.is_open() &&
        ::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_MEMINFO, info.data(), &size) == 0 &&
        size > SK_MEMINFO_DROPS * sizeof(std::uint32_t))
        note_drops(info[SK_MEMINFO_DROPS]);
    return std::exchange(drops_, 0);
}

}  // namespace surged::io::statsd
