// A Host over a real engine, whose store, load and parts are what a test says they are.
#pragma once

#include "io/api/host.hpp"
#include "support/engine_driver.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace surged::test {

class FakeHost final : public io::Host {
public:
    explicit FakeHost(boost::asio::any_io_executor executor) : commit_{executor} {
        driver.load(small_center());
        commit_.expires_at(boost::asio::steady_timer::time_point::max());
    }

    EngineDriver driver;
    bool durable{true};
    bool overloaded{false};
    bool hold_commits{false};  // submit waits for release()
    std::size_t backlog{0};
    std::vector<io::Component> parts{
        {"store", true, "journal.db", ""}
    };
    io::ShellStats shell;
    std::vector<engine::Input> submitted;

    /// The commit that submits wait for has happened.
    void release() {
        hold_commits = false;
        commit_.cancel();
    }

    const engine::Engine& engine() const override { return driver.engine; }
    boost::asio::awaitable<io::Submitted> submit(engine::Input input) override {
        io::Submitted out;
        out.overloaded = overloaded;
        if (overloaded) co_return out;
        submitted.push_back(input);
        engine::Step step = driver.step(input.body, input.source);
        out.verdict = step.verdict;
        out.detail = step.detail;
        out.applied = std::move(step.applied);
        out.durable = durable;
        while (hold_commits)  // any number of them may wait
            co_await commit_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        co_return out;
    }
    void refresh() override { driver.step(engine::Tick{}); }
    std::vector<io::Component> components() const override { return parts; }
    io::ShellStats stats() const override { return shell; }
    std::size_t backlog_bytes() const override { return backlog; }
    void keep_bad(io::BadSeen seen) override { shell.last_bad.push_back(std::move(seen)); }

private:
    boost::asio::steady_timer commit_;
};

}  // namespace surged::test
