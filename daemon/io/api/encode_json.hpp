// The bodies of the reading routes: from the engine's values to JSON. Pure.
#pragma once

#include "core/board/view.hpp"
#include "core/delivery/page.hpp"
#include "core/engine/engine.hpp"
#include "core/incident/incident.hpp"
#include "io/api/host.hpp"
#include "io/http/json_writer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace surged::io::api {

/// What a queue's row needs besides the board.
struct QueueContext {
    std::string_view site;
    Micros offset{0};                           // wall minus engine
    std::vector<engine::TriggerView> triggers;  // of this queue
};
void encode_queue(
    http::JsonWriter& json,
    const board::View& view,
    board::QueueIx queue,
    const QueueContext& context
);
void encode_incident(
    http::JsonWriter& json, const incident::Incident& incident, std::string_view site, Micros offset
);
void encode_plan(http::JsonWriter& json, const plan::Plan& plan);
void encode_page(http::JsonWriter& json, const engine::Engine& engine, const delivery::Page& page);
/// A page that somebody has taken. If it has made room for others: what its incident knows of it.
void encode_page(http::JsonWriter& json, const engine::Engine& engine, const std::string& id);

struct StatusContext {
    std::string_view version, rules_hash, site, zone;
    Wall now;
    Micros offset{0};
    std::size_t queues{0};
    std::uint64_t pages_unacknowledged{0};
    std::map<std::string, std::uint64_t> unreadable;  // by source: what never became an event
};
[[nodiscard]] std::string encode_status(
    const StatusContext& context,
    const std::vector<Component>& components,
    const std::map<std::string, acd::SourceCounts>& sources,
    const ShellStats& stats
);
/// `detailed`: with what each component says, which is not for everybody.
[[nodiscard]] std::string encode_readiness(
    const std::vector<Component>& components, std::string_view status, bool detailed
);

}  // namespace surged::io::api
