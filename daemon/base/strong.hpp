// Strong types: values that mix only with their own kind.
#pragma once

#include <compare>
#include <utility>

namespace surged {

/// A T that mixes only with its own kind: no conversion, no arithmetic, no swapped arguments.
template <class Tag, class T>
class Strong {
public:
    constexpr Strong() = default;
    constexpr explicit Strong(T value) : value_{std::move(value)} {}
    [[nodiscard]] constexpr const T& get() const noexcept { return value_; }
    friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

private:
    T value_{};
};

}  // namespace surged
