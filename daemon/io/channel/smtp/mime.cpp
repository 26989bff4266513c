#include "io/channel/smtp/mime.hpp"

#include "io/crypto.hpp"
#include "io/http/utf8.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>

namespace surged::io::smtp {
namespace {

constexpr std::size_t line_max = 76;  // RFC 2047 §2, RFC 2045 §6.8
constexpr std::string_view word_begin = "=?UTF-8?B?";
constexpr std::string_view word_end = "?=";

bool is_plain(char c) { return c >= 0x20 && c < 0x7f; }

bool inside_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// How many bytes of UTF-8 an encoded word may hold if its line has `room` characters left.
std::size_t bytes_in(std::size_t room) {
    const std::size_t fixed = word_begin.size() + word_end.size();
    return room > fixed ? (room - fixed) / 4 * 3 : 0;
}

std::string hex_escape(char c) {
    return fmt::format("={:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
}

/// The lines of a text, whichever way they end.
std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        out.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

}  // namespace

std::string one_line(std::string_view text) {
    std::string out = to_utf8(text);
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return out;
}

std::string text_header(std::string_view name, std::string_view text) {
    const std::string clean = one_line(text);
    std::string out = fmt::format("{}: ", name);
    const bool plain = std::all_of(clean.begin(), clean.end(), is_plain) &&
                       clean.find("=?") == std::string::npos &&
                       out.size() + clean.size() <= line_max;
    if (plain) return out + clean + "\r\n";
    std::string_view rest = clean;
    std::size_t used = out.size();
    while (!rest.empty()) {
        std::size_t size = std::min(bytes_in(line_max - used), rest.size());
        while (size > 0 && size < rest.size() && inside_character(rest[size])) --size;
        out += fmt::format("{}{}{}", word_begin, crypto::to_base64(rest.substr(0, size)), word_end);
        rest.remove_prefix(size);
        out += rest.empty() ? "\r\n" : "\r\n ";
        used = 1;
    }
    return out;
}

std::string list_header(
    std::string_view name, const std::vector<std::string>& parts, std::string_view between
) {
    std::string out = fmt::format("{}:", name);
    std::size_t used = out.size();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::string part = parts[i] + std::string{i + 1 < parts.size() ? between : ""};
        const bool fits = used + 1 + part.size() <= line_max;
        out += fits || i == 0 ? " " : "\r\n ";
        used = (fits || i == 0 ? used : 0) + 1 + part.size();
        out += part;
    }
    return out + "\r\n";
}

std::string base64_body(std::string_view bytes) {
    const std::string encoded = crypto::to_base64(bytes);
    std::string out;
    for (std::size_t at = 0; at < encoded.size(); at += line_max)
        out += encoded.substr(at, line_max) + "\r\n";
    return out;
}

std::string quoted_printable(std::string_view text) {
    std::string out;
    for (const std::string_view line : lines_of(text)) {
        std::size_t used = 0;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const char c = line[i];
            const bool blank_at_end = (c == ' ' || c == '\t') && i + 1 == line.size();
            const bool plain = (is_plain(c) || c == '\t') && c != '=' && !blank_at_end;
            const std::string piece = plain ? std::string{c} : hex_escape(c);
            if (used + piece.size() > line_max - 1) {  // room for the soft break
                out += "=\r\n";
                used = 0;
            }
            out += piece;
            used += piece.size();
        }
        out += "\r\n";
    }
    return out;
}

std::string text_part(std::string_view type, std::string_view text) {
    const std::string clean = to_utf8(text);
    const auto foreign = static_cast<std::size_t>(
        std::count_if(clean.begin(), clean.end(), [](char c) { return !is_plain(c) && c != '\n'; })
    );
    const bool quoted = foreign * 6 < clean.size();  // beyond that base64 is the shorter
    return fmt::format(
        "Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: {}\r\n\r\n{}",
        type,
        quoted ? "quoted-printable" : "base64",
        quoted ? quoted_printable(clean) : base64_body(clean)
    );
}

std::string data_of(std::string_view message) {
    std::string out;
    for (const std::string_view line : lines_of(message)) {
        if (line.starts_with('.')) out += '.';
        out += line;
        out += "\r\n";
    }
    return out + ".\r\n";
}

std::string date_of(Wall at) {
    using namespace std::chrono;
    constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    const sys_time<microseconds> time{microseconds{at.us}};
    const sys_days day = floor<std::chrono::days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{floor<seconds>(time - day)};
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
        days[weekday{day}.c_encoding()],
        static_cast<unsigned>(date.day()),
        months[static_cast<unsigned>(date.month()) - 1],
        static_cast<int>(date.year()),
        clock.hours().count(),
        clock.minutes().count(),
        clock.seconds().count()
    );
}

}  // namespace surged::io::smtp
