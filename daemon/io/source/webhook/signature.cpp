#include "io/source/webhook/signature.hpp"

#include "io/channel/webhook/encode.hpp"
#include "io/crypto.hpp"
#include "io/http/target.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <fmt/format.h>
#include <utility>

namespace surged::io::hook {
namespace {

constexpr std::array<std::pair<std::string_view, Scheme>, 13> words{
    {
     {"standard_webhooks", Scheme::standard_webhooks},
     {"hub_sha256", Scheme::hub_sha256},
     {"hub_sha1", Scheme::hub_sha1},
     {"zendesk", Scheme::zendesk},
     {"twilio", Scheme::twilio},
     {"feishu", Scheme::feishu},
     {"slack", Scheme::slack},
     {"dingtalk", Scheme::dingtalk},
     {"pagerduty", Scheme::pagerduty},
     {"bearer", Scheme::bearer},
     {"basic", Scheme::basic},
     {"header", Scheme::header},
     {"path", Scheme::path},
     }
};

std::string_view header_of(const http::Request& request, std::string_view name) {
    const std::string* found = request.header(name);
    return found == nullptr ? std::string_view{} : std::string_view{*found};
}

std::optional<std::int64_t> integer_of(std::string_view text) {
    std::int64_t out = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, out);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return out;
}

/// Does a list of signatures hold the wanted one? All are looked at.
bool any_fits(std::string_view given, std::string_view wanted, char between) {
    bool fits = false;
    while (!given.empty()) {
        const std::size_t end = std::min(given.find(between), given.size());
        std::string_view one = given.substr(0, end);
        while (one.starts_with(' ')) one.remove_prefix(1);
        if (crypto::equal_in_constant_time(one, wanted)) fits = true;
        given.remove_prefix(std::min(end + 1, given.size()));
    }
    return fits;
}

std::string hex_hmac(std::string_view key, std::string_view message) {
    return crypto::to_hex(crypto::hmac_sha256(key, message));
}

bool has_prefix_of(std::string_view text, std::string_view word) {
    return text.size() > word.size() &&
           std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) {
               return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
           });
}

std::string_view query_of(std::string_view target) {
    const std::size_t mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view{} : target.substr(mark);
}

/// The URLs a sender may have signed: as configured, and with and without the usual port.
std::vector<std::string> urls_of(const std::string& url, std::string_view target) {
    std::string whole = url;
    if (url.find('?') == std::string::npos) whole += query_of(target);
    std::vector<std::string> out{whole};
    const std::size_t host = whole.find("://");
    if (host == std::string::npos) return out;
    const std::string port = whole.starts_with("https") ? ":443" : ":80";
    const std::size_t end = std::min(whole.find_first_of("/?", host + 3), whole.size());
    std::string other = whole;
    if (std::string_view{whole}.substr(0, end).ends_with(port))
        other.erase(end - port.size(), port.size());
    else if (whole.find(':', host + 3) >= end)
        other.insert(end, port);
    out.push_back(std::move(other));
    return out;
}

/// Names and values of a form, sorted, one after the other.
std::string sorted_form(std::string_view body) {
    const auto target = http::parse_target(fmt::format("/?{}", body));
    if (!target) return {};
    http::Fields fields = target->query;
    std::sort(fields.begin(), fields.end());
    std::string out;
    for (const auto& [name, value] : fields) out += name + value;
    return out;
}

class Checker {
public:
    Checker(const Signing& signing, const http::Request& request, Wall now)
        : signing_{signing}, request_{request}, now_{now} {}

    Verified run() {
        switch (signing_.scheme) {
            case Scheme::standard_webhooks:
                return standard_webhooks();
            case Scheme::hub_sha256:
                return body_hmac("x-hub-signature-256", "sha256=");
            case Scheme::hub_sha1:
                return hub_sha1();
            case Scheme::zendesk:
                return zendesk();
            case Scheme::twilio:
                return twilio();
            case Scheme::feishu:
                return feishu();
            case Scheme::slack:
                return slack();
            case Scheme::dingtalk:
                return dingtalk();
            case Scheme::pagerduty:
                return body_hmac("x-pagerduty-signature", "v1=");
            case Scheme::bearer:
                return authorization("bearer ", "");
            case Scheme::basic:
                return authorization("basic ", signing_.username + ":");
            case Scheme::header:
                return plain(header_of(request_, lower(signing_.header)));
            case Scheme::path:
                return plain(path_secret());
        }
        return {};
    }

private:
    static std::string lower(std::string text) {
        for (char& c : text)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        return text;
    }

    /// `wanted(secret)` against what came; `id` if it covers the body.
    template <class F>
    Verified check(std::string_view given, std::string_view id, F&& wanted, char between = '\0') {
        if (given.empty()) return {Verdict::missing, {}};
        bool fits = false;
        for (const std::string& secret : signing_.secrets)
            if (any_fits(given, wanted(secret), between)) fits = true;
        return {fits ? Verdict::good : Verdict::wrong, std::string{id}};
    }

    /// Makes a good one stale if its time, in microseconds since 1970, is too far away.
    Verified near(Verified out, std::optional<std::int64_t> at_us, Micros usual = 5min) {
        if (out.verdict != Verdict::good) return out;
        const Micros window = signing_.window.value_or(usual);
        const bool fits = at_us && std::abs(*at_us - now_.us) <= window.count();
        if (!fits) out.verdict = Verdict::stale;
        return out;
    }
    static std::optional<std::int64_t> unix_us(std::string_view seconds) {
        constexpr std::int64_t most = 100'000'000'000;
        const auto number = integer_of(seconds);
        if (!number || *number < 0 || *number > most) return std::nullopt;
        return *number * 1'000'000;
    }

