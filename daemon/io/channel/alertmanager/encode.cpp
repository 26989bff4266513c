#include "io/channel/alertmanager/encode.hpp"

#include "io/channel/vendor.hpp"
#include "io/channel/webhook/outcome.hpp"
#include "io/channel/wording.hpp"
#include "io/http/utf8.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace surged::io::alertmanager {
namespace {

using delivery::Outcome;
namespace json = boost::json;

constexpr std::size_t text_max = 8 * 1024;

json::object object_of(const Labels& labels) {
    json::object out;
    for (const auto& [name, value] : labels)
        if (!value.empty()) out[name] = to_utf8(value);
    return out;
}

Labels annotations_of(const delivery::Page& page, const std::string& link) {
    const delivery::Content& content = page.content;
    return {
        {"summary", wording::cut(content.title, text_max)},
        {"description", wording::cut(content.text, text_max)},
        {"level", std::string{plan::name_of(content.level)}},
        {"queue", content.queue},
        {"trigger", content.trigger},
        {"kpi", content.kpi},
        {"value", content.value},
        {"threshold", content.threshold},
        {"since", format_rfc3339(content.since)},
        {"first_step", wording::cut(content.first_step, text_max)},
        {"rise", std::to_string(page.rise)},
        {"ack_url", link},
    };
}

std::string one_line(std::string_view text) {
    std::string out = to_utf8(text);
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return wording::cut(out, 200);
}

}  // namespace

Labels labels_of(const delivery::Content& content) {
    Labels out{
        {"alertname", content.plan    },
        {"incident",  content.incident},
        {"plan",      content.plan    },
        {"site",      content.site    },
    };
    if (content.drill) out["drill"] = "true";
    return out;
}

std::string encode_alert(const delivery::Page& page, Wall ends_at, const std::string& link) {
    const json::object alert{
        {"labels", object_of(labels_of(page.content))},
        {"annotations", object_of(annotations_of(page, link))},
        {"startsAt", format_rfc3339(page.content.since)},
        {"endsAt", format_rfc3339(ends_at)},
    };
    return json::serialize(alert);
}

std::string encode_body(const std::vector<std::string>& alerts) {
    return fmt::format("[{}]", fmt::join(alerts, ","));
}

engine::Receipt judge(const http::ClientResult& result, Wall now) {
    engine::Receipt out = webhook::classify(result, now);
    if (!result) {
        if (out.outcome == Outcome::unknown) out.outcome = Outcome::retry;
        return out;
    }
    // A wrong path or a proxy's login: no alert gets through here.
    if (result->status == 404 || result->status == 405) out.outcome = Outcome::bad_channel;
    const auto begins = result->body.find_first_not_of(" \t\r\n");
    const bool web_page = begins != std::string::npos && result->body[begins] == '<';
    if (out.outcome == Outcome::accepted && web_page)
        return vendor::receipt(
            Outcome::retry, fmt::format("HTTP {}, but a web page: not Alertmanager", result->status)
        );
    if (out.outcome != Outcome::accepted && !web_page && !result->body.empty())
        out.detail += ": " + one_line(result->body);
    return out;
}

engine::Receipt combine(const std::vector<engine::Receipt>& members) {
    // The first that occurs decides where none has it.
    constexpr std::array order{
        Outcome::retry, Outcome::rate_limited, Outcome::bad_channel, Outcome::bad_message
    };
    const auto with = [&](Outcome outcome) {
        return std::find_if(members.begin(), members.end(), [&](const engine::Receipt& one) {
            return one.outcome == outcome;
        });
    };
    const auto taken = static_cast<std::size_t>(std::count_if(
        members.begin(),
        members.end(),
        [](const engine::Receipt& one) { return one.outcome == Outcome::accepted; }
    ));
    std::string detail = fmt::format("taken by {} of {}", taken, members.size());
    const auto refused =
        std::find_if(members.begin(), members.end(), [](const engine::Receipt& one) {
            return one.outcome != Outcome::accepted;
        });
    if (refused != members.end()) detail += "; " + refused->detail;
    if (taken > 0) return vendor::receipt(Outcome::accepted, std::move(detail));
    for (const Outcome outcome : order)
        if (const auto it = with(outcome); it != members.end())
            return vendor::receipt(outcome, std::move(detail), it->retry_after);
    return vendor::receipt(Outcome::retry, std::move(detail));
}

}  // namespace surged::io::alertmanager
