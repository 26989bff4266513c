// Whole logs from the first line to the last, as fast as they can be read.
#pragma once

#include "base/error.hpp"
#include "io/source/queue_log/decode.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::queue_log {

struct ReplayCounts {
    std::uint64_t lines{0}, events{0};
    std::map<std::string, std::uint64_t, std::less<>> bad;  // by reason
};

/// What one second of the log tells. `at`: when all of it has happened; never falls, so it may be
/// the engine's instant. The batch may be moved away. False ends the replay.
using ReplayEach = std::function<bool(Wall at, acd::Batch& batch)>;

/// Cuts text into lines and hands over what they tell, second by second. Text may be cut anywhere.
class Replay {
public:
    Replay(DecoderOptions options, ReplayEach each);
    /// False if `each` has ended it.
    bool feed(std::string_view text);
    /// No more text comes: the last line counts, though it may lack its line feed.
    bool end_of_file();
    /// After the last file.
    bool finish();
    [[nodiscard]] const ReplayCounts& counts() const { return counts_; }

private:
    bool take(std::string_view line);
    bool flush();

    Decoder decoder_;
    ReplayEach each_;
    ReplayCounts counts_;
    std::string partial_;
    acd::Batch batch_;  // of one second
    std::int64_t second_{0};
    Wall latest_;
    bool ended_{false};
};

/// Reads files in the order of their first lines, whatever their names and the order given: the
/// parts of a rotated log. Compressed ones are an error.
/// @cost about half a microsecond a line; memory: one line and one second of events
[[nodiscard]] Result<ReplayCounts> replay_files(
    const std::vector<std::string>& paths, DecoderOptions options, ReplayEach each
);

}  // namespace surged::io::queue_log
