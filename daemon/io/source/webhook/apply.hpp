// The map at work: one delivery in, events out. Pure: no clock, no I/O.
#pragma once

#include "base/document_map.hpp"
#include "base/time.hpp"
#include "core/acd/event.hpp"
#include "io/api/ndjson.hpp"
#include "io/source/source.hpp"
#include "io/source/webhook/payload.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace surged::io::hook {

/// What the source says beside its map.
struct Naming {
    std::string queue;                               // of events that name none; empty: none
    std::map<std::string, std::string> queue_names;  // theirs to ours; others keep theirs
    std::vector<std::string> agent_queues;           // of an agent_state that names none
};

struct MapContext {
    const DocumentMap& map;
    const Naming& naming;
    std::string site;
    Wall now;              // of events without a time
    CallerHash caller;     // none: callers are dropped
    std::string delivery;  // its id, if the signature scheme knows one
};

struct MapReject {
    std::size_t event{0};  // from 1, in the order of the map
    api::BadLine reason{api::BadLine::json};
    std::string words;
};

struct Mapped {
    acd::Batch batch;
    std::vector<std::size_t> events;  // of the batch: which they are, from 1
    std::vector<MapReject> rejects;   // mapped, but bad
    std::uint64_t items{0};           // documents read: 1, or the items of `each`
    std::uint64_t unmatched{0};       // of these, those to which no entry applied
    std::string id;                   // of the delivery; empty: it has none
};

/// @cost  about 5 microseconds for a payload of 2 KB that gives one event, its parsing included
[[nodiscard]] Mapped apply_map(const MapContext& context, Payload& payload);

/// The delivery's id: the map's, else `context.delivery`.
[[nodiscard]] std::string delivery_id(const MapContext& context, Payload& payload);

}  // namespace surged::io::hook
