// within: an awaited operation with a deadline.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <tuple>
#include <utility>

namespace surged::io {

namespace net = boost::asio;
using boost::system::error_code;

/// {error_code, …} instead of an exception. `||` of Asio waits for the other side when one throws,
/// so what takes part in a race must use this.
inline constexpr auto as_result = net::as_tuple(net::use_awaitable);

/// Awaits `op` for at most `limit`, then cancels and joins it: timed_out, or operation_aborted if
/// we were cancelled from above. Only for operations whose result may be lost when both end at
/// once: a connect, a resolve, a whole write; never one read of many.
template <class... Rest>
net::awaitable<std::tuple<error_code, Rest...>> within(
    std::chrono::microseconds limit, net::awaitable<std::tuple<error_code, Rest...>> op
) {
    using namespace net::experimental::awaitable_operators;
    const auto executor = co_await net::this_coro::executor;  // a local first: g++ 12
    net::steady_timer timer{executor, limit};
    auto race = co_await (std::move(op) || timer.async_wait(as_result));
    if (race.index() == 0) co_return std::get<0>(std::move(race));
    const auto [timer_ec] = std::get<1>(race);  // set only if the timer was cancelled with us
    co_return std::tuple{timer_ec ? timer_ec : error_code{net::error::timed_out}, Rest{}...};
}

}  // namespace surged::io
