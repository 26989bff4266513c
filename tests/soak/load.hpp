// A steady flood of events over HTTP, said again until it is taken, and what became of it.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace surged::soak {

struct LoadOptions {
    std::uint16_t port{0};
    double events_per_s{100'000};
    int connections{8};
    std::size_t calls_per_post{300};  // three events each: offered, answered, completed
    std::size_t queues{40};           // load-0, load-1, …
};

/// What was seen since it was asked the last time.
struct Seen {
    std::uint64_t events{0};       // that were taken
    std::uint64_t refused{0};      // posts to be said again: 429 or 503
    std::uint64_t not_durable{0};  // posts taken while the store failed: 202
    std::vector<double> seconds;   // from a post to its answer
    std::string wrong;             // an answer that must not be; empty: none
};

/// Posts from a thread of its own until it is destroyed or stopped.
class Load {
public:
    explicit Load(LoadOptions options);
    ~Load();
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    [[nodiscard]] Seen take();
    /// Posts under way are finished first. Calls that were taken, in all.
    std::uint64_t stop();

private:
    boost::asio::awaitable<void> client(int which);
    void taken(const std::string& answer, double seconds);

    LoadOptions options_;
    std::atomic<bool> stop_{false};
    std::mutex mutex_;
    Seen seen_;
    std::uint64_t calls_{0};
    boost::asio::io_context loop_{1};
    std::thread thread_;
};

}  // namespace surged::soak
