#include "io/channel/wecom_robot/send.hpp"

#include "io/channel/vendor.hpp"
#include "io/channel/wecom_robot/encode.hpp"

#include <utility>

namespace surged::io::wecom_robot {

std::shared_ptr<Channel> make_channel(RobotOptions options) {
    options.key = vendor::bare_key(options.key, "key=");
    http::ClientOptions client;
    client.ca_file = options.ca_file;
    Pace pace = pace_of(
        options,
        {
            {20, 60s}
    }
    );
    Robot::Ways ways;
    ways.judge = [options](const http::ClientResult& result) {
        return judge(result, now_of(options), options.key);
    };
    ways.request = [options = std::move(options)](const delivery::Page& page, Form form) {
        return json_post(
            options,
            encode_url(options.base_url, options.key),
            encode_body(page, link_of(options, page), form)
        );
    };
    return std::make_shared<Robot>(std::move(ways), std::move(pace), std::move(client));
}

}  // namespace surged::io::wecom_robot
