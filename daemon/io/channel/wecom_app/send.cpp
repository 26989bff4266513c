#include "io/channel/wecom_app/send.hpp"

#include "io/channel/vendor.hpp"
#include "io/runtime/wall_clock.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <utility>

namespace surged::io::wecom_app {

namespace net = boost::asio;
using delivery::Outcome;

namespace {

constexpr auto as_result = net::as_tuple(net::use_awaitable);
constexpr Micros renew_early = std::chrono::minutes{5};
constexpr Micros token_timeout = 10s;  // of what an attempt may take in all
constexpr std::size_t members_max = 1000;

http::ClientOptions client_options(const RobotOptions& options) {
    http::ClientOptions out;
    out.ca_file = options.ca_file;
    return out;
}

}  // namespace

WecomApp::WecomApp(RobotOptions options, std::string corp_id, std::int64_t agent_id)
    : options_{std::move(options)},
      agent_id_{agent_id},
      client_{client_options(options_)},
      secrets_{std::move(corp_id), options_.key, {}} {}

Micros WecomApp::steady() const {
    if (options_.steady) return options_.steady();
    return std::chrono::duration_cast<Micros>(steady_now().time_since_epoch());
}

Pace& WecomApp::pace_for(const std::string& member) {
    if (paces_.size() >= members_max) paces_.clear();
    return paces_
        .try_emplace(
            member,
            pace_of(
                options_,
                {
                    {30, 60s}
    }
            )
        )
        .first->second;
}

net::awaitable<std::optional<engine::Receipt>> WecomApp::ensure_token(std::string refused) {
    if (fetching_) {
        const auto fetch = fetching_;
        co_await fetch->async_wait(as_result);
        co_return last_fetch_;
    }
    const bool good = !secrets_.token.empty() && secrets_.token != refused && steady() < renew_at_;
    if (good) co_return std::nullopt;
    const auto executor = co_await net::this_coro::executor;
    fetching_ = std::make_shared<net::steady_timer>(executor);
    fetching_->expires_at(net::steady_timer::time_point::max());
    http::ClientRequest request;
    request.url = token_url(options_.base_url, secrets_);
    request.timeout = std::min(options_.timeout, token_timeout);
    request.body_max = 64 * 1024;
    const http::ClientResult result = co_await client_.request(std::move(request));
    auto token = judge_token(result, now_of(options_), secrets_);
    last_fetch_.reset();
    if (token) {
        secrets_.token = std::move(token->value);
        renew_at_ = steady() + std::max(token->lasts - renew_early, token->lasts / 2);
    } else {
        last_fetch_ = std::move(token.error());
    }
    std::exchange(fetching_, nullptr)->cancel();
    co_return last_fetch_;
}

net::awaitable<engine::Receipt> WecomApp::send(delivery::Page page, Form form) {
    std::string refused;
    Judged judged;
    for (int round = 0; round < 2; ++round) {
        auto failed = co_await ensure_token(refused);
        if (failed) co_return std::move(*failed);
        const std::string link = link_of(options_, page);
        http::ClientRequest request = json_post(
            options_,
            send_url(options_.base_url, secrets_),
            encode_body(page, link, agent_id_, now_of(options_), form)
        );
        refused = secrets_.token;
        const http::ClientResult result = co_await client_.request(std::move(request));
        judged = judge(result, now_of(options_), secrets_, page);
        if (!judged.token_refused) break;
    }
    co_return std::move(judged.receipt);
}

net::awaitable<engine::Receipt> WecomApp::deliver(delivery::Page page) {
    engine::Receipt receipt;
    const std::string member = touser(page);
    if (member.empty()) {
        receipt = vendor::receipt(Outcome::bad_message, "no userid: the contact has no `to`");
    } else if (const auto wait = pace_for(member).hold(page.attempts <= 1)) {
        // More are dropped without a word.
        receipt =
            vendor::receipt(Outcome::rate_limited, "held back: 30 a minute to one member", wait);
    } else {
        receipt = co_await send(page, Form::rich);
        const bool person = receipt.detail.starts_with("not reached") ||
                            receipt.detail.starts_with("errcode 81013");
        if (receipt.outcome == Outcome::bad_message && !person) {
            const std::string before = receipt.detail;
            receipt = co_await send(page, Form::plain);
            receipt.detail = fmt::format("as plain text: {} (before: {})", receipt.detail, before);
        }
    }
    receipt.page = page.id;
    receipt.attempt = page.attempts;
    co_return receipt;
}

}  // namespace surged::io::wecom_app
