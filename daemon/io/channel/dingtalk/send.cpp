#include "io/channel/dingtalk/send.hpp"

#include "io/channel/dingtalk/encode.hpp"
#include "io/channel/vendor.hpp"

#include <utility>

namespace surged::io::dingtalk {

std::shared_ptr<Channel> make_channel(
    RobotOptions options, std::string secret, std::string keyword
) {
    const Credential credential{
        vendor::bare_key(options.key, "access_token="), std::move(secret), std::move(keyword)
    };
    http::ClientOptions client;
    client.ca_file = options.ca_file;
    Pace pace = pace_of(
        options,
        {
            {20, 60s}
    }
    );
    Robot::Ways ways;
    ways.judge = [options, credential](const http::ClientResult& result) {
        return judge(result, now_of(options), credential);
    };
    ways.request = [options, credential](const delivery::Page& page, Form form) {
        return json_post(
            options,
            encode_url(options.base_url, credential, now_of(options)),
            encode_body(page, link_of(options, page), credential.keyword, form)
        );
    };
    return std::make_shared<Robot>(std::move(ways), std::move(pace), std::move(client));
}

}  // namespace surged::io::dingtalk
