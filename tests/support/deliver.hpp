// One attempt by a channel, on a loop of its own.
#pragma once

#include "io/channel/channel.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <utility>

namespace surged::test {

[[nodiscard]] inline engine::Receipt deliver(io::Channel& channel, delivery::Page page) {
    boost::asio::io_context loop{1};
    engine::Receipt receipt;
    boost::asio::co_spawn(
        loop,
        channel.deliver(std::move(page)),
        [&receipt](const std::exception_ptr& failed, engine::Receipt got) {
            if (failed) std::rethrow_exception(failed);
            receipt = std::move(got);
        }
    );
    loop.run();
    return receipt;
}

}  // namespace surged::test
