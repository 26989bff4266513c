#include "store/lock.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace surged::store {
namespace {

std::string reason() { return std::generic_category().message(errno); }

Result<void> make_folder(const std::string& folder) {
    std::error_code ec;
    if (std::filesystem::is_directory(folder, ec)) return {};
    const auto parent = std::filesystem::path{folder}.parent_path();
    if (!parent.empty()) std::filesystem::create_directories(parent, ec);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return fail(
            fmt::format("cannot make the store's folder {}: {}", folder, reason()),
            "make it yourself, or set store.path to a folder that surged's user may write"
        );
    if (!std::filesystem::is_directory(folder, ec))
        return fail(fmt::format("{} is not a folder", folder), "set store.path to a folder");
    return {};
}

std::string holder_of(int fd) {
    std::array<char, 32> text{};
    const auto size = ::pread(fd, text.data(), text.size(), 0);
    if (size <= 0) return "another process";
    std::string_view pid{text.data(), static_cast<std::size_t>(size)};
    return fmt::format("process {}", pid.substr(0, pid.find('\n')));
}

}  // namespace

Result<FolderLock> FolderLock::take(const std::string& folder) {
    if (auto made = make_folder(folder); !made) return tl::make_unexpected(std::move(made.error()));
    const std::string file = folder + "/lock";
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const int error = errno;
    if (fd < 0)
        return fail(
            fmt::format("cannot open {}: {}", file, std::generic_category().message(error)),
            error == ENOSPC || error == EDQUOT
                ? "free space on this file system"
                : "make the folder and its files writable for surged's user"
        );
    FolderLock lock{fd};
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return fail(
                fmt::format("cannot lock {}: {}", file, reason()),
                "put the store on a local file system"
            );
        return fail(
            fmt::format("the store {} is in use by {}", folder, holder_of(fd)),
            "stop the other surged, or give this one its own store.path"
        );
    }
    // Only for the words above: a full disk must not keep the daemon from starting.
    const auto pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(fd, 0) == 0) static_cast<void>(::pwrite(fd, pid.data(), pid.size(), 0) == 0);
    return lock;
}

FolderLock::~FolderLock() {
    if (fd_ >= 0) ::close(fd_);
}

Result<void> sync_folder(const std::string& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool done = fd >= 0 && ::fsync(fd) == 0;
    const std::string why = done ? "" : reason();
    if (fd >= 0) ::close(fd);
    if (!done)
        return fail(fmt::format("cannot sync the folder {}: {}", folder, why), "check the disk");
    return {};
}

}  // namespace surged::store
