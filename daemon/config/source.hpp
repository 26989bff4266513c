// What surged.yaml says of one source: what all have, and what its type adds.
#pragma once

#include "base/document_map.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace surged::config {

struct AmiSource {
    std::string host;
    std::uint16_t port{5038};
    std::string username;
    std::string secret_file;
};

struct EslSource {
    std::string host;
    std::uint16_t port{8021};
    std::string secret_file;
    std::string format{"plain"};  // or json
    Micros poll{30s};
};

struct QueueLogSource {
    std::string path;
    bool from_end{false};                                     // at the first start
    std::map<std::string, std::string, std::less<>> members;  // name → interface
};

/// Somebody else's system posts to us.
struct WebhookSource {
    DocumentMap map;
    std::string signature;  // the word in the file
    std::string secret_file;
    std::string username;          // signature: basic
    std::string header;            // signature: header
    std::string url;               // signature: twilio; ours, as they call it
    std::optional<Micros> window;  // none: the scheme's own
    std::size_t body_bytes_max{65'536};
    std::uint32_t rate{200};                         // deliveries a second
    std::string queue;                               // of events that name none
    std::map<std::string, std::string> queue_names;  // theirs to ours
    std::vector<std::string> agent_queues;           // of agents whose queues are not said
};

/// Which series of figures sets which gauge of which queue.
struct StatsdMetric {
    std::string metric;  // one `*` may stand for a part between dots
    std::string gauge;
    std::string queue;      // "*": that part
    std::string queue_tag;  // the tag that names it
    std::string take{"usual"};
};

struct StatsdSource {
    std::string address;
    std::uint16_t port{8125};
    std::size_t buffer{8U << 20};
    Micros flush{1s};
    std::vector<StatsdMetric> metrics;
};

/// A query of a Prometheus server or a series of an exporter, and the gauge that it sets.
struct PrometheusSeries {
    std::string query;
    std::string metric;
    std::map<std::string, std::string> labels;  // that it must have
    std::string gauge;
    std::string queue;
    std::string queue_label;  // names the queue
};

struct PrometheusSource {
    std::string base_url;    // of a server; or
    std::string scrape_url;  // of an exporter
    std::string username;
    std::string password_file;
    std::string token_file;
    Micros interval{15s};
    Micros timeout{5s};
    std::vector<PrometheusSeries> series;
    std::map<std::string, std::string> queue_names;  // theirs to ours
};

/// A table that somebody else writes.
struct CsvSource {
    std::string path;
    std::string content;                             // the word in the file
    std::map<std::string, std::string> columns;      // our field: their header
    std::string queue;                               // of rows that name none
    std::map<std::string, std::string> queue_names;  // theirs to ours
    std::map<std::string, std::int32_t> severities;  // their words
    Micros interval{15min};                          // of a row without an end
};

struct Source {
    std::string name;
    std::string type;  // the word in the file
    std::string site;
    Micros stale_after{30s};
    std::string companion;
    std::vector<std::string> queues;  // globs it feeds; empty: any
    std::variant<
        AmiSource,
        QueueLogSource,
        EslSource,
        WebhookSource,
        StatsdSource,
        PrometheusSource,
        CsvSource>
        of;  // by type
};

}  // namespace surged::config
