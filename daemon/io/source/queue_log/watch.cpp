#include "io/source/queue_log/watch.hpp"

#include <boost/asio/buffer.hpp>
#include <filesystem>
#include <sys/inotify.h>
#include <utility>

namespace surged::io::queue_log {

namespace net = boost::asio;

Watch::Watch(const net::any_io_executor& executor, std::function<void()> changed)
    : descriptor_{executor}, changed_{std::move(changed)} {
    const int made = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (made < 0) return;
    descriptor_.assign(made);
    wait();
}

// The folder tells of files that come and go, the file of what is written to it: a folder of logs
// would tell of every line in every log.
void Watch::aim(const std::string& path) {
    if (!descriptor_.is_open()) return;
    const int handle = descriptor_.native_handle();
    const std::string folder = std::filesystem::path{path}.parent_path().string();
    folder_ = ::inotify_add_watch(handle, folder.c_str(), IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
    const int before = file_;
    file_ = ::inotify_add_watch(handle, path.c_str(), IN_MODIFY | IN_MOVE_SELF | IN_ATTRIB);
    if (before >= 0 && before != file_) ::inotify_rm_watch(handle, before);
}

void Watch::stop() {
    boost::system::error_code ignored;
    descriptor_.close(ignored);
}

void Watch::wait() {
    descriptor_.async_read_some(
        net::buffer(buffer_),
        [this](const boost::system::error_code& failed, std::size_t) {
            if (failed) return;
            changed_();
            wait();
        }
    );
}

}  // namespace surged::io::queue_log
