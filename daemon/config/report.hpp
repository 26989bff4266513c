// Where mistakes are gathered, so that one run shows all of them.
#pragma once

#include "base/nearest.hpp"
#include "config/daemon.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::config {

/// A place in a file; both count from 1, columns in characters. 0: the file as a whole.
struct Place {
    int line{0}, column{0};
    auto operator<=>(const Place&) const = default;
};

/// Gathers Diagnostics, each once, and no more than a person would read.
class Report {
public:
    static constexpr std::size_t most = 200;

    void add(Diagnostic diagnostic);
    void add(const Report& other);
    [[nodiscard]] bool empty() const { return found_.empty(); }
    [[nodiscard]] std::size_t size() const { return found_.size(); }
    /// No more is taken; what costs time to say need not be said.
    [[nodiscard]] bool full() const { return full_; }
    /// By file and place.
    [[nodiscard]] Diagnostics sorted() const;

private:
    Diagnostics found_;
    bool full_{false};
};

using surged::nearest;

/// What to write instead if `text` has punctuation of a Chinese keyboard, which YAML does not
/// understand; else empty.
[[nodiscard]] std::string full_width(std::string_view text);

/// `text` fit for one line of a message: control characters replaced, cut at 40 characters.
[[nodiscard]] std::string shown(std::string_view text);

/// a, b or c
[[nodiscard]] std::string one_of(const std::vector<std::string_view>& words);

}  // namespace surged::config
