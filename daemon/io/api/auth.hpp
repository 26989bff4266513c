// Who asks, and what he may do: bearer tokens, and the local actor on the loopback interface.
#pragma once

#include "io/http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace surged::io::api {

enum class Role : std::uint8_t { reader, source, responder, operator_ };
[[nodiscard]] std::optional<Role> parse_role(std::string_view word);

/// What a request needs. reader: read; source: send; responder: read, respond; operator: all.
enum class Right : std::uint8_t { read, send, respond, administer };

struct Token {
    std::string name;
    Role role{Role::reader};
    std::string site;  // empty: any
    std::string secret;
};

/// Who a request comes from.
struct Principal {
    Principal() = default;
    std::string name;  // the token's, or "local"
    Role role{Role::operator_};
    std::string site;  // empty: any
    bool local{false};
};
[[nodiscard]] bool allows(Role role, Right right);

/// Knows the tokens by their digests alone: a secret is forgotten once it has been read.
class Authenticator {
public:
    explicit Authenticator(const std::vector<Token>& tokens);

    /// The principal, or 401. A request from loopback without a token is the local actor, unless a
    /// browser sent it for another site or a proxy for somebody else.
    [[nodiscard]] tl::expected<Principal, http::Response> who(const http::Request& request) const;
    /// As who(), and 403 where the role lacks `right` or the token is for another site than `site`.
    [[nodiscard]] tl::expected<Principal, http::Response> check(
        const http::Request& request, Right right, std::string_view site
    ) const;

private:
    struct Known {
        std::string digest;
        Principal principal;
    };
    std::vector<Known> known_;
};

}  // namespace surged::io::api
