#include "io/source/csv/file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace surged::io::csv {
namespace {

tl::unexpected<Error> trouble(int error) {
    if (error == ENOENT) return fail("there is no such file");
    return fail(std::generic_category().message(error));
}

Stamp stamp_of(const struct ::stat& status) {
    return {
        static_cast<std::uint64_t>(status.st_ino),
        static_cast<std::uint64_t>(status.st_size),
        std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec
    };
}

class Descriptor {
public:
    explicit Descriptor(int number) : number_{number} {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return number_; }

private:
    int number_;
};

}  // namespace

Result<Stamp> look(const std::string& path) {
    struct ::stat status{};
    if (::stat(path.c_str(), &status) != 0) return trouble(errno);
    if (!S_ISREG(status.st_mode)) return fail("it is not a file");
    return stamp_of(status);
}

Result<std::string> read_whole(const std::string& path, std::size_t most, const Stamp& stamp) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (file.get() < 0) return trouble(errno);
    if (stamp.size > most) return fail(fmt::format("it is larger than {} bytes", most));
    std::string out(stamp.size, '\0');
    std::size_t done = 0;
    while (done < out.size()) {
        const auto got = ::read(file.get(), out.data() + done, out.size() - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return trouble(errno);
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    struct ::stat status{};
    if (::fstat(file.get(), &status) != 0) return trouble(errno);
    if (done != out.size() || stamp_of(status) != stamp) return fail("it is being written");
    return out;
}

}  // namespace surged::io::csv
