// The Alertmanager channel: a page is an alert, and an alert must be sent again and again for as
// long as its incident stands, and then be called off.
//
// One call of deliver() is one attempt, as with every channel. Beside that, refresh() sends what
// stands, by what it is told of the engine: it keeps no list of its own, so that a restart forgets
// no alert and calls every one off that has ended meanwhile (decision 0014).
#pragma once

#include "io/channel/channel.hpp"
#include "io/http/client.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace surged::io::alertmanager {

/// An incident that this channel has paged for, by its newest page.
struct Standing {
    delivery::Page page;
    std::optional<Wall> ended_at;  // not set: it stands
};

/// How long after its end an incident is still told, so that a member that was away hears of it.
/// @source Prometheus resends resolved alerts for 15 minutes (rules/alerting.go)
inline constexpr Micros told_after_end = 15min;

struct AlertmanagerOptions {
    std::string name;                    // the channel's, for logs
    std::vector<std::string> base_urls;  // each gets every alert
    std::string token;                   // bearer token; empty: none
    std::string ca_file;                 // further certificates to trust; empty: the system's only
    Micros timeout{15s};                 // of one request
    Micros resend{1min};                 // an alert holds for four of these after it was last sent
    std::function<std::string(const delivery::Page&)> link;  // to acknowledge by; none: no link
    /// The incidents that stand or have ended no longer than told_after_end ago. Cheap: it is
    /// called every second.
    std::function<std::vector<Standing>()> standing;
    std::function<Wall()> clock;     // none: the machine's own
    std::function<Micros()> steady;  // none: the machine's own
};

class AlertmanagerChannel : public Channel {
public:
    explicit AlertmanagerChannel(AlertmanagerOptions options);
    /// To all members at once. The channel must outlive the coroutine.
    [[nodiscard]] boost::asio::awaitable<engine::Receipt> deliver(delivery::Page page) override;
    /// Sends one member what is due to him: a newer page or an end at once, all else every
    /// `resend`.
    [[nodiscard]] boost::asio::awaitable<void> refresh(std::size_t member);
    [[nodiscard]] std::size_t members() const { return members_.size(); }

private:
    /// What a member was sent last of an incident, and when it is due again.
    struct Sent {
        std::string page;
        bool ended{false};
        Micros again_at{0};
    };
    struct Member {
        std::string url;
        std::map<std::string, Sent> sent;  // by incident
        std::string trouble;               // what was said to be wrong; empty: nothing
    };
    [[nodiscard]] boost::asio::awaitable<engine::Receipt> post(
        std::size_t member, std::string body
    );
    [[nodiscard]] std::vector<Standing> due(Member& member) const;
    [[nodiscard]] std::string alert(const Standing& one) const;
    void said(std::size_t member, const engine::Receipt& receipt);

    AlertmanagerOptions options_;
    http::Client client_;
    std::vector<Member> members_;
};

/// Refreshes one member every second, for ever: each on its own, so that one that hangs keeps none
/// waiting.
[[nodiscard]] boost::asio::awaitable<void> keep_fresh(
    std::shared_ptr<AlertmanagerChannel> channel, std::size_t member
);

}  // namespace surged::io::alertmanager
