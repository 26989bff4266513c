#include "app/whole_file.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>

namespace surged::app {
namespace {

/// The rename lasts only when the folder has been synced.
bool sync_folder_of(const std::string& file) {
    const auto slash = file.find_last_of('/');
    const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash + 1);
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool synced = ::fsync(fd) == 0;
    ::close(fd);
    return synced;
}

}  // namespace

Status write_whole(const std::string& file, std::string_view bytes) {
    const auto failed = [&] {
        return fail(fmt::format("{}: {}", file, std::generic_category().message(errno)));
    };
    const std::string fresh = file + ".new";
    ::unlink(fresh.c_str());  // of a process that was killed in the middle
    const int out = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0) return failed();
    const bool kept =
        ::write(out, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
        ::fsync(out) == 0;
    ::close(out);
    if (!kept || std::rename(fresh.c_str(), file.c_str()) != 0 || !sync_folder_of(file))
        return failed();
    return {};
}

}  // namespace surged::app
