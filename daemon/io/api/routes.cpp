#include "io/api/routes.hpp"

#include "base/assert.hpp"
#include "io/api/encode_json.hpp"
#include "io/api/route_table.hpp"
#include "io/exporter/exporter.hpp"
#include "version.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

namespace surged::io::api {
namespace {

http::Response told(http::JsonWriter json, bool durable) {
    std::string body = std::move(json).take();
    if (!durable) body.insert(body.size() - 1, R"(,"durable":false)");
    return http::json_response(200, std::move(body));
}

constexpr std::size_t limit_default = 1000;
constexpr std::size_t limit_most = 10'000;
constexpr std::size_t text_bytes_max = 500;

// ?limit=&after= of a list.
struct Paging {
    std::size_t limit{limit_default};
    std::string after;
};

std::optional<Paging> paging_of(const http::Request& request) {
    Paging out;
    if (const std::string* after = request.query_value("after")) out.after = *after;
    const std::string* text = request.query_value("limit");
    if (text == nullptr) return out;
    const char* const end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, out.limit);
    if (error != std::errc{} || stop != end || out.limit == 0) return std::nullopt;
    out.limit = std::min(out.limit, limit_most);
    return out;
}

http::Response bad_limit() { return http::problem(400, "limit is not a number from 1 on"); }

// {"<name>":[...],"next":"<id>"}: the rows of a sorted map after `paging.after`; `next` is there if
// more follow, and is what to give as `after`.
template <class Map, class Encode>
http::Response list(std::string_view name, const Map& rows, const Paging& paging, Encode encode) {
    http::JsonWriter json;
    json.begin_object();
    json.key(name);
    json.begin_array();
    auto row = rows.upper_bound(paging.after);
    if (paging.after.empty()) row = rows.begin();
    std::string last;
    for (std::size_t n = 0; row != rows.end() && n < paging.limit; ++row, ++n) {
        encode(json, row->second);
        last = row->first;
    }
    json.end_array();
    if (row != rows.end()) json.member("next", last);
    json.end_object();
    return http::json_response(200, std::move(json).take());
}

// The text members of a JSON body; nullopt if it is not an object of texts.
std::optional<std::map<std::string, std::string>> texts_of(const std::string& body) {
    boost::json::error_code error;
    boost::json::parse_options strict;
    strict.max_depth = 4;
    const boost::json::value value = boost::json::parse(body, error, {}, strict);
    if (error || !value.is_object()) return std::nullopt;
    std::map<std::string, std::string> out;
    for (const auto& member : value.get_object()) {
        if (!member.value().is_string()) continue;
        const auto& text = member.value().get_string();
        if (text.size() > text_bytes_max) return std::nullopt;
        out[std::string{member.key()}] = std::string{text.data(), text.size()};
    }
    return out;
}

// Without these surged cannot do its work; a source or channel that is down is said, not fatal.
bool is_essential(const Component& component) {
    return component.name == "store" || component.name == "leader" || component.name == "rules";
}

}  // namespace

engine::Actor actor_of(const Principal& who) {
    engine::Actor actor;
    actor.kind = who.local ? engine::ActorKind::person : engine::ActorKind::token;
    actor.name = who.name;
    actor.via = "http";
    return actor;
}

// What a command came to, where it was not done.
http::Response refusal(const Submitted& submitted, std::string_view what) {
    if (submitted.overloaded) {
        http::Response response = http::problem(503, "more input than can be taken now");
        response.headers.emplace_back("Retry-After", "1");
        return response;
    }
    const bool known = submitted.verdict != engine::Verdict::not_found;
    std::string detail = submitted.detail;
    if (detail.empty())
        detail = std::string{known ? "it is over: this " : "there is no such "} + std::string{what};
    return http::problem(known ? 409 : 404, detail);
}

Routes::Routes(
    Host& host,
    const std::vector<Token>& tokens,
    IngestOptions ingest,
    std::function<http::ServerStats()> http_stats,
    std::shared_ptr<const ack::Links> links
)
    : host_{host},
      tokens_{tokens},
      ingest_{host, std::move(ingest)},
      http_stats_{std::move(http_stats)} {
    open("/healthz", &Routes::health);
    open("/readyz", &Routes::readiness);
    open("/api/v1/openapi.json", &Routes::describe);
    open("/incidents/{id}", &Routes::page_of_incident);
    read("/metrics", &Routes::metrics);
    read("/api/v1/status", &Routes::status);
    read("/api/v1/queues", &Routes::queues);
    read("/api/v1/queues/{queue}", &Routes::queue);
    read("/api/v1/incidents", &Routes::incidents);
    read("/api/v1/incidents/{id}", &Routes::incident);
    read("/api/v1/pages", &Routes::pages);
    act("/api/v1/events", Right::send, &Routes::events);
    act("/api/v1/pages/{id}/ack", Right::respond, &Routes::acknowledge);
    act("/api/v1/incidents/{id}/end", Right::respond, &Routes::end_incident);
    read("/api/v1/plans", &Routes::plans);
    read("/api/v1/explain", &Routes::explain);
    read("/api/v1/thresholds", &Routes::thresholds);
    act("/api/v1/incidents", Right::respond, &Routes::declare);
    act("/api/v1/incidents/{id}/activate", Right::respond, &Routes::activate);
    act("/api/v1/incidents/{id}/decline", Right::respond, &Routes::decline);
    act("/api/v1/incidents/{id}/level", Right::respond, &Routes::pin_level);
    act("/api/v1/incidents/{id}/steps/{step}", Right::respond, &Routes::mark_step);
    act("/api/v1/incidents/{id}/note", Right::respond, &Routes::add_note);
    act("/api/v1/thresholds", Right::administer, &Routes::set_threshold);
    act("/api/v2/alerts", Right::send, &Routes::alerts);
    if (links == nullptr) return;
    desk_.emplace(host_, std::move(links));  // the token in the path is the right to answer
    add("GET", "/a/{token}", [this](http::Request request) {
        return http::immediate(desk_->show(request));
    });
    add("POST", "/a/{token}", [this](http::Request request) {
        return desk_->answer(std::move(request));
    });
}

