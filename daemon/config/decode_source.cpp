// One entry of `sources`: what all have, then what its type adds.
#include "config/decode.hpp"

namespace surged::config {
namespace {

AmiSource ami(const Cursor& at, const std::string& folder) {
    AmiSource out;
    out.host = host_of(at, "host");
    out.port = static_cast<std::uint16_t>(at.integer("port"));
    out.username = at.text("username");
    out.secret_file = path_of(folder, at, "secret_file");
    return out;
}

EslSource esl(const Cursor& at, const std::string& folder) {
    EslSource out;
    out.host = host_of(at, "host");
    out.port = static_cast<std::uint16_t>(at.integer("port"));
    out.secret_file = path_of(folder, at, "secret_file");
    out.format = at.choice("format");
    out.poll = at.duration("poll");
    return out;
}

QueueLogSource queue_log(const Cursor& at, const std::string& folder) {
    QueueLogSource out;
    out.path = path_of(folder, at, "path");
    out.from_end = at.choice("from") == "end";
    if (const auto members = at.get("members"))
        for (const auto& [name, interface] : members->entries(true))
            out.members.insert_or_assign(name, interface.text());
    return out;
}

/// What a scheme cannot do without.
void check_scheme(const Cursor& at, const WebhookSource& of) {
    const auto needs = [&](std::string_view scheme, std::string_view key, const std::string& value
                       ) {
        if (of.signature == scheme && value.empty())
            at.say_at("signature", std::string{scheme} + " needs " + std::string{key});
    };
    needs("basic", "username", of.username);
    needs("header", "header", of.header);
    needs("twilio", "url", of.url);
}

WebhookSource webhook(const Cursor& at, const std::string& folder) {
    WebhookSource out;
    out.map = decode_map(at, "map", folder);
    out.signature = at.choice("signature");
    out.secret_file = path_of(folder, at, "secret_file");
    out.username = at.text("username");
    out.header = at.text("header");
    out.url = url_of(at, "url");
    if (at.has("window")) out.window = at.duration("window");
    out.body_bytes_max = static_cast<std::size_t>(at.integer("body_max"));
    out.rate = static_cast<std::uint32_t>(at.integer("rate"));
    out.queue = at.text("queue");
    out.queue_names = table_at(at, "queue_names");
    out.agent_queues = words_at(at, "agent_queues");
    check_scheme(at, out);
    return out;
}

}  // namespace

std::optional<Source> decode_source(
    const std::string& name, const Cursor& at, const std::string& folder
) {
    const auto is = typed(at);
    if (!is) return std::nullopt;
    Source out;
    out.name = name;
    out.type = is->type;
    out.site = is->at.name("site");
    out.stale_after = is->at.duration("stale_after");
    out.companion = is->at.name("companion");
    out.queues = is->at.globs("queues");
    if (out.type == "ami") out.of = ami(is->at, folder);
    if (out.type == "esl") out.of = esl(is->at, folder);
    if (out.type == "queue_log") out.of = queue_log(is->at, folder);
    if (out.type == "webhook") out.of = webhook(is->at, folder);
    if (out.type == "statsd") out.of = decode_statsd(is->at);
    if (out.type == "prometheus") out.of = decode_prometheus(is->at, folder);
    if (out.type == "csv") out.of = decode_csv(is->at, folder);
    return out;
}

}  // namespace surged::config
