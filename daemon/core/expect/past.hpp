// What figures were a while ago, for the rules that watch their change.
#pragma once

#include "base/time.hpp"
#include "core/board/kpi.hpp"
#include "core/plan/rules.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace surged::expect {

/// A figure is kept so often within the time over which its change is watched.
inline constexpr std::int64_t samples = 20;
/// A twentieth of the time, at least a second: the grid, aligned to the epoch of engine time.
[[nodiscard]] Micros step_of(Micros change_over);
[[nodiscard]] inline std::int64_t step_at(Instant at, Micros step) {
    return at.time_since_epoch() / step;
}

/// Whose past it is: the figure as a leaf reads it, before floors and ladder.
struct PastKey {
    std::string queue;
    board::Measure measure;
    plan::Relative relative{plan::Relative::none};
    std::string event;
    board::Millionths factor{1'000'000};
    Micros change_over{0};
    template <class A>
    void fields(A& a) {
        a(queue, measure, relative, event, factor, change_over);
    }
    auto operator<=>(const PastKey&) const = default;
};
[[nodiscard]] PastKey past_key(const std::string& queue, const plan::Leaf& leaf);

class Track {
public:
    void put(std::int64_t step, const board::Quantity& value);
    /// What it was so long ago, to a twentieth; nullopt: not known.
    [[nodiscard]] std::optional<board::Quantity> before(std::int64_t step) const;
    template <class A>
    void fields(A& a) {
        a(kept_);
    }
    bool operator==(const Track&) const = default;

private:
    struct Sample {
        std::int64_t step{0};
        board::Quantity value;
        template <class A>
        void fields(A& a) {
            a(step, value);
        }
        bool operator==(const Sample&) const = default;
    };
    std::vector<Sample> kept_;  // by step
};

struct Past {
    static constexpr std::size_t most = 20'000;
    std::map<PastKey, Track> all;
    template <class A>
    void fields(A& a) {
        a(all);
    }
    bool operator==(const Past&) const = default;
};

/// now − before, in millionths.
[[nodiscard]] board::Quantity difference(const board::Quantity& now, const board::Quantity& before);

}  // namespace surged::expect
