#include "support/faulty_vfs.hpp"

#include "support/vfs_pass.hpp"

#include <atomic>
#include <cstring>
#include <fmt/format.h>
#include <new>
#include <sqlite3.h>
#include <stdexcept>
#include <thread>

namespace surged::test {

struct FaultyVfs::Disk {
    enum class Mode : std::uint8_t { good, full, read_only };
    std::string name;
    sqlite3_vfs vfs{};
    sqlite3_vfs* real{nullptr};
    std::atomic<std::uint64_t> operations{0}, faults{0};
    std::atomic<std::uint64_t> fail_at{0}, fail_from{0};  // of operations; 0: never
    std::atomic<Mode> mode{Mode::good};
    std::atomic<std::int64_t> sync_delay_us{0};

    /// Counts one change of the disk. SQLITE_OK, or the error it must end with.
    int change(int io_error, bool grows) {
        const auto count = ++operations;
        const auto from = fail_from.load();
        int code = SQLITE_OK;
        if (count == fail_at || (from != 0 && count >= from))
            code = io_error;
        else if (mode == Mode::read_only)
            code = SQLITE_READONLY;
        else if (mode == Mode::full && grows)
            code = SQLITE_FULL;
        if (code != SQLITE_OK) ++faults;
        return code;
    }
};

namespace {

using Disk = FaultyVfs::Disk;

struct File {
    sqlite3_file base;
    Disk* disk;
};
using Pass = VfsPass<File>;
Disk& disk_of(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }

int close_file(sqlite3_file* f) { return Pass::methods(f)->xClose(Pass::real(f)); }
int write_file(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
    const int code = Pass::ours(f)->disk->change(SQLITE_IOERR_WRITE, true);
    if (code == SQLITE_IOERR_WRITE)
        Pass::methods(f)->xWrite(Pass::real(f), from, size / 2, at);  // torn
    if (code != SQLITE_OK) return code;
    return Pass::methods(f)->xWrite(Pass::real(f), from, size, at);
}
int truncate_file(sqlite3_file* f, sqlite3_int64 size) {
    const int code = Pass::ours(f)->disk->change(SQLITE_IOERR_TRUNCATE, false);
    return code != SQLITE_OK ? code : Pass::methods(f)->xTruncate(Pass::real(f), size);
}
int sync_file(sqlite3_file* f, int flags) {
    if (const auto delay = Pass::ours(f)->disk->sync_delay_us.load(); delay > 0)
        std::this_thread::sleep_for(Micros{delay});
    static_cast<void>(flags);
    return Pass::ours(f)->disk->change(SQLITE_IOERR_FSYNC, false);
}

const sqlite3_io_methods faulty_methods =
    Pass::with(close_file, write_file, truncate_file, sync_file);

int open_file(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* f, int flags, int* out_flags) {
    Disk& disk = disk_of(vfs);
    File* file = new (f) File{{nullptr}, &disk};
    int exists = 1;
    if (name != nullptr) disk.real->xAccess(disk.real, name, SQLITE_ACCESS_EXISTS, &exists);
    if (exists == 0 && (flags & SQLITE_OPEN_CREATE) != 0)
        if (disk.change(SQLITE_IOERR, true) != SQLITE_OK) return SQLITE_CANTOPEN;
    const int code = disk.real->xOpen(disk.real, name, Pass::real(file), flags, out_flags);
    if (Pass::real(file)->pMethods != nullptr) file->base.pMethods = &faulty_methods;
    return code;
}
int delete_file(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    Disk& disk = disk_of(vfs);
    const int code = disk.change(SQLITE_IOERR_DELETE, false);
    return code != SQLITE_OK ? code : disk.real->xDelete(disk.real, name, sync_folder);
}
int access_file(sqlite3_vfs* vfs, const char* name, int flags, int* out) {
    return disk_of(vfs).real->xAccess(disk_of(vfs).real, name, flags, out);
}
int full_path(sqlite3_vfs* vfs, const char* name, int size, char* out) {
    return disk_of(vfs).real->xFullPathname(disk_of(vfs).real, name, size, out);
}
int randomness(sqlite3_vfs* vfs, int size, char* out) {
    return disk_of(vfs).real->xRandomness(disk_of(vfs).real, size, out);
}
int sleep_for(sqlite3_vfs* vfs, int us) { return disk_of(vfs).real->xSleep(disk_of(vfs).real, us); }
int current_time(sqlite3_vfs* vfs, double* out) {
    return disk_of(vfs).real->xCurrentTime(disk_of(vfs).real, out);
}
int last_error(sqlite3_vfs* vfs, int size, char* out) {
    return disk_of(vfs).real->xGetLastError(disk_of(vfs).real, size, out);
}
int current_time_64(sqlite3_vfs* vfs, sqlite3_int64* out) {
    return disk_of(vfs).real->xCurrentTimeInt64(disk_of(vfs).real, out);
}

}  // namespace

FaultyVfs::FaultyVfs() : disk_{std::make_unique<Disk>()} {
    static std::atomic<unsigned> made{0};
    disk_->name = fmt::format("faulty-{}", ++made);
    disk_->real = sqlite3_vfs_find(nullptr);
    sqlite3_vfs& vfs = disk_->vfs;
    vfs.iVersion = 2;
    vfs.szOsFile = static_cast<int>(sizeof(File)) + disk_->real->szOsFile;
    vfs.mxPathname = disk_->real->mxPathname;
    vfs.zName = disk_->name.c_str();
    vfs.pAppData = disk_.get();
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    vfs.xAccess = access_file;
    vfs.xFullPathname = full_path;
    vfs.xRandomness = randomness;
    vfs.xSleep = sleep_for;
    vfs.xCurrentTime = current_time;
    vfs.xGetLastError = last_error;
    vfs.xCurrentTimeInt64 = current_time_64;
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) throw std::runtime_error{"no VFS"};
}

FaultyVfs::~FaultyVfs() { sqlite3_vfs_unregister(&disk_->vfs); }

const std::string& FaultyVfs::name() const { return disk_->name; }
void FaultyVfs::fail_nth(std::uint64_t n) { disk_->fail_at = disk_->operations + n; }
void FaultyVfs::fail_from(std::uint64_t n) { disk_->fail_from = disk_->operations + n; }
void FaultyVfs::fill_disk() { disk_->mode = Disk::Mode::full; }
void FaultyVfs::make_read_only() { disk_->mode = Disk::Mode::read_only; }
void FaultyVfs::delay_syncs(Micros delay) { disk_->sync_delay_us = delay.count(); }
void FaultyVfs::heal() {
    disk_->fail_at = 0;
    disk_->fail_from = 0;
    disk_->mode = Disk::Mode::good;
    disk_->sync_delay_us = 0;
}
std::uint64_t FaultyVfs::operations() const { return disk_->operations; }
std::uint64_t FaultyVfs::faults() const { return disk_->faults; }

}  // namespace surged::test
