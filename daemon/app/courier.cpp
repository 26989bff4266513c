#include "app/courier.hpp"

#include "base/log.hpp"
#include "io/api/host.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <iterator>
#include <utility>

namespace surged::app {
namespace net = boost::asio;
namespace {

using delivery::Outcome;
constexpr std::array outcomes{
    Outcome::accepted,
    Outcome::rate_limited,
    Outcome::retry,
    Outcome::unknown,
    Outcome::bad_message,
    Outcome::bad_channel
};

}  // namespace

struct Courier::State : std::enable_shared_from_this<State> {
    State(net::any_io_executor loop, Channels c, Hooks h)
        : executor{std::move(loop)}, channels{std::move(c)}, hooks{std::move(h)} {
        stats.delivery_buckets.assign(std::size(io::delivery_bounds_s) + 1, 0);
        // A counter that first appears with its first failure has no rate: an alert would miss it.
        for (const auto& [name, channel] : channels) {
            for (const Outcome outcome : outcomes)
                stats.results[{name, std::string{delivery::name_of(outcome)}}] = 0;
        }
    }
    net::any_io_executor executor;
    Channels channels;
    Hooks hooks;
    CourierStats stats;
    std::size_t under_way{0};
    bool closed{false};
    std::function<void()> drained;  // somebody waits until nothing is under way

    void ended() {
        if (--under_way > 0 || !drained) return;
        net::post(executor, std::exchange(drained, nullptr));
    }

    void done(const std::string& channel, Micros took, engine::Receipt receipt) {
        const std::string result{delivery::name_of(receipt.outcome)};
        ++stats.results[{channel, result}];
        const double seconds = std::chrono::duration<double>(took).count();
        const auto* bound = std::lower_bound(
            std::begin(io::delivery_bounds_s), std::end(io::delivery_bounds_s), seconds
        );
        ++stats.delivery_buckets[static_cast<std::size_t>(
            bound - std::begin(io::delivery_bounds_s)
        )];
        stats.delivery_seconds_sum += seconds;
        if (receipt.outcome == delivery::Outcome::accepted) {
            stats.trouble.erase(channel);
        } else {
            stats.trouble[channel] = result + ": " + receipt.detail;
        }
        log::line(
            log::Severity::notice,
            "page_attempt",
            {
                {"page",    receipt.page   },
                {"attempt", receipt.attempt},
                {"channel", channel        },
                {"result",  result         },
                {"detail",  receipt.detail }
        }
        );
        if (!closed) hooks.receipt(std::move(receipt));
    }
};

namespace {

net::awaitable<void> attempt(
    std::shared_ptr<io::Channel> channel,
    delivery::Page page,
    std::function<void(engine::Receipt)> done
) {
    // A channel may answer without waiting for anything, and its receipt is an input: not in the
    // middle of whatever sends the page.
    auto executor = co_await net::this_coro::executor;
    co_await net::post(executor, net::use_awaitable);
    engine::Receipt receipt;
    receipt.page = page.id;
    receipt.attempt = page.attempts;
    try {
        auto answer = co_await channel->deliver(std::move(page));
        receipt.outcome = answer.outcome;
        receipt.retry_after = answer.retry_after;
        receipt.detail = std::move(answer.detail);
    } catch (const std::exception& error) {  // a channel must not throw; a page must not be lost
        receipt.outcome = delivery::Outcome::unknown;
        receipt.detail = error.what();
    }
    done(std::move(receipt));
}

}  // namespace

Courier::Courier(net::any_io_executor loop, Channels channels, Hooks hooks)
    : state_{std::make_shared<State>(std::move(loop), std::move(channels), std::move(hooks))} {}

Courier::~Courier() { state_->closed = true; }

void Courier::send(delivery::Page page) {
    if (!state_->hooks.wants(page.id, page.attempts)) return;  // taken or over meanwhile
    const auto it = state_->channels.find(page.channel);
    auto state = state_;
    const Micros begun = state->hooks.steady();
    const std::string channel = page.channel;
    if (it == state->channels.end()) {
        engine::Receipt receipt{
            page.id, page.attempts, delivery::Outcome::bad_channel, {}, "no channel of this name"
        };
        net::post(state->executor, [state, channel, receipt] {
            state->done(channel, Micros{0}, receipt);
        });
        return;
    }
    ++state->under_way;
    auto done = [state, channel, begun](engine::Receipt receipt) {
        state->done(channel, state->hooks.steady() - begun, std::move(receipt));
        state->ended();
    };
    net::co_spawn(
        state->executor, attempt(it->second, std::move(page), std::move(done)), net::detached
    );
}

void Courier::drain(std::function<void()> done) {
    if (state_->under_way == 0) return net::post(state_->executor, std::move(done));
    state_->drained = std::move(done);
}

const CourierStats& Courier::stats() const { return state_->stats; }
std::size_t Courier::under_way() const { return state_->under_way; }

}  // namespace surged::app
