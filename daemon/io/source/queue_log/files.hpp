// What the follower needs of a file system. The real one is PosixFiles; tests have one in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace surged::io::queue_log {

/// Why a file cannot be read.
struct Trouble {
    bool missing{false};  // there is no such file (yet)
    std::string why;      // in words: "Permission denied"
};
template <class T>
using Looked = tl::expected<T, Trouble>;

struct Seen {
    std::uint64_t inode{0};  // the file, whatever it is called
    std::uint64_t size{0};
};

class OpenFile {
public:
    virtual ~OpenFile() = default;
    [[nodiscard]] virtual Looked<Seen> seen() = 0;
    /// Bytes read from `offset` on; fewer than asked for only at the end of the file.
    [[nodiscard]] virtual Looked<std::size_t> read(std::uint64_t offset, std::span<char> into) = 0;
};

class Files {
public:
    virtual ~Files() = default;
    [[nodiscard]] virtual Looked<Seen> look(const std::string& path) = 0;
    [[nodiscard]] virtual Looked<std::unique_ptr<OpenFile>> open(const std::string& path) = 0;
    /// Files in the folder of `path` whose names begin with its name, itself left out.
    [[nodiscard]] virtual std::vector<std::string> beside(const std::string& path) = 0;
};

class PosixFiles : public Files {
public:
    [[nodiscard]] Looked<Seen> look(const std::string& path) override;
    [[nodiscard]] Looked<std::unique_ptr<OpenFile>> open(const std::string& path) override;
    [[nodiscard]] std::vector<std::string> beside(const std::string& path) override;
};

}  // namespace surged::io::queue_log
