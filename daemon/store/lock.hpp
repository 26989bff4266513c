// One daemon per store: an exclusive lock on the folder, held as long as the value lives.
#pragma once

#include "base/error.hpp"

#include <string>
#include <utility>

namespace surged::store {

class FolderLock {
public:
    /// Makes the folder (mode 0700) if it is not there. A second holder is refused in words that
    /// name the process that has it. The kernel frees the lock when its holder dies.
    [[nodiscard]] static Result<FolderLock> take(const std::string& folder);
    FolderLock(FolderLock&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
    FolderLock& operator=(FolderLock&&) = delete;
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;
    ~FolderLock();

private:
    explicit FolderLock(int fd) : fd_{fd} {}
    int fd_;
};

/// fsync of a folder, so that files just made in it are still there after a power cut.
[[nodiscard]] Result<void> sync_folder(const std::string& folder);

}  // namespace surged::store