    Verified standard_webhooks() {
        const auto id = header_of(request_, "webhook-id");
        const auto at = header_of(request_, "webhook-timestamp");
        if (id.empty()) return {Verdict::missing, {}};
        const auto wanted = [&](const std::string& secret) {
            return webhook::signature(webhook::signing_key(secret), id, at, request_.body);
        };
        return near(check(header_of(request_, "webhook-signature"), id, wanted, ' '), unix_us(at));
    }

    Verified body_hmac(std::string_view header, std::string_view prefix) {
        const auto given = header_of(request_, header);
        const auto wanted = [&](const std::string& secret) {
            return std::string{prefix} + hex_hmac(secret, request_.body);
        };
        return check(given, given, wanted, ',');
    }

    Verified hub_sha1() {
        const auto given = header_of(request_, "x-hub-signature");
        return check(given, given, [&](const std::string& secret) {
            return "sha1=" + crypto::to_hex(crypto::hmac_sha1(secret, request_.body));
        });
    }

    Verified zendesk() {
        const auto given = header_of(request_, "x-zendesk-webhook-signature");
        const auto at = header_of(request_, "x-zendesk-webhook-signature-timestamp");
        const auto wanted = [&](const std::string& secret) {
            return crypto::to_base64(crypto::hmac_sha256(secret, std::string{at} + request_.body));
        };
        const auto time = parse_rfc3339(at);
        return near(check(given, given, wanted), time ? std::optional{time->us} : std::nullopt);
    }

    Verified twilio() {
        const auto given = header_of(request_, "x-twilio-signature");
        const std::string* digest = request_.query_value("bodySHA256");
        if (digest != nullptr && *digest != crypto::sha256_hex(request_.body))
            return {Verdict::wrong, {}};
        const std::string form = digest != nullptr ? "" : sorted_form(request_.body);
        Verified out;
        for (const std::string& url : urls_of(signing_.url, request_.target)) {
            const auto wanted = [&](const std::string& secret) {
                return crypto::to_base64(crypto::hmac_sha1(secret, url + form));
            };
            const Verified one = check(given, given, wanted);
            if (out.verdict != Verdict::good) out = one;
        }
        return out;
    }

    Verified feishu() {
        const auto given = header_of(request_, "x-lark-signature");
        const auto at = header_of(request_, "x-lark-request-timestamp");
        const auto nonce = header_of(request_, "x-lark-request-nonce");
        const auto wanted = [&](const std::string& secret) {
            return crypto::sha256_hex(fmt::format("{}{}{}{}", at, nonce, secret, request_.body));
        };
        return near(check(given, given, wanted), unix_us(at));
    }

    Verified slack() {
        const auto given = header_of(request_, "x-slack-signature");
        const auto at = header_of(request_, "x-slack-request-timestamp");
        const auto wanted = [&](const std::string& secret) {
            return "v0=" + hex_hmac(secret, fmt::format("v0:{}:{}", at, request_.body));
        };
        return near(check(given, given, wanted), unix_us(at));
    }

    Verified dingtalk() {
        const auto at = header_of(request_, "timestamp");  // milliseconds
        const auto wanted = [&](const std::string& secret) {
            return crypto::to_base64(crypto::hmac_sha256(secret, fmt::format("{}\n{}", at, secret))
            );
        };
        const auto ms = integer_of(at);
        std::optional<std::int64_t> us;
        if (ms && *ms > 0 && *ms < 100'000'000'000'000) us = *ms * 1000;
        return near(check(header_of(request_, "sign"), "", wanted), us, 1h);
    }

    Verified authorization(std::string_view scheme, const std::string& user) {
        std::string given{header_of(request_, "authorization")};
        if (!has_prefix_of(given, scheme)) return {Verdict::missing, {}};
        given.erase(0, scheme.size());
        const bool basic = scheme == "basic ";
        return plain_as(given, [&](const std::string& secret) {
            return basic ? crypto::to_base64(user + secret) : secret;
        });
    }

    Verified plain(std::string_view given) {
        return plain_as(given, [](const std::string& secret) { return secret; });
    }
    /// Of secrets sent as they are only digests are compared: those have one length.
    template <class F>
    Verified plain_as(std::string_view given, F&& wanted) {
        if (given.empty()) return {Verdict::missing, {}};
        return check(crypto::sha256_hex(given), "", [&](const std::string& secret) {
            return crypto::sha256_hex(wanted(secret));
        });
    }

    [[nodiscard]] std::string_view path_secret() const {
        const auto found = request_.params.find("key");
        return found == request_.params.end() ? std::string_view{} : found->second;
    }

    const Signing& signing_;
    const http::Request& request_;
    Wall now_;
};

}  // namespace

std::optional<Scheme> parse_scheme(std::string_view word) {
    for (const auto& [name, scheme] : words)
        if (name == word) return scheme;
    return std::nullopt;
}

Verified verify(const Signing& signing, const http::Request& request, Wall now) {
    return Checker{signing, request, now}.run();
}

Result<std::string> decrypt_feishu(std::string_view key, std::string_view base64) {
    constexpr std::size_t iv_size = 16;
    const auto bytes = crypto::from_base64(base64);
    if (!bytes || bytes->size() < 2 * iv_size) return fail("the encrypted body is no base64");
    auto plain = crypto::aes256_cbc_decrypt(
        crypto::sha256(key),
        std::string_view{*bytes}.substr(0, iv_size),
        std::string_view{*bytes}.substr(iv_size)
    );
    if (!plain) return fail("the body cannot be decrypted with this key");
    return std::move(*plain);
}

}  // namespace surged::io::hook
