// Log files in memory: written, rotated, copied, truncated and lost by hand.
#pragma once

#include "io/source/queue_log/files.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace surged::test {

class MemoryFiles : public io::queue_log::Files {
public:
    /// Appends, and makes the file if there is none.
    void write(const std::string& path, std::string_view text);
    void rename(const std::string& from, const std::string& to);
    void remove(const std::string& path) { nodes_.erase(path); }
    void copy(const std::string& from, const std::string& to);
    void truncate(const std::string& path);
    /// The next new file gets this inode: file systems use them again.
    void next_inode(std::uint64_t inode) { next_inode_ = inode; }
    [[nodiscard]] std::uint64_t inode(const std::string& path) const;
    /// Cannot be opened until it is allowed again.
    void deny(const std::string& path) { denied_.insert(path); }
    void allow(const std::string& path) { denied_.erase(path); }
    /// Reads of every open file fail.
    void break_disk(bool broken) { *broken_ = broken; }

    io::queue_log::Looked<io::queue_log::Seen> look(const std::string& path) override;
    io::queue_log::Looked<std::unique_ptr<io::queue_log::OpenFile>> open(const std::string& path
    ) override;
    std::vector<std::string> beside(const std::string& path) override;

    struct Node {
        std::uint64_t inode{0};
        std::string bytes;
    };

private:
    std::map<std::string, std::shared_ptr<Node>> nodes_;
    std::set<std::string> denied_;
    std::shared_ptr<bool> broken_{std::make_shared<bool>(false)};
    std::uint64_t next_inode_{100};
};

}  // namespace surged::test
