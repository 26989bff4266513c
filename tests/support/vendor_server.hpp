// A vendor's HTTP API inside the test program: keeps what it got, answers as its handler judges, or
// misbehaves as a script says. The vendors themselves are in vendor_fakes.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::test {

struct VendorRequest {
    std::string method, path, body;
    std::map<std::string, std::string> query;    // percent-decoded
    std::map<std::string, std::string> headers;  // names in lower case
};

struct VendorReply {
    int status{200};
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string type{"application/json"};
};

/// What comes instead of the handler's answer.
struct Play {
    enum class Kind : std::uint8_t { reply, hang, half, short_body, reset };
    Kind kind{Kind::reply};
    VendorReply with;

    static Play json(std::string body, int status = 200) {
        return {
            Kind::reply, {status, std::move(body), {}, "application/json"}
        };
    }
    static Play status(int status, std::string retry_after = {}) {
        Play out{
            Kind::reply, {status, "", {}, "text/plain"}
        };
        if (!retry_after.empty()) out.with.headers.emplace_back("Retry-After", retry_after);
        return out;
    }
    static Play html() {
        return {
            Kind::reply, {200, "<html>please log in</html>", {}, "text/html"}
        };
    }
    static Play redirect() {
        return {
            Kind::reply, {302, "", {{"Location", "http://127.0.0.1:1/login"}}, "text/html"}
        };
    }
    static Play hang() { return {Kind::hang, {}}; }              // reads it all, says nothing
    static Play half() { return {Kind::half, {}}; }              // stalls in the middle of its body
    static Play short_body() { return {Kind::short_body, {}}; }  // Content-Length beyond the body
    static Play reset() { return {Kind::reset, {}}; }
};

class VendorServer {
public:
    using Handler = std::function<VendorReply(const VendorRequest&)>;
    /// Listens on 127.0.0.1, a free port. `handler` runs on the server's thread, under the lock
    /// that look() takes.
    explicit VendorServer(Handler handler);
    ~VendorServer();
    VendorServer(const VendorServer&) = delete;
    VendorServer& operator=(const VendorServer&) = delete;

    [[nodiscard]] std::string url() const;  // http://127.0.0.1:PORT
    /// These come next, in order; then the handler answers again.
    void script(std::vector<Play> plays);
    [[nodiscard]] std::vector<VendorRequest> requests() const;
    /// Looks at the handler's state in peace.
    void look(const std::function<void()>& at) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace surged::test
