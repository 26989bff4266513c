#include "fuzz/fuzz.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>

namespace surged::fuzz {
namespace {

Run chosen = nullptr;

}  // namespace

Target::Target(Run run) noexcept { chosen = run; }

void require(bool holds, std::string_view what) {
    if (holds) return;
    fmt::print(stderr, "fuzz: {}\n", what);
    std::abort();
}

void canary(bool reached) {
    static const bool planted = std::getenv("SURGED_FUZZ_CANARY") != nullptr;
    require(!planted || !reached, "the canary was found");
}

std::uint8_t Choices::byte() {
    if (rest_.empty()) return 0;
    const auto out = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return out;
}

std::uint32_t Choices::word() {
    const std::uint32_t low = byte();
    // Most choices are among few: one byte for them leaves the rest of the input where it was.
    return low < 0xf0 ? low : (low & 0xfU) << 16 | std::uint32_t{byte()} << 8 | byte();
}

std::string_view Choices::text() {
    const std::string_view out = rest_.substr(0, rest_.find('\0'));
    rest_.remove_prefix(std::min(rest_.size(), out.size() + 1));
    return out;
}

std::string_view Choices::piece(std::size_t most) {
    const std::string_view out = rest_.substr(0, 1 + below(static_cast<std::uint32_t>(most)));
    rest_.remove_prefix(out.size());
    return out;
}

void conserved(const acd::Floor& floor) {
    const board::View& view = floor.view();
    for (const board::QueueIx queue : view.queues()) {
        const auto waiting = view.value(queue, board::Measure{});
        if (!waiting) continue;
        const board::Totals& totals = view.totals(queue);
        std::uint64_t gone = totals.answered + totals.abandoned;
        for (const std::uint64_t exited : totals.exited) gone += exited;
        require(
            totals.offered == gone + static_cast<std::uint64_t>(waiting->num / waiting->den),
            "offered is not answered + abandoned + exited + waiting"
        );
    }
}

std::string caller_hash(std::string_view number, std::string_view /*queue*/) {
    return number.empty() ? std::string{} : "c" + std::to_string(number.size());
}

FloorSink::FloorSink() : now_{Seconds{1'795'451'700}} {
    floor_.load({}, {board::Measure{}}, now_);
    floor_.advance(now_);
    floor_.source_up("pbx", true);
}

void FloorSink::events(acd::Batch batch) {
    require(batch.well_formed(), "a batch that cannot be read");
    batch.for_each([this](std::size_t, const acd::Event& event) {
        if (is_odd(event.queue)) saw_odd_queue_ = true;
    });
    told_ += batch.bytes();
    floor_.apply(batch, "pbx", Micros{0});
    conserved(floor_);
}

void FloorSink::state(bool up, bool exits_known, std::string /*detail*/) {
    if (up) floor_.source_up("pbx", exits_known);
}

void FloorSink::bad_record(std::string reason, std::string excerpt) {
    require(!reason.empty(), "a bad record without a reason");
    require(excerpt.size() <= 4096, "an excerpt without end");
}

void FloorSink::settle() {
    now_ += 10min;
    floor_.advance(now_);
    conserved(floor_);
}

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    chosen({reinterpret_cast<const char*>(data), size});
    return 0;
}

}  // namespace surged::fuzz
