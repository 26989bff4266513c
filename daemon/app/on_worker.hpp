// Runs a job on another thread and brings what it made back to the loop.
#pragma once

#include "app/moment.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace surged::app {

/// `submit` hands a job to the thread. Coroutines take their parameters by value.
template <class T>
boost::asio::awaitable<T> on_worker(
    boost::asio::any_io_executor loop,
    std::function<void(std::function<void()>)> submit,
    std::function<T()> job
) {
    auto moment = std::make_shared<Moment>(loop);
    auto found = std::make_shared<std::optional<T>>();
    std::function<void()> work = [job = std::move(job), found, moment, loop] {
        T made = job();
        boost::asio::post(loop, [found, moment, made = std::move(made)]() mutable {
            *found = std::move(made);
            moment->come();
        });
    };
    submit(std::move(work));
    while (!moment->there)
        co_await moment->timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    co_return std::move(**found);
}

}  // namespace surged::app
