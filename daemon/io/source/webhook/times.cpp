#include "io/source/webhook/times.hpp"

#include <charconv>
#include <cmath>
#include <string>
#include <vector>

namespace surged::io::hook {
namespace {

constexpr std::size_t date_size = 10;  // 2026-11-23
constexpr std::size_t longest = 64;
constexpr std::size_t bare_offset_size = 5;  // +0800

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "2026-11-23 08:00:00 +0800" as RFC 3339 has it.
std::string as_rfc3339(std::string_view text) {
    std::string out{text};
    if (out.size() > date_size && out[date_size] == ' ') out[date_size] = 'T';
    if (const std::size_t blank = out.find(' '); blank != std::string::npos) out.erase(blank, 1);
    if (out.size() < date_size + bare_offset_size) return out;
    const std::size_t sign = out.size() - bare_offset_size;
    const bool bare = (out[sign] == '+' || out[sign] == '-') && sign > date_size &&
                      is_digit(out[sign + 1]) && is_digit(out[sign + 2]) && is_digit(out[sign + 3]);
    if (bare) out.insert(sign + 3, 1, ':');
    return out;
}

double seconds_of(Wall wall) { return static_cast<double>(wall.us) / 1e6; }

std::optional<double> parse_local(std::string_view text, const std::vector<ZoneChange>& zone) {
    const auto utc = parse_rfc3339(as_rfc3339(text) + "Z");
    if (!utc || zone.empty()) return std::nullopt;
    const auto shift = [](const ZoneChange& change) {
        return std::int64_t{change.offset_s} * 1'000'000;
    };
    const ZoneChange* holds = &zone.front();
    for (const ZoneChange& change : zone)
        if (change.from_us + shift(change) <= utc->us) holds = &change;
    return seconds_of(Wall{utc->us - shift(*holds)});
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
    double out = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, out);
    if (error != std::errc{} || stop != end || !std::isfinite(out)) return std::nullopt;
    return out;
}

std::optional<double> parse_time(
    std::string_view text, TimeForm form, const std::vector<ZoneChange>& zone
) {
    if (text.size() > longest) return std::nullopt;
    if (form == TimeForm::local) return parse_local(text, zone);
    const auto number = parse_number(text);
    if (number) return form == TimeForm::unix_ms ? *number / 1000 : *number;
    if (form != TimeForm::rfc3339) return std::nullopt;
    const auto wall = parse_rfc3339(as_rfc3339(text));
    if (!wall) return std::nullopt;
    return seconds_of(*wall);
}

}  // namespace surged::io::hook
