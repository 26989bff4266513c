// A webhook receiver inside the test program: keeps the pages it got, checks their signatures with
// the real algorithm, and answers as a script says.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::test {

/// One scripted answer. Without one left, a request is accepted with 200.
struct Answer {
    enum class Kind : std::uint8_t { reply, hang, reset, garbage };
    Kind kind{Kind::reply};
    int status{200};
    std::string retry_after;  // empty: no such header
    std::string location;

    static Answer accept() { return {}; }
    static Answer error(int status) { return {Kind::reply, status, {}, {}}; }
    static Answer too_many(std::string after) { return {Kind::reply, 429, std::move(after), {}}; }
    static Answer redirect(std::string to) { return {Kind::reply, 302, {}, std::move(to)}; }
    static Answer hang() { return {Kind::hang, 0, {}, {}}; }        // reads it all, says nothing
    static Answer reset() { return {Kind::reset, 0, {}, {}}; }      // reads it all, then RST
    static Answer garbage() { return {Kind::garbage, 0, {}, {}}; }  // not HTTP
};

/// One request as it came. `body` is raw; alert() looks into it.
struct ReceivedPage {
    std::string id;  // webhook-id
    std::string method, target, body;
    std::vector<std::pair<std::string, std::string>> headers;
    bool signature_good{false};
    bool possible_repeat{false};
    int answered{0};  // HTTP status; 0: nothing was answered
    std::chrono::steady_clock::time_point at;

    [[nodiscard]] std::string header(std::string_view name) const;
    /// alerts[0].labels[name] or alerts[0].annotations[name]; empty if there is none.
    [[nodiscard]] std::string label(std::string_view name) const;
    [[nodiscard]] std::string annotation(std::string_view name) const;
};

class PageSink {
public:
    /// Listens on 127.0.0.1; port 0 takes a free one. An empty secret takes every page, signed or
    /// not.
    explicit PageSink(std::string secret = default_secret(), std::uint16_t port = 0);
    ~PageSink();
    PageSink(const PageSink&) = delete;
    PageSink& operator=(const PageSink&) = delete;

    [[nodiscard]] static std::string default_secret();
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::string url() const;  // http://127.0.0.1:PORT/hook

    /// These answers come next, in order; then requests are accepted again.
    void script(std::vector<Answer> answers);
    [[nodiscard]] std::vector<ReceivedPage> received() const;
    /// Those answered with 2xx.
    [[nodiscard]] std::vector<ReceivedPage> accepted() const;
    /// True once at least `count` requests came in all; waits `limit` at most.
    [[nodiscard]] bool wait_for(std::size_t count, std::chrono::milliseconds limit) const;
    [[nodiscard]] bool wait_accepted(std::size_t count, std::chrono::milliseconds limit) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace surged::test
