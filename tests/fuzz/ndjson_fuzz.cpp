// NDJSON: what simdjson reads against the same fields read by Boost.JSON, line by line.
#include "fuzz/fuzz.hpp"
#include "io/api/event_fields.hpp"
#include "io/api/ndjson.hpp"

#include <boost/json.hpp>
#include <cmath>
#include <set>

using namespace surged;
using namespace surged::io::api;
namespace json = boost::json;

namespace {

// A line that is not the first of its body: there a mark of byte order is refused.
std::string second(std::string_view line) { return "\n" + std::string{line}; }

bool near(double a, double b) {
    // Boost.JSON 1.81 may be off in the last digit.
    return a == b || std::abs(a - b) <= 1e-13 * std::max(std::abs(a), std::abs(b));
}
bool near(std::optional<Wall> a, std::optional<Wall> b) {
    return a.has_value() == b.has_value() && (!a || std::abs(a->us - b->us) <= 1);
}
bool near(std::optional<Micros> a, std::optional<Micros> b) {
    return a.has_value() == b.has_value() && (!a || std::abs((*a - *b).count()) <= 1);
}

bool same(const acd::Event& a, const acd::Event& b) {
    return a.type == b.type && near(a.ts, b.ts) && a.id == b.id && a.queue == b.queue &&
           a.call == b.call && a.agent == b.agent && a.klass == b.klass && a.ticket == b.ticket &&
           a.topic == b.topic && a.to == b.to && a.name == b.name && a.reason == b.reason &&
           a.channel == b.channel && a.exit == b.exit && a.refuse == b.refuse &&
           a.state == b.state && a.status == b.status && a.by == b.by && near(a.wait, b.wait) &&
           near(a.talk, b.talk) && near(a.wrap, b.wrap) && near(a.due, b.due) &&
           a.severity == b.severity && a.score == b.score && near(a.value, b.value) &&
           a.queues == b.queues && a.expected.has_value() == b.expected.has_value();
}

void put(Draft& draft, Key key, const json::value& value) {
    if (value.is_null()) return;
    draft.seen |= bit(key);
    const Kind kind = kind_of(key);
    if (kind == Kind::text && value.is_string()) {
        if (key != k_source) put_text(draft, key, std::string_view{value.get_string()});
    } else if (kind == Kind::number && value.is_number()) {
        put_number(draft, key, value.to_number<double>());
    } else if (kind == Kind::list && value.is_array()) {
        for (const json::value& one : value.get_array()) {
            if (one.is_string()) {
                put_queue(draft, std::string_view{one.get_string()});
            } else {
                draft.wrong_type |= bit(key);
            }
        }
    } else {
        draft.wrong_type |= bit(key);
    }
}

// Boost.JSON takes the last of a name that comes twice, and its numbers end at the largest double:
// such lines are left to simdjson.
bool comparable(std::string_view line, const json::object& object) {
    if (line.find("\\u") != std::string_view::npos) return false;  // lone surrogates differ
    std::size_t names = 0;
    for (const char c : line) names += c == ':' ? 1 : 0;
    std::size_t known = object.size();
    return names == known;  // flat, every name once, no colon in a text
}

void compare(std::string_view line) {
    NdjsonOptions options;
    options.site = "hz";
    const Ndjson ours = parse_ndjson(second(line), options);
    json::error_code error;
    json::parse_options strict;
    const json::value theirs = json::parse({line.data(), line.size()}, error, {}, strict);
    const auto rejected = [&ours](BadLine why) {
        return ours.rejected[static_cast<std::size_t>(why)] > 0;
    };
    if (error || !theirs.is_object()) {
        fuzz::require(ours.batch.empty(), "a line was taken that is no JSON object");
        return;
    }
    if (!comparable(line, theirs.get_object())) return;
    fuzz::require(!rejected(BadLine::encoding), "JSON was refused as not UTF-8");
    Draft draft;
    for (const auto& [name, value] : theirs.get_object()) {
        const auto key = key_of(std::string_view{name});
        if (key) put(draft, *key, value);
    }
    const Outcome fault = finish(draft, options.site);
    fuzz::require(
        fault.has_value() == ours.batch.empty(), "one reader takes the line, the other does not"
    );
    ours.batch.for_each([&draft](std::size_t, const acd::Event& event) {
        fuzz::require(same(event, draft.event), "the two readers read different events");
        fuzz::canary(fuzz::is_odd(event.queue));
    });
}

void run(std::string_view bytes) {
    NdjsonOptions options;
    options.site = "hz";
    options.rejects_kept = 3;
    constexpr std::string_view mark = "\xef\xbb\xbf";  // passed over where a body begins with it
    if (bytes.starts_with(mark)) bytes.remove_prefix(mark.size());
    if (bytes.starts_with(mark)) return;  // twice: the second is none
    const Ndjson all = parse_ndjson(bytes, options);
    fuzz::require(all.batch.well_formed(), "a batch that cannot be read");
    fuzz::require(all.lines.size() == all.batch.size(), "an event without its line");
    std::size_t one_by_one = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
        const std::string_view line = bytes.substr(at, end - at);
        one_by_one += parse_ndjson(second(line), options).batch.size();
        compare(line);
        at = end + 1;
    }
    fuzz::require(one_by_one == all.batch.size(), "a line disturbs its neighbours");
}

const fuzz::Target target{run};

}  // namespace
