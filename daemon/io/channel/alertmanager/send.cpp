#include "io/channel/alertmanager/send.hpp"

#include "base/log.hpp"
#include "io/channel/alertmanager/encode.hpp"
#include "io/channel/vendor.hpp"
#include "io/runtime/wall_clock.hpp"
#include "io/runtime/within.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <fmt/format.h>
#include <utility>

namespace surged::io::alertmanager {
namespace {

constexpr std::size_t alerts_a_request = 100;
constexpr Micros again_after_failure = 10s;

http::ClientOptions client_options(const AlertmanagerOptions& options) {
    http::ClientOptions out;
    out.ca_file = options.ca_file;
    return out;
}

}  // namespace

AlertmanagerChannel::AlertmanagerChannel(AlertmanagerOptions options)
    : options_{std::move(options)}, client_{client_options(options_)} {
    for (const std::string& url : options_.base_urls)
        members_.push_back({vendor::address(url, "/api/v2/alerts"), {}, {}});
    if (!options_.clock) options_.clock = wall_now;
    if (!options_.steady)
        options_.steady = [] {
            return std::chrono::duration_cast<Micros>(steady_now().time_since_epoch());
        };
}

std::string AlertmanagerChannel::alert(const Standing& one) const {
    const std::string link = options_.link ? options_.link(one.page) : std::string{};
    const Wall until{options_.clock().us + 4 * options_.resend.count()};
    // Alertmanager refuses what ends before it begins.
    const Wall ends = std::max(one.ended_at.value_or(until), one.page.content.since);
    return encode_alert(one.page, ends, link);
}

boost::asio::awaitable<engine::Receipt> AlertmanagerChannel::post(
    std::size_t member, std::string body
) {
    http::ClientRequest request;
    request.method = "POST";
    request.url = members_[member].url;
    request.timeout = options_.timeout;
    request.body_max = 64 * 1024;
    request.headers.emplace_back("Content-Type", "application/json");
    if (!options_.token.empty())
        request.headers.emplace_back("Authorization", "Bearer " + options_.token);
    request.body = std::move(body);
    const http::ClientResult result = co_await client_.request(std::move(request));
    engine::Receipt receipt = judge(result, options_.clock());
    if (!options_.token.empty())  // a proxy may quote it
        for (auto at = receipt.detail.find(options_.token); at != std::string::npos;
             at = receipt.detail.find(options_.token, at))
            receipt.detail.replace(at, options_.token.size(), "***");
    said(member, receipt);
    co_return receipt;
}

boost::asio::awaitable<engine::Receipt> AlertmanagerChannel::deliver(delivery::Page page) {
    const Standing standing{page, std::nullopt};
    const std::string body = encode_body({alert(standing)});
    const auto executor = co_await net::this_coro::executor;
    // All at once: one that hangs must not keep the others waiting.
    std::vector<decltype(net::co_spawn(executor, post(0, body), net::deferred))> work;
    work.reserve(members_.size());
    for (std::size_t i = 0; i < members_.size(); ++i)
        work.push_back(net::co_spawn(executor, post(i, body), net::deferred));
    auto group = net::experimental::make_parallel_group(std::move(work));
    auto [order, thrown, receipts] =
        co_await group.async_wait(net::experimental::wait_for_all(), net::use_awaitable);
    const Micros again_at = options_.steady() + options_.resend;
    for (std::size_t i = 0; i < members_.size(); ++i)
        if (receipts[i].outcome == delivery::Outcome::accepted)
            members_[i].sent[page.incident] = Sent{page.id, false, again_at};
    engine::Receipt receipt = combine(receipts);
    receipt.page = page.id;
    receipt.attempt = page.attempts;
    co_return receipt;
}

std::vector<Standing> AlertmanagerChannel::due(Member& member) const {
    std::vector<Standing> out;
    std::map<std::string, Sent> still;  // those that are told of no more are left out
    const Micros now = options_.steady();
    for (Standing& one : options_.standing()) {
        const auto last = member.sent.find(one.page.incident);
        const bool same = last != member.sent.end() && last->second.page == one.page.id &&
                          last->second.ended == one.ended_at.has_value();
        if (last != member.sent.end()) still.insert(*last);
        if (!same || last->second.again_at <= now) out.push_back(std::move(one));
    }
    member.sent = std::move(still);
    return out;
}

boost::asio::awaitable<void> AlertmanagerChannel::refresh(std::size_t member) {
    const std::vector<Standing> all = due(members_[member]);
    for (std::size_t from = 0; from < all.size(); from += alerts_a_request) {
        const std::size_t to = std::min(all.size(), from + alerts_a_request);
        std::vector<std::string> alerts;
        alerts.reserve(to - from);
        for (std::size_t i = from; i < to; ++i) alerts.push_back(alert(all[i]));
        std::string body = encode_body(alerts);
        const engine::Receipt receipt = co_await post(member, std::move(body));
        // Refused or not there: soon again, and not every second.
        const bool taken = receipt.outcome == delivery::Outcome::accepted;
        const Micros wait =
            taken ? options_.resend : std::min(options_.resend, again_after_failure);
        const Micros again_at = options_.steady() + wait;
        for (std::size_t i = from; i < to; ++i)
            members_[member].sent[all[i].page.incident] =
                Sent{all[i].page.id, all[i].ended_at.has_value(), again_at};
    }
}

/// Said once for as long as it stays the same.
void AlertmanagerChannel::said(std::size_t member, const engine::Receipt& receipt) {
    const bool good = receipt.outcome == delivery::Outcome::accepted;
    const std::string now = good ? std::string{} : receipt.detail;
    if (members_[member].trouble == now) return;
    members_[member].trouble = now;
    log::line(
        good ? log::Severity::notice : log::Severity::warning,
        good ? "alertmanager_back" : "alertmanager_trouble",
        {
            {"channel", options_.name},
            {"member",  member + 1   },
            {"why",     now          }
    }
    );
}

net::awaitable<void> keep_fresh(std::shared_ptr<AlertmanagerChannel> channel, std::size_t member) {
    const auto executor = co_await net::this_coro::executor;
    net::steady_timer pause{executor};
    while (true) {
        co_await channel->refresh(member);
        pause.expires_after(1s);
        const auto [ec] = co_await pause.async_wait(as_result);
        if (ec) co_return;
    }
}

}  // namespace surged::io::alertmanager
