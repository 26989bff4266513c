// A timer of the loop as the drivers see it. The daemon's are Asio's; a simulated world brings its
// own by Clock::alarm, and so the same drivers run in virtual time.
#pragma once

#include "base/time.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

namespace surged::app {

/// Waits for one thing at a time.
class Alarm {
public:
    virtual ~Alarm() = default;
    /// Rings once, on the loop; what was set before does not ring any more.
    virtual void set(Micros after, std::function<void()> ring) = 0;
    virtual void cancel() = 0;
};

using MakeAlarm = std::function<std::unique_ptr<Alarm>()>;

/// `make`'s, or one on the loop's steady clock if there is none.
[[nodiscard]] std::unique_ptr<Alarm> new_alarm(
    const MakeAlarm& make, const boost::asio::any_io_executor& loop
);

}  // namespace surged::app
