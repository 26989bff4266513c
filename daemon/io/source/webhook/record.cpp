#include "io/source/webhook/record.hpp"

#include "io/http/json_writer.hpp"

#include <fmt/format.h>
#include <utility>

namespace surged::io::hook {
namespace {

constexpr std::size_t kept_max = 5;
constexpr std::uint64_t doubts_max = 3;

}  // namespace

void Record::started(Wall now) {
    listening_ = true;
    change(now);
}

void Record::heard(Wall now) {
    ++deliveries_;
    last_heard_ = now;
    doubts_ = 0;
    if (!in_trouble()) return;
    doubted_ = stale_ = false;
    why_.clear();
    change(now);
}

bool Record::refused(std::string_view reason, std::uint64_t count) {
    const auto found = refused_.find(reason);
    if (found == refused_.end()) {
        refused_.emplace(reason, count);
        return true;
    }
    found->second += count;
    return false;
}

bool Record::doubted(std::string_view why, Wall now) {
    ++doubts_;
    if (doubts_ < doubts_max || doubted_) return false;
    doubted_ = true;
    why_ = why;
    change(now);
    return true;
}

void Record::keep(Wall now, std::string why, std::string payload) {
    kept_.push_back({now, std::move(why), std::move(payload)});
    if (kept_.size() > kept_max) kept_.pop_front();
}

void Record::stale(Wall now, std::string_view why) {
    stale_ = true;
    why_ = why;
    change(now);
}

std::string Record::words() const {
    std::string out = why_.empty() ? fmt::format("listening at /api/v1/hooks/{}", name_) : why_;
    out += last_heard_ ? "; last heard " + format_rfc3339(*last_heard_) : "; nothing heard yet";
    if (deliveries_ > 0) out += fmt::format("; {} events of {} deliveries", accepted_, deliveries_);
    if (unmatched_ > 0) out += fmt::format("; {} fitted no entry of the map", unmatched_);
    if (!refused_.empty()) {
        out += "; refused:";
        std::string_view between = " ";
        for (const auto& [reason, count] : refused_) {
            out += fmt::format("{}{} {}", between, reason, count);
            between = ", ";
        }
    }
    return out;
}

SourceStatus Record::status() const {
    SourceStatus out;
    out.name = name_;
    out.type = "webhook";
    out.up = listening_ && !in_trouble();
    out.detail = listening_ ? words() : "not started";
    if (since_.us > 0) out.since = format_rfc3339(since_);
    return out;
}

std::string Record::json() const {
    http::JsonWriter json;
    json.begin_object();
    json.member("source", name_);
    json.member("up", status().up);
    json.member("detail", words());
    json.member("deliveries", deliveries_);
    json.member("accepted", accepted_);
    json.member("unmatched", unmatched_);
    json.member("repeated", repeated_);
    json.key("refused");
    json.begin_object();
    for (const auto& [reason, count] : refused_) json.member(reason, count);
    json.end_object();
    json.key("last_heard");
    if (last_heard_) {
        json.value(format_rfc3339(*last_heard_));
    } else {
        json.null();
    }
    json.key("kept");
    json.begin_array();
    for (const Kept& kept : kept_) {
        json.begin_object();
        json.member("at", format_rfc3339(kept.at));
        json.member("why", kept.why);
        json.member("payload", kept.payload);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return std::move(json).take();
}

}  // namespace surged::io::hook
