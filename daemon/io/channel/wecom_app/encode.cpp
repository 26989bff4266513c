#include "io/channel/wecom_app/encode.hpp"

#include "io/channel/vendor.hpp"
#include "io/channel/wording.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace surged::io::wecom_app {
namespace {

namespace json = boost::json;
using delivery::Outcome;

constexpr std::size_t title_bytes_max = 512;

std::string layout(const delivery::Page& page, const std::string& link) {
    const auto& content = page.content;
    std::string out =
        wording::cut(wording::inert(wording::marked(page, content.title)), title_bytes_max);
    std::string tail = "\n" + wording::sequence(page);
    if (!link.empty())
        tail +=
            fmt::format("\n<a href=\"{}\">{}</a>", link, wording::acknowledge(content.language));
    for (const std::string& fact : wording::facts_below_title(content)) {
        const std::size_t used = out.size() + tail.size() + 1;
        if (used + 16 > text_bytes_max) break;
        out += "\n" + wording::cut(wording::inert(fact), text_bytes_max - used);
    }
    return out + tail;
}

std::string list_of(const json::object& body, std::string_view name) {
    const json::value* found = body.if_contains(name);
    if (found == nullptr || !found->is_string()) return {};
    return std::string{found->get_string()};
}

engine::Receipt by_code(std::int64_t code, std::string detail) {
    switch (code) {
        case 45009:  // per minute; the longer limits answer the same, and are asked again
        case 45033:
            return vendor::receipt(Outcome::rate_limited, std::move(detail), 60s);
        case 81013:  // nobody of them can be reached
        case 40003:  // no such userid
        case 60111:
        case 40008:
        case 40033:
        case 40035:
        case 40058:
        case 44004:
        case 45002:
            return vendor::receipt(Outcome::bad_message, std::move(detail));
        case 40001:  // secret
        case 40013:  // corpid
        case 40091:
        case 40014:  // a token that was just made
        case 42001:
        case 40056:   // agentid
        case 301002:  // not this application's
        case 48002:   // may not send
        case 60020:   // our address
        case 93000:
            return vendor::receipt(Outcome::bad_channel, std::move(detail));
        default:
            return vendor::receipt(Outcome::retry, std::move(detail));
    }
}

std::string detail_of(const json::object& body, std::int64_t code, const Secrets& secrets) {
    return fmt::format(
        "errcode {}: {}", code, vendor::words(body, "errmsg", {secrets.token, secrets.secret})
    );
}

}  // namespace

std::string touser(const delivery::Page& page) {
    std::string out;
    for (const std::string& name : vendor::names_in(page.to))
        out += (out.empty() ? "" : "|") + name;
    return out;
}

std::string encode_body(
    const delivery::Page& page, const std::string& link, std::int64_t agent_id, Wall now, Form form
) {
    delivery::Page shown = page;
    if (now.us - page.content.created.us < duplicate_interval.count())
        shown.possible_repeat = false;
    const std::string text =
        form == Form::rich ? layout(shown, link) : wording::line(shown, link, text_bytes_max);
    const json::object body{
        {"touser",                   touser(page)                   },
        {"msgtype",                  "text"                         },
        {"agentid",                  agent_id                       },
        {"text",                     json::object{{"content", text}}},
        {"safe",                     0                              },
        {"enable_duplicate_check",   1                              },
        {"duplicate_check_interval", duplicate_interval / 1s        },
    };
    return json::serialize(body);
}

std::string token_url(std::string_view base_url, const Secrets& secrets) {
    return vendor::address(base_url, "/cgi-bin/gettoken") +
           "?corpid=" + vendor::percent_encoded(secrets.corp_id) +
           "&corpsecret=" + vendor::percent_encoded(secrets.secret);
}

std::string send_url(std::string_view base_url, const Secrets& secrets) {
    return vendor::address(base_url, "/cgi-bin/message/send") +
           "?access_token=" + vendor::percent_encoded(secrets.token);
}

tl::expected<Token, engine::Receipt> judge_token(
    const http::ClientResult& result, Wall now, const Secrets& secrets
) {
    const auto body = vendor::body_of(result, now);
    if (!body) {
        // Nothing of the page has gone out yet.
        engine::Receipt receipt = body.error();
        if (receipt.outcome == Outcome::unknown) receipt.outcome = Outcome::retry;
        receipt.detail = "gettoken: " + receipt.detail;
        return tl::make_unexpected(std::move(receipt));
    }
    const auto code = vendor::number(*body, "errcode");
    Token token{list_of(*body, "access_token"), Micros{0}};
    if (code == 0 && !token.value.empty()) {
        const std::int64_t lasts_s = vendor::number(*body, "expires_in").value_or(7200);
        token.lasts = Seconds{std::clamp<std::int64_t>(lasts_s, 0, 86'400)};
        return token;
    }
    if (!code || code == 0)
        return tl::make_unexpected(
            vendor::receipt(Outcome::retry, "gettoken: an answer without a token: not WeCom's")
        );
    engine::Receipt receipt = by_code(*code, "gettoken: " + detail_of(*body, *code, secrets));
    if (receipt.outcome == Outcome::bad_message) receipt.outcome = Outcome::bad_channel;
    return tl::make_unexpected(std::move(receipt));
}

Judged judge(
    const http::ClientResult& result, Wall now, const Secrets& secrets, const delivery::Page& page
) {
    const auto body = vendor::body_of(result, now);
    if (!body) return {body.error(), false};
    const auto code = vendor::number(*body, "errcode");
    if (!code)
        return {vendor::receipt(Outcome::retry, "an answer without errcode: not WeCom's"), false};
    if (*code != 0) {
        const bool token_refused = *code == 40014 || *code == 42001;
        return {by_code(*code, detail_of(*body, *code, secrets)), token_refused};
    }
    std::string missed = list_of(*body, "invaliduser");
    const std::string unlicensed = list_of(*body, "unlicenseduser");
    if (!missed.empty() && !unlicensed.empty()) missed += "|";
    missed += unlicensed;
    if (missed.empty()) {
        const std::string id = vendor::words(*body, "msgid", {secrets.token, secrets.secret});
        return {vendor::receipt(Outcome::accepted, id.empty() ? "ok" : "msgid " + id), false};
    }
    const auto not_reached = vendor::names_in(missed);
    const auto meant = vendor::names_in(page.to);
    const bool anybody = std::any_of(meant.begin(), meant.end(), [&](const std::string& name) {
        return std::find(not_reached.begin(), not_reached.end(), name) == not_reached.end();
    });
    const std::string detail = "not reached: " + wording::cut(wording::inert(missed), 200);
    return {vendor::receipt(anybody ? Outcome::accepted : Outcome::bad_message, detail), false};
}

}  // namespace surged::io::wecom_app
