// Every metric's name, once: here, or in the table of KPIs. Renderers, docs and dashboards are held
// to this list.
#pragma once

#include "core/board/kpi.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace surged::io::exporter {

enum class Type : std::uint8_t { gauge, counter, histogram };

struct Metric {
    std::string_view name;
    Type type;
    std::string_view help;  // one line: a line break would spoil the whole scrape
};

namespace metric {
inline constexpr Metric agents{"surged_queue_agents", Type::gauge, "Agents of the queue by state."};
inline constexpr Metric gauge{
    "surged_queue_gauge", Type::gauge, "Figures that events set, by name."
};
inline constexpr Metric calls_offered{
    "surged_queue_calls_offered_total", Type::counter, "Calls that entered the queue."
};
inline constexpr Metric calls_answered{
    "surged_queue_calls_answered_total", Type::counter, "Calls that reached an agent."
};
inline constexpr Metric calls_abandoned{
    "surged_queue_calls_abandoned_total", Type::counter, "Calls whose caller gave up waiting."
};
inline constexpr Metric calls_exited{
    "surged_queue_calls_exited_total",
    Type::counter,
    "Calls that left the queue otherwise, by reason."
};
inline constexpr Metric calls_refused{
    "surged_queue_calls_refused_total", Type::counter, "Calls turned away at the door, by reason."
};
inline constexpr Metric calls_completed{
    "surged_queue_calls_completed_total", Type::counter, "Answered calls that ended."
};
inline constexpr Metric calls_transferred{
    "surged_queue_calls_transferred_total", Type::counter, "Answered calls that were passed on."
};
inline constexpr Metric answer_wait{
    "surged_queue_answer_wait_seconds", Type::histogram, "Wait of answered calls."
};
inline constexpr Metric handle_time{
    "surged_queue_handle_seconds", Type::histogram, "Talk and wrap-up of completed calls."
};
inline constexpr Metric complaints{
    "surged_complaints_total", Type::counter, "Complaints by topic and severity (1 is critical)."
};
inline constexpr Metric trigger_value{
    "surged_trigger_value", Type::gauge, "The figure a trigger of a plan watches."
};
inline constexpr Metric trigger_threshold{
    "surged_trigger_threshold", Type::gauge, "The threshold of a trigger per response level."
};
inline constexpr Metric trigger_firing{
    "surged_trigger_firing", Type::gauge, "1 while the trigger fires at this response level."
};
inline constexpr Metric incidents{
    "surged_incidents", Type::gauge, "Incidents that are not over, by level and phase."
};
inline constexpr Metric incidents_total{
    "surged_incidents_total", Type::counter, "Incidents that reached this level or a graver one."
};
inline constexpr Metric oncall{
    "surged_oncall", Type::gauge, "1 for each person whom the team's ladder pages first."
};
inline constexpr Metric pages_unacknowledged{
    "surged_pages_unacknowledged", Type::gauge, "Pages that nobody has acknowledged."
};
inline constexpr Metric pages{
    "surged_pages_total", Type::counter, "Attempts to deliver a page, by channel and result."
};
inline constexpr Metric page_delivery{
    "surged_page_delivery_seconds", Type::histogram, "From a page's creation to its acceptance."
};
inline constexpr Metric page_ack{
    "surged_page_ack_seconds", Type::histogram, "From a page's creation to its acknowledgement."
};
inline constexpr Metric source_up{
    "surged_source_up", Type::gauge, "1 while the source is connected and heard."
};
inline constexpr Metric source_lag{
    "surged_source_lag_seconds", Type::gauge, "How far the source's events are behind."
};
inline constexpr Metric events{
    "surged_events_total", Type::counter, "Events accepted, by source and type."
};
inline constexpr Metric events_rejected{
    "surged_events_rejected_total", Type::counter, "Events refused, by source and reason."
};
inline constexpr Metric fields_ignored{
    "surged_event_fields_ignored_total",
    Type::counter,
    "Fields of accepted events that mean nothing to surged."
};
inline constexpr Metric rules_loaded{
    "surged_rules_loaded_timestamp_seconds", Type::gauge, "When the rules in force were loaded."
};
inline constexpr Metric rules_reload_ok{
    "surged_rules_last_reload_successful", Type::gauge, "0 if the last rules read were refused."
};
inline constexpr Metric evaluation{
    "surged_evaluation_seconds", Type::histogram, "Time of one engine step."
};
inline constexpr Metric store_commit{
    "surged_store_commit_seconds", Type::histogram, "Time of one commit of the journal."
};
inline constexpr Metric store_up{
    "surged_store_up", Type::gauge, "0 while the journal cannot be written."
};
inline constexpr Metric store_gaps{
    "surged_store_gaps_total", Type::counter, "Times the journal was left incomplete."
};
inline constexpr Metric leader{
    "surged_leader", Type::gauge, "1 while this surged is the one that pages for the site."
};
inline constexpr Metric http_requests{
    "surged_http_requests_total", Type::counter, "HTTP requests answered, by status code."
};
inline constexpr Metric http_connections{
    "surged_http_connections", Type::gauge, "HTTP connections open now."
};
inline constexpr Metric build_info{
    "surged_build_info", Type::gauge, "1, with the version as a label."
};

inline constexpr std::array own{
    agents,
    gauge,
    calls_offered,
    calls_answered,
    calls_abandoned,
    calls_exited,
    calls_refused,
    calls_completed,
    calls_transferred,
    answer_wait,
    handle_time,
    complaints,
    trigger_value,
    trigger_threshold,
    trigger_firing,
    incidents,
    incidents_total,
    oncall,
    pages_unacknowledged,
    pages,
    page_delivery,
    page_ack,
    source_up,
    source_lag,
    events,
    events_rejected,
    fields_ignored,
    rules_loaded,
    rules_reload_ok,
    evaluation,
    store_commit,
    store_up,
    store_gaps,
    leader,
    http_requests,
    http_connections,
    build_info,
};
}  // namespace metric

/// The metric of a KPI; name and help are the table's.
[[nodiscard]] Metric metric_of(const board::KpiInfo& info);
/// All of them, each once.
[[nodiscard]] std::vector<Metric> catalogue();

}  // namespace surged::io::exporter
