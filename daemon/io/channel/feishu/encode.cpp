#include "io/channel/feishu/encode.hpp"

#include "io/channel/vendor.hpp"
#include "io/channel/wording.hpp"
#include "io/crypto.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace surged::io::feishu {
namespace {

namespace json = boost::json;
using delivery::Outcome;

constexpr std::size_t title_bytes_max = 300;
constexpr std::size_t text_bytes_max = 8000;  // leaves room for the link and for JSON's own

std::string_view colour(plan::Level level) {
    switch (level) {
        case plan::Level::I:
            return "red";
        case plan::Level::II:
            return "orange";
        case plan::Level::III:
            return "yellow";
        case plan::Level::IV:
            return "blue";
        case plan::Level::none:
            break;
    }
    return "grey";
}

/// `attribute`: user_id in text, id in a card.
std::string mentions(const std::string& to, std::string_view attribute) {
    std::string out;
    for (const std::string& name : vendor::names_in(to))
        out += fmt::format(
            "<at {}=\"{}\"></at>", attribute, name == "@all" ? "all" : wording::inert(name)
        );
    return out;
}

json::object plain_text(std::string text) {
    return {
        {"tag",     "plain_text"   },
        {"content", std::move(text)}
    };
}

json::object encode_card(
    const delivery::Page& page, const std::string& link, const std::string& keyword
) {
    const auto& content = page.content;
    std::string text;
    for (const std::string& fact : wording::facts_below_title(content))
        text += (text.empty() ? "" : "\n") + wording::inert(fact);
    text = wording::cut(text, text_bytes_max);
    const std::string called = mentions(page.to, "id");
    if (!called.empty()) text += (text.empty() ? "" : "\n") + called;
    json::array elements;
    if (!text.empty())
        elements.emplace_back(json::object{
            {"tag",  "div"                                              },
            {"text", json::object{{"tag", "lark_md"}, {"content", text}}}
        });
    if (!link.empty()) {
        json::array actions;
        actions.emplace_back(json::object{
            {"tag",  "button"                                          },
            {"type", "primary"                                         },
            {"text", plain_text(wording::acknowledge(content.language))},
            {"url",  link                                              }
        });
        elements.emplace_back(json::object{
            {"tag",     "action"          },
            {"actions", std::move(actions)}
        });
    }
    std::string note = wording::sequence(page);
    const std::string title =
        wording::cut(wording::inert(wording::marked(page, content.title)), title_bytes_max);
    if (!keyword.empty() && (title + text).find(keyword) == std::string::npos)
        note += " " + keyword;
    json::array notes;
    notes.emplace_back(plain_text(std::move(note)));
    elements.emplace_back(json::object{
        {"tag",      "note"          },
        {"elements", std::move(notes)}
    });
    const json::object header{
        {"template", json::string{colour(content.level)}},
        {"title",    plain_text(title)                  },
    };
    return {
        {"config",   json::object{{"wide_screen_mode", true}}},
        {"header",   header                                  },
        {"elements", std::move(elements)                     },
    };
}

}  // namespace

std::string signature(std::string_view secret, std::int64_t timestamp_s) {
    const std::string key = fmt::format("{}\n{}", timestamp_s, secret);
    return crypto::to_base64(crypto::hmac_sha256(key, ""));
}

std::string encode_body(
    const delivery::Page& page,
    const std::string& link,
    const Credential& credential,
    Wall now,
    Form form
) {
    json::object body;
    if (!credential.secret.empty()) {
        const std::int64_t at_s = now.us / 1'000'000;
        body["timestamp"] = std::to_string(at_s);
        body["sign"] = signature(credential.secret, at_s);
    }
    if (form == Form::rich) {
        body["msg_type"] = "interactive";
        body["card"] = encode_card(page, link, credential.keyword);
        return json::serialize(body);
    }
    delivery::Page inert = page;
    inert.content.title = wording::inert(page.content.title);
    inert.content.text = wording::inert(page.content.text);
    std::string text = wording::line(inert, link, text_bytes_max) + mentions(page.to, "user_id");
    if (!credential.keyword.empty() && text.find(credential.keyword) == std::string::npos)
        text += " " + credential.keyword;
    body["msg_type"] = "text";
    body["content"] = json::object{
        {"text", text}
    };
    return json::serialize(body);
}

std::string encode_url(std::string_view base_url, std::string_view token) {
    return vendor::address(base_url, "/open-apis/bot/v2/hook/") + vendor::percent_encoded(token);
}

engine::Receipt judge(const http::ClientResult& result, Wall now, const Credential& credential) {
    const auto body = vendor::body_of(result, now);
    if (!body) return body.error();
    const auto code = vendor::number(*body, "code");
    if (!code) return vendor::receipt(Outcome::retry, "an answer without code: not Feishu's");
    if (*code == 0) return vendor::receipt(Outcome::accepted, "ok");
    const std::string detail = fmt::format(
        "code {}: {}", *code, vendor::words(*body, "msg", {credential.token, credential.secret})
    );
    switch (*code) {
        case 11232:     // rate, or the crowd at :00 and :30: soon, with jitter
        case 99991400:  // the gateway's
            return vendor::receipt(Outcome::rate_limited, detail);
        case 9499:   // format, or too long
        case 19002:  // parameter
            return vendor::receipt(Outcome::bad_message, detail);
        case 19021:  // signature, or the clock
            return vendor::receipt(
                Outcome::bad_channel,
                detail + " (its signature: see `secret_file`)" + vendor::clock_words(result, now)
            );
        case 19022:
            return vendor::receipt(Outcome::bad_channel, detail + " (its list of addresses)");
        case 19024:
            return vendor::receipt(Outcome::bad_channel, detail + " (its keyword: see `keyword`)");
        case 19001:  // the token
            return vendor::receipt(Outcome::bad_channel, detail);
        default:
            return vendor::receipt(Outcome::retry, detail);
    }
}

}  // namespace surged::io::feishu
