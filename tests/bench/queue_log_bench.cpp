// Replay of a queue_log: lines to events, beside cutting the same lines into their fields.
#include "bench/bench.hpp"
#include "core/acd/floor.hpp"
#include "io/source/queue_log/replay.hpp"
#include "support/temp_folder.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace surged::bench {
namespace {

/// A day's log: of a call four lines, one of them a miss; 1,000 calls an hour and queue.
std::string log_of(std::size_t lines) {
    constexpr std::size_t queues = 40;
    std::string out;
    for (std::size_t i = 0; i < lines; ++i) {
        const std::size_t call = i / 4;
        const std::size_t second = 1'795'452'000 + i / 45;
        const auto head = fmt::format("{}|{}.{}|support-{}", second, second, call, call % queues);
        const auto agent = fmt::format("Agent {}", 1000 + call % 300);
        if (i % 4 == 0)
            out += fmt::format("{}|NONE|ENTERQUEUE||13800138{:03}|1\n", head, call % 1000);
        else if (i % 4 == 1)
            out += fmt::format("{}|{}|RINGNOANSWER|5000\n", head, agent);
        else if (i % 4 == 2 && call % 5 != 0)
            out += fmt::format("{}|{}|CONNECT|12|{}.{}|4\n", head, agent, second, call + 1);
        else if (i % 4 == 2)
            out += fmt::format("{}|NONE|ABANDON|1|1|31\n", head);
        else if (call % 5 != 0)
            out += fmt::format("{}|{}|COMPLETECALLER|12|187|1\n", head, agent);
        else
            out += fmt::format("{}|NONE|NONE|CONFIGRELOAD|\n", second);
    }
    return out;
}

/// What cannot be left out: find every line and every field.
std::size_t split(const std::string& path) {
    std::FILE* const file = std::fopen(path.c_str(), "rb");
    if (file == nullptr) throw std::runtime_error{path};
    std::vector<char> buffer(256 * 1024);
    std::size_t fields = 0;
    for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), file)) > 0;) {
        std::string_view rest{buffer.data(), got};
        while (!rest.empty()) {
            const auto feed = std::min(rest.find('\n'), rest.size());
            std::string_view line = rest.substr(0, feed);
            rest.remove_prefix(std::min(feed + 1, rest.size()));
            while (!line.empty()) {
                const auto bar = std::min(line.find('|'), line.size());
                line.remove_prefix(std::min(bar + 1, line.size()));
                ++fields;
            }
        }
    }
    std::fclose(file);
    return fields;
}

}  // namespace

void queue_log(bool quick) {
    const std::size_t lines = quick ? 100'000 : 2'000'000;
    const test::TempFolder folder;
    const std::string path = folder.path() + "/queue_log";
    std::ofstream{path, std::ios::binary} << log_of(lines);
    const auto per_second = [&](double seconds) { return static_cast<double>(lines) / seconds; };

    double begun = cpu_seconds();
    const std::size_t fields = split(path);
    const double bare = cpu_seconds() - begun;

    begun = cpu_seconds();
    std::uint64_t events = 0;
    const auto counted =
        io::queue_log::replay_files({path}, {}, [&](Wall, const acd::Batch& batch) {
            events += batch.size();
            return true;
        });
    const double decode = cpu_seconds() - begun;
    if (!counted || fields == 0 || events == 0) throw std::runtime_error{"nothing was read"};

    begun = cpu_seconds();
    acd::Floor floor;
    floor.source_up("log", true);
    static_cast<void>(io::queue_log::replay_files({path}, {}, [&](Wall at, acd::Batch& batch) {
        floor.advance(Instant{Micros{at.us}});
        floor.apply(batch, "log", Micros{0});
        return true;
    }));
    const double whole = cpu_seconds() - begun;

    row("queue_log replay: lines to events",
        per_second(decode),
        "lines/CPU-s",
        per_second(bare),
        "cut the same lines into fields",
        {.value = 1e6});
    row("queue_log replay into the call floor",
        per_second(whole),
        "lines/CPU-s",
        per_second(decode),
        "lines to events alone");
}

}  // namespace surged::bench
