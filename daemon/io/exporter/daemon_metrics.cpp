#include "io/exporter/daemon_metrics.hpp"

#include "io/exporter/catalogue.hpp"
#include "io/http/utf8.hpp"
#include "version.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <prometheus/text_serializer.h>
#include <span>
#include <string_view>

namespace surged::io::exporter {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using Labels = std::vector<ClientMetric::Label>;

MetricFamily family(const Metric& metric) {
    MetricFamily out;
    out.name = std::string{metric.name};
    out.help = std::string{metric.help};
    out.type = metric.type == Type::gauge     ? prometheus::MetricType::Gauge
               : metric.type == Type::counter ? prometheus::MetricType::Counter
                                              : prometheus::MetricType::Histogram;
    return out;
}

void add(MetricFamily& family, Labels labels, double value) {
    ClientMetric sample;
    for (auto& label : labels) label.value = to_utf8(label.value);
    sample.label = std::move(labels);
    if (family.type == prometheus::MetricType::Counter) {
        sample.counter.value = value;
    } else {
        sample.gauge.value = value;
    }
    family.metric.push_back(std::move(sample));
}

MetricFamily single(const Metric& metric, double value) {
    MetricFamily out = family(metric);
    add(out, {}, value);
    return out;
}

double count(std::uint64_t value) { return static_cast<double>(value); }

// `counts` is not cumulative and may be empty: nothing was measured yet.
MetricFamily histogram(
    const Metric& metric,
    std::span<const double> bounds,
    const std::vector<std::uint64_t>& counts,
    double sum
) {
    MetricFamily out = family(metric);
    ClientMetric sample;
    std::uint64_t total = 0;
    for (std::size_t i = 0; i <= bounds.size(); ++i) {
        total += i < counts.size() ? counts[i] : 0;
        ClientMetric::Bucket bucket;
        bucket.cumulative_count = total;
        bucket.upper_bound =
            i < bounds.size() ? bounds[i] : std::numeric_limits<double>::infinity();
        sample.histogram.bucket.push_back(bucket);
    }
    sample.histogram.sample_count = total;
    sample.histogram.sample_sum = sum;
    out.metric.push_back(std::move(sample));
    return out;
}

MetricFamily sources_up(const std::vector<Component>& components) {
    constexpr std::string_view prefix = "source ";
    MetricFamily out = family(metric::source_up);
    for (const Component& component : components) {
        if (!component.name.starts_with(prefix)) continue;
        add(out,
            {
                {"source", component.name.substr(prefix.size())}
        },
            component.ok ? 1 : 0);
    }
    return out;
}

// A surged without peers leads; one with peers has a part of that name, which says so.
MetricFamily leader(const DaemonFigures& figures) {
    const auto& parts = figures.components;
    const bool led = std::none_of(parts.begin(), parts.end(), [](const Component& part) {
        return part.name == "leader" && !part.ok;
    });
    MetricFamily out = family(metric::leader);
    add(out,
        {
            {"site", figures.site}
    },
        led ? 1 : 0);
    return out;
}

MetricFamily events(const std::map<std::string, acd::SourceCounts>& sources) {
    MetricFamily out = family(metric::events);
    for (const auto& [source, counts] : sources) {
        for (const auto& [type, accepted] : counts.accepted) {
            add(out,
                {
                    {"source", source                         },
                    {"type",   std::string{acd::name_of(type)}}
            },
                count(accepted));
        }
    }
    return out;
}

// One series per source and reason, whoever refused the event: reader, connector or engine.
MetricFamily rejected(const DaemonFigures& figures) {
    BySourceAndReason sum = figures.rejected;
    for (const auto& [key, bad] : figures.shell.bad_records) sum[key] += bad;
    for (const auto& [source, counts] : figures.sources) {
        for (const auto& [reason, refused] : counts.rejected) {
            sum[{source, std::string{acd::name_of(reason)}}] += refused;
        }
    }
    MetricFamily out = family(metric::events_rejected);
    for (const auto& [key, refused] : sum) {
        add(out,
            {
                {"source", key.first },
                {"reason", key.second}
        },
            count(refused));
    }
    return out;
}

}  // namespace

std::vector<MetricFamily> daemon_metrics(const DaemonFigures& figures) {
    const ShellStats& shell = figures.shell;
    std::vector<MetricFamily> out;
    out.push_back(single(metric::pages_unacknowledged, count(figures.pages_unacknowledged)));
    out.push_back(family(metric::pages));
    for (const auto& [key, sent] : shell.pages) {
        add(out.back(),
            {
                {"channel", key.first },
                {"result",  key.second}
        },
            count(sent));
    }
    out.push_back(histogram(
        metric::page_delivery, delivery_bounds_s, shell.delivery_buckets, shell.delivery_seconds_sum
    ));
    out.push_back(
        histogram(metric::page_ack, ack_bounds_s, shell.ack_buckets, shell.ack_seconds_sum)
    );
    out.push_back(sources_up(figures.components));
    out.push_back(family(metric::source_lag));
    for (const auto& [source, lag] : shell.source_lag_s)
        add(out.back(),
            {
                {"source", source}
        },
            lag);
    out.push_back(events(figures.sources));
    out.push_back(rejected(figures));
    out.push_back(family(metric::fields_ignored));
    for (const auto& [source, ignored] : figures.ignored_fields) {
        add(out.back(),
            {
                {"source", source}
        },
            count(ignored));
    }
    out.push_back(single(metric::rules_loaded, shell.rules_loaded_at));
    out.push_back(single(metric::rules_reload_ok, shell.last_reload_ok ? 1 : 0));
    out.push_back(
        histogram(metric::evaluation, step_bounds_s, shell.step_buckets, shell.step_seconds_sum)
    );
    out.push_back(histogram(
        metric::store_commit, commit_bounds_s, shell.commit_buckets, shell.commit_seconds_sum
    ));
    out.push_back(single(metric::store_up, shell.store_up ? 1 : 0));
    out.push_back(single(metric::store_gaps, count(shell.gaps)));
    out.push_back(leader(figures));
    out.push_back(family(metric::http_requests));
    for (const auto& [status, answered] : figures.http.answers) {
        add(out.back(),
            {
                {"code", fmt::format("{}", status)}
        },
            count(answered));
    }
    out.push_back(single(metric::http_connections, count(figures.http.connections)));
    out.push_back(family(metric::build_info));
    add(out.back(),
        {
            {"version", version}
    },
        1);
    return out;
}

std::string render_daemon(const DaemonFigures& figures) {
    return prometheus::TextSerializer{}.Serialize(daemon_metrics(figures));
}

}  // namespace surged::io::exporter
