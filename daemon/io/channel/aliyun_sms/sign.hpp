// Aliyun's request signature, version 3 (ACS3-HMAC-SHA256). Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace surged::io::aliyun_sms {

/// What is signed of one request.
struct Signed {
    std::string method{"POST"}, path{"/"};
    std::map<std::string, std::string> query;    // not encoded yet
    std::map<std::string, std::string> headers;  // names in lower case: host and all x-acs-*
    std::string body_hash;                       // hex SHA-256
};

/// a=1&b=%E6%8E%92, by name: for the address and for the signature alike.
[[nodiscard]] std::string encoded_query(const std::map<std::string, std::string>& query);

/// The value of Authorization.
/// @source help.aliyun.com, "V3 request body and signature mechanism"
[[nodiscard]] std::string authorization(
    const Signed& request, std::string_view key_id, std::string_view secret
);

}  // namespace surged::io::aliyun_sms
