#include "io/source/webhook/hook.hpp"

#include "base/log.hpp"
#include "core/acd/ids.hpp"
#include "io/http/json_writer.hpp"
#include "io/runtime/token_bucket.hpp"
#include "io/source/webhook/record.hpp"
#include "io/source/webhook/redact.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <utility>

namespace surged::io::hook {
namespace net = boost::asio;
namespace json = boost::json;
namespace {

constexpr auto as_result = net::as_tuple(net::use_awaitable);
constexpr std::size_t burst_s = 10;
constexpr std::size_t rejects_shown = 20;

http::Response try_later(unsigned status, std::string_view why) {
    http::Response response = http::problem(status, why);
    response.headers.emplace_back("Retry-After", "1");
    return response;
}

std::string_view reason_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::missing:
            return "unsigned";
        case Verdict::wrong:
            return "signature";
        case Verdict::stale:
            return "clock";
        case Verdict::good:
            break;
    }
    return "";
}

std::string_view words_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::missing:
            return "the signature of this source is missing";
        case Verdict::wrong:
            return "the signature does not fit";
        case Verdict::stale:
            return "the signature's time is too far from this server's clock";
        case Verdict::good:
            break;
    }
    return "";
}

/// What a 401 must say of how to do better (RFC 9110 §15.5.2).
std::string_view challenge_for(Scheme scheme) {
    if (scheme == Scheme::basic) return R"(Basic realm="surged")";
    return scheme == Scheme::bearer ? "Bearer" : "Signature";
}

/// Slack and Feishu ask, before they send anything, for a word to be sent back.
std::optional<std::string> challenge_of(const json::value& body) {
    if (!body.is_object()) return std::nullopt;
    const json::object& object = body.get_object();
    const json::value* const type = object.if_contains("type");
    const json::value* const word = object.if_contains("challenge");
    if (type == nullptr || word == nullptr || !word->is_string()) return std::nullopt;
    if (word_of(*type) != "url_verification") return std::nullopt;
    return word_of(*word);
}

}  // namespace

struct Hook::State {
    State(net::any_io_executor executor, HookOptions options_, Host& host_, Sink& sink_)
        : options{std::move(options_)},
          host{host_},
          sink{sink_},
          record{options.name},
          bucket{options.rate, static_cast<std::uint32_t>(options.rate * burst_s)},
          timer{executor} {}

    HookOptions options;
    Host& host;
    Sink& sink;
    Record record;
    TokenBucket bucket;
    acd::IdMemory seen;  // deliveries that are committed
    std::size_t under_way{0};
    net::steady_timer timer;
    bool stopping{false};

    /// Nothing: go on. Else the answer.
    std::optional<http::Response> admit(const http::Request& request, Verified& who);
    http::Response refuse(unsigned status, std::string_view reason, std::string_view words);
    void say(std::string_view what, std::string_view why) const;
    [[nodiscard]] Result<json::value> parse(const http::Request& request) const;
    [[nodiscard]] Mapped map(Payload& payload, std::string delivery);
    void note_unmatched(const Mapped& mapped, Payload& payload);
    void note_rejects(const Mapped& mapped, Payload& payload);
    http::Response settle(const Mapped& mapped, const Submitted& submitted);
    void watch();

    static net::awaitable<http::Response> receive(
        std::shared_ptr<State> self, http::Request request
    );
    static net::awaitable<http::Response> submit(std::shared_ptr<State> self, Mapped mapped);
};

void Hook::State::say(std::string_view what, std::string_view why) const {
    log::line(
        log::Severity::warning,
        "hook",
        {
            {"source", options.name},
            {"what",   what        },
            {"why",    why         }
    }
    );
}

http::Response Hook::State::refuse(
    unsigned status, std::string_view reason, std::string_view words
) {
    if (record.refused(reason)) say(reason, words);
    sink.bad_record(std::string{reason}, std::string{words});
    return status == 429 || status == 503 ? try_later(status, words) : http::problem(status, words);
}

