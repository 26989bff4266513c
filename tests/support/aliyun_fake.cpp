#include "support/aliyun_fake.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cctype>
#include <fmt/format.h>
#include <memory>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <utility>

namespace surged::test {
namespace {

std::string hex(const unsigned char* bytes, unsigned size) {
    std::string out;
    for (unsigned i = 0; i < size; ++i) out += fmt::format("{:02x}", bytes[i]);
    return out;
}

std::string sha256(const std::string& text) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha256(), nullptr);
    return hex(digest, size);
}

std::string hmac(const std::string& key, const std::string& text) {
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(
        EVP_sha256(),
        key.data(),
        static_cast<int>(key.size()),
        reinterpret_cast<const unsigned char*>(text.data()),
        text.size(),
        mac,
        &size
    );
    return hex(mac, size);
}

std::string encoded(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const bool bare = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' ||
                          c == '_' || c == '.' || c == '~';
        out += bare ? std::string{c}
                    : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return out;
}

/// What stands behind `name=` in Authorization.
std::string part(const std::string& authorization, const std::string& name) {
    const auto at = authorization.find(name + "=");
    if (at == std::string::npos) return {};
    const auto from = at + name.size() + 1;
    return authorization.substr(from, authorization.find(',', from) - from);
}

std::string header(const VendorRequest& request, const std::string& name) {
    const auto it = request.headers.find(name);
    return it == request.headers.end() ? std::string{} : it->second;
}

VendorReply code(int status, const std::string& code, const std::string& message) {
    return {
        status,
        fmt::format(R"({{"Code":"{}","Message":"{}","RequestId":"R-1"}})", code, message),
        {},
        "application/json"
    };
}

/// The signature that the request should have.
std::string signature_of(const VendorRequest& request, const std::string& secret) {
    std::string query, headers;
    for (const auto& [name, value] : request.query)  // a map: by name already
        query += (query.empty() ? "" : "&") + encoded(name) + "=" + encoded(value);
    const std::string names = part(header(request, "authorization"), "SignedHeaders");
    for (std::size_t from = 0; from < names.size();) {
        const auto end = std::min(names.find(';', from), names.size());
        const std::string name = names.substr(from, end - from);
        headers += name + ":" + header(request, name) + "\n";
        from = end + 1;
    }
    const std::string canonical = request.method + "\n" + request.path + "\n" + query + "\n" +
                                  headers + "\n" + names + "\n" + sha256(request.body);
    return hmac(secret, "ACS3-HMAC-SHA256\n" + sha256(canonical));
}

/// "" or the code of what is wrong with the call.
std::string wrong_with(
    const VendorRequest& request, const AliyunFake::Rules& rules, std::set<std::string>& nonces
) {
    const std::string authorization = header(request, "authorization");
    const std::string names = part(authorization, "SignedHeaders");
    for (const char* must : {"host", "x-acs-action", "x-acs-date", "x-acs-signature-nonce"})
        if (names.find(must) == std::string::npos) return "IncompleteSignature";
    if (part(authorization, "ACS3-HMAC-SHA256 Credential") != rules.key_id)
        return "InvalidAccessKeyId.NotFound";
    if (header(request, "x-acs-content-sha256") != sha256(request.body) ||
        part(authorization, "Signature") != signature_of(request, rules.secret))
        return "SignatureDoesNotMatch";
    if (!nonces.insert(header(request, "x-acs-signature-nonce")).second)
        return "SignatureNonceUsed";
    if (header(request, "x-acs-action") != "SendSms" ||
        header(request, "x-acs-version") != "2017-05-25")
        return "InvalidAction.NotFound";
    return {};
}

std::string wrong_with_template(const std::string& text, const AliyunFake::Rules& rules) {
    boost::system::error_code ec;
    const auto parsed = boost::json::parse(text, ec);
    if (ec || !parsed.is_object()) return "isv.INVALID_JSON_PARAM";
    for (const std::string& name : rules.variables)
        if (parsed.get_object().if_contains(name) == nullptr)
            return "isv.TEMPLATE_MISSING_PARAMETERS";
    for (const auto& [name, value] : parsed.get_object()) {
        if (!value.is_string()) return "isv.INVALID_JSON_PARAM";
        const std::string held{std::string_view{value.get_string()}};
        if (held.empty() || held.size() > 35 * 3) return "isv.PARAM_LENGTH_LIMIT";
        if (held.find("://") != std::string::npos) return "isv.PARAM_NOT_SUPPORT_URL";
        if (held.find("敏感") != std::string::npos) return "isv.BLACK_KEY_CONTROL_LIMIT";
    }
    return {};
}

}  // namespace

AliyunFake::AliyunFake(Rules rules)
    : VendorFake{[rules = std::move(rules), nonces = std::make_shared<std::set<std::string>>()](
                     Kept& kept, const VendorRequest& request
                 ) {
          if (const auto wrong = wrong_with(request, rules, *nonces); !wrong.empty())
              return code(wrong == "InvalidAccessKeyId.NotFound" ? 404 : 400, wrong, "refused");
          const auto get = [&](const char* name) {
              const auto it = request.query.find(name);
              return it == request.query.end() ? std::string{} : it->second;
          };
          const std::string number = get("PhoneNumbers");
          if (number.find("13900000000") != std::string::npos)
              return code(200, "isv.MOBILE_NUMBER_ILLEGAL", number + " is no number");
          const std::string wrong = wrong_with_template(get("TemplateParam"), rules);
          if (!wrong.empty()) return code(200, wrong, "refused");
          kept.delivered.push_back({number, get("TemplateParam"), "", get("OutId")});
          return VendorReply{
              200,
              R"({"Code":"OK","Message":"OK","BizId":"9006^0","RequestId":"R-1"})",
              {},
              "application/json"
          };
      }} {}

}  // namespace surged::test
