// Listens for statsd lines and tells, at every flush, what they add up to.
#pragma once

#include "io/source/source.hpp"
#include "io/source/statsd/table.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace surged::io::statsd {

struct ClientOptions {
    std::string name;  // of the source
    std::string address{"127.0.0.1"};
    std::uint16_t port{8125};  // 0: a free one, see status()
    std::size_t buffer{8U << 20};
    Micros flush{1s};
    Micros stale_after{0};  // 0: silence is fine
    std::vector<Rule> rules;
};

class Client : public Source {
public:
    /// `sink` must outlive the client.
    Client(boost::asio::any_io_executor executor, ClientOptions options, Sink& sink);
    ~Client() override;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    [[nodiscard]] boost::asio::awaitable<void> run() override;
    void stop() override;
    [[nodiscard]] SourceStatus status() const override;

    [[nodiscard]] std::uint16_t port() const;  // 0 while it does not listen
    [[nodiscard]] std::uint64_t lines() const;
    [[nodiscard]] std::uint64_t drops() const;  // datagrams, by the kernel

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace surged::io::statsd