std::optional<http::Response> Hook::State::admit(const http::Request& request, Verified& who) {
    if (request.body.size() > options.body_bytes_max)
        return refuse(
            413, "too_long", fmt::format("the body is over {} bytes", options.body_bytes_max)
        );
    if (request.header("content-encoding") != nullptr)
        return refuse(415, "encoding", "send the body as it is: its bytes are what is signed");
    who = verify(options.signing, request, options.wall());
    if (who.verdict != Verdict::good) {
        const std::string_view words = words_of(who.verdict);
        const bool known = who.verdict != Verdict::missing;  // strangers say nothing of the secret
        if (known && record.doubted(
                         fmt::format("the last deliveries were refused: {}", words), options.wall()
                     ))
            say("down", words);
        http::Response response = refuse(401, reason_of(who.verdict), words);
        response.headers.emplace_back(
            "WWW-Authenticate", std::string{challenge_for(options.signing.scheme)}
        );
        return response;
    }
    if (!bucket.take(options.steady()))
        return refuse(429, "rate", fmt::format("more than {} deliveries a second", options.rate));
    const bool was_down = record.in_trouble();
    const bool was_stale = record.is_stale();
    record.heard(options.wall());
    if (was_down) say("up", "a good delivery came");
    if (was_stale) sink.state(true, true, "heard again");
    if (host.backlog_bytes() > options.backlog_bytes_max || under_way >= options.under_way_max)
        return refuse(503, "overload", "more input than can be taken now");
    return std::nullopt;
}

Result<json::value> Hook::State::parse(const http::Request& request) const {
    const std::string* const type = request.header("content-type");
    auto body = parse_body(type == nullptr ? std::string_view{} : *type, request.body);
    if (!body || options.signing.scheme != Scheme::feishu || !body->is_object()) return body;
    const json::value* const sealed = body->get_object().if_contains("encrypt");
    if (sealed == nullptr || !sealed->is_string()) return body;
    const std::string text = word_of(*sealed).value_or("");
    Result<json::value> out = fail("there is no key");
    for (const std::string& secret : options.signing.secrets) {
        const auto plain = decrypt_feishu(secret, text);
        if (!plain) {
            out = tl::make_unexpected(plain.error());
            continue;
        }
        out = parse_body("", *plain);
        if (out) break;
    }
    return out;
}

Mapped Hook::State::map(Payload& payload, std::string delivery) {
    const MapContext context{
        options.map,
        options.naming,
        host.engine().rules().site.id,
        options.wall(),
        options.caller,
        std::move(delivery)
    };
    return apply_map(context, payload);
}

void Hook::State::note_unmatched(const Mapped& mapped, Payload& payload) {
    if (mapped.unmatched == 0) return;
    record.unmatched(mapped.unmatched);
    std::string shape = redacted(options.map, payload);
    sink.bad_record("unmatched", shape);
    record.keep(options.wall(), "no entry of the map applies", std::move(shape));
}

void Hook::State::note_rejects(const Mapped& mapped, Payload& payload) {
    if (mapped.rejects.empty()) return;
    for (const MapReject& reject : mapped.rejects) {
        const std::string_view reason = api::name_of(reject.reason);
        if (record.refused(reason)) say(reason, reject.words);
        sink.bad_record(std::string{reason}, reject.words);
    }
    record.keep(options.wall(), mapped.rejects.front().words, redacted(options.map, payload));
}

// What the engine took, and the answer.
http::Response Hook::State::settle(const Mapped& mapped, const Submitted& submitted) {
    std::vector<std::pair<std::size_t, std::string>> shown;
    shown.reserve(mapped.rejects.size());
    for (const MapReject& reject : mapped.rejects) shown.emplace_back(reject.event, reject.words);
    std::uint64_t accepted = mapped.events.size();
    for (const acd::Rejected& reject : submitted.applied.rejected) {
        if (reject.reason == acd::Reject::duplicate || reject.index >= mapped.events.size())
            continue;
        --accepted;
        const std::string_view reason = acd::name_of(reject.reason);
        if (record.refused(reason)) say(reason, "an event was refused");
        shown.emplace_back(mapped.events[reject.index], std::string{reason});
    }
    std::sort(shown.begin(), shown.end());
    record.accepted(accepted);
    http::JsonWriter json;
    json.begin_object();
    json.member("accepted", accepted);
    json.key("rejected");
    json.begin_array();
    for (std::size_t i = 0; i < std::min(shown.size(), rejects_shown); ++i) {
        json.begin_object();
        json.member("event", static_cast<std::uint64_t>(shown[i].first));
        json.member("error", shown[i].second);
        json.end_object();
    }
    json.end_array();
    json.member("unmatched", mapped.unmatched);
    if (!submitted.durable) json.member("durable", false);
    json.end_object();
    return http::json_response(submitted.durable ? 200 : 202, std::move(json).take());
}

