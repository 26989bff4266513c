#include "app/backtest/read_ahead.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace surged::app::backtest {
namespace {

using Inputs = std::vector<engine::Input>;

/// Some blocks, so that neither thread waits where the other takes longer for one.
constexpr std::size_t blocks_ahead = 8;

class Ahead {
public:
    explicit Ahead(History& history)
        : reader_{[this, &history](const std::stop_token& stop) { read(history, stop); }} {}

    /// As History::next; what that threw is thrown here.
    Result<Inputs> next() {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return !ready_.empty() || thrown_; });
        if (ready_.empty()) std::rethrow_exception(thrown_);
        auto out = std::move(ready_.front());
        ready_.pop_front();
        changed_.notify_one();
        return out;
    }

private:
    void read(History& history, const std::stop_token& stop) {
        try {
            for (bool more = true; more && !stop.stop_requested();) {
                auto inputs = history.next();
                more = inputs && !inputs->empty();
                std::unique_lock lock{mutex_};
                const auto has_room = [this] { return ready_.size() < blocks_ahead; };
                if (!changed_.wait(lock, stop, has_room)) return;
                ready_.push_back(std::move(inputs));
                changed_.notify_one();
            }
        } catch (...) {
            const std::scoped_lock lock{mutex_};
            thrown_ = std::current_exception();
            changed_.notify_one();
        }
    }

    std::mutex mutex_;
    std::condition_variable_any changed_;  // one waits at a time: for something, or for room
    std::deque<Result<Inputs>> ready_;
    std::exception_ptr thrown_;
    std::jthread reader_;  // the last: it ends before what it uses
};

}  // namespace

Status read_ahead(History& history, const std::function<void(engine::Input&&)>& take) {
    Ahead ahead{history};
    auto inputs = ahead.next();
    for (; inputs && !inputs->empty(); inputs = ahead.next())
        for (engine::Input& input : *inputs) take(std::move(input));
    if (!inputs) return tl::make_unexpected(inputs.error());
    return {};
}

}  // namespace surged::app::backtest
