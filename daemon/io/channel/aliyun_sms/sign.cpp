#include "io/channel/aliyun_sms/sign.hpp"

#include "io/channel/vendor.hpp"
#include "io/crypto.hpp"

#include <fmt/format.h>

namespace surged::io::aliyun_sms {

std::string encoded_query(const std::map<std::string, std::string>& query) {
    std::string out;
    for (const auto& [name, value] : query)
        out += fmt::format(
            "{}{}={}",
            out.empty() ? "" : "&",
            vendor::percent_encoded(name),
            vendor::percent_encoded(value)
        );
    return out;
}

std::string authorization(const Signed& request, std::string_view key_id, std::string_view secret) {
    constexpr std::string_view algorithm = "ACS3-HMAC-SHA256";
    std::string headers, names;
    for (const auto& [name, value] : request.headers) {
        headers += fmt::format("{}:{}\n", name, value);
        names += fmt::format("{}{}", names.empty() ? "" : ";", name);
    }
    const std::string canonical = fmt::format(
        "{}\n{}\n{}\n{}\n{}\n{}",
        request.method,
        request.path,
        encoded_query(request.query),
        headers,
        names,
        request.body_hash
    );
    const std::string to_sign = fmt::format("{}\n{}", algorithm, crypto::sha256_hex(canonical));
    return fmt::format(
        "{} Credential={},SignedHeaders={},Signature={}",
        algorithm,
        key_id,
        names,
        crypto::to_hex(crypto::hmac_sha256(secret, to_sign))
    );
}

}  // namespace surged::io::aliyun_sms
