// A disk that can be made to fail: a SQLite VFS around the default one. Give its name() to
// store::Options::vfs and switch the faults while the journal runs. A sync is counted, delayed or
// failed, but not passed on: tests kill processes, not machines, and have many journals to make.
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace surged::test {

class FaultyVfs {
public:
    FaultyVfs();
    /// Every connection that uses it must be closed by then.
    ~FaultyVfs();
    FaultyVfs(const FaultyVfs&) = delete;
    FaultyVfs& operator=(const FaultyVfs&) = delete;
    [[nodiscard]] const std::string& name() const;

    /// Of the operations that change the disk (write, sync, truncate, delete, create), the n-th
    /// from now (1: the next) fails with an I/O error; a write is torn in the middle.
    void fail_nth(std::uint64_t n);
    /// From the n-th on, all fail.
    void fail_from(std::uint64_t n);
    /// Every write fails with "disk full"; what is already there can be read.
    void fill_disk();
    /// Every change fails with "read-only".
    void make_read_only();
    /// Every sync takes this much longer.
    void delay_syncs(Micros delay);
    /// No more faults and no delay.
    void heal();

    /// Operations that changed the disk, or would have, since the start.
    [[nodiscard]] std::uint64_t operations() const;
    /// Faults handed out since the start.
    [[nodiscard]] std::uint64_t faults() const;

    struct Disk;

private:
    std::unique_ptr<Disk> disk_;
};

}  // namespace surged::test
