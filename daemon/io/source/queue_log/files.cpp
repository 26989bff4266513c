#include "io/source/queue_log/files.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace surged::io::queue_log {
namespace {

tl::unexpected<Trouble> trouble(int error) {
    return tl::make_unexpected(
        Trouble{error == ENOENT || error == ENOTDIR, std::generic_category().message(error)}
    );
}

Looked<Seen> seen_of(const struct ::stat& status) {
    if (!S_ISREG(status.st_mode)) return tl::make_unexpected(Trouble{false, "it is not a file"});
    return Seen{
        static_cast<std::uint64_t>(status.st_ino), static_cast<std::uint64_t>(status.st_size)
    };
}

class PosixFile : public OpenFile {
public:
    explicit PosixFile(int descriptor) : descriptor_{descriptor} {}
    ~PosixFile() override { ::close(descriptor_); }
    PosixFile(const PosixFile&) = delete;
    PosixFile& operator=(const PosixFile&) = delete;

    Looked<Seen> seen() override {
        struct ::stat status{};
        if (::fstat(descriptor_, &status) != 0) return trouble(errno);
        return seen_of(status);
    }
    Looked<std::size_t> read(std::uint64_t offset, std::span<char> into) override {
        std::size_t done = 0;
        while (done < into.size()) {
            const auto got = ::pread(
                descriptor_,
                into.data() + done,
                into.size() - done,
                static_cast<::off_t>(offset + done)
            );
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return trouble(errno);
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        return done;
    }

private:
    int descriptor_;
};

}  // namespace

Looked<Seen> PosixFiles::look(const std::string& path) {
    struct ::stat status{};
    if (::stat(path.c_str(), &status) != 0) return trouble(errno);
    return seen_of(status);
}

// Without O_NONBLOCK, opening a named pipe would wait for somebody to write.
Looked<std::unique_ptr<OpenFile>> PosixFiles::open(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return trouble(errno);
    auto file = std::make_unique<PosixFile>(descriptor);
    if (auto seen = file->seen(); !seen) return tl::make_unexpected(seen.error());
    return file;
}

std::vector<std::string> PosixFiles::beside(const std::string& path) {
    namespace fs = std::filesystem;
    const fs::path own{path};
    std::vector<std::string> out;
    std::error_code failed;
    fs::directory_iterator at{own.parent_path(), failed};
    while (!failed && at != fs::directory_iterator{}) {
        const std::string name = at->path().filename().string();
        if (name.starts_with(own.filename().string()) && name != own.filename().string())
            out.push_back(at->path().string());
        at.increment(failed);
    }
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace surged::io::queue_log
