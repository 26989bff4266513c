#include "support/memory_vfs.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <fmt/format.h>
#include <map>
#include <new>
#include <sqlite3.h>
#include <stdexcept>
#include <utility>
#include <vector>

namespace surged::test {
namespace {

/// The file of that name: its bytes, its locks, and the shared memory of its write-ahead log.
struct Node {
    std::string bytes;
    int shared{0};
    bool reserved{false}, exclusive{false};
    std::map<int, std::vector<unsigned char>> shm;  // by region
    std::array<int, SQLITE_SHM_NLOCK> shm_shared{};
    std::array<bool, SQLITE_SHM_NLOCK> shm_exclusive{};
};

}  // namespace

struct MemoryVfs::Disk {
    std::string name;
    sqlite3_vfs vfs{};
    sqlite3_vfs* real{nullptr};
    Mode mode{Mode::good};
    std::uint64_t writes{0};
    std::uint64_t until_torn{0};  // 0: the power holds
    std::uint64_t torn{0};
    bool dark{false};
    std::map<std::string, std::shared_ptr<Node>> files, kept;

    [[nodiscard]] int refusal(bool grows, int io_error) const {
        if (dark) return io_error;
        switch (mode) {
            case Mode::good:
                return SQLITE_OK;
            case Mode::full:
                return grows ? SQLITE_FULL : SQLITE_OK;
            case Mode::read_only:
                return SQLITE_READONLY;
            case Mode::broken:
                return io_error;
        }
        return SQLITE_OK;
    }
};

namespace {

using Disk = MemoryVfs::Disk;

struct File {
    sqlite3_file base;
    Disk* disk;
    std::shared_ptr<Node> node;
    std::string name;
    int level;
    std::array<bool, SQLITE_SHM_NLOCK> shared, exclusive;  // of the shared memory, by this one
};
File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
Disk& disk_of(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }

int unlock(sqlite3_file* f, int level) {
    File& file = of(f);
    Node& node = *file.node;
    if (file.level >= SQLITE_LOCK_RESERVED && level < SQLITE_LOCK_RESERVED) node.reserved = false;
    if (file.level == SQLITE_LOCK_EXCLUSIVE && level < SQLITE_LOCK_EXCLUSIVE)
        node.exclusive = false;
    if (file.level >= SQLITE_LOCK_SHARED && level == SQLITE_LOCK_NONE) --node.shared;
    file.level = std::min(file.level, level);
    return SQLITE_OK;
}
int lock(sqlite3_file* f, int level) {
    File& file = of(f);
    Node& node = *file.node;
    if (file.level >= level) return SQLITE_OK;
    if (file.level == SQLITE_LOCK_NONE) {
        if (node.exclusive) return SQLITE_BUSY;
        ++node.shared;
        file.level = SQLITE_LOCK_SHARED;
    }
    if (level >= SQLITE_LOCK_RESERVED && file.level < SQLITE_LOCK_RESERVED) {
        if (node.reserved) return SQLITE_BUSY;
        node.reserved = true;
        file.level = SQLITE_LOCK_RESERVED;
    }
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        if (node.shared > 1) return SQLITE_BUSY;
        node.exclusive = true;
        file.level = SQLITE_LOCK_EXCLUSIVE;
    }
    return SQLITE_OK;
}
int check_lock(sqlite3_file* f, int* out) {
    *out = of(f).node->reserved ? 1 : 0;
    return SQLITE_OK;
}
int read_file(sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
    const std::string& bytes = of(f).node->bytes;
    const auto from = std::min(static_cast<std::size_t>(at), bytes.size());
    const auto there = std::min(bytes.size() - from, static_cast<std::size_t>(size));
    std::memcpy(to, bytes.data() + from, there);
    if (there == static_cast<std::size_t>(size)) return SQLITE_OK;
    std::memset(static_cast<char*>(to) + there, 0, static_cast<std::size_t>(size) - there);
    return SQLITE_IOERR_SHORT_READ;
}
int write_file(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
    File& file = of(f);
    std::string& bytes = file.node->bytes;
    const auto begin = static_cast<std::size_t>(at);
    auto count = static_cast<std::size_t>(size);
    const bool grows = begin + count > bytes.size();
    const int code = file.disk->refusal(grows, SQLITE_IOERR_WRITE);
    Disk& disk = *file.disk;
    const bool weak = code == SQLITE_IOERR_WRITE && !disk.dark && ++disk.writes % 2 == 0;
    const bool counts = code == SQLITE_OK && disk.until_torn > 0;
    if (counts) --disk.until_torn;
    const bool fails = counts && disk.until_torn == 0;
    const bool torn = weak || fails;
    if (code != SQLITE_OK && !torn) return code;
    if (fails) {
        disk.dark = true;
        ++disk.torn;
    }
    if (torn) count /= 2;
    if (begin + count > bytes.size()) bytes.resize(begin + count);
    std::memcpy(bytes.data() + begin, from, count);
    return fails ? SQLITE_IOERR_WRITE : code;
}
int truncate_file(sqlite3_file* f, sqlite3_int64 size) {
    const int code = of(f).disk->refusal(false, SQLITE_IOERR_TRUNCATE);
    if (code == SQLITE_OK) of(f).node->bytes.resize(static_cast<std::size_t>(size));
    return code;
}
int sync_file(sqlite3_file* f, int) { return of(f).disk->refusal(false, SQLITE_IOERR_FSYNC); }
int file_size(sqlite3_file* f, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(of(f).node->bytes.size());
    return SQLITE_OK;
}
int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 512; }
int traits(sqlite3_file*) { return 0; }

