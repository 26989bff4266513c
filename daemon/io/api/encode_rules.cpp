#include "io/api/encode_rules.hpp"

#include "io/http/json_writer.hpp"

namespace surged::io::api {
namespace {

using http::JsonWriter;

void pending_object(JsonWriter& json, const PendingReload& pending) {
    json.begin_object();
    json.member("id", pending.id);
    json.member("hash", pending.hash);
    json.member("by", pending.by);
    json.member("via", pending.via);
    json.member("why", pending.why);
    json.member("because", pending.because);
    json.member("at", format_rfc3339(pending.at));
    json.member("until", format_rfc3339(pending.until));
    json.end_object();
}

void change_object(JsonWriter& json, const plan::Change& change) {
    json.begin_object();
    json.member("what", plan::name_of(change.what));
    const auto text = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) json.member(name, value);
    };
    text("plan", change.plan);
    text("trigger", change.trigger);
    text("subject", change.subject);
    if (change.level != plan::Level::none) json.member("level", plan::name_of(change.level));
    json.member("before", change.before);
    json.member("after", change.after);
    text("during", change.during);
    if (!change.queues.empty()) {
        json.key("queues");
        json.begin_array();
        for (const std::string& queue : change.queues) json.value(queue);
        json.end_array();
    }
    json.end_object();
}

}  // namespace

std::string encode_pending(const PendingReload& pending) {
    JsonWriter json;
    json.begin_object();
    json.key("pending");
    pending_object(json, pending);
    json.end_object();
    return std::move(json).take();
}

std::string encode_comparison(const RulesComparison& found) {
    JsonWriter json;
    json.begin_object();
    json.member("from", found.from);
    json.member("to", found.to);
    json.key("changes");
    json.begin_array();
    for (const plan::Change& change : found.changes) change_object(json, change);
    json.end_array();
    json.key("files");
    json.begin_array();
    for (const std::string& file : found.files) json.value(file);
    json.end_array();
    json.end_object();
    return std::move(json).take();
}

std::string encode_versions(
    const std::vector<RulesVersion>& versions,
    const std::string& in_force,
    const std::optional<PendingReload>& pending
) {
    JsonWriter json;
    json.begin_object();
    json.member("in_force", in_force);
    json.key("pending");
    if (pending)
        pending_object(json, *pending);
    else
        json.null();
    json.key("versions");
    json.begin_array();
    for (const RulesVersion& version : versions) {
        json.begin_object();
        json.member("hash", version.hash);
        json.member("at", format_rfc3339(version.at));
        json.member("who", version.who);
        json.member("via", version.via);
        json.member("why", version.why);
        json.member("second", version.second);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return std::move(json).take();
}

}  // namespace surged::io::api
