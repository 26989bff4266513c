// Says when a file or the folder it is in may have changed. Where the system cannot tell (a network
// file system, no more watches left) it never says so: look from time to time anyway.
#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <string>

namespace surged::io::queue_log {

class Watch {
public:
    /// `changed` is called on the executor, once for any number of changes.
    Watch(const boost::asio::any_io_executor& executor, std::function<void()> changed);
    /// Watches what is at `path` now; call again when something else may be.
    void aim(const std::string& path);
    /// False: nothing will be said.
    [[nodiscard]] bool works() const { return folder_ >= 0 && file_ >= 0; }
    /// `changed` is not called any more.
    void stop();

private:
    void wait();

    boost::asio::posix::stream_descriptor descriptor_;
    std::function<void()> changed_;
    std::array<char, 4096> buffer_{};
    int folder_{-1}, file_{-1};
};

}  // namespace surged::io::queue_log
