// A disk in memory: a SQLite VFS whose files are strings, for journals that are made by the
// thousand. Give its name() to store::Options::vfs. It can be made to fail, and to lose its power:
// what was written stays, what a clean close would have done is not done.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace surged::test {

class MemoryVfs {
public:
    MemoryVfs();
    /// Every connection that uses it must be closed by then.
    ~MemoryVfs();
    MemoryVfs(const MemoryVfs&) = delete;
    MemoryVfs& operator=(const MemoryVfs&) = delete;
    [[nodiscard]] const std::string& name() const;

    enum class Mode : std::uint8_t { good, full, read_only, broken };
    /// full: files cannot grow. read_only: nothing can be changed. broken: changes fail with an I/O
    /// error, every second write torn in the middle.
    void set_mode(Mode mode);
    /// The power fails in the middle of the `writes`-th write from now (from 1): half of it is
    /// done, and nothing after it. restore() brings the power back. 0: it holds.
    void lose_power_at(std::uint64_t writes);
    [[nodiscard]] bool dark() const;
    [[nodiscard]] std::uint64_t torn() const;   // writes that ended so
    [[nodiscard]] std::uint64_t bytes() const;  // of all files
    /// Nothing that is done from now on stays: for the closing of connections by a process that has
    /// died. restore() ends that.
    void freeze();
    void restore();

    struct Disk;

private:
    std::unique_ptr<Disk> disk_;
};

}  // namespace surged::test
