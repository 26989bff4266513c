// What Prometheus and exporters tell: one number of one series; and which gauge it sets.
#pragma once

#include "base/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::io::prometheus {

using Labels = std::vector<std::pair<std::string, std::string>>;

struct Sample {
    Labels labels;  // without the name
    double value{0};
    std::optional<Wall> at;  // when it was measured, where that is said
};

/// A query of a server, or the series of an exporter; and the gauge that each of its samples sets.
struct Pick {
    std::string query;
    std::string metric;  // of an exporter
    Labels labels;       // that the series must have, of an exporter
    std::string gauge;
    std::string queue;
    std::string queue_label;  // names the queue; where it is missing, `queue`
};

[[nodiscard]] std::string_view label_of(const Labels& labels, std::string_view name);
/// True if all that the pick asks for is there.
[[nodiscard]] bool fits(const Pick& pick, const Labels& labels);
/// Theirs to ours.
using QueueNames = std::map<std::string, std::string, std::less<>>;
/// The queue of a sample; empty if nothing names it.
[[nodiscard]] std::string_view queue_of(
    const Pick& pick, const Labels& labels, const QueueNames& names
);

}  // namespace surged::io::prometheus
