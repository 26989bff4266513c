#include "config/report.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <tuple>
#include <utility>

namespace surged::config {
namespace {

auto place_of(const Diagnostic& d) { return std::tie(d.file, d.line, d.column, d.what); }

}  // namespace

std::string Diagnostic::text() const {
    std::string out = line > 0 ? fmt::format("{}:{}:{}: {}", file, line, column, what)
                               : fmt::format("{}: {}", file, what);
    if (!expected.empty()) out += "; expected " + expected;
    if (!suggestion.empty()) out += "; did you mean " + suggestion;
    return out;
}

void Report::add(Diagnostic diagnostic) {
    if (full_) return;
    // An anchor's content is read once for each of its aliases, and says the same each time.
    const auto same = [&](const Diagnostic& d) { return place_of(d) == place_of(diagnostic); };
    if (std::any_of(found_.begin(), found_.end(), same)) return;
    if (found_.size() == most) {
        full_ = true;
        diagnostic = {diagnostic.file, 0, 0, "more mistakes than can be listed", {}, {}};
    }
    found_.push_back(std::move(diagnostic));
}

void Report::add(const Report& other) {
    for (const Diagnostic& each : other.found_) add(each);
}

Diagnostics Report::sorted() const {
    Diagnostics out = found_;
    std::stable_sort(out.begin(), out.end(), [](const Diagnostic& a, const Diagnostic& b) {
        return place_of(a) < place_of(b);
    });
    return out;
}

std::string full_width(std::string_view text) {
    constexpr std::pair<std::string_view, const char*> pairs[] = {
        {"\uFF1A", ":"      },
        {"\uFF0C", ","      },
        {"\u3000", "a space"},
        {"\u201C", "\""     },
        {"\uFF3B", "["      },
        {"\uFF5B", "{"      },
    };
    for (const auto& [wide, narrow] : pairs)
        if (text.find(wide) != std::string_view::npos)
            return fmt::format("{} instead of {}", narrow, wide);
    return {};
}

std::string shown(std::string_view text) {
    constexpr std::size_t most_characters = 40;
    std::string out{"\""};
    std::size_t characters = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool starts = (byte & 0xc0) != 0x80;  // not a continuation byte of UTF-8
        if (starts && ++characters > most_characters) return out + "…\"";
        out += byte < 0x20 || byte == 0x7f ? ' ' : c;
    }
    return out + '"';
}

std::string one_of(const std::vector<std::string_view>& words) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
        out += words[i];
    }
    return out;
}

}  // namespace surged::config
