#include "core/paging/words.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <limits>

namespace surged::paging {
namespace {

using board::Kpi;
using board::Unit;
using board::Wide;
using plan::Language;

constexpr std::array<std::string_view, 5> roman_zh{"", "Ⅳ级", "Ⅲ级", "Ⅱ级", "Ⅰ级"};

bool chinese(Language language) { return language == Language::zh_cn; }

/// num × scale ÷ den, rounded half away from zero, held within 64 bits.
std::int64_t scaled(const board::Quantity& value, std::int64_t scale) {
    const Wide product = static_cast<Wide>(value.num) * scale;
    const Wide half = value.den / 2;
    const Wide rounded = (product < 0 ? product - half : product + half) / value.den;
    constexpr Wide least = std::numeric_limits<std::int64_t>::min() + 1;
    constexpr Wide most = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(std::clamp(rounded, least, most));
}

/// `value` millionths as a decimal with at least `least` digits after the point, and as many more
/// (up to six) as it has.
std::string decimal(std::int64_t value, std::size_t least) {
    const bool minus = value < 0;
    const auto size =
        minus ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    std::string fraction = fmt::format("{:06}", size % 1'000'000);
    while (fraction.size() > least && fraction.back() == '0') fraction.pop_back();
    return fmt::format(
        "{}{}{}{}", minus ? "-" : "", size / 1'000'000, fraction.empty() ? "" : ".", fraction
    );
}

/// How one kind of figure is written.
enum class Style : std::uint8_t { whole, seconds, decimals, percent, per_minute };

Style style_of(Kpi kpi) {
    switch (kpi) {
        case Kpi::waiting_per_agent:
        case Kpi::load_ratio:
        case Kpi::concurrency:
        case Kpi::complaints_overdue_ratio:
        case Kpi::gauge:
            return Style::decimals;  // not a share of anything
        default:
            break;
    }
    switch (board::info_of(kpi).unit) {
        case Unit::count:
            return Style::whole;
        case Unit::seconds:
            return Style::seconds;
        case Unit::ratio:
            return Style::percent;
        case Unit::per_second:
            return Style::per_minute;
        case Unit::score:
            break;
    }
    return Style::decimals;
}

/// `rounded`: to what a reader wants to see of a figure; else to the millionth.
std::string written(Kpi kpi, const board::Quantity& value, bool rounded, Language language) {
    // value × factor in millionths, to a multiple of `coarse`.
    const auto millionths = [&](std::int64_t factor, std::int64_t coarse) {
        const std::int64_t step = rounded ? coarse : 1;
        const std::int64_t parts = scaled(value, factor * (1'000'000 / step));
        constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
        return std::clamp(parts, -most / step, most / step) * step;
    };
    switch (style_of(kpi)) {
        case Style::whole:
            return decimal(millionths(1, 1'000'000), 0);
        case Style::seconds:
            if (!rounded && scaled(value, 1000) % 1000 != 0)
                return decimal(millionths(1, 1), 0) + (chinese(language) ? " 秒" : " s");
            return duration_words(Seconds{scaled(value, 1)}, language);
        case Style::percent:
            return decimal(millionths(100, 100'000), 0) + " %";
        case Style::per_minute:
            return decimal(millionths(60, 100'000), 0) + (chinese(language) ? "/分钟" : "/min");
        case Style::decimals:
            break;
    }
    return decimal(millionths(1, 10'000), kpi == Kpi::gauge ? 0 : 2);
}

std::string window_words(board::Window window, Language language) {
    const bool zh = chinese(language);
    switch (window) {
        case board::Window::now:
            return "";
        case board::Window::m1:
            return zh ? "1 分钟" : "1 min";
        case board::Window::m5:
            return zh ? "5 分钟" : "5 min";
        case board::Window::m15:
            return zh ? "15 分钟" : "15 min";
        case board::Window::m30:
            return zh ? "30 分钟" : "30 min";
        case board::Window::m60:
            return zh ? "60 分钟" : "60 min";
        case board::Window::day:
            return zh ? "当日" : "today";
    }
    return "";
}

std::string severity_words(std::int32_t severity, Language language) {
    if (severity == 0) return "";
    if (severity == 1) return chinese(language) ? "重大" : "major";
    return phrase(language, "严重度 ≤ {}", "severity ≤ {}", severity);
}

std::string channel_words(std::uint8_t channels, Language language) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> names{
        {{"电话", "voice"},
         {"在线", "chat"},
         {"邮件", "e-mail"},
         {"社媒", "social"},
         {"前台", "desk"}}
    };
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if ((channels & (1U << i)) == 0) continue;
        if (!out.empty()) out += "+";
        out += chinese(language) ? names[i].first : names[i].second;
    }
    return out;
}

/// Bytes of the UTF-8 character at the front; 0 if it is broken.
std::size_t character(std::string_view text) {
    const auto lead = static_cast<std::uint8_t>(text.front());
    std::size_t size = 4;
    if (lead < 0x80)
        size = 1;
    else if (lead < 0xe0)
        size = 2;
    else if (lead < 0xf0)
        size = 3;
    const bool never_leads = (lead >= 0x80 && lead < 0xc2) || lead >= 0xf5;
    if (never_leads) return 0;
    if (size > text.size()) return 0;
    for (std::size_t i = 1; i < size; ++i)
        if ((static_cast<std::uint8_t>(text[i]) & 0xc0) != 0x80) return 0;
    return size;
}

}  // namespace

std::string level_word(plan::Level level, Language language) {
    if (level == plan::Level::none) return "";
    if (chinese(language)) return std::string{roman_zh[static_cast<std::size_t>(level)]};
    return fmt::format("level {}", plan::name_of(level));
}

std::string duration_words(Micros duration, Language language) {
    const std::int64_t seconds = std::max<std::int64_t>(0, duration / 1s);
    const std::int64_t h = seconds / 3600;
    const std::int64_t m = seconds / 60 % 60;
    const std::int64_t s = seconds % 60;
    if (h > 0) return phrase(language, "{} 小时 {} 分 {} 秒", "{} h {} min {} s", h, m, s);
    if (m > 0) return phrase(language, "{} 分 {} 秒", "{} min {} s", m, s);
    return phrase(language, "{} 秒", "{} s", s);
}

std::string elapsed_words(Micros duration, Language language) {
    const std::int64_t seconds = std::max<std::int64_t>(0, duration / 1s);
    const std::int64_t h = seconds / 3600;
    const std::int64_t m = seconds / 60 % 60;
    if (h > 0 && m > 0) return phrase(language, "{} 小时 {} 分钟", "{} h {} min", h, m);
    if (h > 0) return phrase(language, "{} 小时", "{} h", h);
    if (m > 0) return phrase(language, "{} 分钟", "{} min", m);
    return phrase(language, "{} 秒", "{} s", seconds);
}

std::string figure_words(Kpi kpi, const board::Quantity& value, Language language) {
    return written(kpi, value, true, language);
}

std::string limit_words(Kpi kpi, board::Millionths limit, Language language) {
    return written(kpi, {limit, 1'000'000}, false, language);
}

std::string multiple_words(const board::Quantity& value) {
    return decimal(scaled(value, 100) * 10'000, 1);
}

std::string multiple_words(board::Millionths limit) { return decimal(limit, 1); }

std::string times_words(const board::Quantity& ratio) {
    const std::int64_t tenths = scaled(ratio, 10);
    return fmt::format("{}.{}", tenths / 10, tenths < 0 ? -(tenths % 10) : tenths % 10);
}

std::string measure_words(
    const board::Measure& measure, std::optional<Micros> target, Language language
) {
    if (measure.kpi == Kpi::gauge) return clip(measure.gauge, 24);
    const board::KpiInfo& info = board::info_of(measure.kpi);
    const bool zh = chinese(language);
    if (measure.kpi == Kpi::service_level && target) {
        const std::int64_t seconds = *target / 1s;
        if (zh) return fmt::format("{} 秒接通率", seconds);
        return fmt::format("{} in {} s", info.en, seconds);
    }
    return std::string{zh ? info.zh : info.en};
}

std::string qualifier_words(const board::Measure& measure, Language language) {
    std::string out = window_words(measure.window, language);
    const auto add = [&](const std::string& word) {
        if (word.empty()) return;
        if (!out.empty()) out += chinese(language) ? "," : ", ";
        out += clip(word, 16);
    };
    add(measure.klass);
    add(measure.topic);
    add(severity_words(measure.severity, language));
    add(channel_words(measure.channels, language));
    return out;
}

std::string clip(std::string_view text, std::size_t most) {
    std::string out;
    std::size_t last = 0;  // where the character at `most` begins, to make room for the ellipsis
    for (std::size_t count = 1; !text.empty(); ++count) {
        if (count > most) {
            out.resize(last);
            return out + "…";
        }
        last = out.size();
        const std::size_t size = character(text);
        const auto lead = static_cast<std::uint8_t>(text.front());
        if (size == 0)
            out += '?';
        else if (lead < 0x20 || lead == 0x7f)
            out += ' ';
        else
            out += text.substr(0, size);
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return out;
}

}  // namespace surged::paging
