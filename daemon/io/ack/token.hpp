// The token of an acknowledgement link: who may answer which page until when, signed. Pure.
//
// It alone says what is answered, so a page that the journal lost in a gap can still be taken. The
// same page gives the same token in every attempt: a receiver that drops repeats by their text
// (WeCom does) must see the same text.
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::ack {

/// A signing key. Two live at a time, so that links survive a rotation.
struct Key {
    std::uint32_t id{0};  // tells which one signed
    Wall made{};
    std::string secret;  // 32 bytes
};

/// What a link lets its holder do; a set of bits.
enum class Action : std::uint8_t {
    acknowledge = 1,
    on_my_way = 2,
    pass_on = 4,
    decide = 8,
    raise = 16
};
/// What every link allows; `raise` only where the site says so.
inline constexpr std::uint8_t all_actions = 15;

struct Claim {
    std::uint8_t version{1};
    std::uint32_t key{0};
    std::string page;    // the page's key, which names incident, rise and person
    std::string person;  // who acknowledges by it
    std::uint8_t actions{all_actions};
    std::int64_t expires_s{0};  // Unix seconds
    std::string nonce;          // 16 bytes that only the key's holder can tell
    template <class A>
    void fields(A& a) {
        a(version, key, page, person, actions, expires_s, nonce);
    }
    bool operator==(const Claim&) const = default;
};

/// base64url(claim) "." base64url(HMAC-SHA256(key, "ack.v1." base64url(claim))); `claim` gets the
/// key's id and its nonce first. Needs no escaping in a URL.
[[nodiscard]] std::string seal(Claim claim, const Key& key);
/// The claim of a token that one of `keys` has signed; nullopt for anything else. Does not look at
/// the expiry: an old link still shows how things stand.
[[nodiscard]] std::optional<Claim> open(std::string_view token, const std::vector<Key>& keys);
[[nodiscard]] bool allows(const Claim& claim, Action action);

/// What the form of a shown page sends back: proof that the page was fetched, within the hour.
[[nodiscard]] std::string form_nonce(std::string_view token, const Key& key, Wall now);
[[nodiscard]] bool form_nonce_good(
    std::string_view nonce, std::string_view token, const std::vector<Key>& keys, Wall now
);

}  // namespace surged::io::ack
