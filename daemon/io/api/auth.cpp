#include "io/api/auth.hpp"

#include "io/crypto.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace surged::io::api {
namespace {

http::Response unauthorized(std::string_view why, std::string_view challenge) {
    http::Response response = http::problem(401, why);
    response.headers.emplace_back("WWW-Authenticate", std::string{challenge});
    return response;
}

bool starts_with_bearer(std::string_view text) {
    constexpr std::string_view word = "bearer ";
    return text.size() > word.size() &&
           std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) {
               return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
           });
}

// The host of "127.0.0.1:9469", "[::1]:80" or "localhost".
std::string_view host_of(std::string_view authority) {
    if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
    return authority.substr(0, authority.find(':'));
}

bool is_local_name(std::string_view host) {
    return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

// A page in a browser on this machine can send requests here, and a proxy on it sends other
// people's: neither is the operator at the machine.
bool speaks_for_itself(const http::Request& request) {
    for (const char* proxied : {"forwarded", "x-forwarded-for", "x-real-ip"}) {
        if (request.header(proxied) != nullptr) return false;
    }
    const std::string* host = request.header("host");
    if (host != nullptr && !is_local_name(host_of(*host))) return false;
    const std::string* site = request.header("sec-fetch-site");
    if (site != nullptr && *site != "same-origin" && *site != "none") return false;
    const std::string* origin = request.header("origin");
    return origin == nullptr || (host != nullptr && *origin == "http://" + *host);
}

}  // namespace

std::optional<Role> parse_role(std::string_view word) {
    if (word == "reader") return Role::reader;
    if (word == "source") return Role::source;
    if (word == "responder") return Role::responder;
    if (word == "operator") return Role::operator_;
    return std::nullopt;
}

bool allows(Role role, Right right) {
    switch (role) {
        case Role::reader:
            return right == Right::read;
        case Role::source:
            return right == Right::send;
        case Role::responder:
            return right == Right::read || right == Right::respond;
        case Role::operator_:
            return true;
    }
    return false;
}

Authenticator::Authenticator(const std::vector<Token>& tokens) {
    for (const Token& token : tokens) {
        if (token.secret.empty()) continue;  // nothing would then be a valid token
        Known known;
        known.digest = crypto::sha256_hex(token.secret);
        known.principal.name = token.name;
        known.principal.role = token.role;
        known.principal.site = token.site;
        known_.push_back(std::move(known));
    }
}

tl::expected<Principal, http::Response> Authenticator::who(const http::Request& request) const {
    const std::string* header = request.header("authorization");
    if (header == nullptr) {
        if (!request.is_loopback || !speaks_for_itself(request)) {
            return tl::make_unexpected(unauthorized("a bearer token is needed", "Bearer"));
        }
        Principal local;
        local.name = "local";
        local.local = true;
        return local;
    }
    const Known* found = nullptr;
    if (starts_with_bearer(*header)) {
        // Digests have one length, so that comparing them tells nothing about a secret's own.
        const std::string given = crypto::sha256_hex(std::string_view{*header}.substr(7));
        for (const Known& known : known_) {  // all of them, whichever matches
            const bool same = crypto::equal_in_constant_time(given, known.digest);
            if (same && found == nullptr) found = &known;
        }
    }
    if (found == nullptr) {
        return tl::make_unexpected(
            unauthorized("this token is not known", R"(Bearer error="invalid_token")")
        );
    }
    return found->principal;
}

tl::expected<Principal, http::Response> Authenticator::check(
    const http::Request& request, Right right, std::string_view site
) const {
    auto principal = who(request);
    if (!principal) return principal;
    if (!allows(principal->role, right)) {
        return tl::make_unexpected(http::problem(403, "the role of this token does not allow it"));
    }
    if (!principal->site.empty() && principal->site != site) {
        return tl::make_unexpected(http::problem(403, "this token is for another site"));
    }
    return principal;
}

}  // namespace surged::io::api
