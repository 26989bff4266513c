// The part of a SQLite VFS that does nothing of its own: what is asked of a file goes to the real
// VFS's file, which lies behind ours in the one block of memory that SQLite gives for both.
#pragma once

#include <sqlite3.h>

namespace surged::test {

/// `File` begins with a sqlite3_file.
template <class File>
struct VfsPass {
    static File* ours(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
    static sqlite3_file* real(File* file) { return reinterpret_cast<sqlite3_file*>(file + 1); }
    static sqlite3_file* real(sqlite3_file* file) { return real(ours(file)); }
    static const sqlite3_io_methods* methods(sqlite3_file* file) { return real(file)->pMethods; }

    static int read(sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
        return methods(f)->xRead(real(f), to, size, at);
    }
    static int file_size(sqlite3_file* f, sqlite3_int64* size) {
        return methods(f)->xFileSize(real(f), size);
    }
    static int lock(sqlite3_file* f, int level) { return methods(f)->xLock(real(f), level); }
    static int unlock(sqlite3_file* f, int level) { return methods(f)->xUnlock(real(f), level); }
    static int check_lock(sqlite3_file* f, int* out) {
        return methods(f)->xCheckReservedLock(real(f), out);
    }
    static int control(sqlite3_file* f, int what, void* arg) {
        return methods(f)->xFileControl(real(f), what, arg);
    }
    static int sector_size(sqlite3_file* f) { return methods(f)->xSectorSize(real(f)); }
    static int traits(sqlite3_file* f) { return methods(f)->xDeviceCharacteristics(real(f)); }
    static int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
        return methods(f)->xShmMap(real(f), page, size, extend, out);
    }
    static int shm_lock(sqlite3_file* f, int offset, int n, int flags) {
        return methods(f)->xShmLock(real(f), offset, n, flags);
    }
    static void shm_barrier(sqlite3_file* f) { methods(f)->xShmBarrier(real(f)); }
    static int shm_unmap(sqlite3_file* f, int remove) {
        return methods(f)->xShmUnmap(real(f), remove);
    }

    /// Version 2: shared memory for the write-ahead log, no memory mapping (it would pass by read).
    using Close = int (*)(sqlite3_file*);
    using Write = int (*)(sqlite3_file*, const void*, int, sqlite3_int64);
    using Truncate = int (*)(sqlite3_file*, sqlite3_int64);
    using Sync = int (*)(sqlite3_file*, int);
    static constexpr sqlite3_io_methods with(
        Close close, Write write, Truncate truncate, Sync sync
    ) {
        return {
            2,
            close,
            read,
            write,
            truncate,
            sync,
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
    }
};

}  // namespace surged::test
