// The routes about the rules in force: why, what was set beside them, and loading others.
#include "io/api/commands.hpp"
#include "io/api/encode_explain.hpp"
#include "io/api/encode_rules.hpp"
#include "io/api/routes.hpp"

#include <utility>

namespace surged::io::api {
namespace {

std::string in_words(const Error& error) {
    return error.hint.empty() ? error.what : error.what + "; " + error.hint;
}

/// A flag that is up as long as this lives.
class Taken {
public:
    explicit Taken(bool& flag) : flag_{flag} { flag_ = true; }
    ~Taken() { flag_ = false; }
    Taken(const Taken&) = delete;
    Taken& operator=(const Taken&) = delete;

private:
    bool& flag_;
};

}  // namespace

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

void Routes::serve(RulesDesk& rules) {
    rules_ = &rules;
    act("/api/v1/rules/reload", Right::administer, &Routes::reload);
    may("GET", "/api/v1/rules/diff", Right::read, &Routes::rules_diff);
    may("GET", "/api/v1/rules/versions", Right::read, &Routes::rules_versions);
    // The roster has people's addresses: not for every reader.
    may("GET", "/api/v1/rules/versions/{version}", Right::administer, &Routes::rules_text);
}

Routes::Answer Routes::reload(http::Request request, Principal who) {
    auto asked = decode_reload(request.body);
    if (!asked) co_return http::problem(400, asked.error().what);
    asked->actor = actor_of(who);
    const ReloadAnswer done = co_await rules_->reload(std::move(*asked));
    switch (done.what) {
        case ReloadAnswer::What::refused:
            co_return http::problem(422, done.detail);
        case ReloadAnswer::What::conflict:
            co_return http::problem(409, done.detail);
        case ReloadAnswer::What::not_found:
            co_return http::problem(404, done.detail);
        case ReloadAnswer::What::pending:
            co_return http::json_response(202, encode_pending(*done.pending));
        case ReloadAnswer::What::loaded:
            break;
    }
    http::JsonWriter json;
    json.begin_object();
    json.member("loaded", done.hash);
    if (!done.durable) {
        json.member("durable", false);
        json.member("detail", "in force, not yet on disk: the store is slow or fails");
    }
    json.end_object();
    co_return http::json_response(done.durable ? 200 : 202, std::move(json).take());
}

Routes::Answer Routes::rules_diff(http::Request request, Principal) {
    const std::string* from = request.query_value("from");
    const std::string* to = request.query_value("to");
    std::string one = from == nullptr ? std::string{} : *from;
    std::string other = to == nullptr ? std::string{"files"} : *to;
    // It is work for seconds where rules are large, and reloads are read by the same thread.
    if (comparing_) {
        http::Response busy = http::problem(429, "another comparison is under way");
        busy.headers.emplace_back("Retry-After", "1");
        co_return busy;
    }
    const Taken taken{comparing_};
    const auto found = co_await rules_->compare(std::move(one), std::move(other));
    if (!found) co_return http::problem(422, in_words(found.error()));
    co_return http::json_response(200, encode_comparison(*found));
}

Routes::Answer Routes::rules_versions(http::Request, Principal) {
    const auto found = co_await rules_->versions();
    if (!found) co_return http::problem(503, found.error().what);
    const std::string& hash = host_.engine().rules_hash();
    co_return http::json_response(200, encode_versions(*found, hash, rules_->pending()));
}

Routes::Answer Routes::rules_text(http::Request request, Principal) {
    std::string version = request.params.at("version");
    const auto found = co_await rules_->text(std::move(version));
    if (!found) co_return http::problem(404, in_words(found.error()));
    http::JsonWriter json;
    json.begin_object();
    json.key("files");
    json.begin_object();
    for (const auto& [path, text] : *found) json.member(path, text);
    json.end_object();
    json.end_object();
    co_return http::json_response(200, std::move(json).take());
}

}  // namespace surged::io::api
