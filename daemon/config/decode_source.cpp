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
    return out;
}

}  // namespace surged::config
