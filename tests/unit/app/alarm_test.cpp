#include "app/alarm.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <doctest/doctest.h>
#include <string>

using namespace surged;

TEST_CASE("alarm: rings once, for what it was set for last, and not after it was cancelled") {
    boost::asio::io_context loop{1};
    std::string rung;
    const auto alarm = app::new_alarm({}, loop.get_executor());
    alarm->set(0s, [&] { rung += "first "; });
    alarm->set(0s, [&] { rung += "second "; });
    loop.run();
    loop.restart();
    CHECK(rung == "second ");
    // Due already, and its handler is on its way, when it is cancelled.
    alarm->set(0s, [&] { rung += "third "; });
    boost::asio::post(loop, [&] { alarm->cancel(); });
    loop.run();
    CHECK(rung == "second ");
}

TEST_CASE("alarm: one that is gone does not ring") {
    boost::asio::io_context loop{1};
    bool rang = false;
    auto alarm = app::new_alarm({}, loop.get_executor());
    alarm->set(0s, [&] { rang = true; });
    alarm.reset();
    loop.run();
    CHECK_FALSE(rang);
}
