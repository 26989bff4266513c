#include "bench/beside.hpp"

#include "support/process_cpu.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <stdexcept>

namespace surged::bench {
namespace {

namespace json = boost::json;

std::string_view text_of(const json::value& object, const char* path) {
    boost::system::error_code none;
    const json::value* found = object.find_pointer(path, none);
    return found != nullptr && found->is_string() ? std::string_view{found->get_string()}
                                                  : std::string_view{};
}

std::string key_unless_empty(std::string_view key, const std::string& value) {
    return value.empty() ? std::string{} : fmt::format(", {}: {}", key, value);
}

std::string alertmanager_config(const Pace& pace, const std::string& webhook) {
    return fmt::format(
        "route: {{receiver: us, group_by: [{}]{}{}}}\n"
        "receivers: [{{name: us, webhook_configs: [{{url: '{}', send_resolved: false}}]}}]\n",
        pace.group_by,
        key_unless_empty("group_wait", pace.group_wait),
        key_unless_empty("group_interval", pace.group_interval),
        webhook
    );
}

test::PrometheusOptions prometheus_options(
    const Pace& pace, std::string_view exporter, const std::string& alertmanager
) {
    test::PrometheusOptions out;
    out.rules =
        "groups:\n  - name: queues\n    rules:\n"
        "      - {alert: Waiting, expr: waiting > 4}\n";
    out.config = fmt::format(
        "global: {{scrape_interval: {}, evaluation_interval: {}}}\nrule_files: [rules.yml]\n"
        "alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{}']}}]}}]}}\n"
        "scrape_configs: [{{job_name: queues, static_configs: [{{targets: ['{}']}}]}}]\n",
        pace.scrape,
        pace.evaluate,
        alertmanager,
        exporter.substr(exporter.find("//") + 2)
    );
    return out;
}

std::string waiting_page(const std::vector<int>& waiting) {
    std::string out = "# TYPE waiting gauge\n";
    for (std::size_t i = 0; i < waiting.size(); ++i)
        out += fmt::format("waiting{{queue=\"{}\"}} {}\n", name_of_queue(i), waiting[i]);
    return out;
}

}  // namespace

std::string name_of_queue(std::size_t index) { return fmt::format("queue-{}", index); }

std::string gauges_page(std::size_t gauges, std::size_t queues) {
    std::string page;
    for (std::size_t i = 0; i < gauges; ++i) {
        page += fmt::format("# TYPE g{} gauge\n", i);
        for (std::size_t queue = 0; queue < queues; ++queue)
            page += fmt::format("g{}{{queue=\"{}\"}} {}\n", i, name_of_queue(queue), i);
    }
    return page;
}

std::vector<std::string> firing_queues(std::string_view body) {
    boost::system::error_code bad;
    const json::value whole = json::parse(body, bad);
    if (bad || !whole.is_object()) return {};
    const json::value* alerts = whole.get_object().if_contains("alerts");
    if (alerts == nullptr || !alerts->is_array()) return {};
    std::vector<std::string> out;
    for (const json::value& alert : alerts->get_array())
        if (text_of(alert, "/status") == "firing")
            out.emplace_back(text_of(alert, "/labels/queue"));
    return out;
}

bool can_run_beside() {
    const std::string none = test::missing({"prometheus", "prometheus-alertmanager"});
    if (!none.empty()) fmt::print("{} here to run beside\n", none);
    return none.empty();
}

Beside::Beside(const Pace& pace, std::size_t queues) : waiting_(queues, 0) {
    exporter_ = std::make_unique<test::VendorServer>([this](const test::VendorRequest&) {
        test::VendorReply reply;
        reply.body = waiting_page(waiting_);
        reply.type = "text/plain; version=0.0.4";
        return reply;
    });
    alertmanager_ = test::alertmanager(alertmanager_config(pace, sink_.url()));
    if (!alertmanager_->wait_ready()) throw std::runtime_error{"alertmanager does not run"};
    prometheus_ =
        test::prometheus(prometheus_options(pace, exporter_->url(), alertmanager_->address()));
    const auto scraped = [&] { return !exporter_->requests().empty(); };
    if (!prometheus_->wait_ready() || !test::wait_for(scraped))
        throw std::runtime_error{"prometheus does not scrape"};
}

Beside::~Beside() = default;

Clock::time_point Beside::cross(std::size_t from, std::size_t count) {
    Clock::time_point at;
    exporter_->look([&] {
        const auto first = waiting_.begin() + static_cast<std::ptrdiff_t>(from);
        std::fill_n(first, count, 5);
        at = Clock::now();
    });
    return at;
}

std::map<std::string, Clock::time_point> Beside::told(
    std::size_t queues, std::chrono::seconds limit
) const {
    const auto until = Clock::now() + limit;
    std::map<std::string, Clock::time_point> out;
    for (std::size_t read = 0; out.size() < queues;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        if (!sink_.wait_for(read + 1, left))
            throw std::runtime_error{
                fmt::format("alertmanager told of {} queues, not {}", out.size(), queues)
            };
        for (const auto pages = sink_.received(); read < pages.size(); ++read)
            for (std::string& queue : firing_queues(pages[read].body))
                out.emplace(std::move(queue), pages[read].at);
    }
    return out;
}

double Beside::used_cpu_seconds() const {
    return test::cpu_seconds_of(alertmanager_->pid()) + test::cpu_seconds_of(prometheus_->pid());
}

}  // namespace surged::bench