void Routes::serve(const hook::Hooks& hooks) {
    const auto deliver = [&hooks](http::Request request) {
        hook::Hook* const found = hooks.find(request.params.at("source"));
        if (found == nullptr) return http::immediate(http::problem(404, "there is no such source"));
        return found->receive(std::move(request));
    };
    add("POST", "/api/v1/hooks/{source}", deliver);
    add("POST", "/api/v1/hooks/{source}/{key}", deliver);
    add("GET", "/api/v1/hooks/{source}", [this, &hooks](http::Request request) {
        auto who = tokens_.check(request, Right::read, site());
        if (!who) return http::immediate(std::move(who.error()));
        const hook::Hook* const found = hooks.find(request.params.at("source"));
        if (found == nullptr) return http::immediate(http::problem(404, "there is no such source"));
        return http::immediate(http::json_response(200, found->look()));
    });
}

// What is not in the table is not served: the OpenAPI document is made of it.
void Routes::add(std::string method, std::string_view pattern, http::Handler handler) {
    SURGED_ASSERT(route_row(method, pattern) != nullptr);
    router_.add(std::move(method), pattern, std::move(handler));
}

void Routes::open(std::string_view pattern, Reading reading) {
    add("GET", pattern, [this, reading](http::Request request) {
        return http::immediate((this->*reading)(request));
    });
}

void Routes::read(std::string_view pattern, Reading reading) {
    SURGED_ASSERT(route_row("GET", pattern)->right == Right::read);
    add("GET", pattern, [this, reading](http::Request request) {
        auto who = tokens_.check(request, Right::read, site());
        if (!who) return http::immediate(std::move(who.error()));
        host_.refresh();
        return http::immediate((this->*reading)(request));
    });
}

void Routes::act(std::string_view pattern, Right right, Acting acting) {
    may("POST", pattern, right, acting);
}

void Routes::may(std::string method, std::string_view pattern, Right right, Acting acting) {
    SURGED_ASSERT(route_row(method, pattern)->right == right);
    add(std::move(method), pattern, [this, right, acting](http::Request request) {
        auto who = tokens_.check(request, right, site());
        if (!who) return http::immediate(std::move(who.error()));
        return (this->*acting)(std::move(request), std::move(*who));
    });
}

http::Response Routes::health(const http::Request&) {
    return http::json_response(200, R"({"status":"ok"})");
}

http::Response Routes::readiness(const http::Request& request) {
    const std::vector<Component> components = host_.components();
    std::string_view status = "ready";
    for (const Component& component : components) {
        if (component.ok) continue;
        if (is_essential(component)) {
            status = "down";
            break;
        }
        status = "degraded";
    }
    const bool detailed = tokens_.check(request, Right::read, site()).has_value();
    return http::json_response(
        status == "down" ? 503 : 200, encode_readiness(components, status, detailed)
    );
}

http::Response Routes::metrics(const http::Request&) {
    exporter::DaemonFigures figures;
    figures.shell = host_.stats();
    figures.components = host_.components();
    figures.http = http_stats_();
    figures.rejected = ingest_.stats().rejected;
    figures.ignored_fields = ingest_.stats().ignored_fields;
    return http::Response{
        200,
        "text/plain; version=0.0.4; charset=utf-8",
        exporter::render(host_.engine(), std::move(figures))
    };
}

http::Response Routes::status(const http::Request&) {
    const engine::Engine& engine = host_.engine();
    StatusContext context;
    context.version = version;
    context.rules_hash = engine.rules_hash();
    context.site = site();
    context.zone = engine.rules().site.zone.name;
    context.offset = engine.wall_offset();
    context.now = to_wall(engine.now(), context.offset);
    context.queues = engine.board().queues().size();
    context.pages_unacknowledged = engine.pages_unacknowledged();
    for (const auto& [about, times] : ingest_.stats().rejected)
        context.unreadable[about.first] += times;
    return http::json_response(
        200, encode_status(context, host_.components(), engine.floor().sources(), host_.stats())
    );
}

