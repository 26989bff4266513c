// A manager interface that says what a test tells it: one queue, its callers and agents.
//
// It answers login, QueueStatus (from what was told so far) and Ping, so that a client that comes
// back after a crash finds the callers who still wait.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace surged::test {

class Pbx {
public:
    Pbx(std::string username, std::string secret, std::string queue);
    ~Pbx();
    Pbx(const Pbx&) = delete;
    Pbx& operator=(const Pbx&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    void add_agent(const std::string& interface);
    void join(const std::string& call);
    void answer(const std::string& call, const std::string& interface, int hold_s);
    void abandon(const std::string& call, int hold_s);
    /// He left by a key or the dialplan went on: nothing but the leave.
    void leave(const std::string& call);
    void complete(const std::string& call, const std::string& interface, int talk_s);
    /// True once a client has logged in and was given a snapshot.
    [[nodiscard]] bool wait_snapshot(int count, std::chrono::milliseconds limit) const;

private:
    void serve();
    void session(int socket);
    void handle(int socket, const std::string& frame);
    void say(const std::string& text);
    [[nodiscard]] std::string snapshot(const std::string& action_id) const;

    std::string username_, secret_, queue_;
    int listener_{-1};
    std::uint16_t port_{0};
    std::atomic<bool> stop_{false};
    std::atomic<int> snapshots_{0};
    mutable std::mutex mutex_;
    int client_{-1};
    std::vector<std::string> agents_;
    std::vector<std::pair<std::string, std::chrono::steady_clock::time_point>> waiting_;
    std::thread thread_;
};

}  // namespace surged::test
