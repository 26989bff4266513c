#include "io/channel/webhook/send.hpp"

#include "io/channel/webhook/encode.hpp"
#include "io/channel/webhook/outcome.hpp"
#include "io/runtime/wall_clock.hpp"

namespace surged::io::webhook {
namespace {

http::ClientOptions client_options(const WebhookOptions& options) {
    http::ClientOptions out;
    out.ca_file = options.ca_file;
    return out;
}

}  // namespace

WebhookChannel::WebhookChannel(WebhookOptions options, std::function<Wall()> clock)
    : options_{std::move(options)}, clock_{std::move(clock)}, client_{client_options(options_)} {}

WebhookChannel::WebhookChannel(WebhookOptions options)
    : WebhookChannel{std::move(options), wall_now} {}

http::ClientRequest WebhookChannel::request_for(const delivery::Page& page) const {
    http::ClientRequest request;
    request.method = "POST";
    request.url = options_.base_url;
    request.timeout = options_.timeout;
    request.allow_private = options_.allow_private;
    request.body_max = 64 * 1024;
    const std::string link = options_.link ? options_.link(page) : std::string{};
    request.body = encode_body(page, options_.name, options_.public_url, link);
    request.headers =
        encode_headers(page, options_.secret, options_.hub_signature, clock_(), request.body);
    return request;
}

boost::asio::awaitable<engine::Receipt> WebhookChannel::deliver(delivery::Page page) {
    http::ClientRequest request = request_for(page);
    const http::ClientResult result = co_await client_.request(std::move(request));
    engine::Receipt receipt = classify(result, clock_());
    receipt.page = page.id;
    receipt.attempt = page.attempts;
    co_return receipt;
}

}  // namespace surged::io::webhook