int shm_map(sqlite3_file* f, int region, int size, int extend, void volatile** out) {
    auto& shm = of(f).node->shm;
    *out = nullptr;
    if (!shm.contains(region)) {
        if (extend == 0) return SQLITE_OK;
        shm[region].resize(static_cast<std::size_t>(size));
    }
    *out = shm[region].data();
    return SQLITE_OK;
}
void shm_free(File& file, std::size_t i) {
    if (file.shared[i]) --file.node->shm_shared[i];
    if (file.exclusive[i]) file.node->shm_exclusive[i] = false;
    file.shared[i] = file.exclusive[i] = false;
}
int shm_lock(sqlite3_file* f, int offset, int n, int flags) {
    File& file = of(f);
    Node& node = *file.node;
    const auto from = static_cast<std::size_t>(offset), to = from + static_cast<std::size_t>(n);
    const bool wants_all = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    for (auto i = from; i < to && (flags & SQLITE_SHM_LOCK) != 0; ++i) {
        const int others = node.shm_shared[i] - (file.shared[i] ? 1 : 0);
        if (node.shm_exclusive[i] && !file.exclusive[i]) return SQLITE_BUSY;
        if (wants_all && others > 0) return SQLITE_BUSY;
    }
    for (auto i = from; i < to; ++i) {
        shm_free(file, i);
        if ((flags & SQLITE_SHM_LOCK) == 0) continue;
        (wants_all ? file.exclusive : file.shared)[i] = true;
        if (wants_all)
            node.shm_exclusive[i] = true;
        else
            ++node.shm_shared[i];
    }
    return SQLITE_OK;
}
void shm_barrier(sqlite3_file*) {}
int shm_unmap(sqlite3_file* f, int remove) {
    File& file = of(f);
    for (std::size_t i = 0; i < SQLITE_SHM_NLOCK; ++i) shm_free(file, i);
    if (remove != 0) file.node->shm.clear();
    return SQLITE_OK;
}
int close_file(sqlite3_file* f) {
    unlock(f, SQLITE_LOCK_NONE);
    of(f).~File();
    return SQLITE_OK;
}

