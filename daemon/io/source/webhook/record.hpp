// What a hook remembers of its deliveries: counts, the last that were of no use, and whether all is
// well. Internal to the hook.
#pragma once

#include "base/time.hpp"
#include "io/source/source.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace surged::io::hook {

class Record {
public:
    explicit Record(std::string name) : name_{std::move(name)} {}

    void started(Wall now);
    /// A delivery that was signed as it should be.
    void heard(Wall now);
    void accepted(std::uint64_t events) { accepted_ += events; }
    void unmatched(std::uint64_t items) { unmatched_ += items; }
    void repeated() { ++repeated_; }
    /// True if this is a new kind of trouble that should be said: once, not every time.
    [[nodiscard]] bool refused(std::string_view reason, std::uint64_t count = 1);
    /// A signature that does not fit: after three in a row without a good one the secret is held to
    /// be wrong. True when that begins.
    [[nodiscard]] bool doubted(std::string_view why, Wall now);
    void keep(Wall now, std::string why, std::string payload);
    /// Nothing heard for too long.
    void stale(Wall now, std::string_view why);

    [[nodiscard]] SourceStatus status() const;
    [[nodiscard]] std::string json() const;
    [[nodiscard]] Wall last_heard() const { return last_heard_ ? *last_heard_ : since_; }
    [[nodiscard]] bool is_stale() const { return stale_; }
    [[nodiscard]] bool in_trouble() const { return stale_ || doubted_; }

private:
    struct Kept {
        Wall at;
        std::string why, payload;
    };
    void change(Wall now) { since_ = now; }
    [[nodiscard]] std::string words() const;

    std::string name_;
    bool listening_{false}, stale_{false}, doubted_{false};
    std::uint64_t doubts_{0};  // wrong signatures since the last good one
    std::string why_;          // what is wrong, while something is
    Wall since_;
    std::optional<Wall> last_heard_;
    std::uint64_t deliveries_{0}, accepted_{0}, unmatched_{0}, repeated_{0};
    std::map<std::string, std::uint64_t, std::less<>> refused_;
    std::deque<Kept> kept_;
};

}  // namespace surged::io::hook
