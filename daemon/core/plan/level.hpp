// Response levels, and texts in both languages.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace surged::plan {

/// Response level, rising gravity. Ⅰ is the gravest; `none` is "below every threshold".
enum class Level : std::uint8_t { none, IV, III, II, I };
inline constexpr std::array<Level, 4> levels{Level::IV, Level::III, Level::II, Level::I};
[[nodiscard]] std::string_view name_of(Level level);  // "none", "IV", "III", "II", "I"
[[nodiscard]] std::optional<Level> parse_level(std::string_view text);
/// A T per level IV…I; index with at().
template <class T>
struct PerLevel {
    std::array<T, 4> of{};
    [[nodiscard]] const T& at(Level level) const { return of[static_cast<std::size_t>(level) - 1]; }
    [[nodiscard]] T& at(Level level) { return of[static_cast<std::size_t>(level) - 1]; }
    template <class A>
    void fields(A& a) {
        a(of);
    }
    bool operator==(const PerLevel&) const = default;
};

enum class Language : std::uint8_t { zh_cn, en };
/// A text in both languages.
struct Bilingual {
    std::string zh, en;
    [[nodiscard]] const std::string& in(Language language) const {
        return language == Language::zh_cn ? zh : en;
    }
    template <class A>
    void fields(A& a) {
        a(zh, en);
    }
    bool operator==(const Bilingual&) const = default;
};

}  // namespace surged::plan