net::awaitable<http::Response> Hook::State::submit(std::shared_ptr<State> self, Mapped mapped) {
    engine::Input input;
    input.site = self->host.engine().rules().site.id;
    input.source = self->options.name;
    input.actor = {engine::ActorKind::source, self->options.name, "webhook"};
    input.body = engine::Events{std::move(mapped.batch)};
    ++self->under_way;
    const Submitted submitted = co_await self->host.submit(std::move(input));
    --self->under_way;
    if (submitted.overloaded)
        co_return self->refuse(503, "overload", "more input than can be taken now");
    const bool fresh = !mapped.id.empty() && !self->seen.seen(mapped.id);
    if (fresh && submitted.durable) self->seen.add(mapped.id);
    co_return self->settle(mapped, submitted);
}

net::awaitable<http::Response> Hook::State::receive(
    std::shared_ptr<State> self, http::Request request
) {
    Verified who;
    if (auto refused = self->admit(request, who)) co_return std::move(*refused);
    const Result<json::value> body = self->parse(request);
    if (!body) co_return self->refuse(400, "json", body.error().what);
    if (const auto word = challenge_of(*body)) {
        http::JsonWriter json;
        json.begin_object();
        json.member("challenge", *word);
        json.end_object();
        co_return http::json_response(200, std::move(json).take());
    }
    Payload payload{*body, request};
    Mapped mapped = self->map(payload, std::move(who.id));
    if (!mapped.id.empty() && self->seen.seen(mapped.id)) {
        self->record.repeated();
        co_return http::json_response(
            200, R"({"accepted":0,"rejected":[],"unmatched":0,"repeated":true})"
        );
    }
    self->note_unmatched(mapped, payload);
    self->note_rejects(mapped, payload);
    if (mapped.batch.empty()) co_return self->settle(mapped, Submitted{});
    co_return co_await submit(self, std::move(mapped));
}

// Nothing heard for too long: whoever watches the source is told, once.
void Hook::State::watch() {
    const Wall now = options.wall();
    const bool silent = now.us - record.last_heard().us > options.stale_after.count();
    if (!silent || record.is_stale()) return;  // heard again: said when it is
    const std::string why =
        fmt::format("nothing heard for {}", format_duration(options.stale_after));
    record.stale(now, why);
    sink.state(false, true, why);
}

Hook::Hook(net::any_io_executor executor, HookOptions options, Host& host, Sink& sink)
    : state_{std::make_shared<State>(executor, std::move(options), host, sink)} {}

Hook::~Hook() = default;

net::awaitable<void> Hook::run() {
    const std::shared_ptr<State> state = state_;
    state->record.started(state->options.wall());
    state->sink.state(true, true, fmt::format("listening at /api/v1/hooks/{}", name()));
    while (!state->stopping) {
        const Micros every = state->options.stale_after > Micros{0}
                                 ? std::clamp<Micros>(state->options.stale_after / 4, 1s, 1min)
                                 : Micros{1h};
        state->timer.expires_after(every);
        co_await state->timer.async_wait(as_result);
        if (!state->stopping && state->options.stale_after > Micros{0}) state->watch();
    }
}

void Hook::stop() {
    state_->stopping = true;
    state_->timer.cancel();
}

SourceStatus Hook::status() const { return state_->record.status(); }
const std::string& Hook::name() const { return state_->options.name; }
std::size_t Hook::body_bytes_max() const { return state_->options.body_bytes_max; }
std::string Hook::look() const { return state_->record.json(); }

net::awaitable<http::Response> Hook::receive(http::Request request) {
    return State::receive(state_, std::move(request));
}

}  // namespace surged::io::hook
