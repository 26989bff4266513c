#include "io/channel/aliyun_sms/encode.hpp"

#include "core/paging/words.hpp"
#include "io/channel/aliyun_sms/sign.hpp"
#include "io/channel/vendor.hpp"
#include "io/crypto.hpp"
#include "io/http/utf8.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace surged::io::aliyun_sms {
namespace {

using delivery::Outcome;
namespace json = boost::json;

constexpr std::size_t rich_most = 30;  // characters; the vendor's limit for most kinds is 35
constexpr std::size_t plain_most = 12;
constexpr std::size_t out_id_max = 128;

bool zh(const delivery::Page& page) { return page.content.language == plan::Language::zh_cn; }

std::string without(std::string text, std::initializer_list<std::string_view> all) {
    for (const std::string_view one : all)
        for (auto at = text.find(one); at != std::string::npos; at = text.find(one, at))
            text.erase(at, one.size());
    return text;
}

/// Letters, digits, blanks and what is beyond ASCII; of the punctuation only what numbers have.
std::string plain_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == ' ' || c == '.';
        if (letter || byte >= 0x80) out += c;
    }
    return out;
}

std::string raw_value(const delivery::Page& page, std::string_view name) {
    const delivery::Content& content = page.content;
    if (name == "site") return content.site;
    if (name == "queue") return content.queue;
    if (name == "level") return std::string{plan::name_of(content.level)};
    if (name == "value") return content.value;
    if (name == "threshold") return content.threshold;
    if (name == "action") return content.first_step;
    if (name == "incident") return content.incident;
    return {};
}

std::string value_of(const delivery::Page& page, std::string_view name, Form form) {
    std::string text = without(to_utf8(raw_value(page, name)), {"【", "】", "https://", "http://"});
    if (form == Form::plain) text = plain_text(text);
    text = paging::clip(text, form == Form::plain ? plain_most : rich_most);
    if (text.empty()) return zh(page) ? "无" : "none";
    return text;
}

struct Code {
    std::string_view name;
    Outcome outcome;
    bool content{false};
};
// A name that ends with * stands for all that begin so. What is not here is tried again.
// clang-format off
constexpr Code codes[] = {
    // It will pass by itself.
    {"isp.SYSTEM_ERROR", Outcome::retry},
    {"isp.GATEWAY_ERROR", Outcome::retry},
    {"isp.UNKNOWN", Outcome::retry},
    {"Throttling*", Outcome::retry},
    {"ServiceUnavailable*", Outcome::retry},
    {"InternalError*", Outcome::retry},
    {"SignatureNonceUsed", Outcome::retry},
    // This number has had its share.
    {"isv.BUSINESS_LIMIT_CONTROL", Outcome::rate_limited},
    // Account, rights, balance, address, clock, signature, template: no message gets through.
    {"isp.RAM_PERMISSION_DENY", Outcome::bad_channel},
    {"isv.RAM_CHECK_FAILED", Outcome::bad_channel},
    {"isv.OUT_OF_SERVICE", Outcome::bad_channel},
    {"isv.AMOUNT_NOT_ENOUGH", Outcome::bad_channel},
    {"isv.BILLING_DEDUCTION_ERROR", Outcome::bad_channel},
    {"isv.PRODUCT_UN_SUBSCRIPT", Outcome::bad_channel},
    {"isv.PRODUCT_UNSUBSCRIBE", Outcome::bad_channel},
    {"isv.ACCOUNT_NOT_EXISTS", Outcome::bad_channel},
    {"isv.ACCOUNT_ABNORMAL", Outcome::bad_channel},
    {"isv.DENY_IP_RANGE", Outcome::bad_channel},
    {"isv.DAY_LIMIT_CONTROL", Outcome::bad_channel},
    {"isv.MONTH_LIMIT_CONTROL", Outcome::bad_channel},
    {"isv.SMS_SIGNATURE_ILLEGAL", Outcome::bad_channel},
    {"isv.SMS_SIGNATURE_SCENE_ILLEGAL", Outcome::bad_channel},
    {"isv.SMS_SIGN_ILLEGAL", Outcome::bad_channel},
    {"isv.SIGN_NAME_ILLEGAL", Outcome::bad_channel},
    {"isv.SIGN_STATE_ILLEGAL", Outcome::bad_channel},
    {"isv.SIGN_FILE_LIMIT", Outcome::bad_channel},
    {"isv.SMS_TEMPLATE_ILLEGAL", Outcome::bad_channel},
    {"isv.TEMPLATE_MISSING_PARAMETERS", Outcome::bad_channel},
    {"isv.EXTEND_CODE_ERROR", Outcome::bad_channel},
    {"isv.DOMESTIC_NUMBER_NOT_SUPPORTED", Outcome::bad_channel},
    {"InvalidAccessKeyId*", Outcome::bad_channel},
    {"SignatureDoesNotMatch", Outcome::bad_channel},
    {"IncompleteSignature", Outcome::bad_channel},
    {"InvalidTimeStamp*", Outcome::bad_channel},
    {"Forbidden*", Outcome::bad_channel},
    {"NoPermission*", Outcome::bad_channel},
    // What the message says.
    {"isv.SMS_CONTENT_ILLEGAL", Outcome::bad_message, true},
    {"isv.BLACK_KEY_CONTROL_LIMIT", Outcome::bad_message, true},
    {"isv.PARAM_NOT_SUPPORT_URL", Outcome::bad_message, true},
    {"isv.PARAM_LENGTH_LIMIT", Outcome::bad_message, true},
    {"isv.TEMPLATE_PARAMS_ILLEGAL", Outcome::bad_message, true},
    {"isv.INVALID_JSON_PARAM", Outcome::bad_message, true},
    {"isv.INVALID_PARAMETERS", Outcome::bad_message, true},
    // Whom it is for.
    {"isv.MOBILE_NUMBER_ILLEGAL", Outcome::bad_message},
    {"isv.MOBILE_COUNT_OVER_LIMIT", Outcome::bad_message},
    {"isv.CUSTOMER_REFUSED", Outcome::bad_message},
};
// clang-format on

