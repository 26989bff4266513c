#include "io/channel/webhook/outcome.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace surged::io::webhook {
namespace {

using delivery::Outcome;

constexpr Micros retry_after_max = std::chrono::hours{24};

std::optional<unsigned> month_of(std::string_view name) {
    constexpr std::string_view names = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto at = names.find(name);
    if (name.size() != 3 || at == std::string_view::npos || at % 3 != 0) return std::nullopt;
    return static_cast<unsigned>(at / 3 + 1);
}

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [stop, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || stop != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

Outcome outcome_of(int status) {
    if (status >= 200 && status < 300) return Outcome::accepted;
    if (status == 429) return Outcome::rate_limited;
    if (status == 408 || status == 425 || status >= 500) return Outcome::retry;
    const bool redirect = status >= 300 && status < 400;
    if (redirect || status == 401 || status == 403 || status == 410) return Outcome::bad_channel;
    return Outcome::bad_message;
}

}  // namespace

std::optional<Wall> parse_http_date(std::string_view text) {
    using namespace std::chrono;
    if (text.size() != 29 || !text.ends_with(" GMT") || text.substr(3, 2) != ", ")
        return std::nullopt;
    const auto day = number(text.substr(5, 2));
    const auto month = month_of(text.substr(8, 3));
    const auto year = number(text.substr(12, 4));
    const auto hour = number(text.substr(17, 2));
    const auto minute = number(text.substr(20, 2));
    const auto second = number(text.substr(23, 2));
    if (!day || !month || !year || !hour || !minute || !second) return std::nullopt;
    const year_month_day date{
        std::chrono::year{*year},
        std::chrono::month{*month},
        std::chrono::day{static_cast<unsigned>(*day)}
    };
    if (!date.ok()) return std::nullopt;
    const auto at = sys_days{date} + hours{*hour} + minutes{*minute} + seconds{*second};
    return Wall{duration_cast<Micros>(at.time_since_epoch()).count()};
}

std::optional<Micros> parse_retry_after(std::string_view value, Wall now) {
    Micros wait{0};
    if (const auto seconds = number(value)) {
        wait = Seconds{*seconds};
    } else if (const auto date = parse_http_date(value)) {
        wait = Micros{date->us - now.us};
    } else {
        return std::nullopt;
    }
    return std::clamp(wait, Micros{0}, retry_after_max);
}

engine::Receipt classify(const http::ClientResult& result, Wall now) {
    engine::Receipt receipt;
    if (!result) {
        const bool unsent = result.error().progress == http::Progress::unsent;
        receipt.outcome = unsent ? Outcome::retry : Outcome::unknown;
        receipt.detail = result.error().what;
        return receipt;
    }
    receipt.outcome = outcome_of(result->status);
    receipt.detail = fmt::format("HTTP {}", result->status);
    if (receipt.outcome == Outcome::rate_limited || receipt.outcome == Outcome::retry)
        receipt.retry_after = parse_retry_after(result->header("Retry-After"), now);
    return receipt;
}

}  // namespace surged::io::webhook
