#include "io/channel/robot.hpp"

#include "io/channel/vendor.hpp"
#include "io/runtime/wall_clock.hpp"

#include <array>
#include <fmt/format.h>
#include <utility>

namespace surged::io {

using delivery::Outcome;

Robot::Robot(Ways ways, Pace pace, http::ClientOptions client)
    : ways_{std::move(ways)}, pace_{std::move(pace)}, client_{std::move(client)} {}

boost::asio::awaitable<engine::Receipt> Robot::deliver(delivery::Page page) {
    engine::Receipt receipt;
    std::string refused;
    constexpr std::array forms{Form::rich, Form::plain};
    for (const Form form : forms) {
        if (const auto wait = pace_.hold(page.attempts <= 1)) {
            receipt = vendor::receipt(
                Outcome::rate_limited,
                fmt::format("held back: the vendor takes no more for {} s", *wait / 1s + 1),
                wait
            );
            break;
        }
        http::ClientRequest request = ways_.request(page, form);
        const http::ClientResult result = co_await client_.request(std::move(request));
        receipt = ways_.judge(result);
        if (receipt.outcome == Outcome::rate_limited && receipt.retry_after)
            pace_.quiet(*receipt.retry_after);
        if (receipt.outcome != Outcome::bad_message) break;
        if (form == Form::rich) refused = receipt.detail;
    }
    if (!refused.empty())
        receipt.detail = fmt::format("as plain text: {} (before: {})", receipt.detail, refused);
    receipt.page = page.id;
    receipt.attempt = page.attempts;
    co_return receipt;
}

std::string link_of(const RobotOptions& options, const delivery::Page& page) {
    return options.link ? options.link(page) : std::string{};
}

Wall now_of(const RobotOptions& options) { return options.clock ? options.clock() : wall_now(); }

Pace pace_of(const RobotOptions& options, std::vector<Pace::Limit> limits) {
    if (options.steady) return Pace{std::move(limits), options.steady};
    return Pace{std::move(limits)};
}

http::ClientRequest json_post(const RobotOptions& options, std::string url, std::string body) {
    http::ClientRequest request;
    request.method = "POST";
    request.url = std::move(url);
    request.timeout = options.timeout;
    request.body_max = 64 * 1024;
    request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    request.body = std::move(body);
    return request;
}

}  // namespace surged::io
