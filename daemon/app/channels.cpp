// What config/ calls a channel becomes one of io's.
#include "app/parts.hpp"
#include "app/standing.hpp"
#include "base/overloaded.hpp"
#include "io/channel/alertmanager/send.hpp"
#include "io/channel/aliyun_sms/send.hpp"
#include "io/channel/command/send.hpp"
#include "io/channel/console/console.hpp"
#include "io/channel/dingtalk/send.hpp"
#include "io/channel/feishu/send.hpp"
#include "io/channel/smtp/send.hpp"
#include "io/channel/webhook/send.hpp"
#include "io/channel/wecom_app/send.hpp"
#include "io/channel/wecom_robot/send.hpp"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>
#include <variant>
#include <vector>

namespace surged::app {
namespace net = boost::asio;
namespace {

using Made = Result<std::shared_ptr<io::Channel>>;

struct Maker {
    net::any_io_executor loop;
    const config::Daemon& config;
    const config::Channel& channel;
    io::ack::LinkOf link;
    EngineOf engine_of;

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

    Made operator()(const config::SmtpChannel& of) const {
        auto password = secret_or_none(of.password_file);
        if (!password) return tl::make_unexpected(password.error());
        io::smtp::SmtpOptions options;
        options.host = of.host;
        options.port = of.port;
        options.account.security = of.tls == "none"       ? io::smtp::Security::none
                                   : of.tls == "implicit" ? io::smtp::Security::implicit
                                                          : io::smtp::Security::starttls;
        options.account.helo = of.helo;
        options.account.username = of.username;
        options.account.password = std::move(*password);
        options.from = {of.from_name, of.from_address};
        options.ca_file = channel.ca_file;
        options.timeout = channel.timeout;
        options.link = link;
        options.root = [engine_of = engine_of](const delivery::Page& page) {
            const engine::Engine* now = engine_of();
            return now == nullptr ? std::string{} : first_page(*now, page);
        };
        return std::make_shared<io::smtp::SmtpChannel>(std::move(options));
    }

    Made operator()(const config::AliyunSmsChannel& of) const {
        auto options = robot(of.base_url, io::aliyun_sms::vendor_url, of.secret_file);
        if (!options) return tl::make_unexpected(options.error());
        return io::aliyun_sms::make_channel(
            std::move(*options), of.access_key_id, {of.sign_name, of.template_code, of.variables}
        );
    }

    Made operator()(const config::AlertmanagerChannel& of) const {
        auto token = secret_or_none(of.token_file);
        if (!token) return tl::make_unexpected(token.error());
        io::alertmanager::AlertmanagerOptions options;
        options.name = channel.name;
        options.base_urls = of.base_urls;
        options.token = std::move(*token);
        options.ca_file = channel.ca_file;
        options.timeout = channel.timeout;
        options.resend = of.resend;
        options.link = link;
        options.standing = [engine_of = engine_of, name = channel.name] {
            const engine::Engine* now = engine_of();
            return now == nullptr ? std::vector<io::alertmanager::Standing>{}
                                  : standing(*now, name);
        };
        auto made = std::make_shared<io::alertmanager::AlertmanagerChannel>(std::move(options));
        for (std::size_t member = 0; member < made->members(); ++member)
            net::co_spawn(
                loop,
                io::alertmanager::keep_fresh(made, member),
                [](const std::exception_ptr& failed) {
                    if (failed) std::rethrow_exception(failed);
                }
            );
        return made;
    }

    Made operator()(const config::CommandChannel& of) const {
        io::command::CommandOptions options;
        options.socket = of.socket;
        options.timeout = channel.timeout;
        options.link = link;
        return std::make_shared<io::command::CommandChannel>(std::move(options));
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
    std::shared_ptr<const io::ack::Links> links,
    EngineOf engine_of
) {
    const io::ack::LinkOf link = [links = std::move(links)](const delivery::Page& page) {
        return links->of(page);
    };
    Channels out;
    for (const config::Channel& channel : config.channels) {
        auto made = std::visit(Maker{loop, config, channel, link, engine_of}, channel.of);
        if (!made) return tl::make_unexpected(made.error());
        out[channel.name] = std::move(*made);
    }
    return out;
}

}  // namespace surged::app
