// Sources of figures: whose series set which gauges of which queues.
#include "config/decode.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

namespace surged::config {
namespace {

StatsdMetric statsd_metric(const Cursor& at) {
    StatsdMetric out;
    if (!at.is_map()) return out;
    out.metric = at.text("metric");
    out.gauge = at.name("gauge");
    out.queue = at.text("queue");
    out.queue_tag = at.text("queue_tag");
    out.take = at.choice("take");
    const auto stars = std::count(out.metric.begin(), out.metric.end(), '*');
    if (stars > 1) at.say_at("metric", "more than one *", "a name with one * at most");
    if (!at.has("queue") && !at.has("queue_tag")) at.say("no queue", "queue, queue_tag or both");
    if (out.queue == "*" && stars == 0) at.say_at("queue", "the metric has no *", "a queue");
    return out;
}

PrometheusSeries prometheus_series(const Cursor& at, bool server) {
    PrometheusSeries out;
    if (!at.is_map()) return out;
    out.query = at.text("query");
    out.metric = at.text("metric");
    out.labels = table_at(at, "labels");
    out.gauge = at.name("gauge");
    out.queue = at.text("queue");
    out.queue_label = at.text("queue_label");
    const std::string_view wanted = server ? "query" : "metric";
    for (const std::string_view key : {"query", "metric", "labels"}) {
        if (key != wanted && at.has(key) && (server || key == "query"))
            at.say_at(
                key,
                server ? "a server is asked a query" : "an exporter has no queries",
                std::string{wanted}
            );
    }
    if (!at.has(wanted)) at.say(std::string{wanted} + " is missing", "a text");
    if (!at.has("queue") && !at.has("queue_label"))
        at.say("no queue", "queue, queue_label or both");
    return out;
}

}  // namespace

PrometheusSource decode_prometheus(const Cursor& at, const std::string& folder) {
    PrometheusSource out;
    out.base_url = url_of(at, "base_url");
    out.scrape_url = url_of(at, "scrape_url");
    if (at.has("base_url") == at.has("scrape_url"))
        at.say("a server or an exporter, one of them", "base_url or scrape_url");
    out.interval = at.duration("interval");
    out.timeout = at.duration("timeout");
    out.username = at.text("username");
    out.password_file = path_of(folder, at, "password_file");
    out.token_file = path_of(folder, at, "token_file");
    if (out.username.empty() != out.password_file.empty())
        at.say_at(
            out.username.empty() ? "password_file" : "username",
            "a login needs both username and password_file"
        );
    if (!out.username.empty() && !out.token_file.empty())
        at.say_at("token_file", "a login or a token, not both");
    out.queue_names = table_at(at, "queue_names");
    if (const auto series = at.get("series"))
        for (const Cursor& item : series->items())
            out.series.push_back(prometheus_series(item, at.has("base_url")));
    return out;
}

StatsdSource decode_statsd(const Cursor& at) {
    StatsdSource out;
    if (const auto listen = at.get("listen")) {
        const auto parsed = listen->value<std::pair<std::string, std::uint16_t>>(
            parse_listen, "an address and port such as 127.0.0.1:8125"
        );
        if (parsed) std::tie(out.address, out.port) = *parsed;
    }
    out.flush = at.duration("flush");
    out.buffer = static_cast<std::size_t>(at.integer("buffer"));
    if (const auto metrics = at.get("metrics"))
        for (const Cursor& item : metrics->items()) out.metrics.push_back(statsd_metric(item));
    return out;
}

}  // namespace surged::config
