// POST /api/v1/events: NDJSON text to one batch of events. Pure: bytes in, values out.
//
// A line is taken or refused as a whole; a bad one never disturbs its neighbours. The whole line is
// read, unknown fields too, so that what is accepted is JSON and UTF-8 throughout.
#pragma once

#include "core/acd/event.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::api {

/// Why a line was refused before the engine saw it: reasons of surged_events_rejected_total.
enum class BadLine : std::uint8_t {
    json,      // not one JSON object
    encoding,  // not UTF-8
    too_long,
    unknown_type,
    missing_field,
    wrong_type,    // a string where a number belongs …
    out_of_range,  // negative wait, absurd time, over-long or unprintable text
    unknown_word,  // a reason, state, channel … that is not one
    other_site,
};
inline constexpr std::size_t bad_lines = 9;
[[nodiscard]] std::string_view name_of(BadLine reason);

struct LineReject {
    std::size_t line{0};  // from 1
    BadLine reason{BadLine::json};
    std::string words;
};

/// Turns what a client sent as `caller` into an opaque CallerRef; empty: drop it.
using CallerHash = std::function<std::string(std::string_view queue, std::string_view caller)>;

struct NdjsonOptions {
    std::string site;  // an event that names another one is refused
    std::size_t line_bytes_max{64 * 1024};
    std::size_t rejects_kept{20};
    CallerHash caller;  // none: callers are dropped
};

struct Ndjson {
    acd::Batch batch;
    std::vector<std::uint32_t> lines;  // of each event in the batch
    std::size_t read{0};               // lines, empty ones too
    std::vector<LineReject> rejects;   // the first rejects_kept, and the first of each reason
    std::array<std::uint64_t, bad_lines> rejected{};  // by reason
    std::uint64_t rejected_total{0};
    std::uint64_t ignored_fields{0};  // unknown, or without meaning for the event's type
};

/// Times are Unix seconds from 2000 to 2100, durations at most 30 days, texts at most 256 bytes
/// without control characters, a `null` is a field left out, a field given twice is refused.
/// @cost about 0.4 microseconds for a line of 110 bytes; memory: the batch and one line
[[nodiscard]] Ndjson parse_ndjson(std::string_view body, const NdjsonOptions& options);
/// The same, but each good event is shown to `each`, with its line, and not gathered: `batch` and
/// `lines` stay empty. The event's texts live until `each` returns.
using EachEvent = std::function<void(const acd::Event& event, std::size_t line)>;
[[nodiscard]] Ndjson read_ndjson(
    std::string_view body, const NdjsonOptions& options, const EachEvent& each
);

}  // namespace surged::io::api
