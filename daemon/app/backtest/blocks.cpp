#include "app/backtest/blocks.hpp"

#include "io/http/inflate.hpp"

#include <cerrno>
#include <cstdio>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace surged::app::backtest {
namespace {

struct CloseFile {
    void operator()(std::FILE* file) const {
        if (file != stdin) std::fclose(file);
    }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

tl::unexpected<Error> cannot_read(const std::string& path, int why) {
    return fail(fmt::format("{}: {}", path, std::generic_category().message(why)));
}

class Plain : public Blocks {
public:
    Plain(std::string path, File file, std::string head)
        : path_{std::move(path)}, file_{std::move(file)}, head_{std::move(head)} {}
    Result<std::string> next() override {
        if (!head_.empty()) return std::exchange(head_, {});
        std::string out(block_bytes, '\0');
        out.resize(std::fread(out.data(), 1, out.size(), file_.get()));
        if (out.empty() && std::ferror(file_.get()) != 0) return cannot_read(path_, errno);
        return out;
    }

private:
    std::string path_;
    File file_;
    std::string head_;  // read already
};

class Packed : public Blocks {
public:
    Packed(std::string path, io::http::Coding coding, std::string packed)
        : path_{std::move(path)},
          packed_{std::move(packed)},
          // What it unpacks to is taken block by block: no bound is needed on all of it.
          inflater_{coding, packed_, std::numeric_limits<std::size_t>::max() - 1} {}
    Result<std::string> next() override {
        if (state_ != io::http::Inflated::more) return std::string{};
        std::string out;
        while (out.empty() && state_ == io::http::Inflated::more) {
            state_ = inflater_.step(block_bytes);
            out = inflater_.take();
        }
        if (state_ == io::http::Inflated::corrupt)
            return fail(path_ + ": damaged, or cut off", "gzip -t or zstd -t tells more");
        return out;
    }

private:
    std::string path_;
    std::string packed_;
    io::http::Inflater inflater_;
    io::http::Inflated state_{io::http::Inflated::more};
};

std::optional<io::http::Coding> coding_of(std::string_view head) {
    if (head.starts_with("\x1f\x8b")) return io::http::Coding::gzip;
    if (head.starts_with("\x28\xb5\x2f\xfd")) return io::http::Coding::zstd;
    return std::nullopt;
}

}  // namespace

Result<std::unique_ptr<Blocks>> open_blocks(const std::string& path) {
    File file{path == "-" ? stdin : std::fopen(path.c_str(), "rb")};
    if (!file) return cannot_read(path, errno);
    struct stat facts{};
    if (::fstat(::fileno(file.get()), &facts) == 0 && S_ISDIR(facts.st_mode))
        return cannot_read(path, EISDIR);
    std::string head(block_bytes, '\0');
    head.resize(std::fread(head.data(), 1, head.size(), file.get()));
    if (std::ferror(file.get()) != 0) return cannot_read(path, errno);
    const auto coding = coding_of(head);
    if (!coding) return std::make_unique<Plain>(path, std::move(file), std::move(head));
    std::string packed = std::move(head);
    std::string more(block_bytes, '\0');
    while (const std::size_t got = std::fread(more.data(), 1, more.size(), file.get()))
        packed.append(more, 0, got);
    if (std::ferror(file.get()) != 0) return cannot_read(path, errno);
    return std::make_unique<Packed>(path, *coding, std::move(packed));
}

}  // namespace surged::app::backtest