const sqlite3_io_methods methods{
    2,
    close_file,
    read_file,
    write_file,
    truncate_file,
    sync_file,
    file_size,
    lock,
    unlock,
    check_lock,
    control,
    sector_size,
    traits,
    shm_map,
    shm_lock,
    shm_barrier,
    shm_unmap,
    nullptr,
    nullptr
};

int open_file(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* f, int flags, int* out) {
    Disk& disk = disk_of(vfs);
    f->pMethods = nullptr;
    const std::string path = name != nullptr ? name : "";
    std::shared_ptr<Node> node;
    if (const auto known = disk.files.find(path); name != nullptr && known != disk.files.end()) {
        node = known->second;
    } else {
        if ((flags & SQLITE_OPEN_CREATE) == 0 || disk.refusal(true, SQLITE_IOERR) != SQLITE_OK)
            return SQLITE_CANTOPEN;
        node = std::make_shared<Node>();
        if (name != nullptr) disk.files[path] = node;
    }
    new (f) File{{&methods}, &disk, std::move(node), path, SQLITE_LOCK_NONE, {}, {}};
    if (out != nullptr) *out = flags;
    return SQLITE_OK;
}
int delete_file(sqlite3_vfs* vfs, const char* name, int) {
    Disk& disk = disk_of(vfs);
    const int code = disk.refusal(false, SQLITE_IOERR_DELETE);
    if (code != SQLITE_OK) return code;
    return disk.files.erase(name) > 0 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}
int access_file(sqlite3_vfs* vfs, const char* name, int, int* out) {
    *out = disk_of(vfs).files.contains(name) ? 1 : 0;
    return SQLITE_OK;
}
int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
}
int randomness(sqlite3_vfs*, int size, char* out) {
    std::memset(out, 7, static_cast<std::size_t>(size));  // a world is the same each time
    return size;
}
int sleep_for(sqlite3_vfs*, int us) { return us; }
int current_time(sqlite3_vfs*, double* out) {
    *out = 2461000.5;
    return SQLITE_OK;
}
int last_error(sqlite3_vfs*, int, char*) { return SQLITE_OK; }
int current_time_64(sqlite3_vfs*, sqlite3_int64* out) {
    *out = 2461000LL * 86'400'000LL;
    return SQLITE_OK;
}

std::map<std::string, std::shared_ptr<Node>> copy_of(
    const std::map<std::string, std::shared_ptr<Node>>& files
) {
    std::map<std::string, std::shared_ptr<Node>> out;
    for (const auto& [name, node] : files) {
        out[name] = std::make_shared<Node>();
        out[name]->bytes = node->bytes;
    }
    return out;
}

}  // namespace

MemoryVfs::MemoryVfs() : disk_{std::make_unique<Disk>()} {
    static std::atomic<unsigned> made{0};
    disk_->name = fmt::format("memory-{}", ++made);
    sqlite3_vfs& vfs = disk_->vfs;
    vfs.iVersion = 2;
    vfs.szOsFile = static_cast<int>(sizeof(File));
    vfs.mxPathname = 512;
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

MemoryVfs::~MemoryVfs() { sqlite3_vfs_unregister(&disk_->vfs); }

const std::string& MemoryVfs::name() const { return disk_->name; }
void MemoryVfs::set_mode(Mode mode) { disk_->mode = mode; }
std::uint64_t MemoryVfs::bytes() const {
    std::uint64_t out = 0;
    for (const auto& [name, node] : disk_->files) out += node->bytes.size();
    return out;
}
void MemoryVfs::freeze() { disk_->kept = copy_of(disk_->files); }
void MemoryVfs::restore() {
    disk_->files = std::exchange(disk_->kept, {});
    disk_->dark = false;
    disk_->until_torn = 0;
}
void MemoryVfs::lose_power_at(std::uint64_t writes) { disk_->until_torn = writes; }
bool MemoryVfs::dark() const { return disk_->dark; }
std::uint64_t MemoryVfs::torn() const { return disk_->torn; }

}  // namespace surged::test
