// A small HTTP/1.1 client: one request, one connection, one deadline. HTTPS is always verified.
#pragma once

#include "base/time.hpp"

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace surged::io::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct ClientRequest {
    ClientRequest() = default;  // not an aggregate: it is passed to a coroutine (g++ 12)
    std::string method{"GET"};
    std::string url;  // http://host[:port]/path?query or https://…
    Headers headers;  // Host, Content-Length and Connection are the client's own
    std::string body;
    Micros timeout{15s};  // for all of it, from name lookup to the last byte
    std::size_t body_max{1 << 20};
    bool allow_private{true};  // false: refuses loopback, link-local and private addresses
};

struct ClientResponse {
    int status{0};
    Headers headers;
    std::string body;
    /// The first header of that name, whatever its case; empty if there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// How far a request came that got no answer. `unsent`: the other side cannot have acted on it.
/// `unknown`: it was fully handed over; it may have been acted on.
enum class Progress : std::uint8_t { unsent, unknown };

/// Why there is no answer, in words without the path, the query or any header: those hold secrets.
struct ClientFailure {
    Progress progress{Progress::unsent};
    std::string what;
};
using ClientResult = tl::expected<ClientResponse, ClientFailure>;

struct ClientOptions {
    ClientOptions() = default;
    std::string ca_file;  // PEM; trusted beside the system's certificates; empty: none
    std::string user_agent{"surged"};
};

class Client {
public:
    explicit Client(ClientOptions options = {});
    ~Client();
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;

    /// Any status is an answer, redirects too: they are never followed. Never throws. The client
    /// must outlive the coroutine.
    [[nodiscard]] boost::asio::awaitable<ClientResult> request(ClientRequest request);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// One that blocks, for programs that have nothing else to do. Not for the daemon.
[[nodiscard]] ClientResult request_blocking(Client& client, ClientRequest request);

}  // namespace surged::io::http
