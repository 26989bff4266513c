#include "config/scalar.hpp"

#include "config/report.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace surged::config {
namespace {

constexpr std::int64_t million = 1'000'000;
constexpr std::size_t most_digits = 12;  // before the point: with six more they fit an int64

bool all_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::int64_t to_number(std::string_view digits) {
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

/// Why digits are not a number we take; nullopt if they are.
std::optional<Complaint> odd_digits(std::string_view digits, std::string_view whole_text) {
    const std::string word = shown(whole_text);
    if (!all_digits(digits)) return Complaint{word + " is not a number", "", ""};
    if (digits.size() > 1 && digits.front() == '0') {
        const auto stripped =
            digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1));
        return Complaint{
            word + " begins with a zero, which YAML takes for octal", "", std::string{stripped}
        };
    }
    if (digits.size() > most_digits) return Complaint{word + " is too large", "", ""};
    return std::nullopt;
}

}  // namespace

Parsed<std::int64_t> parse_integer(std::string_view text) {
    std::string_view digits = text;
    const bool minus = digits.starts_with('-');
    if (minus) digits.remove_prefix(1);
    if (const auto odd = odd_digits(digits, text)) return tl::make_unexpected(*odd);
    const std::int64_t value = to_number(digits);
    return minus ? -value : value;
}

Parsed<board::Millionths> parse_amount(std::string_view text) {
    std::string_view rest = text;
    const bool minus = rest.starts_with('-');
    if (minus) rest.remove_prefix(1);
    const bool percent = rest.ends_with('%');
    if (percent) rest.remove_suffix(1);
    while (percent && rest.ends_with(' ')) rest.remove_suffix(1);
    const std::size_t point = rest.find('.');
    const std::string_view whole = rest.substr(0, point);
    if (const auto odd = odd_digits(whole, text)) return tl::make_unexpected(*odd);
    std::int64_t value = to_number(whole) * million;
    if (point != std::string_view::npos) {
        std::string_view fraction = rest.substr(point + 1);
        if (!all_digits(fraction))
            return tl::make_unexpected(Complaint{shown(text) + " is not a number", "", ""});
        while (fraction.size() > 1 && fraction.ends_with('0')) fraction.remove_suffix(1);
        const std::size_t places = percent ? 4 : 6;
        if (fraction.size() > places) {
            return tl::make_unexpected(Complaint{
                shown(text) + " is finer than a millionth", fmt::format("{} decimals", places), ""
            });
        }
        std::int64_t scale = million / 10;
        for (const char c : fraction) {
            value += (c - '0') * scale;
            scale /= 10;
        }
    }
    if (percent) value /= 100;
    return minus ? -value : value;
}

Parsed<Micros> parse_span(std::string_view text) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const bool begins = i == 0 || text[i - 1] < '0' || text[i - 1] > '9';
        if (begins && text[i] == '0' && text[i + 1] >= '0' && text[i + 1] <= '9')
            return tl::make_unexpected(
                Complaint{shown(text) + " has a number that begins with a zero", "", ""}
            );
    }
    const auto span = parse_duration(text);
    if (span) return *span;
    Complaint complaint{shown(text) + " is not a duration", "", ""};
    if (all_digits(text)) {
        complaint.what = shown(text) + " has no unit";
        complaint.suggestion = std::string{text} + "s";
    }
    return tl::make_unexpected(complaint);
}

Parsed<bool> parse_boolean(std::string_view text) {
    if (text == "true") return true;
    if (text == "false") return false;
    std::string lower{text};
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    Complaint complaint{shown(text) + " is not true or false", "", ""};
    if (lower == "yes" || lower == "on" || lower == "1" || lower == "true")
        complaint.suggestion = "true";
    if (lower == "no" || lower == "off" || lower == "0" || lower == "false")
        complaint.suggestion = "false";
    return tl::make_unexpected(complaint);
}

std::string format_amount(board::Millionths amount) {
    const bool minus = amount < 0;
    const std::int64_t size = minus ? -amount : amount;
    std::string out = fmt::format("{}{}.{:06}", minus ? "-" : "", size / million, size % million);
    while (out.ends_with('0')) out.pop_back();
    if (out.ends_with('.')) out.pop_back();
    return out;
}

}  // namespace surged::config
