#include "io/crypto.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace surged::io::crypto {
namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

const unsigned char* octets(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string text_of(const Digest& digest, unsigned size) {
    return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string hash(const EVP_MD* kind, std::string_view bytes) {
    Digest digest{};
    unsigned size = 0;
    const int done = EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, kind, nullptr);
    SURGED_ASSERT(done == 1);  // only an OpenSSL without this digest could fail here
    return text_of(digest, size);
}

std::string hmac(const EVP_MD* kind, std::string_view key, std::string_view message) {
    Digest digest{};
    unsigned size = 0;
    const auto* done = HMAC(
        kind,
        key.data(),
        static_cast<int>(key.size()),
        octets(message),
        message.size(),
        digest.data(),
        &size
    );
    SURGED_ASSERT(done != nullptr);
    return text_of(digest, size);
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view message) {
    return hmac(EVP_sha256(), key, message);
}

std::string hmac_sha1(std::string_view key, std::string_view message) {
    return hmac(EVP_sha1(), key, message);
}

std::string sha256(std::string_view bytes) { return hash(EVP_sha256(), bytes); }

std::string sha256_hex(std::string_view bytes) { return to_hex(hash(EVP_sha256(), bytes)); }

std::string md5_hex(std::string_view bytes) { return to_hex(hash(EVP_md5(), bytes)); }

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<std::uint8_t>(c);
        out.push_back(digits[byte >> 4]);
        out.push_back(digits[byte & 15]);
    }
    return out;
}

std::string to_base64(std::string_view bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP ends it with a zero byte
    const int size = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(out.data()), octets(bytes), static_cast<int>(bytes.size())
    );
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    if (text.empty()) return std::string{};
    std::string out(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(
        reinterpret_cast<unsigned char*>(out.data()), octets(text), static_cast<int>(text.size())
    );
    if (size < 0) return std::nullopt;
    std::size_t padding = 0;  // EVP_DecodeBlock counts the bytes of the padding too
    while (padding < 2 && text[text.size() - 1 - padding] == '=') ++padding;
    out.resize(static_cast<std::size_t>(size) - padding);
    if (to_base64(out) != text) return std::nullopt;  // EVP trims blanks and ignores spare bits
    return out;
}

std::string to_base64url(std::string_view bytes) {
    std::string out = to_base64(bytes);
    while (out.ends_with('=')) out.pop_back();
    std::replace(out.begin(), out.end(), '+', '-');
    std::replace(out.begin(), out.end(), '/', '_');
    return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
    if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
    std::string plain{text};
    std::replace(plain.begin(), plain.end(), '-', '+');
    std::replace(plain.begin(), plain.end(), '_', '/');
    plain.append((4 - plain.size() % 4) % 4, '=');
    return from_base64(plain);
}

std::optional<std::string> aes256_cbc_decrypt(
    std::string_view key, std::string_view iv, std::string_view bytes
) {
    constexpr std::size_t key_size = 32;
    constexpr std::size_t block_size = 16;
    if (key.size() != key_size || iv.size() != block_size) return std::nullopt;
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context{
        EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free
    };
    std::string out(bytes.size() + block_size, '\0');
    auto* const room = reinterpret_cast<unsigned char*>(out.data());
    int first = 0;
    int last = 0;
    const bool done =
        context != nullptr &&
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, octets(key), octets(iv)) ==
            1 &&
        EVP_DecryptUpdate(
            context.get(), room, &first, octets(bytes), static_cast<int>(bytes.size())
        ) == 1 &&
        EVP_DecryptFinal_ex(context.get(), room + first, &last) == 1;
    if (!done) return std::nullopt;
    out.resize(static_cast<std::size_t>(first) + static_cast<std::size_t>(last));
    return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    const int done =
        RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count));
    SURGED_ASSERT(done == 1);
    return out;
}

std::string caller_pseudonym(std::string_view site_key, std::string_view number) {
    if (number.empty()) return {};
    return to_hex(hmac_sha256(site_key, number)).substr(0, 32);
}

}  // namespace surged::io::crypto
