#include "support/ami_recording.hpp"

#include "places.hpp"

#include <array>
#include <charconv>
#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <zlib.h>

namespace surged::test {
namespace {

std::string inflate_file(const std::filesystem::path& path) {
    gzFile file = gzopen(path.c_str(), "rb");
    REQUIRE_MESSAGE(file != nullptr, path.string());
    std::string out;
    std::array<char, 65536> buffer{};
    for (int size = 0; (size = gzread(file, buffer.data(), buffer.size())) > 0;)
        out.append(buffer.data(), static_cast<std::size_t>(size));
    gzclose(file);
    return out;
}

// 1795451719.052743, exactly.
Wall parse_epoch(const std::string& text) {
    const auto dot = text.find('.');
    REQUIRE(dot != std::string::npos);
    std::string digits = text.substr(0, dot) + text.substr(dot + 1);
    digits.resize(dot + 6, '0');
    Wall wall;
    std::from_chars(digits.data(), digits.data() + digits.size(), wall.us);
    return wall;
}

}  // namespace

std::filesystem::path recording_folder(std::string_view run) {
    return std::filesystem::path{SURGED_SOURCE_DIR} / "tests/data/asterisk" / run;
}

std::string read_fixture(const std::filesystem::path& path) {
    if (!std::filesystem::exists(path)) return inflate_file(path.string() + ".gz");
    std::ifstream in{path, std::ios::binary};
    return std::string{std::istreambuf_iterator<char>{in}, {}};
}

Recording load_recording(std::string_view run, std::string_view connection) {
    return load_connection(recording_folder(run) / connection, ".ami");
}

Recording load_connection(const std::filesystem::path& base, const std::string& extension) {
    const std::string rx = read_fixture(base.string() + ".rx" + extension);
    const std::string tx = read_fixture(base.string() + ".tx" + extension);
    std::istringstream index{read_fixture(base.string() + ".index.tsv")};
    Recording recording;
    for (std::string line; std::getline(index, line);) {
        if (line.empty() || line.front() == '#') continue;
        std::istringstream fields{line};
        std::string at, direction;
        std::size_t offset = 0, size = 0;
        fields >> at >> direction >> offset >> size;
        const bool from_server = direction == "r";
        const std::string& all = from_server ? rx : tx;
        REQUIRE(offset + size <= all.size());
        recording.chunks.push_back(Chunk{parse_epoch(at), from_server, all.substr(offset, size)});
    }
    REQUIRE_FALSE(recording.chunks.empty());
    return recording;
}

std::string Recording::received() const {
    std::string all;
    for (const Chunk& chunk : chunks)
        if (chunk.from_server) all += chunk.bytes;
    return all;
}

std::vector<RecordedAction> Recording::actions() const {
    std::vector<RecordedAction> found;
    for (const Chunk& chunk : chunks) {
        if (chunk.from_server) continue;
        RecordedAction action{chunk.at, {}, {}, false};
        std::istringstream lines{chunk.bytes};
        for (std::string line; std::getline(lines, line);) {
            if (line.ends_with('\r')) line.pop_back();
            if (line.starts_with("Action: ")) action.name = line.substr(8);
            if (line.starts_with("ActionID: ")) action.id = line.substr(10);
            if (line.starts_with("Queue: ")) action.has_queue = true;
        }
        if (!action.name.empty()) found.push_back(action);
    }
    return found;
}

std::vector<std::string> Recording::snapshot_ids() const {
    std::vector<std::string> ids;
    for (const RecordedAction& action : actions())
        if (action.name == "QueueStatus" && !action.has_queue) ids.push_back(action.id);
    return ids;
}

std::string OwnedFrame::get(std::string_view key) const {
    for (const auto& [k, v] : headers)
        if (k == key) return v;
    return {};
}

std::vector<OwnedFrame> frames_of(std::string_view bytes) {
    io::ami::Framer framer;
    framer.push(bytes);
    std::vector<OwnedFrame> frames;
    for (;;) {
        const io::ami::Found found = framer.next();
        if (found == io::ami::Found::nothing) return frames;
        if (found != io::ami::Found::frame) continue;
        OwnedFrame& frame = frames.emplace_back();
        for (const auto& header : framer.frame().headers())
            frame.headers.emplace_back(header.key, header.value);
    }
}

}  // namespace surged::test
