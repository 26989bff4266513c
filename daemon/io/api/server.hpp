// The daemon's one HTTP port: API and metrics over a Host.
#pragma once

#include "io/ack/links.hpp"
#include "io/api/auth.hpp"
#include "io/api/host.hpp"
#include "io/api/ingest.hpp"
#include "io/api/rules_desk.hpp"
#include "io/http/server.hpp"
#include "io/source/webhook/hook.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <vector>

namespace surged::io {

struct ApiOptions {
    http::ServerOptions http;        // address, port, limits
    std::vector<api::Token> tokens;  // secrets are forgotten after the constructor
    api::IngestOptions ingest;       // limits of POST /events, and how callers are made opaque
    std::shared_ptr<const ack::Links> links;  // whose tokens /a/{token} takes; nullptr: none
    const hook::Hooks* hooks{nullptr};        // sources that are posted to; must outlive the server
    RulesDesk* rules{nullptr};                // where rules are loaded; must outlive the server
};

/// All on the loop's thread. `host` must outlive it.
class ApiServer {
public:
    ApiServer(boost::asio::any_io_executor executor, ApiOptions options, Host& host);
    ~ApiServer();
    ApiServer(const ApiServer&) = delete;
    ApiServer& operator=(const ApiServer&) = delete;

    /// Binds and accepts from now on; returns the port (the one chosen where 0 was asked for).
    [[nodiscard]] Result<std::uint16_t> start();
    [[nodiscard]] std::uint16_t port() const;
    /// Lets requests under way finish, within the grace of the options.
    [[nodiscard]] boost::asio::awaitable<void> stop();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace surged::io