http::Response Routes::queues(const http::Request& request) {
    const auto paging = paging_of(request);
    if (!paging) return bad_limit();
    const engine::Engine& engine = host_.engine();
    const board::View& view = engine.board();
    const std::string* wanted = request.query_value("site");
    std::map<std::string, board::QueueIx> by_name;
    if (wanted == nullptr || *wanted == site()) {
        for (const board::QueueIx queue : view.queues()) by_name[view.name(queue)] = queue;
    }
    std::map<std::string, std::vector<engine::TriggerView>> triggers;
    for (engine::TriggerView& trigger : engine.triggers()) {
        triggers[trigger.queue].push_back(std::move(trigger));
    }
    return list("queues", by_name, *paging, [&](http::JsonWriter& json, board::QueueIx queue) {
        QueueContext context;
        context.site = site();
        context.offset = engine.wall_offset();
        context.triggers = std::move(triggers[view.name(queue)]);
        encode_queue(json, view, queue, context);
    });
}

http::Response Routes::queue(const http::Request& request) {
    const engine::Engine& engine = host_.engine();
    const std::string& name = request.params.at("queue");
    const std::string* wanted = request.query_value("site");
    const auto found = engine.board().find(name);
    if (!found || (wanted != nullptr && *wanted != site())) {
        return http::problem(404, "there is no such queue");
    }
    QueueContext context;
    context.site = site();
    context.offset = engine.wall_offset();
    context.triggers = engine.triggers(name);
    http::JsonWriter json;
    encode_queue(json, engine.board(), *found, context);
    return http::json_response(200, std::move(json).take());
}

http::Response Routes::incidents(const http::Request& request) {
    const auto paging = paging_of(request);
    if (!paging) return bad_limit();
    const engine::Engine& engine = host_.engine();
    return list(
        "incidents",
        engine.incidents(),
        *paging,
        [&](http::JsonWriter& json, const incident::Incident& incident) {
            encode_incident(json, incident, site(), engine.wall_offset());
        }
    );
}

http::Response Routes::incident_answer(const std::string& id, bool durable) const {
    const engine::Engine& engine = host_.engine();
    const auto found = engine.incidents().find(id);
    if (found == engine.incidents().end()) return http::problem(404, "there is no such incident");
    http::JsonWriter json;
    encode_incident(json, found->second, site(), engine.wall_offset());
    return told(std::move(json), durable);
}

http::Response Routes::incident(const http::Request& request) {
    return incident_answer(request.params.at("id"), true);
}

http::Response Routes::pages(const http::Request& request) {
    const auto paging = paging_of(request);
    if (!paging) return bad_limit();
    const engine::Engine& engine = host_.engine();
    const auto write = [&](http::JsonWriter& json, const delivery::Page& page) {
        encode_page(json, engine, page);
    };
    return list("pages", engine.pages(), *paging, write);
}

http::Response Routes::page_answer(const std::string& id, bool durable) const {
    http::JsonWriter json;
    encode_page(json, host_.engine(), id);
    return told(std::move(json), durable);
}

Routes::Answer Routes::events(http::Request request, Principal who) {
    return ingest_.post(std::move(request), std::move(who));
}

Routes::Answer Routes::acknowledge(http::Request request, Principal who) {
    const auto texts = texts_of(request.body);
    if (!texts || texts->count("by") == 0 || texts->at("by").empty()) {
        co_return http::problem(400, R"(the body is not {"by":"who takes it"})");
    }
    engine::Acknowledge acknowledge;
    acknowledge.page = request.params.at("id");
    acknowledge.by = texts->at("by");
    engine::Input input;
    input.site = site();
    input.actor = actor_of(who);
    input.body = std::move(acknowledge);
    const Submitted submitted = co_await host_.submit(std::move(input));
    if (submitted.overloaded || submitted.verdict != engine::Verdict::done) {
        co_return refusal(submitted, "page");
    }
    co_return page_answer(request.params.at("id"), submitted.durable);
}

Routes::Answer Routes::end_incident(http::Request request, Principal who) {
    const auto texts = texts_of(request.body);
    if (!texts || texts->count("by") == 0 || texts->at("by").empty()) {
        co_return http::problem(400, R"(the body is not {"by":"who declares it","why":"…"})");
    }
    engine::EndIncident end;
    end.incident = request.params.at("id");
    end.by = texts->at("by");
    if (const auto why = texts->find("why"); why != texts->end()) end.why = why->second;
    engine::Input input;
    input.site = site();
    input.actor = actor_of(who);
    input.body = std::move(end);
    const Submitted submitted = co_await host_.submit(std::move(input));
    if (submitted.overloaded || submitted.verdict != engine::Verdict::done) {
        co_return refusal(submitted, "incident");
    }
    co_return incident_answer(request.params.at("id"), submitted.durable);
}

}  // namespace surged::io::api
