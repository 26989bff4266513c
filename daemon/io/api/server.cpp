#include "io/api/server.hpp"

#include "io/api/routes.hpp"

#include <utility>

namespace surged::io {

namespace {

constexpr std::uint64_t most_of_strangers = 64 * 1024;

// A hook says itself how much it takes.
std::uint64_t body_bytes_of(
    const hook::Hooks& hooks, const http::Request& request, std::uint64_t most
) {
    const auto& path = request.path;
    if (path.size() < 4 || path[0] != "api" || path[1] != "v1" || path[2] != "hooks") return most;
    const hook::Hook* const found = hooks.find(path[3]);
    return found == nullptr ? most_of_strangers : found->body_bytes_max();
}

}  // namespace

struct ApiServer::State {
    // Shared with the requests under way, which may outlive the server object by a moment.
    std::shared_ptr<api::Routes> routes;
    std::unique_ptr<http::Server> server;
};

ApiServer::ApiServer(boost::asio::any_io_executor executor, ApiOptions options, Host& host)
    : state_{std::make_shared<State>()} {
    const std::weak_ptr<State> weak = state_;
    auto stats = [weak] {
        const auto state = weak.lock();
        return state && state->server ? state->server->stats() : http::ServerStats{};
    };
    const auto routes = std::make_shared<api::Routes>(
        host, options.tokens, std::move(options.ingest), std::move(stats), std::move(options.links)
    );
    state_->routes = routes;
    if (options.rules != nullptr) routes->serve(*options.rules);
    if (options.hooks != nullptr) {
        routes->serve(*options.hooks);
        options.http.body_bytes_of = [hooks = options.hooks,
                                      most = options.http.body_bytes_max](const http::Request& r) {
            return body_bytes_of(*hooks, r, most);
        };
    }
    state_->server = std::make_unique<http::Server>(
        executor,
        std::move(options.http),
        [routes](http::Request request) { return routes->route(std::move(request)); }
    );
}

ApiServer::~ApiServer() = default;

Result<std::uint16_t> ApiServer::start() { return state_->server->start(); }
std::uint16_t ApiServer::port() const { return state_->server->port(); }
boost::asio::awaitable<void> ApiServer::stop() { return state_->server->stop(); }

}  // namespace surged::io
