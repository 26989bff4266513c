#include "core/board/kpi.hpp"

#include <array>

namespace surged::board {
namespace {

constexpr std::array<std::string_view, windows> window_names{
    "now", "1m", "5m", "15m", "30m", "60m", "day"
};

constexpr auto own = Base::own_denominator;
constexpr auto offered = Base::calls_offered;

}  // namespace

// clang-format off
constexpr std::array<KpiInfo, kpis> kpi_rows{{
    // kpi, name, metric, unit,
    //   windowed, less is worse, share, of calls, base, filter, zh, en,
    //   formula
    {Kpi::calls_waiting, "calls_waiting", "surged_queue_calls_waiting", Unit::count,
     false, false, false, true, Base::none, Filter::klass, "排队数", "calls waiting",
     "contacts that wait for a person now"},
    {Kpi::longest_wait, "longest_wait", "surged_queue_longest_wait_seconds", Unit::seconds,
     false, false, false, true, Base::none, Filter::klass, "最长等待", "longest wait",
     "age of the oldest contact that waits"},
    {Kpi::agents_staffed, "agents_staffed", "surged_queue_agents", Unit::count,
     false, true, false, true, Base::none, Filter::none, "在线", "staffed",
     "agents signed in, whatever their state"},
    {Kpi::agents_available, "agents_available", "surged_queue_agents", Unit::count,
     false, true, false, true, Base::none, Filter::none, "空闲", "available",
     "agents ready and idle"},
    {Kpi::agents_busy, "agents_busy", "surged_queue_agents", Unit::count,
     false, false, false, true, Base::none, Filter::none, "通话中", "busy",
     "agents in a contact"},
    {Kpi::agents_wrap, "agents_wrap", "surged_queue_agents", Unit::count,
     false, false, false, true, Base::none, Filter::none, "话后处理", "wrap-up",
     "agents in after-call work"},
    {Kpi::agents_paused, "agents_paused", "surged_queue_agents", Unit::count,
     false, false, false, true, Base::none, Filter::none, "小休", "paused",
     "agents signed in and not ready"},
    {Kpi::agents_scheduled, "agents_scheduled", "surged_queue_agents", Unit::count,
     false, true, false, false, Base::none, Filter::none, "应到人数", "scheduled",
     "heads planned for now: by the plan of the day, else the queue's gauge `agents_scheduled`"},
    {Kpi::waiting_per_agent, "waiting_per_agent", "surged_queue_waiting_per_agent", Unit::ratio,
     false, false, false, true, Base::none, Filter::klass, "每坐席排队", "waiting per agent",
     "calls waiting ÷ agents staffed"},
    {Kpi::staffing_ratio, "staffing_ratio", "surged_queue_staffing_ratio", Unit::ratio,
     false, true, false, true, Base::none, Filter::none, "到岗率", "staffing ratio",
     "agents staffed ÷ agents scheduled"},
    {Kpi::estimated_wait, "estimated_wait", "surged_queue_estimated_wait_seconds", Unit::seconds,
     false, false, false, true, Base::none, Filter::klass, "预计等待", "estimated wait",
     "(calls waiting + 1) × handle time of the day ÷ agents staffed; 0 if an agent is free and nobody waits"},
    {Kpi::lines_in_use, "lines_in_use", "surged_queue_lines_in_use_ratio", Unit::ratio,
     false, false, false, true, Base::none, Filter::none, "线路占用率", "lines in use",
     "(waiting + connected) ÷ the queue's `lines`"},
    {Kpi::complaints_open, "complaints_open", "surged_queue_complaints_open", Unit::count,
     false, false, false, false, Base::none, Filter::none, "未结投诉", "open complaints",
     "tickets opened or assigned and not closed"},
    {Kpi::complaints_overdue, "complaints_overdue", "surged_queue_complaints_overdue", Unit::count,
     false, false, false, false, Base::none, Filter::none, "超时投诉", "overdue complaints",
     "open tickets past their `due` time, or the queue's `complaint_limit`"},
    {Kpi::complaints_overdue_ratio, "complaints_overdue_ratio", "surged_queue_complaints_overdue_ratio", Unit::ratio,
     false, false, false, false, Base::none, Filter::none, "超时投诉比", "overdue complaint ratio",
     "overdue complaints ÷ complaints closed in the last hour"},
    {Kpi::gauge, "gauge", "surged_queue_gauge", Unit::count,
     false, false, false, false, Base::none, Filter::none, "外部指标", "gauge",
     "a figure that events of type `gauge` set, by its name"},
    {Kpi::calls_offered, "calls_offered", "", Unit::count,
     true, false, false, true, Base::none, Filter::klass, "进线量", "offered",
     "contacts that entered the queue"},
    {Kpi::calls_answered, "calls_answered", "", Unit::count,
     true, false, false, true, Base::none, Filter::klass, "接起量", "answered",
     "contacts that reached a person"},
    {Kpi::calls_abandoned, "calls_abandoned", "", Unit::count,
     true, false, false, true, Base::none, Filter::klass, "放弃量", "abandoned",
     "contacts that left by themselves while waiting"},
    {Kpi::calls_exited, "calls_exited", "", Unit::count,
     true, false, false, true, Base::none, Filter::klass, "转出量", "exited",
     "contacts that left the queue otherwise: timeout, key, empty, withdrawn, shutdown, unknown"},
    {Kpi::calls_refused, "calls_refused", "", Unit::count,
     true, false, false, true, Base::none, Filter::klass, "拒入量", "refused",
     "contacts turned away at the door: queue full, or nobody signed in"},
    {Kpi::service_level, "service_level", "surged_queue_service_level_ratio", Unit::ratio,
     true, true, true, true, own, Filter::klass, "服务水平", "service level",
     "by the queue's `formula`; V8: answered within T ÷ (answered + abandoned + exited − abandoned within S)"},
    {Kpi::service_level_live, "service_level_live", "surged_queue_service_level_live_ratio", Unit::ratio,
     true, true, true, true, own, Filter::klass, "实时服务水平", "live service level",
     "as service_level, and contacts now waiting longer than T are in the denominator"},
    {Kpi::answer_ratio, "answer_ratio", "surged_queue_answer_ratio", Unit::ratio,
     true, true, true, true, own, Filter::klass, "人工接通率", "answer ratio",
     "answered ÷ (answered + abandoned + exited)"},
    {Kpi::abandon_ratio, "abandon_ratio", "surged_queue_abandon_ratio", Unit::ratio,
     true, false, true, true, own, Filter::klass, "放弃率", "abandon ratio",
     "(abandoned − abandoned within S) ÷ (answered + abandoned + exited − abandoned within S)"},
    {Kpi::refused_ratio, "refused_ratio", "surged_queue_refused_ratio", Unit::ratio,
     true, false, true, true, own, Filter::klass, "呼损率", "refused ratio",
     "refused ÷ (offered + refused)"},
    {Kpi::average_speed_of_answer, "average_speed_of_answer", "surged_queue_average_speed_of_answer_seconds", Unit::seconds,
     true, false, false, true, own, Filter::klass, "平均应答时长", "average speed of answer",
     "sum of the waits of the answered ÷ answered"},
    {Kpi::wait_p50, "wait_p50", "surged_queue_wait_p50_seconds", Unit::seconds,
     true, false, false, true, own, Filter::klass, "等待时长 50 分位", "wait, 50th percentile",
     "half of the answered waited no longer"},
    {Kpi::wait_p90, "wait_p90", "surged_queue_wait_p90_seconds", Unit::seconds,
     true, false, false, true, own, Filter::klass, "等待时长 90 分位", "wait, 90th percentile",
     "nine in ten of the answered waited no longer"},
    {Kpi::wait_p99, "wait_p99", "surged_queue_wait_p99_seconds", Unit::seconds,
     true, false, false, true, own, Filter::klass, "等待时长 99 分位", "wait, 99th percentile",
     "99 in 100 of the answered waited no longer"},
    {Kpi::average_handle_time, "average_handle_time", "surged_queue_average_handle_time_seconds", Unit::seconds,
     true, false, false, true, own, Filter::klass, "平均处理时长", "average handle time",
     "(talk + wrap-up) ÷ contacts handled, the transferred included"},
    {Kpi::occupancy, "occupancy", "surged_queue_occupancy_ratio", Unit::ratio,
     true, false, true, true, offered, Filter::none, "占用率", "occupancy",
     "agent time busy or in wrap-up ÷ agent time busy, in wrap-up or available"},
    {Kpi::transfer_ratio, "transfer_ratio", "surged_queue_transfer_ratio", Unit::ratio,
     true, false, true, true, own, Filter::klass, "转接率", "transfer ratio",
     "transferred ÷ contacts handled, the transferred included"},
    {Kpi::repeat_ratio, "repeat_ratio", "surged_queue_repeat_ratio", Unit::ratio,
     true, false, true, true, own, Filter::klass, "重复来电率", "repeat ratio",
     "offered by a caller who was here in the 30 min before ÷ offered by callers who can be told apart"},
    {Kpi::arrival_rate, "arrival_rate", "surged_queue_arrival_rate_per_second", Unit::per_second,
     true, false, false, true, offered, Filter::klass, "进线速率", "arrival rate",
     "offered ÷ length of the window"},
    {Kpi::load_ratio, "load_ratio", "surged_queue_load_ratio", Unit::ratio,
     true, false, false, true, offered, Filter::klass, "负荷率", "load ratio",
     "arrival rate × average handle time ÷ agents staffed"},
    {Kpi::complaints, "complaints", "", Unit::count,
     true, false, false, false, Base::none, Filter::complaint, "投诉量", "complaints",
     "tickets first heard of; a repeated or reopened one is no new complaint"},
    {Kpi::complaint_ratio, "complaint_ratio", "surged_queue_complaint_ratio", Unit::ratio,
     true, false, false, true, own, Filter::complaint, "投诉率", "complaint ratio",
     "complaints ÷ contacts handled"},
    {Kpi::csat, "csat", "surged_queue_csat_ratio", Unit::ratio,
     true, true, true, false, own, Filter::klass, "满意度", "satisfaction",
     "scores of 4 and 5 ÷ scores"},
    {Kpi::backlog, "backlog", "surged_queue_backlog", Unit::count,
     false, false, false, true, Base::none, Filter::klass, "积压量", "backlog",
     "open contacts older than the queue's `backlog_after`: those that wait and, of chat, e-mail and social, those with an agent; without that key, contacts that wait"},
    {Kpi::oldest, "oldest", "surged_queue_oldest_seconds", Unit::seconds,
     false, false, false, true, Base::none, Filter::klass, "最早未结", "oldest",
     "age of the oldest open contact: one that waits or, of chat, e-mail and social, one with an agent"},
    {Kpi::concurrency, "concurrency", "surged_queue_concurrency", Unit::ratio,
     false, false, false, true, Base::none, Filter::none, "并发会话数", "chats per agent",
     "chats with an agent ÷ agents staffed"},
    {Kpi::first_response_p50, "first_response_p50", "surged_queue_first_response_p50_seconds", Unit::seconds,
     true, false, false, true, own, Filter::klass, "首次响应 50 分位", "first response, 50th percentile",
     "half of the contacts had a person's first reply no later than this after they were offered"},
    {Kpi::first_response_p90, "first_response_p90", "surged_queue_first_response_p90_seconds", Unit::seconds,
     true, false, false, true, own, Filter::klass, "首次响应 90 分位", "first response, 90th percentile",
     "nine in ten contacts had a person's first reply no later than this after they were offered"},
    {Kpi::response_ratio, "response_ratio", "surged_queue_response_ratio", Unit::ratio,
     true, true, true, true, own, Filter::klass, "3 分钟回复率", "3-minute response ratio",
     "rounds that a person answered within 180 s ÷ rounds; one without an answer counts when its 180 s are over"},
}};
// clang-format on

namespace {

constexpr bool in_enum_order() {
    for (std::size_t i = 0; i < kpi_rows.size(); ++i)
        if (static_cast<std::size_t>(kpi_rows[i].kpi) != i) return false;
    return true;
}
static_assert(in_enum_order());

}  // namespace

std::string_view name_of(Window window) { return window_names[static_cast<std::size_t>(window)]; }

std::optional<Window> parse_window(std::string_view text) {
    for (std::size_t i = 0; i < window_names.size(); ++i)
        if (window_names[i] == text) return static_cast<Window>(i);
    return std::nullopt;
}

std::optional<Kpi> parse_kpi(std::string_view name) {
    for (const KpiInfo& info : kpi_rows)
        if (info.name == name) return info.kpi;
    return std::nullopt;
}

}  // namespace surged::board
