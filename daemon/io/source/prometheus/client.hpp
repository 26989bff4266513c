// Asks a Prometheus server its queries, or an exporter its series, again and again; what comes back
// sets gauges of queues.
#pragma once

#include "io/source/prometheus/sample.hpp"
#include "io/source/source.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

namespace surged::io::prometheus {

struct ClientOptions {
    std::string name;           // of the source
    std::string url;            // of the server, without /api; or of the exporter, with its path
    bool server{true};          // ask it queries; false: read its series
    std::string authorization;  // the header's value; empty: none
    Micros interval{15s};
    Micros timeout{5s};
    /// A pick without an answer for so long makes the source lost; so does a sample that old.
    Micros stale_after{1min};
    std::vector<Pick> picks;
    QueueNames queue_names;
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

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace surged::io::prometheus
