#include "io/exporter/catalogue.hpp"

namespace surged::io::exporter {

Metric metric_of(const board::KpiInfo& info) {
    for (const Metric& shared : {metric::agents, metric::gauge})  // of several KPIs, by label
        if (info.metric == shared.name) return shared;
    return {info.metric, Type::gauge, info.formula};
}

std::vector<Metric> catalogue() {
    std::vector<Metric> all{metric::own.begin(), metric::own.end()};
    for (const board::KpiInfo& info : board::kpi_table()) {
        const Metric metric = metric_of(info);
        if (!info.metric.empty() && metric.help == info.formula) all.push_back(metric);
    }
    return all;
}

}  // namespace surged::io::exporter
