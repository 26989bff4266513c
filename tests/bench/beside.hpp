// What users have today, in the same run: a real Prometheus that scrapes an exporter of ours, and
// its Alertmanager, which calls a webhook of ours.
#pragma once

#include "support/page_sink.hpp"
#include "support/prometheus.hpp"
#include "support/vendor_server.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace surged::bench {

using Clock = std::chrono::steady_clock;

/// "queue-INDEX"
[[nodiscard]] std::string name_of_queue(std::size_t index);

/// A page for Prometheus: gauges g0, g1 … of so many queues.
[[nodiscard]] std::string gauges_page(std::size_t gauges, std::size_t queues);

/// The queues whose alerts fire in the body of Alertmanager's webhook, in its order.
[[nodiscard]] std::vector<std::string> firing_queues(std::string_view body);

/// False, with a line that says so, where one of the two is not installed.
[[nodiscard]] bool can_run_beside();

/// As they stand in the two configurations; where empty, the program's own default.
struct Pace {
    std::string scrape, evaluate;
    std::string group_by;  // queue: each its own notification; alertname: all in one
    std::string group_wait, group_interval;
};

/// An alert on every queue whose callers waiting are more than four.
class Beside {
public:
    /// Starts both and waits until the exporter has been scraped once.
    Beside(const Pace& pace, std::size_t queues);
    ~Beside();
    Beside(const Beside&) = delete;
    Beside& operator=(const Beside&) = delete;

    /// From the next scrape on these queues are over the threshold.
    [[nodiscard]] Clock::time_point cross(std::size_t from, std::size_t count);
    /// When the webhook was first told of each; throws if it is not of `queues` within `limit`.
    [[nodiscard]] std::map<std::string, Clock::time_point> told(
        std::size_t queues, std::chrono::seconds limit
    ) const;
    /// Of both programs, so far.
    [[nodiscard]] double used_cpu_seconds() const;

private:
    std::vector<int> waiting_;  // touched only under the exporter's lock
    test::PageSink sink_{""};
    std::unique_ptr<test::VendorServer> exporter_;
    std::unique_ptr<test::MonitoringPeer> alertmanager_;
    std::unique_ptr<test::MonitoringPeer> prometheus_;
};

}  // namespace surged::bench
