// How the simulated manager interface writes a line. Private to Pbx.
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <iterator>
#include <string>
#include <utility>

namespace surged::app::simulate {

inline std::int64_t epoch_s(Wall wall) { return wall.us / 1'000'000; }

template <class... T>
void line(std::string& out, fmt::format_string<T...> format, T&&... values) {
    fmt::format_to(std::back_inserter(out), format, std::forward<T>(values)...);
    out += "\r\n";
}

}  // namespace surged::app::simulate
