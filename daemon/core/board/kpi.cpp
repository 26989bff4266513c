#include "core/board/kpi.hpp"

#include "base/assert.hpp"

#include <array>

namespace surged::board {
namespace {

constexpr std::array<std::string_view, windows> window_names{
    "now", "1m", "5m", "15m", "30m", "60m", "day"
};

constexpr auto own = Base::own_denominator;
constexpr auto offered = Base::calls_offered;

// clang-format off
constexpr std::array<KpiInfo, kpis> table{{
    // kpi                        name                        unit              win.   less   base        zh                 en
    {Kpi::calls_waiting,          "calls_waiting",            Unit::count,      false, false, Base::none, "排队数",          "calls waiting"},
    {Kpi::longest_wait,           "longest_wait",             Unit::seconds,    false, false, Base::none, "最长等待",        "longest wait"},
    {Kpi::agents_staffed,         "agents_staffed",           Unit::count,      false, true,  Base::none, "在线",            "staffed"},
    {Kpi::agents_available,       "agents_available",         Unit::count,      false, true,  Base::none, "空闲",            "available"},
    {Kpi::agents_busy,            "agents_busy",              Unit::count,      false, false, Base::none, "通话中",          "busy"},
    {Kpi::agents_wrap,            "agents_wrap",              Unit::count,      false, false, Base::none, "话后处理",        "wrap-up"},
    {Kpi::agents_paused,          "agents_paused",            Unit::count,      false, false, Base::none, "小休",            "paused"},
    {Kpi::agents_scheduled,       "agents_scheduled",         Unit::count,      false, true,  Base::none, "应到人数",        "scheduled"},
    {Kpi::waiting_per_agent,      "waiting_per_agent",        Unit::ratio,      false, false, Base::none, "每坐席排队",      "waiting per agent"},
    {Kpi::staffing_ratio,         "staffing_ratio",           Unit::ratio,      false, true,  Base::none, "到岗率",          "staffing ratio"},
    {Kpi::estimated_wait,         "estimated_wait",           Unit::seconds,    false, false, Base::none, "预计等待",        "estimated wait"},
    {Kpi::lines_in_use,           "lines_in_use",             Unit::ratio,      false, false, Base::none, "线路占用率",      "lines in use"},
    {Kpi::complaints_open,        "complaints_open",          Unit::count,      false, false, Base::none, "未结投诉",        "open complaints"},
    {Kpi::complaints_overdue,     "complaints_overdue",       Unit::count,      false, false, Base::none, "超时投诉",        "overdue complaints"},
    {Kpi::complaints_overdue_ratio, "complaints_overdue_ratio", Unit::ratio,    false, false, Base::none, "超时投诉比",      "overdue complaint ratio"},
    {Kpi::gauge,                  "gauge",                    Unit::count,      false, false, Base::none, "外部指标",        "gauge"},
    {Kpi::calls_offered,          "calls_offered",            Unit::count,      true,  false, Base::none, "进线量",          "offered"},
    {Kpi::calls_answered,         "calls_answered",           Unit::count,      true,  false, Base::none, "接起量",          "answered"},
    {Kpi::calls_abandoned,        "calls_abandoned",          Unit::count,      true,  false, Base::none, "放弃量",          "abandoned"},
    {Kpi::calls_exited,           "calls_exited",             Unit::count,      true,  false, Base::none, "转出量",          "exited"},
    {Kpi::calls_refused,          "calls_refused",            Unit::count,      true,  false, Base::none, "拒入量",          "refused"},
    {Kpi::service_level,          "service_level",            Unit::ratio,      true,  true,  own,        "服务水平",        "service level"},
    {Kpi::service_level_live,     "service_level_live",       Unit::ratio,      true,  true,  own,        "实时服务水平",    "live service level"},
    {Kpi::answer_ratio,           "answer_ratio",             Unit::ratio,      true,  true,  own,        "人工接通率",      "answer ratio"},
    {Kpi::abandon_ratio,          "abandon_ratio",            Unit::ratio,      true,  false, own,        "放弃率",          "abandon ratio"},
    {Kpi::refused_ratio,          "refused_ratio",            Unit::ratio,      true,  false, own,        "呼损率",          "refused ratio"},
    {Kpi::average_speed_of_answer, "average_speed_of_answer", Unit::seconds,    true,  false, own,        "平均应答时长",    "average speed of answer"},
    {Kpi::wait_p50,               "wait_p50",                 Unit::seconds,    true,  false, own,        "等待时长 50 分位", "wait, 50th percentile"},
    {Kpi::wait_p90,               "wait_p90",                 Unit::seconds,    true,  false, own,        "等待时长 90 分位", "wait, 90th percentile"},
    {Kpi::wait_p99,               "wait_p99",                 Unit::seconds,    true,  false, own,        "等待时长 99 分位", "wait, 99th percentile"},
    {Kpi::average_handle_time,    "average_handle_time",      Unit::seconds,    true,  false, own,        "平均处理时长",    "average handle time"},
    {Kpi::occupancy,              "occupancy",                Unit::ratio,      true,  false, offered,    "占用率",          "occupancy"},
    {Kpi::transfer_ratio,         "transfer_ratio",           Unit::ratio,      true,  false, own,        "转接率",          "transfer ratio"},
    {Kpi::repeat_ratio,           "repeat_ratio",             Unit::ratio,      true,  false, own,        "重复来电率",      "repeat ratio"},
    {Kpi::arrival_rate,           "arrival_rate",             Unit::per_second, true,  false, offered,    "进线速率",        "arrival rate"},
    {Kpi::load_ratio,             "load_ratio",               Unit::ratio,      true,  false, offered,    "负荷率",          "load ratio"},
    {Kpi::complaints,             "complaints",               Unit::count,      true,  false, Base::none, "投诉量",          "complaints"},
    {Kpi::complaint_ratio,        "complaint_ratio",          Unit::ratio,      true,  false, own,        "投诉率",          "complaint ratio"},
    {Kpi::csat,                   "csat",                     Unit::ratio,      true,  true,  own,        "满意度",          "satisfaction"},
}};
// clang-format on

constexpr bool in_enum_order() {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (static_cast<std::size_t>(table[i].kpi) != i) return false;
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

std::span<const KpiInfo> kpi_table() { return table; }

const KpiInfo& info_of(Kpi kpi) {
    const auto index = static_cast<std::size_t>(kpi);
    SURGED_ASSERT(index < table.size());
    return table[index];
}

std::optional<Kpi> parse_kpi(std::string_view name) {
    for (const KpiInfo& info : table)
        if (info.name == name) return info.kpi;
    return std::nullopt;
}

}  // namespace surged::board