Code meaning_of(std::string_view code) {
    for (const Code& known : codes) {
        const bool family = known.name.ends_with('*');
        const auto stem = known.name.substr(0, known.name.size() - (family ? 1 : 0));
        if (family ? code.starts_with(stem) : code == stem) return known;
    }
    return {code, Outcome::retry};
}

std::string drill_word(const delivery::Page& page) { return zh(page) ? "演练 " : "DRILL "; }

/// host[:port] and path of a base URL.
std::pair<std::string, std::string> split(std::string_view url) {
    url.remove_prefix(std::min(url.find("://") + 3, url.size()));
    const auto slash = std::min(url.find('/'), url.size());
    std::string path{url.substr(slash)};
    return {std::string{url.substr(0, slash)}, path.empty() ? "/" : path};
}

}  // namespace

std::string template_param(
    const delivery::Page& page, const std::vector<std::string>& variables, Form form
) {
    json::object out;
    for (const std::string& name : variables) {
        std::string value = page.content.drill && out.empty() ? drill_word(page) : std::string{};
        value += value_of(page, name, form);
        out[name] = value;
    }
    return json::serialize(out);
}

std::vector<std::string> numbers_in(std::string_view to) {
    constexpr std::size_t most = 1000;  // of one request
    std::vector<std::string> out;
    for (std::string& one : vendor::names_in(to)) {
        if (!vendor::is_mobile(one) || out.size() == most) return {};
        std::string_view number = one;
        if (number.starts_with("+86")) number.remove_prefix(3);
        if (number.starts_with('+')) number.remove_prefix(1);
        out.emplace_back(number);
    }
    return out;
}

http::ClientRequest encode_request(
    const delivery::Page& page,
    const Template& by,
    Form form,
    const RobotOptions& options,
    std::string_view key_id,
    const Moment& at
) {
    std::string numbers;
    for (const std::string& one : numbers_in(page.to))
        numbers += (numbers.empty() ? "" : ",") + one;
    const auto [host, path] = split(options.base_url);
    Signed what;
    what.path = path;
    what.query = {
        {"PhoneNumbers", numbers},
        {"SignName", by.sign_name},
        {"TemplateCode", by.code},
        {"TemplateParam", template_param(page, by.variables, form)},
        {"OutId", page.id.size() > out_id_max ? crypto::sha256_hex(page.id) : page.id},
    };
    what.body_hash = crypto::sha256_hex("");
    what.headers = {
        {"host", host},
        {"x-acs-action", "SendSms"},
        {"x-acs-version", "2017-05-25"},
        {"x-acs-date", format_rfc3339(at.now).substr(0, 19) + "Z"},
        {"x-acs-signature-nonce", at.nonce},
        {"x-acs-content-sha256", what.body_hash},
    };
    http::ClientRequest request;
    request.method = "POST";
    request.timeout = options.timeout;
    request.body_max = 64 * 1024;
    const std::string_view base = options.base_url;
    request.url = fmt::format(
        "{}{}{}?{}", base.substr(0, base.find("://") + 3), host, path, encoded_query(what.query)
    );
    for (const auto& [name, value] : what.headers)
        if (name != "host") request.headers.emplace_back(name, value);  // that one is the client's
    request.headers.emplace_back("Authorization", authorization(what, key_id, options.key));
    return request;
}

Judgement judge(
    const http::ClientResult& result, Wall now, const std::vector<std::string>& secrets
) {
    constexpr Micros used_up = 15min;  // the number's share comes back over a day
    const auto body = vendor::body_of(result, now);
    if (!body) return {body.error(), false};
    const std::string code = vendor::words(*body, "Code", secrets);
    const std::string message = vendor::words(*body, "Message", secrets);
    if (code == "OK")
        return {vendor::receipt(Outcome::accepted, vendor::words(*body, "BizId", secrets)), false};
    if (code.empty()) return {vendor::receipt(Outcome::retry, "an answer without Code"), false};
    const Code means = meaning_of(code);
    std::string detail = fmt::format("{}: {}", code, message);
    if (means.outcome == Outcome::bad_channel) detail += vendor::clock_words(result, now);
    return {
        vendor::receipt(
            means.outcome,
            std::move(detail),
            means.outcome == Outcome::rate_limited ? std::optional{used_up} : std::nullopt
        ),
        means.content
    };
}

}  // namespace surged::io::aliyun_sms
