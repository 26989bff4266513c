// Log lines for journald: one logfmt line to stderr, with the sd-daemon(3) priority in front.
#pragma once

#include <cstdint>
#include <fmt/format.h>
#include <initializer_list>
#include <string>
#include <string_view>

namespace surged::log {

enum class Severity : std::uint8_t { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

/// One key=value of a line. Values are quoted where they need it; secrets never come here.
struct Field {
    std::string_view key;
    std::string value;
    template <class T>
    Field(std::string_view k, const T& v) : key{k}, value{fmt::format("{}", v)} {}
};

/// Writes `<N>event=NAME key=value …` in one write(2). Lines below the threshold are dropped.
void line(Severity severity, std::string_view event, std::initializer_list<Field> fields = {});
/// The text that line() writes, without the newline: for tests.
[[nodiscard]] std::string format(
    Severity severity, std::string_view event, std::initializer_list<Field> fields
);
void set_threshold(Severity least);

}  // namespace surged::log
