// A recorded manager connection: every read and write with its time, as tests/data/asterisk holds
// it.
#pragma once

#include "base/time.hpp"
#include "io/source/ami/frame.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace surged::test {

struct Chunk {
    Wall at;
    bool from_server{false};
    std::string bytes;
};

/// One action the recorded client sent.
struct RecordedAction {
    Wall at;
    std::string name, id;
    bool has_queue{false};  // asked for one queue only
};

struct Recording {
    std::vector<Chunk> chunks;  // in order of time
    [[nodiscard]] std::vector<RecordedAction> actions() const;
    /// The ActionIDs of the QueueStatus that asked for everything.
    [[nodiscard]] std::vector<std::string> snapshot_ids() const;
    /// All that the server sent, in one piece.
    [[nodiscard]] std::string received() const;
};

[[nodiscard]] std::filesystem::path recording_folder(std::string_view run);
/// `run`: 16-basic, 22-basic, 22-surge; `connection`: observer, agentclass, … Fails the test if the
/// files are missing or do not fit each other.
[[nodiscard]] Recording load_recording(std::string_view run, std::string_view connection);
/// Any connection: BASE.rx EXTENSION, BASE.tx EXTENSION and BASE.index.tsv.
[[nodiscard]] Recording load_connection(
    const std::filesystem::path& base, const std::string& extension
);
/// A file as it is, or inflated if only NAME.gz is there.
[[nodiscard]] std::string read_fixture(const std::filesystem::path& path);

/// A frame as owned text, for assertions.
struct OwnedFrame {
    std::vector<std::pair<std::string, std::string>> headers;
    [[nodiscard]] std::string get(std::string_view key) const;
};
/// The frames of `bytes`, without a banner; what is unreadable is left out.
[[nodiscard]] std::vector<OwnedFrame> frames_of(std::string_view bytes);

}  // namespace surged::test
