// The routes about the rules in force: why, what was set beside them, and loading others.
#include "io/api/encode_explain.hpp"
#include "io/api/routes.hpp"

#include <utility>

namespace surged::io::api {

http::Response Routes::explain(const http::Request& request) {
    const std::string* plan = request.query_value("plan");
    if (plan == nullptr || plan->empty())
        return http::problem(400, "plan is missing: ?plan=P06&queue=hotline");
    const engine::Engine& engine = host_.engine();
    const std::string name = plan_named(engine.rules(), *plan);
    if (name.empty()) return http::problem(404, "there is no such plan");
    const std::string* queue = request.query_value("queue");
    const auto told = engine.explain(name, queue == nullptr ? std::string{} : *queue);
    return http::json_response(200, encode_explanation(engine, *told));
}

http::Response Routes::thresholds(const http::Request&) {
    return http::json_response(200, encode_temporaries(host_.engine()));
}

Routes::Answer Routes::reload(http::Request, Principal who) {
    engine::Actor actor = actor_of(who);
    const Result<std::string> done = co_await host_.reload(std::move(actor));
    if (!done) co_return http::problem(422, done.error().what);
    http::JsonWriter json;
    json.begin_object();
    json.member("loaded", *done);
    json.end_object();
    co_return http::json_response(200, std::move(json).take());
}

}  // namespace surged::io::api
