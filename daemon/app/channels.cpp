// What config/ calls a channel becomes one of io's.
#include "app/parts.hpp"
#include "base/overloaded.hpp"
#include "io/channel/console/console.hpp"
#include "io/channel/dingtalk/send.hpp"
#include "io/channel/feishu/send.hpp"
#include "io/channel/webhook/send.hpp"
#include "io/channel/wecom_app/send.hpp"
#include "io/channel/wecom_robot/send.hpp"

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
    io::ack::LinkOf link;

    Made operator()(const config::ConsoleChannel&) const {
        return std::make_shared<io::console::ConsoleChannel>(stdout, link);
    }

    Made operator()(const config::WebhookChannel& of) const {
        auto secret = secret_or_none(of.secret_file);
        if (!secret) return tl::make_unexpected(secret.error());
        io::webhook::WebhookOptions options;
        options.name = channel.name;
        options.base_url = of.base_url;
        options.secret = std::move(*secret);
        options.public_url = config.http.public_url;
        options.link = link;
        options.timeout = channel.timeout;
        options.hub_signature = of.hub_signature;
        options.allow_private = of.allow_private;
        options.ca_file = channel.ca_file;
        return std::make_shared<io::webhook::WebhookChannel>(std::move(options));
    }

    Made operator()(const config::WecomRobotChannel& of) const {
        auto options = robot(of.base_url, io::wecom_robot::vendor_url, of.key_file);
        if (!options) return tl::make_unexpected(options.error());
        return io::wecom_robot::make_channel(std::move(*options));
    }

    Made operator()(const config::WecomAppChannel& of) const {
        auto options = robot(of.base_url, io::wecom_app::vendor_url, of.secret_file);
        if (!options) return tl::make_unexpected(options.error());
        return std::make_shared<io::wecom_app::WecomApp>(
            std::move(*options), of.corp_id, of.agent_id
        );
    }

    Made operator()(const config::DingtalkChannel& of) const {
        return locked(of, io::dingtalk::vendor_url, io::dingtalk::make_channel);
    }

    Made operator()(const config::FeishuChannel& of) const {
        return locked(of, io::feishu::vendor_url, io::feishu::make_channel);
    }

private:
    [[nodiscard]] Result<io::RobotOptions> robot(
        const std::string& base_url, const char* vendor_url, const std::string& key_file
    ) const {
        auto key = secret_or_none(key_file);
        if (!key) return tl::make_unexpected(key.error());
        io::RobotOptions options;
        options.base_url = base_url.empty() ? vendor_url : base_url;
        options.key = std::move(*key);
        options.ca_file = channel.ca_file;
        options.timeout = channel.timeout;
        options.link = link;
        return options;
    }

    template <class Of, class Make>
    Made locked(const Of& of, const char* vendor_url, Make make) const {
        auto options = robot(of.base_url, vendor_url, of.key_file);
        if (!options) return tl::make_unexpected(options.error());
        auto secret = secret_or_none(of.secret_file);
        if (!secret) return tl::make_unexpected(secret.error());
        return make(std::move(*options), std::move(*secret), of.keyword);
    }
};

}  // namespace

Result<Channels> make_channels(
    net::any_io_executor loop,
    const config::Daemon& config,
    std::shared_ptr<const io::ack::Links> links
) {
    const io::ack::LinkOf link = [links = std::move(links)](const delivery::Page& page) {
        return links->of(page);
    };
    Channels out;
    for (const config::Channel& channel : config.channels) {
        auto made = std::visit(Maker{loop, config, channel, link}, channel.of);
        if (!made) return tl::make_unexpected(made.error());
        out[channel.name] = std::move(*made);
    }
    return out;
}

}  // namespace surged::app
