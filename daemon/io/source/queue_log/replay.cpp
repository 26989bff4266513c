#include "io/source/queue_log/replay.hpp"

#include "io/source/queue_log/files.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <utility>

namespace surged::io::queue_log {
namespace {

constexpr std::size_t line_bytes_max = 64 * 1024;
constexpr std::size_t read_bytes = 256 * 1024;

struct Part {
    std::int64_t first{0};  // second of its first line
    std::string path;
    std::unique_ptr<OpenFile> file;
};

Result<Part> open_part(Files& files, const std::string& path) {
    auto file = files.open(path);
    if (!file) return fail(fmt::format("{}: {}", path, file.error().why));
    std::string head(64, '\0');
    const auto got = (*file)->read(0, head);
    if (!got) return fail(fmt::format("{}: {}", path, got.error().why));
    head.resize(*got);
    const auto first = epoch_of(std::string_view{head}.substr(0, head.find('\n')));
    if (!first && !head.empty())
        return fail(
            fmt::format("{} is not a queue_log", path),
            "lines such as 1795452731|NONE|NONE|NONE|QUEUESTART|; unpack what is compressed"
        );
    return Part{first.value_or(0), path, std::move(*file)};
}

}  // namespace

Replay::Replay(DecoderOptions options, ReplayEach each)
    : decoder_{std::move(options)}, each_{std::move(each)} {}

bool Replay::feed(std::string_view text) {
    while (!ended_ && !text.empty()) {
        const auto feed = text.find('\n');
        if (feed == std::string_view::npos) {
            // Of a line that is too long the beginning is enough to know it by.
            if (partial_.size() <= line_bytes_max) partial_ += text;
            break;
        }
        if (partial_.empty()) {
            take(text.substr(0, feed));
        } else {
            if (partial_.size() <= line_bytes_max) partial_ += text.substr(0, feed);
            take(std::exchange(partial_, {}));
        }
        text.remove_prefix(feed + 1);
    }
    return !ended_;
}

bool Replay::end_of_file() {
    if (!ended_ && !partial_.empty()) take(std::exchange(partial_, {}));
    return !ended_;
}

bool Replay::finish() {
    end_of_file();
    return !ended_ && flush();
}

bool Replay::take(std::string_view line) {
    ++counts_.lines;
    if (line.size() > line_bytes_max) {
        ++counts_.bad["line_too_long"];
        return true;
    }
    const std::int64_t second = epoch_of(line).value_or(second_);
    if (second != second_ && !flush()) return false;
    second_ = second;
    const std::string_view bad = decoder_.decode(line, batch_);
    if (!bad.empty()) ++counts_.bad[std::string{bad}];
    if (!batch_.empty()) latest_ = std::max(latest_, decoder_.newest());
    return true;
}

bool Replay::flush() {
    if (batch_.empty()) return !ended_;
    counts_.events += batch_.size();
    ended_ = !each_(latest_, batch_);
    batch_.clear();
    return !ended_;
}

Result<ReplayCounts> replay_files(
    const std::vector<std::string>& paths, DecoderOptions options, ReplayEach each
) {
    PosixFiles files;
    std::vector<Part> parts;
    for (const std::string& path : paths) {
        auto part = open_part(files, path);
        if (!part) return tl::make_unexpected(part.error());
        parts.push_back(std::move(*part));
    }
    std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
        return a.first < b.first;
    });
    Replay replay{std::move(options), std::move(each)};
    std::vector<char> buffer(read_bytes);
    for (const Part& part : parts) {
        std::uint64_t offset = 0;
        for (;;) {
            const auto got = part.file->read(offset, buffer);
            if (!got) return fail(fmt::format("{}: {}", part.path, got.error().why));
            if (*got == 0) break;
            offset += *got;
            if (!replay.feed({buffer.data(), *got})) return replay.counts();
        }
        replay.end_of_file();
    }
    replay.finish();
    return replay.counts();
}

}  // namespace surged::io::queue_log
