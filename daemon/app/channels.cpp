// What config/ calls a channel becomes one of io's.
#include "app/parts.hpp"
#include "base/overloaded.hpp"
#include "io/channel/console/console.hpp"
#include "io/channel/webhook/send.hpp"

#include <utility>
#include <variant>

namespace surged::app {
namespace net = boost::asio;
namespace {

using Made = Result<std::shared_ptr<io::Channel>>;

struct Maker {
    net::any_io_executor loop;
    const config::Daemon& config;
    const config::Channel& channel;

    Made operator()(const config::ConsoleChannel&) const {
        return std::make_shared<io::console::ConsoleChannel>();
    }

    Made operator()(const config::WebhookChannel& of) const {
        auto secret = secret_or_none(of.secret_file);
        if (!secret) return tl::make_unexpected(secret.error());
        io::webhook::WebhookOptions options;
        options.name = channel.name;
        options.base_url = of.base_url;
        options.secret = std::move(*secret);
        options.public_url = config.http.public_url;
        options.timeout = channel.timeout;
        options.hub_signature = of.hub_signature;
        options.allow_private = of.allow_private;
        return std::make_shared<io::webhook::WebhookChannel>(std::move(options));
    }
};

}  // namespace

Result<Channels> make_channels(net::any_io_executor loop, const config::Daemon& config) {
    Channels out;
    for (const config::Channel& channel : config.channels) {
        auto made = std::visit(Maker{loop, config, channel}, channel.of);
        if (!made) return tl::make_unexpected(made.error());
        out[channel.name] = std::move(*made);
    }
    return out;
}

}  // namespace surged::app
