#include "io/channel/dingtalk/encode.hpp"

#include "io/channel/vendor.hpp"
#include "io/channel/wording.hpp"
#include "io/crypto.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace surged::io::dingtalk {
namespace {

namespace json = boost::json;
using delivery::Outcome;

constexpr std::size_t title_bytes_max = 300;
constexpr std::size_t text_bytes_max = 8000;  // leaves room for the link and for JSON's own

json::object mentions(const std::string& to) {
    json::array mobiles;
    json::array users;
    bool all = false;
    for (const std::string& name : vendor::names_in(to)) {
        if (name == "@all")
            all = true;
        else if (vendor::is_mobile(name))
            mobiles.emplace_back(name);
        else
            users.emplace_back(name);
    }
    return {
        {"atMobiles", std::move(mobiles)},
        {"atUserIds", std::move(users)  },
        {"isAtAll",   all               },
    };
}

/// They must stand in the text as well, or nobody is called.
std::string mentions_text(const std::string& to) {
    std::string out;
    for (const std::string& name : vendor::names_in(to))
        if (name != "@all") out += " @" + wording::inert(name);
    return out;
}

void add_keyword(std::string& text, const std::string& keyword) {
    if (!keyword.empty() && text.find(keyword) == std::string::npos) text += " " + keyword;
}

/// Says in words which of the robot's locks refused us: the vendor has one code for all three.
std::string_view lock_words(const std::string& said) {
    const auto has = [&](const char* text) { return said.find(text) != std::string::npos; };
    if (has("关键词") || has("keyword")) return " (its keyword: see `keyword`)";
    if (has("白名单") || has("whitelist") || has(" ip ") || has("ip地址"))
        return " (its list of addresses)";
    if (has("签名") || has("sign") || has("timestamp"))
        return " (its signature: see `secret_file`)";
    return "";
}

}  // namespace

std::string encode_body(
    const delivery::Page& page, const std::string& link, const std::string& keyword, Form form
) {
    const auto& content = page.content;
    const std::string called = mentions_text(page.to);
    if (form == Form::plain) {
        std::string text = wording::line(page, link, text_bytes_max) + called;
        add_keyword(text, keyword);
        const json::object body{
            {"msgtype", "text"                         },
            {"text",    json::object{{"content", text}}},
            {"at",      mentions(page.to)              },
        };
        return json::serialize(body);
    }
    const std::string title =
        wording::cut(wording::inert(wording::marked(page, content.title)), title_bytes_max);
    std::string text = "### " + title;
    for (const std::string& fact : wording::facts_below_title(content))
        text += "\n\n" + wording::inert(fact);
    text = wording::cut(text, text_bytes_max);
    text += "\n\n" + wording::sequence(page) + called;
    add_keyword(text, keyword);
    json::object body;
    if (link.empty()) {
        body["msgtype"] = "markdown";
        body["markdown"] = json::object{
            {"title", title},
            {"text",  text }
        };
    } else {
        json::array buttons;
        buttons.emplace_back(json::object{
            {"title",     wording::acknowledge(content.language)},
            {"actionURL", link                                  }
        });
        body["msgtype"] = "actionCard";
        body["actionCard"] = json::object{
            {"title",          title             },
            {"text",           text              },
            {"btnOrientation", "0"               },
            {"btns",           std::move(buttons)},
        };
    }
    body["at"] = mentions(page.to);
    return json::serialize(body);
}

std::string signature(std::string_view secret, std::int64_t timestamp_ms) {
    const std::string text = fmt::format("{}\n{}", timestamp_ms, secret);
    return vendor::percent_encoded(crypto::to_base64(crypto::hmac_sha256(secret, text)));
}

std::string encode_url(std::string_view base_url, const Credential& credential, Wall now) {
    std::string url = vendor::address(base_url, "/robot/send") +
                      "?access_token=" + vendor::percent_encoded(credential.token);
    if (credential.secret.empty()) return url;
    const std::int64_t ms = now.us / 1000;
    return url + fmt::format("&timestamp={}&sign={}", ms, signature(credential.secret, ms));
}

engine::Receipt judge(const http::ClientResult& result, Wall now, const Credential& credential) {
    const auto body = vendor::body_of(result, now);
    if (!body) return body.error();
    // Under heavy load this comes instead of an answer, or beside one.
    if (vendor::number(*body, "status") == 1111) {
        const std::int64_t wait_s = vendor::number(*body, "wait").value_or(5);
        return vendor::receipt(
            Outcome::rate_limited,
            "status 1111: throttled",
            Seconds{std::clamp<std::int64_t>(wait_s, 1, 900)}
        );
    }
    const auto code = vendor::number(*body, "errcode");
    if (!code) return vendor::receipt(Outcome::retry, "an answer without errcode: not DingTalk's");
    if (*code == 0) return vendor::receipt(Outcome::accepted, "ok");
    const std::string said = vendor::words(*body, "errmsg", {credential.token, credential.secret});
    std::string detail = fmt::format("errcode {}: {}", *code, said);
    switch (*code) {
        case 130101:
        case 410100:
            return vendor::receipt(Outcome::rate_limited, detail, penalty);
        case 310000:
            detail += lock_words(vendor::words(*body, "errmsg", {}));
            return vendor::receipt(Outcome::bad_channel, detail + vendor::clock_words(result, now));
        case 300001:  // token
        case 300005:
        case 400101:
        case 400013:  // group gone
        case 400102:  // robot stopped
        case 400106:  // no such robot
            return vendor::receipt(Outcome::bad_channel, detail);
        case 40035:   // parameter
        case 43004:   // content type
        case 400105:  // message type
        case 460101:  // too long
            return vendor::receipt(Outcome::bad_message, detail);
        default:  // -1 is "busy"
            return vendor::receipt(Outcome::retry, detail);
    }
}

}  // namespace surged::io::dingtalk
