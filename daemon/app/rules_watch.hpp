// Notices that something in the rules folder has changed, and waits until it is whole.
//
// Editors write to another name and rename, or truncate and write again; tools copy file by file.
// A change is told when nothing has happened in the folder for a while and no file in it is being
// written; names that editors use for themselves do not count. On the loop's thread.
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace surged::app {

struct RulesWatchOptions {
    std::string folder;
    Micros quiet{500ms};       // nothing has happened for so long
    Micros writing_most{30s};  // a file open for writing for so long is told of
    /// Something may be different, and is whole.
    std::function<void()> changed;
    /// Why a change is not told yet, in words; empty: nothing holds it up any more.
    std::function<void(const std::string&)> held_up;
};

class RulesWatch {
public:
    RulesWatch(boost::asio::any_io_executor loop, RulesWatchOptions options);
    [[nodiscard]] Status start();
    void stop();
    /// Grows with everything that happens in the folder; true while nothing has since it was so.
    [[nodiscard]] std::uint64_t generation() const { return generation_; }
    [[nodiscard]] bool is_still(std::uint64_t generation);

private:
    void watch_all();
    void watch(const std::string& folder, bool parent);
    void watch_below(const std::string& folder);
    void read();
    void take(std::string_view bytes);
    void event(int watch, std::uint32_t mask, const std::string& name);
    void created(int watch, const std::string& path, const std::string& name, std::uint32_t mask);
    void arm();
    void look();

    RulesWatchOptions options_;
    boost::asio::posix::stream_descriptor events_;
    boost::asio::steady_timer quiet_;
    struct Watched {
        std::string folder;
        bool parent{false};  // of the rules' folder: only our own name counts
    };
    std::map<int, Watched> watches_;
    std::set<std::pair<int, std::string>> writing_;
    Micros waited_{0};  // with a file being written
    bool held_up_{false};
    std::uint64_t generation_{0};
    alignas(8) std::array<char, 16384> buffer_{};
};

}  // namespace surged::app
