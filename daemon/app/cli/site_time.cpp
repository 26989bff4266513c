#include "app/cli/site_time.hpp"

#include "config/rule_test.hpp"

namespace surged::app::cli {
namespace {

constexpr std::size_t to_minutes = 16;  // 2026-11-11 20:05
constexpr std::size_t to_seconds = 19;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<Wall> local_time(std::string_view text, const plan::Zone& zone) {
    std::int64_t seconds = 0;
    if (text.size() == to_seconds) {
        const std::string_view tail = text.substr(to_minutes);  // :09
        if (tail[0] != ':' || tail[1] < '0' || tail[1] > '5' || !is_digit(tail[2]))
            return std::nullopt;
        seconds = (tail[1] - '0') * 10 + (tail[2] - '0');
        text = text.substr(0, to_minutes);
    }
    const auto moment = config::parse_moment(text);
    if (!moment) return std::nullopt;
    return plan::wall_of_local(zone, *moment + seconds);
}

Result<Wall> site_time(const std::string& text, const plan::Zone& zone) {
    std::string rfc = text;
    if (rfc.size() > to_seconds && rfc[10] == ' ') rfc[10] = 'T';
    if (const auto wall = parse_rfc3339(rfc)) return *wall;
    if (const auto wall = local_time(text, zone)) return *wall;
    return fail(text + " is no time", "such as '2026-11-11 20:05:09', local time, or RFC 3339");
}

}  // namespace surged::app::cli
