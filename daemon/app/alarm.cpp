#include "app/alarm.hpp"

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <utility>

namespace surged::app {
namespace {

class LoopAlarm final : public Alarm {
public:
    explicit LoopAlarm(const boost::asio::any_io_executor& loop) : timer_{loop} {}

    void set(Micros after, std::function<void()> ring) override {
        timer_.expires_after(after);
        const std::uint64_t now = ++*set_;
        timer_.async_wait([ring = std::move(ring), set = set_, now](const auto& ec) {
            if (!ec && *set == now) ring();  // it may have been due already when it was cancelled
        });
    }
    void cancel() override {
        ++*set_;
        timer_.cancel();
    }
    ~LoopAlarm() override { ++*set_; }
    LoopAlarm(const LoopAlarm&) = delete;
    LoopAlarm& operator=(const LoopAlarm&) = delete;

private:
    boost::asio::steady_timer timer_;
    std::shared_ptr<std::uint64_t> set_{std::make_shared<std::uint64_t>(0)};
};

}  // namespace

std::unique_ptr<Alarm> new_alarm(const MakeAlarm& make, const boost::asio::any_io_executor& loop) {
    if (make) return make();
    return std::make_unique<LoopAlarm>(loop);
}

}  // namespace surged::app
