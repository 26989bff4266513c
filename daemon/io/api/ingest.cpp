#include "io/api/ingest.hpp"

#include "io/http/json_writer.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace surged::io::api {
namespace {

constexpr std::size_t rejects_shown = 20;

http::Response try_later(unsigned status, std::string_view why) {
    http::Response response = http::problem(status, why);
    response.headers.emplace_back("Retry-After", "1");
    return response;
}

std::string_view words_for(acd::Reject reason) {
    switch (reason) {
        case acd::Reject::late:
            return "late: older than the lateness allowed for this source";
        case acd::Reject::limit:
            return "limit: too many queues or open calls";
        case acd::Reject::other_source:
            return "other_source: another source feeds this queue";
        case acd::Reject::missing_field:
            return "missing_field: a field is missing";
        case acd::Reject::unknown_call:
            return "unknown_call: no such call";
        case acd::Reject::out_of_range:
            return "out_of_range: a value is out of range";
        case acd::Reject::duplicate:
        case acd::Reject::none:
            break;
    }
    return "refused";
}

// One more for as long as it lives.
class Counted {
public:
    explicit Counted(std::size_t& count) : count_{count} { ++count_; }
    ~Counted() { --count_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

private:
    std::size_t& count_;
};

struct Tally {
    std::uint64_t accepted{0}, rejected{0};
    std::vector<std::pair<std::size_t, std::string>> shown;  // line, words; in order of lines
};

Tally tally(const Ndjson& parsed, const acd::Applied& applied) {
    Tally out;
    out.rejected = parsed.rejected_total;
    for (const LineReject& reject : parsed.rejects)
        out.shown.emplace_back(reject.line, reject.words);
    for (const acd::Rejected& reject : applied.rejected) {
        if (reject.reason == acd::Reject::duplicate || reject.index >= parsed.lines.size())
            continue;
        ++out.rejected;
        out.shown.emplace_back(parsed.lines[reject.index], words_for(reject.reason));
    }
    out.accepted = parsed.lines.size() - (out.rejected - parsed.rejected_total);
    std::sort(out.shown.begin(), out.shown.end());
    if (out.shown.size() > rejects_shown) out.shown.resize(rejects_shown);
    return out;
}

void write_members(http::JsonWriter& json, const Tally& tally) {
    json.member("accepted", tally.accepted);
    json.key("rejected");
    json.begin_array();
    for (const auto& [line, words] : tally.shown) {
        json.begin_object();
        json.member("line", static_cast<std::uint64_t>(line));
        json.member("error", words);
        json.end_object();
    }
    json.end_array();
    if (tally.rejected > tally.shown.size()) json.member("rejected_count", tally.rejected);
}

http::Response none_good(const Tally& tally) {
    http::JsonWriter json;
    json.begin_object();
    write_members(json, tally);
    json.end_object();
    std::string members = std::move(json).take();
    members.front() = ',';  // from an object of its own to members of the problem's
    members.pop_back();
    return http::problem(400, "no line of the body was good", members);
}

}  // namespace

http::Response events_answer(const Ndjson& parsed, const Submitted& submitted) {
    if (submitted.overloaded) return try_later(503, "more input than can be taken now");
    const Tally counts = tally(parsed, submitted.applied);
    if (counts.accepted == 0 && counts.rejected > 0) return none_good(counts);
    http::JsonWriter json;
    json.begin_object();
    write_members(json, counts);
    if (!submitted.durable) json.member("durable", false);
    json.end_object();
    return http::json_response(submitted.durable ? 200 : 202, std::move(json).take());
}

void Ingest::count(const Ndjson& parsed, const std::string& source) {
    if (parsed.ignored_fields > 0) stats_.ignored_fields[source] += parsed.ignored_fields;
    for (std::size_t i = 0; i < bad_lines; ++i) {
        if (parsed.rejected[i] == 0) continue;
        stats_.rejected[{source, std::string{name_of(static_cast<BadLine>(i))}}] +=
            parsed.rejected[i];
    }
    // Words for it, not a piece of the line: whom it tells of may be no number that can be masked.
    // One for each reason, so that a long body leaves room for what others could not read.
    std::array<bool, bad_lines> told{};
    for (const LineReject& reject : parsed.rejects) {
        const auto reason = static_cast<std::size_t>(reject.reason);
        if (std::exchange(told[reason], true)) continue;
        const std::uint64_t others = parsed.rejected[reason] - 1;
        host_.keep_bad(
            {fmt::format("{}: {}", source, name_of(reject.reason)),
             fmt::format(
                 "line {}: {}{}",
                 reject.line,
                 reject.words,
                 others > 0 ? fmt::format(" (and {} more)", others) : ""
             )}
        );
    }
}

// No coroutine: most bodies are plain, and one that only hands on has a price.
Ingest::Answer Ingest::post(http::Request request, Principal who) {
    if (host_.backlog_bytes() > options_.backlog_bytes_max)
        return http::immediate(try_later(429, "the store is behind; this much is waiting already"));
    const std::string* encoding = request.header("content-encoding");
    if (encoding == nullptr || encoding->empty() || *encoding == "identity")
        return take(std::move(request.body), std::move(who));
    const auto coding = http::parse_coding(*encoding);
    if (!coding) {
        http::Response response = http::problem(415, "Content-Encoding is not gzip or zstd");
        response.headers.emplace_back("Accept-Encoding", "gzip, zstd, identity");
        return http::immediate(std::move(response));
    }
    return take_packed(std::move(request.body), std::move(who), *coding);
}

Ingest::Answer Ingest::take_packed(std::string packed, Principal who, http::Coding coding) {
    if (unpacking_ >= options_.unpacking_max)
        co_return try_later(429, "this many compressed bodies are being unpacked already");
    http::Unpacked unpacked = co_await unpack(std::move(packed), coding);
    if (unpacked.state == http::Inflated::too_large) {
        co_return http::problem(
            413, fmt::format("the body unpacks to more than {} bytes", options_.unpacked_bytes_max)
        );
    }
    if (unpacked.state != http::Inflated::done) {
        co_return http::problem(400, "the body is not what its Content-Encoding says, or cut off");
    }
    co_return co_await take(std::move(unpacked.body), std::move(who));
}

boost::asio::awaitable<http::Unpacked> Ingest::unpack(std::string packed, http::Coding coding) {
    const Counted one{unpacking_};
    co_return co_await http::unpack(coding, std::move(packed), options_.unpacked_bytes_max);
}

Ingest::Answer Ingest::take(std::string body, Principal who) {
    NdjsonOptions options;
    options.site = host_.engine().rules().site.id;
    options.line_bytes_max = options_.line_bytes_max;
    options.rejects_kept = rejects_shown;
    options.caller = options_.caller;
    Ndjson parsed = parse_ndjson(body, options);
    std::string{}.swap(body);  // the batch has it all; the commit may take a while
    count(parsed, who.name);
    Submitted submitted;
    if (!parsed.batch.empty()) {
        engine::Input input;
        input.site = options.site;
        input.source = who.name;
        input.actor.kind = who.local ? engine::ActorKind::person : engine::ActorKind::token;
        input.actor.name = who.name;
        input.actor.via = "http";
        input.body = engine::Events{std::move(parsed.batch)};
        submitted = co_await host_.submit(std::move(input));
    }
    co_return events_answer(parsed, submitted);
}

}  // namespace surged::io::api
