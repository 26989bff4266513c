// Operating errors are values: Result<T> carries either a T or an Error that says what to do.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace surged {

/// What failed, and what to do about it now.
struct Error {
    std::string what;
    std::string hint;
    bool operator==(const Error&) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;

using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(std::string what, std::string hint = {}) {
    return tl::make_unexpected(Error{std::move(what), std::move(hint)});
}

}  // namespace surged
