// One line of statsd: bytes to values. `name:value|c|g|ms|h|d|s`, `|@rate`, `|#tag:value,…`;
// several values may be packed as `name:1:2:3|ms`, what else may follow (`|c:…`, `|T…`) is passed
// over.
#pragma once

#include <cstdint>
#include <string_view>

namespace surged::io::statsd {

enum class Kind : std::uint8_t { gauge, counter, timer, histogram, set };

/// Why a line, or a packet, says nothing: reasons of surged_events_rejected_total.
enum class Bad : std::uint8_t {
    none,
    no_value,     // no `name:value|type`
    type,         // a type that statsd has not
    value,        // not a number, or absurd
    rate,         // a sample rate that is not above 0 and at most 1
    too_long,     // a name above 256 bytes
    encoding,     // a queue whose name is not printable UTF-8
    no_queue,     // the tag that names the queue is missing
    mixed_types,  // a name that was of another type before
    take,         // a figure asked for that its type has not
    limit,        // more series than are kept
};
inline constexpr std::size_t bads = 11;
[[nodiscard]] std::string_view name_of(Bad bad);

/// Text members point into the line.
struct Line {
    std::string_view name;
    std::string_view values;  // one or more, with `:` between them; never empty
    std::string_view tags;    // without `#`
    Kind kind{Kind::gauge};
    double rate{1};  // sampled: each line stands for 1 ÷ rate
};
/// @cost about 30 ns
[[nodiscard]] Bad parse_line(std::string_view text, Line& out);

struct Value {
    double number{0};
    bool delta{false};  // a gauge with a sign: to be added
};
/// The first of `values`, which loses it; false: not a number from −1e12 to 1e12.
[[nodiscard]] bool next_number(std::string_view& values, Value& out);
[[nodiscard]] std::string_view next_text(std::string_view& values);

/// What `#key:value` says; empty if it is not there.
[[nodiscard]] std::string_view tag_of(std::string_view tags, std::string_view key);

}  // namespace surged::io::statsd
