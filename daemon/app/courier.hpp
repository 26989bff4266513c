// Carries released pages to their channels and brings the receipts back as inputs.
#pragma once

#include "app/channel_health.hpp"
#include "core/engine/effect.hpp"
#include "io/channel/channel.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace surged::app {

using Channels = std::map<std::string, std::shared_ptr<io::Channel>>;

/// What the channels did, for metrics.
struct CourierStats {
    std::map<std::pair<std::string, std::string>, std::uint64_t> results;  // channel, outcome
    std::vector<std::uint64_t> delivery_buckets;
    double delivery_seconds_sum{0};
};

class Courier {
public:
    struct Hooks {
        std::function<bool(const std::string& page, std::uint32_t attempt)> wants;
        std::function<void(engine::Receipt)> receipt;
        std::function<Micros()> steady;
        std::function<Wall()> wall;
        std::function<const plan::RuleSet&()> rules;  // in force: who has which other way
    };
    Courier(boost::asio::any_io_executor loop, Channels channels, Hooks hooks);
    ~Courier();
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;

    /// Makes one attempt, unless the engine does not want it any more. Returns at once. A channel
    /// that is known to be broken is spared where the person has a later way.
    void send(delivery::Page page);
    /// Each channel, for /readyz.
    [[nodiscard]] std::vector<io::Component> components() const { return health().components(); }
    [[nodiscard]] const ChannelHealth& health() const;
    [[nodiscard]] const CourierStats& stats() const;
    /// `done` on the loop as soon as no attempt is under way: its receipt has been handed over.
    void drain(std::function<void()> done);
    /// Attempts under way.
    [[nodiscard]] std::size_t under_way() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace surged::app
