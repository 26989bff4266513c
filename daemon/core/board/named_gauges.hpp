// What feeds tell of a queue by a name of their own.
#pragma once

#include "base/codec.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::board {

/// The values stand apart from their names, because rules that know the place ask for nothing else.
class NamedGauges {
public:
    static constexpr std::size_t most = 64;  // of a queue
    /// Where a gauge stands. It stays there as long as its queue is there.
    using Place = std::uint8_t;

    /// nullopt: nobody has told it. Feeds tell, and rules ask for, one after the other in the order
    /// in which they were first told: that is quick.
    [[nodiscard]] std::optional<Place> find(std::string_view name) const {
        if (next_ >= names_.size()) next_ = 0;
        if (next_ < names_.size() && names_[next_] == name) return static_cast<Place>(next_++);
        return search(name);
    }
    [[nodiscard]] const double* at(Place place) const {
        return place < values_.size() ? &values_[place] : nullptr;
    }
    /// False: there are as many as there may be, and this is another.
    bool set(std::string_view name, double value);
    [[nodiscard]] std::vector<std::string> names() const;  // sorted

    void write(codec::Writer& out) const;
    void read(codec::Reader& in);

private:
    [[nodiscard]] std::optional<Place> search(std::string_view name) const;

    std::vector<double> values_;
    std::vector<std::string> names_;  // of each value
    mutable std::size_t next_{0};     // behind the last that was found
};

}  // namespace surged::board
