// A source that is posted to: POST /api/v1/hooks/{name}. Checks who sends, maps, submits, answers.
//
// Whatever a sender does to it stays with it: its own rate, its own number of deliveries under way,
// its own memory of what went wrong.
#pragma once

#include "io/api/host.hpp"
#include "io/http/message.hpp"
#include "io/source/source.hpp"
#include "io/source/webhook/apply.hpp"
#include "io/source/webhook/signature.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace surged::io::hook {

struct HookOptions {
    HookOptions() = default;
    std::string name;
    DocumentMap map;
    Signing signing;
    Naming naming;
    CallerHash caller;
    std::size_t body_bytes_max{64 * 1024};
    std::uint32_t rate{200};        // deliveries a second; ten seconds' worth at once
    std::size_t under_way_max{64};  // waiting for their commit; beyond: 503
    std::size_t backlog_bytes_max{64 * 1024 * 1024};  // of the host; beyond: 503
    Micros stale_after{0};                            // 0: never
    std::function<Wall()> wall;
    std::function<Micros()> steady;
};

class Hook : public Source {
public:
    Hook(boost::asio::any_io_executor executor, HookOptions options, Host& host, Sink& sink);
    ~Hook() override;
    Hook(const Hook&) = delete;
    Hook& operator=(const Hook&) = delete;

    [[nodiscard]] boost::asio::awaitable<void> run() override;
    void stop() override;
    [[nodiscard]] SourceStatus status() const override;

    [[nodiscard]] const std::string& name() const;
    [[nodiscard]] std::size_t body_bytes_max() const;
    /// One delivery. 200 as soon as it is committed, also if nothing in it was of use: a sender
    /// must not try for ever. 401 for whom we do not know, 400 for what cannot be read, 429 and 503
    /// with Retry-After for too much.
    [[nodiscard]] boost::asio::awaitable<http::Response> receive(http::Request request);
    /// Counts, and the last payloads that were of no use, redacted, as JSON.
    [[nodiscard]] std::string look() const;

private:
    struct State;
    std::shared_ptr<State> state_;  // a delivery under way keeps it
};

/// The hooks by name, for the routes.
class Hooks {
public:
    void add(Hook& hook) { hooks_[hook.name()] = &hook; }
    [[nodiscard]] Hook* find(const std::string& name) const {
        const auto found = hooks_.find(name);
        return found == hooks_.end() ? nullptr : found->second;
    }

private:
    std::map<std::string, Hook*> hooks_;
};

}  // namespace surged::io::hook
