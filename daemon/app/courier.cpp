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

std::vector<std::string> names_of(const Channels& channels) {
    std::vector<std::string> out;
    out.reserve(channels.size());
    for (const auto& [name, channel] : channels) out.push_back(name);
    return out;
}

}  // namespace

struct Courier::State : std::enable_shared_from_this<State> {
    State(net::any_io_executor loop, Channels c, Hooks h)
        : executor{std::move(loop)},
          channels{std::move(c)},
          hooks{std::move(h)},
          health{names_of(channels)} {
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
    ChannelHealth health;
    CourierStats stats;
    std::size_t under_way{0};
    bool closed{false};
    std::function<void()> drained;  // somebody waits until nothing is under way

    void begin(delivery::Page page, std::function<void(engine::Receipt)> done);

    void ended() {
        if (--under_way > 0 || !drained) return;
        net::post(executor, std::exchange(drained, nullptr));
    }

    void count(const std::string& channel, Micros took, const engine::Receipt& receipt) {
        ++stats.results[{channel, std::string{delivery::name_of(receipt.outcome)}}];
        const double seconds = std::chrono::duration<double>(took).count();
        const auto* bound = std::lower_bound(
            std::begin(io::delivery_bounds_s), std::end(io::delivery_bounds_s), seconds
        );
        ++stats.delivery_buckets[static_cast<std::size_t>(
            bound - std::begin(io::delivery_bounds_s)
        )];
        stats.delivery_seconds_sum += seconds;
    }

    void judge(const std::string& channel, const engine::Receipt& receipt) {
        const auto change = health.heard(channel, receipt, hooks.wall(), hooks.steady());
        if (change == ChannelHealth::Change::none) return;
        const bool broke = change == ChannelHealth::Change::broke;
        log::line(
            broke ? log::Severity::error : log::Severity::notice,
            broke ? "channel_broken" : "channel_recovered",
            {
                {"channel", channel       },
                {"detail",  receipt.detail}
        }
        );
        if (!broke) return;
        auto notice = notice_of(channel, receipt.detail, hooks.rules(), health, hooks.wall());
        if (!notice || closed) return;
        const std::string by = notice->channel;
        begin(std::move(*notice), [self = shared_from_this(), by](engine::Receipt told) {
            self->log_attempt(by, told);
            self->judge(by, told);
        });
    }

    void log_attempt(const std::string& channel, const engine::Receipt& receipt) const {
        log::line(
            log::Severity::notice,
            "page_attempt",
            {
                {"page",    receipt.page                      },
                {"attempt", receipt.attempt                   },
                {"channel", channel                           },
                {"result",  delivery::name_of(receipt.outcome)},
                {"detail",  receipt.detail                    }
        }
        );
    }

    void done(const std::string& channel, Micros took, engine::Receipt receipt) {
        count(channel, took, receipt);
        log_attempt(channel, receipt);
        judge(channel, receipt);
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

void Courier::State::begin(delivery::Page page, std::function<void(engine::Receipt)> done) {
    ++under_way;
    auto channel = channels.at(page.channel);
    auto all_done = [self = shared_from_this(), done = std::move(done)](engine::Receipt receipt) {
        done(std::move(receipt));
        self->ended();
    };
    net::co_spawn(
        executor, attempt(std::move(channel), std::move(page), std::move(all_done)), net::detached
    );
}

void Courier::send(delivery::Page page) {
    if (!state_->hooks.wants(page.id, page.attempts)) return;  // taken or over meanwhile
    auto state = state_;
    const std::string channel = page.channel;
    const auto refuse = [&](std::string why) {
        engine::Receipt receipt{
            page.id, page.attempts, delivery::Outcome::bad_channel, {}, std::move(why)
        };
        net::post(state->executor, [state, channel, receipt = std::move(receipt)] {
            state->log_attempt(channel, receipt);
            if (!state->closed) state->hooks.receipt(receipt);
        });
    };
    if (!state->channels.contains(channel)) return refuse("no channel of this name");
    const Micros begun = state->hooks.steady();
    if (auto why = state->health.spare(page, state->hooks.rules(), begun))
        return refuse(std::move(*why));
    state->begin(std::move(page), [state, channel, begun](engine::Receipt receipt) {
        state->done(channel, state->hooks.steady() - begun, std::move(receipt));
    });
}

void Courier::drain(std::function<void()> done) {
    if (state_->under_way == 0) return net::post(state_->executor, std::move(done));
    state_->drained = std::move(done);
}

const ChannelHealth& Courier::health() const { return state_->health; }
const CourierStats& Courier::stats() const { return state_->stats; }
std::size_t Courier::under_way() const { return state_->under_way; }

}  // namespace surged::app
