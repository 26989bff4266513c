#include "io/channel/webhook/verify.hpp"

#include "io/channel/webhook/encode.hpp"
#include "io/crypto.hpp"

#include <charconv>
#include <cstdlib>

namespace surged::io::webhook {
namespace {

constexpr std::int64_t tolerance_s = 300;

bool any_fits(std::string_view given, std::string_view wanted) {
    bool fits = false;
    while (!given.empty()) {
        const auto end = given.find(' ');
        if (crypto::equal_in_constant_time(given.substr(0, end), wanted)) fits = true;
        given.remove_prefix(end == std::string_view::npos ? given.size() : end + 1);
    }
    return fits;
}

}  // namespace

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::good:
            return "good";
        case Verdict::unsigned_:
            return "unsigned";
        case Verdict::bad_signature:
            return "bad signature";
        case Verdict::stale_timestamp:
            return "stale timestamp";
    }
    return "unknown";
}

Verdict verify(std::string_view secret, const Stamp& stamp, std::string_view body, Wall now) {
    if (!secret.empty()) {
        if (stamp.signature.empty() || stamp.id.empty()) return Verdict::unsigned_;
        const auto wanted = signature(signing_key(secret), stamp.id, stamp.timestamp, body);
        if (!any_fits(stamp.signature, wanted)) return Verdict::bad_signature;
    }
    std::int64_t at = 0;
    const char* end = stamp.timestamp.data() + stamp.timestamp.size();
    const auto [stop, ec] = std::from_chars(stamp.timestamp.data(), end, at);
    if (ec != std::errc{} || stop != end) return Verdict::stale_timestamp;
    const std::int64_t here = now.us / 1'000'000;
    const bool near = at <= here ? here - at <= tolerance_s : at - here <= tolerance_s;
    return near ? Verdict::good : Verdict::stale_timestamp;
}

}  // namespace surged::io::webhook
