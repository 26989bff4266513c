// What a start of the daemon finds in its store: the state as it was, and what of it is lost.
#pragma once

#include "base/error.hpp"
#include "core/engine/engine.hpp"
#include "store/options.hpp"

#include <cstdint>
#include <string>

namespace surged::app {

struct FoundState {
    engine::Engine engine;
    std::uint64_t last_seq{0};  // new inputs start behind it
    Instant last_instant;
    std::string lost;  // in words; then a gap and a full snapshot must come first
};

/// The journal must be open for writing already, which makes and migrates the file. An input that
/// recovery has died in again and again is set aside first.
[[nodiscard]] Result<FoundState> recover_store(const store::Options& where);

}  // namespace surged::app
