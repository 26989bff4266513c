// Moment: what a coroutine waits for and a callback brings. Both on the loop thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace surged::app {

struct Moment {
    explicit Moment(boost::asio::any_io_executor executor) : timer{executor} {
        timer.expires_at(boost::asio::steady_timer::time_point::max());
    }
    void come() {
        there = true;
        timer.cancel();
    }
    boost::asio::steady_timer timer;
    bool there{false};
};

}  // namespace surged::app
