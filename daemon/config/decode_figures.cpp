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

}  // namespace

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
