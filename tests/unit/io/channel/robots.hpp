// What the tests of the vendors' channels share: a page, one attempt, and the options of a fake.
#pragma once

#include "io/channel/robot.hpp"
#include "io/runtime/wall_clock.hpp"
#include "support/deliver.hpp"
#include "support/vendor_fakes.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

namespace surged::test {

inline delivery::Page surge_page() {
    delivery::Page page;
    page.id = "P06-hz-20261123-2.1.0.0.wang.robot";
    page.incident = "P06-hz-20261123-2";
    page.rise = 1;
    page.attempts = 1;
    page.person = "wang";
    page.content.level = plan::Level::II;
    page.content.title = "【Ⅱ级】hz 售前电话 每坐席排队 0.36(阈值 0.35)";
    page.content.text = page.content.title +
                        "已 2 分钟(16:33 起)|排队 104 人,最长等待 1 分 52 秒"
                        "|首步:取消小休|P06-hz-20261123-2 平台客服应急";
    return page;
}

inline const std::string& link_text() {
    static const std::string link = "https://s.example/a/" + std::string(170, 'T');
    return link;
}

inline io::RobotOptions robot_options(const VendorFake& fake, std::string key) {
    io::RobotOptions options;
    options.base_url = fake.url();
    options.key = std::move(key);
    options.timeout = 300ms;
    options.link = [](const delivery::Page&) { return link_text(); };
    return options;
}

/// Attempts begun at once, on one loop; the receipts in order of the pages.
inline std::vector<engine::Receipt> deliver_all(
    io::Channel& channel, const std::vector<delivery::Page>& pages
) {
    boost::asio::io_context loop{1};
    std::vector<engine::Receipt> receipts(pages.size());
    for (std::size_t i = 0; i < pages.size(); ++i)
        boost::asio::co_spawn(
            loop,
            channel.deliver(pages[i]),
            [&receipts, i](std::exception_ptr, engine::Receipt got) {
                receipts[i] = std::move(got);
            }
        );
    loop.run();
    return receipts;
}

/// What a vendor's judge makes of this answer.
inline io::http::ClientResult answer(
    std::string body, int status = 200, io::http::Headers headers = {}
) {
    io::http::ClientResponse response;
    response.status = status;
    response.body = std::move(body);
    response.headers = std::move(headers);
    return response;
}

}  // namespace surged::test
