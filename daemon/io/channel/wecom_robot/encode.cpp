#include "io/channel/wecom_robot/encode.hpp"

#include "io/channel/vendor.hpp"
#include "io/channel/wording.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace surged::io::wecom_robot {
namespace {

namespace json = boost::json;
using delivery::Outcome;

constexpr std::size_t title_bytes_max = 600;

/// green, grey and orange are all the colours there are.
std::string_view colour(plan::Level level) { return level == plan::Level::IV ? "info" : "warning"; }

bool only_by_text(const std::string& name) { return name == "@all" || vendor::is_mobile(name); }

std::string encode_text(const delivery::Page& page, const std::string& link) {
    json::array users;
    json::array mobiles;
    for (const std::string& name : vendor::names_in(page.to))
        (vendor::is_mobile(name) ? mobiles : users).emplace_back(name);
    json::object text{
        {"content", wording::line(page, link, text_bytes_max)}
    };
    if (!users.empty()) text["mentioned_list"] = std::move(users);
    if (!mobiles.empty()) text["mentioned_mobile_list"] = std::move(mobiles);
    const json::object body{
        {"msgtype", "text"},
        {"text",    text  },
    };
    return json::serialize(body);
}

std::string encode_markdown(const delivery::Page& page, const std::string& link) {
    const auto& content = page.content;
    const std::string title =
        wording::cut(wording::inert(wording::marked(page, content.title)), title_bytes_max);
    std::string out = fmt::format("**<font color=\"{}\">{}</font>**", colour(content.level), title);
    std::string tail;
    if (!link.empty())
        tail += fmt::format("\n[{}]({})", wording::acknowledge(content.language), link);
    for (const std::string& name : vendor::names_in(page.to))
        tail += fmt::format("{}<@{}>", tail.ends_with('>') ? " " : "\n", wording::inert(name));
    tail += fmt::format("\n<font color=\"comment\">{}</font>", wording::sequence(page));
    for (const std::string& fact : wording::facts_below_title(content)) {
        const std::size_t used = out.size() + tail.size() + 3;
        if (used + 16 > markdown_bytes_max) break;
        out += "\n> " + wording::cut(wording::inert(fact), markdown_bytes_max - used);
    }
    const json::object body{
        {"msgtype",  "markdown"                           },
        {"markdown", json::object{{"content", out + tail}}},
    };
    return json::serialize(body);
}

}  // namespace

std::string encode_body(const delivery::Page& page, const std::string& link, Form form) {
    const auto names = vendor::names_in(page.to);
    if (form == Form::plain || std::any_of(names.begin(), names.end(), only_by_text))
        return encode_text(page, link);
    return encode_markdown(page, link);
}

std::string encode_url(std::string_view base_url, std::string_view key) {
    return vendor::address(base_url, "/cgi-bin/webhook/send") +
           "?key=" + vendor::percent_encoded(key);
}

engine::Receipt judge(const http::ClientResult& result, Wall now, const std::string& key) {
    const auto body = vendor::body_of(result, now);
    if (!body) return body.error();
    const auto code = vendor::number(*body, "errcode");
    if (!code) return vendor::receipt(Outcome::retry, "an answer without errcode: not WeCom's");
    if (*code == 0) return vendor::receipt(Outcome::accepted, "ok");
    const std::string detail =
        fmt::format("errcode {}: {}", *code, vendor::words(*body, "errmsg", {key}));
    switch (*code) {
        case 45009:  // 20 a minute, shared by all who have the key: until the minute is over
            return vendor::receipt(
                Outcome::rate_limited, detail, Micros{60'000'000 - now.us % 60'000'000}
            );
        case 40008:  // message type
        case 40033:  // characters, such as \u escapes
        case 40035:
        case 40058:  // a parameter, or too long
        case 44004:  // empty content
        case 45002:  // too long
            return vendor::receipt(Outcome::bad_message, detail);
        case 93000:  // the key
        case 93008:  // not in the group any more
        case 93004:  // robot switched off
        case 60020:  // our address
            return vendor::receipt(Outcome::bad_channel, detail);
        default:  // -1 is "busy"; what we do not know is a failure that may pass
            return vendor::receipt(Outcome::retry, detail);
    }
}

}  // namespace surged::io::wecom_robot
