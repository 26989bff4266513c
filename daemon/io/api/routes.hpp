// Every route of the API. Each handler reads the const engine between steps, or submits an input.
#pragma once

#include "io/ack/desk.hpp"
#include "io/api/auth.hpp"
#include "io/api/host.hpp"
#include "io/api/ingest.hpp"
#include "io/api/rules_desk.hpp"
#include "io/http/router.hpp"
#include "io/http/server.hpp"
#include "io/source/webhook/hook.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace surged::io::api {

[[nodiscard]] engine::Actor actor_of(const Principal& who);
/// What a command came to, where it was not done: 404, 409 or 503, with its detail in words.
[[nodiscard]] http::Response refusal(const Submitted& submitted, std::string_view what);

class Routes {
public:
    /// `http_stats`: the server's own figures, for /metrics. `links`: whose tokens /a/{token}
    /// takes; nullptr: none.
    Routes(
        Host& host,
        const std::vector<Token>& tokens,
        IngestOptions ingest,
        std::function<http::ServerStats()> http_stats,
        std::shared_ptr<const ack::Links> links = nullptr
    );
    Routes(const Routes&) = delete;
    Routes& operator=(const Routes&) = delete;
    /// Lets others post to these sources, which must outlive this.
    void serve(const hook::Hooks& hooks);
    /// Lets others load rules and look at those before; `rules` must outlive this.
    void serve(RulesDesk& rules);
    [[nodiscard]] boost::asio::awaitable<http::Response> route(http::Request request) {
        return router_.route(std::move(request));
    }

private:
    using Answer = boost::asio::awaitable<http::Response>;
    using Reading = http::Response (Routes::*)(const http::Request&);
    using Acting = Answer (Routes::*)(http::Request, Principal);

    void add(std::string method, std::string_view pattern, http::Handler handler);
    void read(std::string_view pattern, Reading reading);
    void act(std::string_view pattern, Right right, Acting acting);
    void may(std::string method, std::string_view pattern, Right right, Acting acting);
    void open(std::string_view pattern, Reading reading);  // needs no token

    http::Response health(const http::Request& request);
    http::Response readiness(const http::Request& request);
    http::Response describe(const http::Request& request);
    http::Response metrics(const http::Request& request);
    http::Response status(const http::Request& request);
    http::Response queues(const http::Request& request);
    http::Response queue(const http::Request& request);
    http::Response incidents(const http::Request& request);
    http::Response incident(const http::Request& request);
    http::Response page_of_incident(const http::Request& request);  // asks for the token itself
    http::Response pages(const http::Request& request);
    Answer events(http::Request request, Principal who);
    Answer acknowledge(http::Request request, Principal who);
    Answer end_incident(http::Request request, Principal who);
    Answer reload(http::Request request, Principal who);
    Answer rules_diff(http::Request request, Principal who);
    Answer rules_versions(http::Request request, Principal who);
    Answer rules_text(http::Request request, Principal who);
    Answer declare(http::Request request, Principal who);
    Answer activate(http::Request request, Principal who);
    Answer decline(http::Request request, Principal who);
    Answer pin_level(http::Request request, Principal who);
    Answer mark_step(http::Request request, Principal who);
    Answer add_note(http::Request request, Principal who);
    Answer set_threshold(http::Request request, Principal who);
    Answer alerts(http::Request request, Principal who);
    http::Response plans(const http::Request& request);
    http::Response explain(const http::Request& request);
    http::Response thresholds(const http::Request& request);
    /// Submits what a body was decoded to; the incident it names, or `{"detail":…}`, as the answer.
    Answer command(Result<engine::Body> body, Principal who, std::string incident);

    [[nodiscard]] const std::string& site() const { return host_.engine().rules().site.id; }
    [[nodiscard]] http::Response page_answer(const std::string& id, bool durable) const;
    [[nodiscard]] http::Response incident_answer(const std::string& id, bool durable) const;

    Host& host_;
    Authenticator tokens_;
    Ingest ingest_;
    std::function<http::ServerStats()> http_stats_;
    std::optional<ack::Desk> desk_;
    RulesDesk* rules_{nullptr};
    bool comparing_{false};  // one comparison at a time
    http::Router router_;
};

}  // namespace surged::io::api
