// What the fuzzers share: how they fail, the canary, and choices out of a fuzzer's bytes.
#pragma once

#include "core/acd/event.hpp"
#include "core/acd/floor.hpp"
#include "io/source/source.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace surged::fuzz {

/// What a fuzzer does with an input; each program has one, and makes a target of it.
using Run = void (*)(std::string_view bytes);
struct Target {
    explicit Target(Run run) noexcept;
};

/// Stops the program with `what` unless it holds: libFuzzer keeps the input that led here.
void require(bool holds, std::string_view what);

/// A planted mistake that only a fuzzer which gets deep can find: with SURGED_FUZZ_CANARY set, to
/// reach this is a failure. No input of the corpus reaches it. A fuzzer that is not caught by its
/// canary is blind, and what it does not find means nothing.
void canary(bool reached);

/// What canaries wait for: a queue with one of these in its name is one changed byte away from the
/// corpus, and behind all of the reading.
[[nodiscard]] inline bool is_odd(std::string_view queue) {
    return queue.find_first_of("!#$%&*+;<=>?^`{}~") != std::string_view::npos;
}

/// Reads choices off the front of a fuzzer's bytes; zeros once they are used up.
class Choices {
public:
    explicit Choices(std::string_view bytes) : rest_{bytes} {}
    [[nodiscard]] bool empty() const { return rest_.empty(); }
    [[nodiscard]] std::string_view rest() const { return rest_; }
    std::uint8_t byte();
    std::uint32_t below(std::uint32_t bound) { return bound == 0 ? 0 : word() % bound; }
    /// Up to the next zero byte, which is used up too.
    std::string_view text();
    /// 1 to `most` bytes, or what is left.
    std::string_view piece(std::size_t most);

private:
    std::uint32_t word();
    std::string_view rest_;
};

/// offered = answered + abandoned + exited + waiting, in every queue whose waiting is known.
void conserved(const acd::Floor& floor);

/// Stands for a caller's hash: short, and not his number.
[[nodiscard]] std::string caller_hash(std::string_view number, std::string_view queue);

/// Puts all that a source tells into one string, and the events into a floor as well.
class FloorSink : public io::Sink {
public:
    FloorSink();
    void events(acd::Batch batch) override;
    void state(bool up, bool exits_known, std::string detail) override;
    void bad_record(std::string reason, std::string excerpt) override;
    void heard() override {}

    [[nodiscard]] const acd::Floor& floor() const { return floor_; }
    /// The events one after the other, however they were cut into batches.
    [[nodiscard]] const std::string& told() const { return told_; }
    /// An event named an odd queue.
    [[nodiscard]] bool saw_odd_queue() const { return saw_odd_queue_; }
    /// Lets time pass and looks whether every call is accounted for.
    void settle();

private:
    acd::Floor floor_;
    Instant now_;
    std::string told_;
    bool saw_odd_queue_{false};
};

}  // namespace surged::fuzz
