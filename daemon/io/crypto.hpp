// The few cryptographic functions surged needs, over OpenSSL. Bytes travel as std::string.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace surged::io::crypto {

/// 32 raw bytes.
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view message);
/// 20 raw bytes: only for senders that sign with it (Zammad, Twilio).
[[nodiscard]] std::string hmac_sha1(std::string_view key, std::string_view message);
/// 32 raw bytes.
[[nodiscard]] std::string sha256(std::string_view bytes);
/// Lower-case hex of the SHA-256 of `bytes`.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);
/// Lower-case hex of the MD5 of `bytes`: only for protocols that ask for it (Asterisk's login).
[[nodiscard]] std::string md5_hex(std::string_view bytes);

[[nodiscard]] std::string to_hex(std::string_view bytes);
/// Standard alphabet with padding (RFC 4648 §4).
[[nodiscard]] std::string to_base64(std::string_view bytes);
/// nullopt unless `text` is canonical padded base64.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

/// The alphabet for URLs and file names without padding (RFC 4648 §5).
[[nodiscard]] std::string to_base64url(std::string_view bytes);
/// nullopt unless `text` is canonical base64url without padding.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);
/// What was encrypted with AES-256 in CBC mode and PKCS#7 padding; nullopt if key (32 bytes) or IV
/// (16 bytes) have another size or the padding is wrong. Says nothing about who encrypted it.
[[nodiscard]] std::optional<std::string> aes256_cbc_decrypt(
    std::string_view key, std::string_view iv, std::string_view bytes
);

/// Takes the same time wherever the two differ; the lengths are no secret.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);

/// `count` bytes from the system's generator: for secrets and challenges, never for decisions.
[[nodiscard]] std::string random_bytes(std::size_t count);

/// An opaque name for a caller, stable under one site key: 32 hex digits of an HMAC-SHA-256. The
/// number cannot be found without the key. Empty for an empty number.
[[nodiscard]] std::string caller_pseudonym(std::string_view site_key, std::string_view number);

}  // namespace surged::io::crypto
