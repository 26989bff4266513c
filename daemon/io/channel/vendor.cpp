#include "io/channel/vendor.hpp"

#include "io/channel/webhook/outcome.hpp"
#include "io/channel/wording.hpp"
#include "io/http/utf8.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cstdlib>
#include <fmt/format.h>

namespace surged::io::vendor {
namespace {

using delivery::Outcome;
namespace json = boost::json;

constexpr std::size_t words_max = 200;
constexpr std::size_t secret_least = 6;  // a shorter one is none, and would blot out every word
constexpr std::int64_t skew_least_s = 30;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_unreserved(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

std::string first_word(std::string_view body) {
    const auto begin = body.find_first_not_of(" \t\r\n");
    return begin == std::string_view::npos ? std::string{} : std::string{body.substr(begin, 1)};
}

}  // namespace

engine::Receipt receipt(Outcome outcome, std::string detail, std::optional<Micros> retry_after) {
    engine::Receipt out;
    out.outcome = outcome;
    out.detail = std::move(detail);
    out.retry_after = retry_after;
    return out;
}

tl::expected<json::object, engine::Receipt> body_of(const http::ClientResult& result, Wall now) {
    if (!result || result->status >= 500 || result->status == 429)
        return tl::make_unexpected(webhook::classify(result, now));
    json::error_code error;
    json::parse_options limits;
    limits.max_depth = 16;
    json::value parsed = json::parse(result->body, error, {}, limits);
    if (!error && parsed.is_object()) return std::move(parsed.get_object());
    const bool success = result->status >= 200 && result->status < 300;
    if (!success) {
        engine::Receipt by_status = webhook::classify(result, now);
        // A redirect here is somebody in between (a portal's login), not the vendor's word.
        if (result->status < 400) by_status.outcome = Outcome::retry;
        return tl::make_unexpected(std::move(by_status));
    }
    const std::string begins = first_word(result->body);
    if (begins == "<")
        return tl::make_unexpected(receipt(
            Outcome::retry, fmt::format("HTTP {}, but a web page: not the vendor", result->status)
        ));
    // Theirs, perhaps, and cut off: it may have been delivered.
    return tl::make_unexpected(receipt(
        Outcome::unknown,
        fmt::format(
            "HTTP {}, but {}", result->status, begins.empty() ? "an empty body" : "no whole JSON"
        )
    ));
}

std::optional<std::int64_t> number(const json::object& body, std::string_view name) {
    const json::value* found = body.if_contains(name);
    if (found == nullptr) return std::nullopt;
    json::error_code error;
    const auto value = found->to_number<std::int64_t>(error);
    if (error) return std::nullopt;
    return value;
}

std::string words(
    const json::object& body, std::string_view name, const std::vector<std::string>& secrets
) {
    const json::value* found = body.if_contains(name);
    if (found == nullptr || !found->is_string()) return {};
    std::string out = to_utf8(std::string_view{found->get_string()});
    for (const std::string& secret : secrets) {
        if (secret.size() < secret_least) continue;
        for (auto at = out.find(secret); at != std::string::npos; at = out.find(secret, at))
            out.replace(at, secret.size(), "***");
    }
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return wording::cut(out, words_max);
}

std::string clock_words(const http::ClientResult& result, Wall now) {
    if (!result) return {};
    const auto theirs = webhook::parse_http_date(result->header("Date"));
    if (!theirs) return {};
    const std::int64_t ahead_s = (now.us - theirs->us) / 1'000'000;
    if (std::abs(ahead_s) <= skew_least_s) return {};
    return fmt::format(
        "; this machine's clock is {} s {} theirs",
        std::abs(ahead_s),
        ahead_s > 0 ? "ahead of" : "behind"
    );
}

std::string address(std::string_view base, std::string_view path) {
    while (base.ends_with('/')) base.remove_suffix(1);
    while (path.ends_with('/') && base.ends_with(path.substr(0, path.size() - 1)))
        return std::string{base} + "/";
    if (base.ends_with(path)) return std::string{base};
    return std::string{base} + std::string{path};
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_unreserved(c))
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return out;
}

std::string bare_key(std::string_view pasted, std::string_view mark) {
    const auto begin = pasted.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return {};
    pasted = pasted.substr(begin, pasted.find_last_not_of(" \t\r\n") + 1 - begin);
    const auto at = pasted.find(mark);
    if (!pasted.starts_with("http") || at == std::string_view::npos) return std::string{pasted};
    pasted.remove_prefix(at + mark.size());
    return std::string{pasted.substr(0, pasted.find_first_of("&?#/"))};
}

std::vector<std::string> names_in(std::string_view to) {
    std::vector<std::string> out;
    for (std::size_t from = 0; from < to.size();) {
        const std::size_t end = std::min(to.find_first_of("|, ", from), to.size());
        if (end > from) out.emplace_back(to.substr(from, end - from));
        from = end + 1;
    }
    return out;
}

bool is_mobile(std::string_view name) {
    if (name.starts_with('+')) name.remove_prefix(1);
    return name.size() >= 8 && std::all_of(name.begin(), name.end(), is_digit);
}

}  // namespace surged::io::vendor
