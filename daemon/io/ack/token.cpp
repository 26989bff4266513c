#include "io/ack/token.hpp"

#include "base/codec.hpp"
#include "io/crypto.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace surged::io::ack {
namespace {

constexpr std::size_t token_max = 2048;
constexpr std::size_t nonce_bytes = 16;
constexpr std::int64_t form_life_s = 3600;
constexpr std::int64_t second_us = 1'000'000;

std::string signature(std::string_view payload, const Key& key) {
    return crypto::hmac_sha256(key.secret, fmt::format("ack.v1.{}", payload));
}

std::string form_mac(std::string_view token, std::int64_t issued_s, const Key& key) {
    const std::string text = fmt::format("form.v1.{}.{}", token, issued_s);
    return crypto::hmac_sha256(key.secret, text).substr(0, nonce_bytes);
}

}  // namespace

std::string seal(Claim claim, const Key& key) {
    claim.key = key.id;
    claim.nonce =
        crypto::hmac_sha256(key.secret, fmt::format("nonce.v1.{}.{}", claim.page, claim.expires_s))
            .substr(0, nonce_bytes);
    const std::string payload = crypto::to_base64url(codec::encode(claim));
    return payload + "." + crypto::to_base64url(signature(payload, key));
}

std::optional<Claim> open(std::string_view token, const std::vector<Key>& keys) {
    const std::size_t point = token.find('.');
    if (token.size() > token_max || point == std::string_view::npos) return std::nullopt;
    const std::string_view payload = token.substr(0, point);
    const auto given = crypto::from_base64url(token.substr(point + 1));
    if (!given) return std::nullopt;
    const bool signed_by_us = std::any_of(keys.begin(), keys.end(), [&](const Key& key) {
        return crypto::equal_in_constant_time(*given, signature(payload, key));
    });
    if (!signed_by_us) return std::nullopt;
    const auto bytes = crypto::from_base64url(payload);
    auto claim = bytes ? codec::decode<Claim>(*bytes) : std::nullopt;
    if (!claim || claim->version != 1) return std::nullopt;
    return claim;
}

bool allows(const Claim& claim, Action action) {
    return (claim.actions & static_cast<std::uint8_t>(action)) != 0;
}

std::string form_nonce(std::string_view token, const Key& key, Wall now) {
    const std::int64_t issued_s = now.us / second_us;
    return fmt::format("{}.{}", issued_s, crypto::to_base64url(form_mac(token, issued_s, key)));
}

bool form_nonce_good(
    std::string_view nonce, std::string_view token, const std::vector<Key>& keys, Wall now
) {
    const std::size_t point = nonce.find('.');
    if (point == std::string_view::npos) return false;
    std::int64_t issued_s = 0;
    const auto [stop, error] = std::from_chars(nonce.data(), nonce.data() + point, issued_s);
    if (error != std::errc{} || stop != nonce.data() + point) return false;
    const std::int64_t now_s = now.us / second_us;
    if (issued_s > now_s + 60 || issued_s < now_s - form_life_s) return false;
    const auto given = crypto::from_base64url(nonce.substr(point + 1));
    return given && std::any_of(keys.begin(), keys.end(), [&](const Key& key) {
               return crypto::equal_in_constant_time(*given, form_mac(token, issued_s, key));
           });
}

}  // namespace surged::io::ack
