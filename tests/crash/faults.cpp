// Loaded before the real surged (LD_PRELOAD): a SQLite VFS that fails as SURGED_FAULT says, and a
// wall clock that can be stepped. The program under test is the one that is shipped.
//
//   SURGED_FAULT=KIND:N[:ARG]   N: the N-th operation that changes the disk (write, sync, truncate,
//                               delete, create), from 1; 0: none, only count
//     kill        the process is killed before it
//     torn        half of a write is done, then the process is killed
//     power       the power fails: what was not synced is gone, and the process is killed
//     lied        this sync says that it was done and was not; ARG operations later the power fails
//     error       it fails with an I/O error
//     full        it and all writes for ARG ms fail with "disk full"
//     read_only   it and all changes for ARG ms fail with "read-only"
//     slow        from it on, every sync takes ARG ms longer
//     stall       it takes ARG ms longer
//     full_while  all writes fail with "disk full" while there is a file $SURGED_FAULT_FILE
//     clock       before it, the wall clock is stepped by ARG s
//   SURGED_FAULT_COUNT=FILE     keeps the number of operations so far in its first eight bytes
#include "support/vfs_pass.hpp"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <map>
#include <mutex>
#include <new>
#include <sqlite3.h>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct File;
/// What must be put back if the power fails now: the bytes as they were at the last sync.
struct Undo {
    sqlite3_int64 size{0};  // of the file, then
    std::vector<std::pair<sqlite3_int64, std::string>> pieces;
};

struct Disk {
    std::string kind;
    std::uint64_t at{0};
    std::int64_t arg{0};
    std::string file;
    std::atomic<std::uint64_t>* count{nullptr};
    std::atomic<std::uint64_t> own_count{0};
    std::atomic<std::int64_t> trouble_until_ns{0};
    std::mutex mutex;
    std::map<File*, Undo> unsynced;
    sqlite3_vfs vfs{};
    sqlite3_vfs* real{nullptr};

    [[nodiscard]] bool is(std::string_view word) const { return kind == word; }
};
Disk& disk() {
    static auto* const one = new Disk;  // lives as long as the process
    return *one;
}
std::atomic<std::int64_t> clock_step_s{0};

struct File {
    sqlite3_file base;
    bool kept;  // not a temporary file
};
using Pass = surged::test::VfsPass<File>;

[[noreturn]] void die() {
    ::kill(::getpid(), SIGKILL);
    for (;;) ::pause();
}

[[noreturn]] void lose_power() {
    for (auto& [file, undo] : disk().unsynced) {
        sqlite3_file* real = Pass::real(file);
        for (auto piece = undo.pieces.rbegin(); piece != undo.pieces.rend(); ++piece)
            real->pMethods->xWrite(
                real, piece->second.data(), static_cast<int>(piece->second.size()), piece->first
            );
        real->pMethods->xTruncate(real, undo.size);
    }
    die();
}

/// Counts one change of the disk. SQLITE_OK, or the error it must end with.
int change(int io_error) {
    Disk& d = disk();
    const std::uint64_t n = ++*d.count;
    const bool now = n == d.at;
    if (now && d.is("kill")) die();
    if (now && d.is("power")) lose_power();
    if (d.is("lied") && d.at != 0 && n == d.at + static_cast<std::uint64_t>(d.arg)) lose_power();
    if (now && d.is("error")) return io_error;
    if (now && d.is("stall")) std::this_thread::sleep_for(std::chrono::milliseconds{d.arg});
    if (now && d.is("clock")) clock_step_s = d.arg;
    if (d.is("full_while") && ::access(d.file.c_str(), F_OK) == 0) return SQLITE_FULL;
    if (d.is("full") || d.is("read_only")) {
        const std::int64_t at = Clock::now().time_since_epoch().count();
        if (now) d.trouble_until_ns = at + d.arg * 1'000'000;
        if (at < d.trouble_until_ns) return d.is("full") ? SQLITE_FULL : SQLITE_READONLY;
    }
    return SQLITE_OK;
}

/// The file as it stands, before `size` bytes at `at` are changed.
void remember(sqlite3_file* f, sqlite3_int64 at, sqlite3_int64 size) {
    Disk& d = disk();
    if (!d.is("power") && !d.is("lied")) return;
    auto [found, fresh] = d.unsynced.try_emplace(Pass::ours(f));
    sqlite3_int64 length = 0;
    Pass::methods(f)->xFileSize(Pass::real(f), &length);
    if (fresh) found->second.size = length;
    const sqlite3_int64 old = std::min(size, length - at);
    if (old <= 0) return;
    std::string bytes(static_cast<std::size_t>(old), '\0');
    Pass::methods(f)->xRead(Pass::real(f), bytes.data(), static_cast<int>(old), at);
    found->second.pieces.emplace_back(at, std::move(bytes));
}

