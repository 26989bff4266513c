#include "store/attempts.hpp"

#include "store/database.hpp"
#include "store/migrate.hpp"

#include <array>
#include <bit>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <type_traits>
#include <unistd.h>

namespace surged::store {

Result<RecoveryAttempts> RecoveryAttempts::open(const Options& options) {
    static_assert(std::has_unique_object_representations_v<Mark>);  // read only by this machine
    const std::string file = options.path + "/recovering";
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(
            fmt::format("cannot open {}: {}", file, std::generic_category().message(errno)),
            "make the folder and its files writable for surged's user"
        );
    Mark mark;
    if (::pread(fd, &mark, sizeof mark, 0) != ssize_t{sizeof mark}) mark = {};
    if (mark.current != 0) {
        mark.times = mark.current == mark.suspect ? mark.times + 1 : 1;
        mark.suspect = mark.current;
        mark.current = 0;
    }
    RecoveryAttempts attempts{fd, mark};
    attempts.write();
    return attempts;
}

RecoveryAttempts::~RecoveryAttempts() {
    if (fd_ >= 0) ::close(fd_);
}

std::pair<std::uint64_t, unsigned> RecoveryAttempts::suspect() const {
    return {mark_.suspect, static_cast<unsigned>(mark_.times)};
}

bool RecoveryAttempts::must_quarantine() const { return mark_.times >= attempts_max; }

void RecoveryAttempts::begin(std::uint64_t seq) {
    mark_.current = seq;
    write();
}

void RecoveryAttempts::clear() {
    mark_ = {};
    write();
}

void RecoveryAttempts::write() const {
    // On a full disk the count is lost, not the recovery: the file has its bytes after the first.
    // As bytes: of the whole g++ 12 believes that it is its first member, read beyond its end.
    const auto bytes = std::bit_cast<std::array<char, sizeof mark_>>(mark_);
    static_cast<void>(::pwrite(fd_, bytes.data(), bytes.size(), 0) == 0);
}

Result<void> quarantine(const Options& options, std::uint64_t seq, const std::string& why) {
    auto database = Database::open(options.file(), Access::write, options.vfs, options.busy_wait);
    if (!database) return tl::make_unexpected(std::move(database.error()));
    if (auto fit = require_current(*database, options.file()); !fit) return fit;
    return database->run(
        "INSERT OR REPLACE INTO quarantine (seq, why) VALUES (?, ?)", seq, std::string_view{why}
    );
}

}  // namespace surged::store
