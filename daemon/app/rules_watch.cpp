#include "app/rules_watch.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace surged::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t everything = IN_MODIFY | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE |
                                     IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF;
constexpr std::size_t folders_most = 100;

/// What editors keep for themselves. `..data` is how Kubernetes turns a whole folder at once.
bool is_editors_own(const std::string& name) {
    const bool hidden = name.starts_with('.') && !name.starts_with("..");
    return hidden || name.ends_with('~') || name == "4913";  // vim tries whether it may write
}

}  // namespace

RulesWatch::RulesWatch(boost::asio::any_io_executor loop, RulesWatchOptions options)
    : options_{std::move(options)}, events_{loop}, quiet_{loop} {}

Status RulesWatch::start() {
    const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0)
        return fail(
            "cannot watch the rules folder: " + std::generic_category().message(errno),
            "rules.watch: false, and surgectl reload after a change"
        );
    events_.assign(fd);
    watch_all();
    read();
    return {};
}

void RulesWatch::stop() {
    boost::system::error_code ignored;
    events_.close(ignored);
    quiet_.cancel();
}

/// What has happened and was not read yet counts too.
bool RulesWatch::is_still(std::uint64_t generation) {
    alignas(8) std::array<char, 4096> more{};
    for (;;) {
        const auto size = ::read(events_.native_handle(), more.data(), more.size());
        if (size <= 0) break;
        take({more.data(), static_cast<std::size_t>(size)});
    }
    return generation == generation_ && writing_.empty();
}

void RulesWatch::watch(const std::string& folder, bool parent) {
    const int watch = ::inotify_add_watch(events_.native_handle(), folder.c_str(), everything);
    if (watch >= 0) watches_[watch] = {folder, parent};
}

void RulesWatch::watch_below(const std::string& folder) {
    std::error_code error;
    for (fs::recursive_directory_iterator it{folder, error}, end;
         !error && it != end && watches_.size() < folders_most;
         it.increment(error)) {
        std::error_code ignored;
        if (is_editors_own(it->path().filename().string())) {  // .git has hundreds of folders
            it.disable_recursion_pending();
            continue;
        }
        if (it->is_directory(ignored)) watch(it->path().string(), false);
    }
}

/// The folders below may be other ones now: each is found again. The parent tells when the folder
/// itself is put in another's place.
void RulesWatch::watch_all() {
    for (const auto& [watch, watched] : watches_)
        (void)::inotify_rm_watch(events_.native_handle(), watch);
    watches_.clear();
    writing_.clear();
    std::error_code error;
    const fs::path folder = fs::absolute(options_.folder, error).lexically_normal();
    const fs::path named = folder.has_filename() ? folder : folder.parent_path();
    watch(named.parent_path().string(), true);
    watch(named.string(), false);
    watch_below(named.string());
}

void RulesWatch::read() {
    events_.async_read_some(
        boost::asio::buffer(buffer_),
        [this](const boost::system::error_code& ec, std::size_t size) {
            if (ec) return;
            take({buffer_.data(), size});
            read();
        }
    );
}

void RulesWatch::take(std::string_view bytes) {
    while (bytes.size() >= sizeof(inotify_event)) {
        inotify_event head{};
        std::memcpy(&head, bytes.data(), sizeof head);
        if (bytes.size() < sizeof head + head.len) return;
        const char* const name = bytes.data() + sizeof head;
        event(head.wd, head.mask, head.len == 0 ? std::string{} : std::string{name});
        bytes.remove_prefix(sizeof head + head.len);
    }
}

void RulesWatch::event(int watch, std::uint32_t mask, const std::string& name) {
    if ((mask & IN_IGNORED) != 0) return;  // we took the watch away, or its folder is gone
    if ((mask & IN_Q_OVERFLOW) == 0) {
        const auto known = watches_.find(watch);
        if (known == watches_.end() || is_editors_own(name)) return;
        const fs::path own = fs::path{options_.folder}.lexically_normal();
        const fs::path named = own.has_filename() ? own : own.parent_path();
        if (known->second.parent && name != named.filename().string()) return;
        if ((mask & IN_CREATE) != 0) created(watch, known->second.folder + "/" + name, name, mask);
    } else {
        writing_.clear();  // the word of their end may be among what was lost
    }
    ++generation_;
    if ((mask & IN_MODIFY) != 0) writing_.insert({watch, name});
    if ((mask & (IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_FROM)) != 0) writing_.erase({watch, name});
    arm();
}

/// A file is made before it is written, and may be empty for long: it counts when it is closed. A
/// second name of a file is never closed, nor is a link.
void RulesWatch::created(
    int watch, const std::string& path, const std::string& name, std::uint32_t mask
) {
    if ((mask & IN_ISDIR) != 0) {  // what is copied into it must not be missed
        this->watch(path, false);
        watch_below(path);
        return;
    }
    struct stat status{};
    if (::lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1)
        writing_.insert({watch, name});
}

void RulesWatch::arm() {
    quiet_.expires_after(options_.quiet);
    quiet_.async_wait([this](const boost::system::error_code& ec) {
        if (!ec) look();
    });
}

void RulesWatch::look() {
    if (!writing_.empty()) {
        waited_ += options_.quiet;
        if (waited_ >= options_.writing_most && !std::exchange(held_up_, true))
            options_.held_up(writing_.begin()->second + " is being written, and is not finished");
        return arm();
    }
    waited_ = Micros{0};
    if (std::exchange(held_up_, false)) options_.held_up("");
    watch_all();
    options_.changed();
}

}  // namespace surged::app