int close_file(sqlite3_file* f) {
    const std::lock_guard lock{disk().mutex};
    disk().unsynced.erase(Pass::ours(f));
    return Pass::methods(f)->xClose(Pass::real(f));
}
int write_file(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
    if (!Pass::ours(f)->kept) return Pass::methods(f)->xWrite(Pass::real(f), from, size, at);
    const std::lock_guard lock{disk().mutex};
    const int code = change(SQLITE_IOERR_WRITE);
    const bool torn = disk().is("torn") && *disk().count == disk().at;
    if (torn || code == SQLITE_IOERR_WRITE)
        Pass::methods(f)->xWrite(Pass::real(f), from, size / 2, at);
    if (torn) die();
    if (code != SQLITE_OK) return code;
    remember(f, at, size);
    return Pass::methods(f)->xWrite(Pass::real(f), from, size, at);
}
int truncate_file(sqlite3_file* f, sqlite3_int64 size) {
    if (!Pass::ours(f)->kept) return Pass::methods(f)->xTruncate(Pass::real(f), size);
    const std::lock_guard lock{disk().mutex};
    const int code = change(SQLITE_IOERR_TRUNCATE);
    if (code != SQLITE_OK) return code;
    sqlite3_int64 length = 0;
    Pass::methods(f)->xFileSize(Pass::real(f), &length);
    remember(f, size, length - size);
    return Pass::methods(f)->xTruncate(Pass::real(f), size);
}
int sync_file(sqlite3_file* f, int flags) {
    if (!Pass::ours(f)->kept) return Pass::methods(f)->xSync(Pass::real(f), flags);
    {
        const std::lock_guard lock{disk().mutex};
        const int code = change(SQLITE_IOERR_FSYNC);
        if (code != SQLITE_OK) return code;
        const bool lies = disk().is("lied") && *disk().count >= disk().at && disk().at != 0;
        if (!lies) disk().unsynced.erase(Pass::ours(f));
    }
    if (disk().is("slow") && *disk().count >= disk().at)
        std::this_thread::sleep_for(std::chrono::milliseconds{disk().arg});
    if (disk().is("full_while")) return Pass::methods(f)->xSync(Pass::real(f), flags);
    return SQLITE_OK;  // the machine goes on: nothing is lost by not waiting for its disk
}

const sqlite3_io_methods faulty_methods =
    Pass::with(close_file, write_file, truncate_file, sync_file);

int open_file(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* f, int flags, int* out_flags) {
    File* file = new (f) File{{nullptr}, name != nullptr};
    int exists = 1;
    if (name != nullptr) disk().real->xAccess(disk().real, name, SQLITE_ACCESS_EXISTS, &exists);
    if (exists == 0 && (flags & SQLITE_OPEN_CREATE) != 0) {
        const std::lock_guard lock{disk().mutex};
        if (change(SQLITE_IOERR) != SQLITE_OK) return SQLITE_CANTOPEN;
    }
    const int code = disk().real->xOpen(disk().real, name, Pass::real(file), flags, out_flags);
    if (Pass::real(file)->pMethods != nullptr) file->base.pMethods = &faulty_methods;
    return code;
}
int delete_file(sqlite3_vfs*, const char* name, int sync_folder) {
    const std::lock_guard lock{disk().mutex};
    const int code = change(SQLITE_IOERR_DELETE);
    return code != SQLITE_OK ? code : disk().real->xDelete(disk().real, name, sync_folder);
}

std::string setting(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string{} : std::string{value};
}

void keep_count(const std::string& file) {
    Disk& d = disk();
    d.count = &d.own_count;
    if (file.empty()) return;
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ::ftruncate(fd, sizeof(std::uint64_t)) != 0) return;
    void* const at =
        ::mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at != MAP_FAILED) d.count = new (at) std::atomic<std::uint64_t>{0};
}

__attribute__((constructor)) void load() {
    const std::string fault = setting("SURGED_FAULT");
    if (fault.empty()) return;
    Disk& d = disk();
    const auto first = fault.find(':');
    const auto second = fault.find(':', first + 1);
    d.kind = fault.substr(0, first);
    d.at = std::strtoull(fault.c_str() + first + 1, nullptr, 10);
    if (second != std::string::npos) d.arg = std::strtoll(fault.c_str() + second + 1, nullptr, 10);
    d.file = setting("SURGED_FAULT_FILE");
    keep_count(setting("SURGED_FAULT_COUNT"));
    d.real = sqlite3_vfs_find(nullptr);
    d.vfs = *d.real;  // all that it does not see goes to the real one
    d.vfs.pNext = nullptr;
    d.vfs.zName = "faults";
    d.vfs.szOsFile = static_cast<int>(sizeof(File)) + d.real->szOsFile;
    d.vfs.xOpen = open_file;
    d.vfs.xDelete = delete_file;
    if (sqlite3_vfs_register(&d.vfs, 1) != SQLITE_OK) std::abort();
}

}  // namespace

/// The wall clock that std::chrono reads, stepped.
extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
    const auto failed = ::syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_REALTIME) now->tv_sec += clock_step_s;
    return static_cast<int>(failed);
}
