// The routes by which people and other systems act on incidents, and what there is to ask for.
#include "io/api/commands.hpp"
#include "io/api/encode_json.hpp"
#include "io/api/openapi.hpp"
#include "io/api/routes.hpp"
#include "io/api/threshold_check.hpp"

#include <utility>

namespace surged::io::api {
namespace {

http::Response done(bool durable, const std::string& detail, const ThresholdNotes& notes = {}) {
    http::JsonWriter json;
    json.begin_object();
    json.member("detail", detail);
    if (!notes.unseen.empty()) json.member("unseen", notes.unseen);
    if (!notes.without.empty()) {
        json.key("without");
        json.begin_array();
        for (const plan::Level level : notes.without) json.value(plan::name_of(level));
        json.end_array();
    }
    if (!durable) json.member("durable", false);
    json.end_object();
    return http::json_response(durable ? 200 : 202, std::move(json).take());
}

}  // namespace

Routes::Answer Routes::command(Result<engine::Body> body, Principal who, std::string incident) {
    if (!body) co_return http::problem(400, body.error().what);
    engine::Input input;
    input.site = site();
    input.actor = actor_of(who);
    input.body = std::move(*body);
    const Submitted submitted = co_await host_.submit(std::move(input));
    if (submitted.overloaded || submitted.verdict != engine::Verdict::done)
        co_return refusal(submitted, "incident");
    if (!incident.empty()) co_return incident_answer(incident, submitted.durable);
    co_return done(submitted.durable, submitted.detail);
}

Routes::Answer Routes::declare(http::Request request, Principal who) {
    return command(decode_report(request.body), std::move(who), {});
}

Routes::Answer Routes::activate(http::Request request, Principal who) {
    const std::string& id = request.params.at("id");
    return command(decode_decision(id, true, request.body), std::move(who), id);
}

Routes::Answer Routes::decline(http::Request request, Principal who) {
    const std::string& id = request.params.at("id");
    return command(decode_decision(id, false, request.body), std::move(who), id);
}

Routes::Answer Routes::pin_level(http::Request request, Principal who) {
    const std::string& id = request.params.at("id");
    return command(decode_pin(id, request.body), std::move(who), id);
}

Routes::Answer Routes::mark_step(http::Request request, Principal who) {
    const std::string& id = request.params.at("id");
    return command(decode_step(id, request.params.at("step"), request.body), std::move(who), id);
}

Routes::Answer Routes::add_note(http::Request request, Principal who) {
    const std::string& id = request.params.at("id");
    return command(decode_note(id, request.body), std::move(who), id);
}

Routes::Answer Routes::set_threshold(http::Request request, Principal who) {
    auto body = decode_threshold(request.body);
    if (!body) co_return http::problem(400, body.error().what);
    host_.refresh();
    auto notes = check_threshold(std::get<engine::Temporary>(*body), host_.engine());
    if (!notes) co_return std::move(notes.error());
    engine::Input input;
    input.site = site();
    input.actor = actor_of(who);
    input.body = std::move(*body);
    const Submitted submitted = co_await host_.submit(std::move(input));
    if (submitted.overloaded || submitted.verdict != engine::Verdict::done)
        co_return refusal(submitted, "threshold");
    std::string detail;
    if (!notes->unseen.empty())
        detail = "no call of " + notes->unseen + " has come yet: it holds as soon as one does";
    co_return done(submitted.durable, detail, *notes);
}

Routes::Answer Routes::alerts(http::Request request, Principal who) {
    const engine::Engine& engine = host_.engine();
    const Wall now = to_wall(engine.now(), engine.wall_offset());
    return command(decode_alerts(request.body, now), std::move(who), {});
}

http::Response Routes::describe(const http::Request&) {
    return http::json_response(200, openapi());
}

http::Response Routes::plans(const http::Request&) {
    http::JsonWriter json;
    json.begin_object();
    json.key("plans");
    json.begin_array();
    for (const auto& [name, plan] : host_.engine().rules().plans) encode_plan(json, plan);
    json.end_array();
    json.end_object();
    return http::json_response(200, std::move(json).take());
}

}  // namespace surged::io::api
