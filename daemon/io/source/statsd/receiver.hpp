// A UDP socket that reads many datagrams at once and knows what the kernel threw away.
#pragma once

#include "base/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::statsd {

class Receiver {
public:
    explicit Receiver(const boost::asio::any_io_executor& executor);
    ~Receiver();
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;

    /// `buffer`: bytes the kernel is asked to keep for us; see buffer() for what it gives.
    [[nodiscard]] Status open(const std::string& address, std::uint16_t port, std::size_t buffer);
    void close();
    /// Until there is something to read.
    [[nodiscard]] boost::asio::awaitable<boost::system::error_code> wait();
    /// The datagrams that are there, 32 at most; they stand until the next call. Empty: none.
    [[nodiscard]] const std::vector<std::string_view>& read(boost::system::error_code& failed);

    /// Datagrams that the kernel dropped since the last call, because its buffer was full: told
    /// with each datagram (SO_RXQ_OVFL), and asked for where none comes any more (SO_MEMINFO).
    [[nodiscard]] std::uint64_t take_drops();
    [[nodiscard]] std::size_t buffer() const { return buffer_; }  // bytes of payload and overhead
    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    struct Batch;
    void note_drops(std::uint32_t total);

    boost::asio::ip::udp::socket socket_;
    std::unique_ptr<Batch> batch_;
    std::vector<std::string_view> datagrams_;
    std::uint32_t seen_drops_{0};  // as the kernel counts, which wraps around
    std::uint64_t drops_{0};
    std::size_t buffer_{0};
    std::uint16_t port_{0};
};

}  // namespace surged::io::statsd
