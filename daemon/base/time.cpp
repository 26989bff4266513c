#include "base/time.hpp"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <limits>

namespace surged {
namespace {

std::optional<std::int64_t> digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return std::nullopt;
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char a, char b) {
    if (text.empty() || (text.front() != a && text.front() != b)) return false;
    text.remove_prefix(1);
    return true;
}

struct Unit {
    std::string_view name;
    std::int64_t us;
};
// Largest first; "ms" must be tried before "m" when parsing, which the parser does by length.
constexpr std::array<Unit, 6> units{
    {
     {"d", 86'400'000'000},
     {"h", 3'600'000'000},
     {"m", 60'000'000},
     {"s", 1'000'000},
     {"ms", 1'000},
     {"us", 1},
     }
};

}  // namespace

std::string format_rfc3339(Wall wall) {
    using namespace std::chrono;
    const sys_time<Micros> at{Micros{wall.us}};
    const auto day = floor<days>(at);
    const year_month_day ymd{day};
    const auto rest = (at - day).count();
    return fmt::format(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
        static_cast<int>(ymd.year()),
        static_cast<unsigned>(ymd.month()),
        static_cast<unsigned>(ymd.day()),
        rest / 3'600'000'000,
        rest / 60'000'000 % 60,
        rest / 1'000'000 % 60,
        rest % 1'000'000
    );
}

std::optional<Wall> parse_rfc3339(std::string_view text) {
    using namespace std::chrono;
    const auto y = digits(text, 4);
    if (!y || !take(text, '-', '-')) return std::nullopt;
    const auto mo = digits(text, 2);
    if (!mo || !take(text, '-', '-')) return std::nullopt;
    const auto d = digits(text, 2);
    if (!d || !take(text, 'T', ' ')) return std::nullopt;
    const auto h = digits(text, 2);
    if (!h || !take(text, ':', ':')) return std::nullopt;
    const auto mi = digits(text, 2);
    if (!mi || !take(text, ':', ':')) return std::nullopt;
    const auto s = digits(text, 2);
    if (!s || *h > 23 || *mi > 59 || *s > 60) return std::nullopt;
    std::int64_t fraction = 0;
    if (take(text, '.', '.')) {
        std::int64_t scale = 100'000;
        bool any = false;
        while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
            fraction += (text.front() - '0') * scale;
            scale /= 10;
            text.remove_prefix(1);
            any = true;
        }
        if (!any) return std::nullopt;
    }
    std::int64_t offset_s = 0;
    if (!take(text, 'Z', 'z')) {
        const bool minus = !text.empty() && text.front() == '-';
        if (!take(text, '+', '-')) return std::nullopt;
        const auto oh = digits(text, 2);
        if (!oh || !take(text, ':', ':')) return std::nullopt;
        const auto om = digits(text, 2);
        if (!om || *oh > 23 || *om > 59) return std::nullopt;
        offset_s = (*oh * 3600 + *om * 60) * (minus ? -1 : 1);
    }
    if (!text.empty()) return std::nullopt;
    const year_month_day ymd{
        year{static_cast<int>(*y)},
        month{static_cast<unsigned>(*mo)},
        day{static_cast<unsigned>(*d)}
    };
    if (!ymd.ok()) return std::nullopt;
    const std::int64_t seconds =
        sys_days{ymd}.time_since_epoch().count() * 86'400LL + *h * 3600 + *mi * 60 + *s - offset_s;
    return Wall{seconds * 1'000'000 + fraction};
}

std::string format_duration(Micros duration) {
    std::int64_t us = duration.count();
    if (us == 0) return "0s";
    std::string out;
    if (us < 0) {
        out = "-";
        us = -us;
    }
    for (const Unit& unit : units) {
        if (us / unit.us == 0) continue;
        out += fmt::format("{}{}", us / unit.us, unit.name);
        us %= unit.us;
    }
    return out;
}

std::optional<Micros> parse_duration(std::string_view text) {
    if (text.empty()) return std::nullopt;
    std::int64_t total = 0;
    std::int64_t unit_before = std::numeric_limits<std::int64_t>::max();
    while (!text.empty()) {
        std::int64_t count = 0;
        const auto [stop, ec] = std::from_chars(text.data(), text.data() + text.size(), count);
        const auto used = static_cast<std::size_t>(stop - text.data());
        if (ec != std::errc{} || used == 0 || text.front() == '-') return std::nullopt;
        text.remove_prefix(used);
        std::size_t letters = 0;
        while (letters < text.size() && text[letters] >= 'a' && text[letters] <= 'z') ++letters;
        std::int64_t scale = 0;
        for (const Unit& unit : units) {
            if (text.substr(0, letters) == unit.name) scale = unit.us;
        }
        if (scale == 0 || scale >= unit_before) return std::nullopt;  // each unit once, falling
        if (count > (std::numeric_limits<std::int64_t>::max() - total) / scale) return std::nullopt;
        unit_before = scale;
        total += count * scale;
        text.remove_prefix(letters);
    }
    return Micros{total};
}

}  // namespace surged
