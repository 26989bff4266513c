#include "core/board/changes.hpp"

namespace surged::board {
namespace {

Changes of_moment(Kpi kpi) {
    switch (kpi) {
        case Kpi::calls_waiting:
        case Kpi::backlog:
            return changes::waiting;
        case Kpi::longest_wait:
        case Kpi::oldest:
            return changes::front;
        case Kpi::agents_staffed:
            return changes::staffed;
        case Kpi::agents_available:
        case Kpi::agents_busy:
        case Kpi::agents_wrap:
        case Kpi::agents_paused:
            return changes::agents;
        case Kpi::agents_scheduled:
            return changes::plan | changes::gauges;
        case Kpi::staffing_ratio:
            return changes::staffed | changes::plan | changes::gauges;
        case Kpi::gauge:
            return changes::gauges;
        case Kpi::waiting_per_agent:
            return changes::waiting | changes::staffed;
        case Kpi::estimated_wait:
            return changes::waiting | changes::agents | changes::handling;
        case Kpi::lines_in_use:
            return changes::waiting | changes::connected | changes::plan;
        case Kpi::concurrency:
            return changes::connected | changes::staffed;
        case Kpi::complaints_open:
        case Kpi::complaints_overdue:
            return changes::complaints;
        case Kpi::complaints_overdue_ratio:
            return changes::complaints | changes::care;
        default:
            return changes::all;
    }
}

Changes of_window(Kpi kpi) {
    switch (kpi) {
        case Kpi::calls_offered:
        case Kpi::calls_answered:
        case Kpi::calls_abandoned:
        case Kpi::calls_exited:
        case Kpi::calls_refused:
        case Kpi::service_level:
        case Kpi::answer_ratio:
        case Kpi::abandon_ratio:
        case Kpi::refused_ratio:
        case Kpi::average_speed_of_answer:
        case Kpi::arrival_rate:
        case Kpi::wait_p50:
        case Kpi::wait_p90:
        case Kpi::wait_p99:
            return changes::traffic;
        case Kpi::service_level_live:
            return changes::traffic | changes::waiting;
        case Kpi::average_handle_time:
        case Kpi::transfer_ratio:
            return changes::handling;
        case Kpi::load_ratio:
            return changes::traffic | changes::handling | changes::staffed;
        case Kpi::repeat_ratio:
            return changes::repeats;
        case Kpi::complaints:
        case Kpi::csat:
            return changes::care;
        case Kpi::complaint_ratio:
            return changes::care | changes::handling;
        case Kpi::first_response_p50:
        case Kpi::first_response_p90:
        case Kpi::response_ratio:
            return changes::responses;
        default:
            return changes::all;
    }
}

}  // namespace

bool changes_by_itself(Kpi kpi) {
    switch (kpi) {
        case Kpi::calls_waiting:
        case Kpi::agents_staffed:
        case Kpi::agents_available:
        case Kpi::agents_busy:
        case Kpi::agents_wrap:
        case Kpi::agents_paused:
        case Kpi::waiting_per_agent:
        case Kpi::concurrency:
        case Kpi::complaints_open:
        case Kpi::complaints_overdue:
        case Kpi::gauge:
            return false;
        default:
            return true;
    }
}

Changes brings_forward(const Measure& measure) {
    switch (measure.kpi) {
        case Kpi::service_level_live:  // by whoever joins, not only the first of those who wait
        case Kpi::backlog:
        case Kpi::occupancy:  // flows as soon as somebody is staffed
            return changes::all;
        case Kpi::agents_scheduled:
        case Kpi::staffing_ratio:
        case Kpi::lines_in_use:
            return changes::plan;
        default:
            return changes_by_itself(measure.kpi) ? changes::sooner : Changes{0};
    }
}

Changes made_of(const Measure& measure) {
    if (!info_of(measure.kpi).windowed) return of_moment(measure.kpi) | changes::anew;
    // The longer the day, the thinner these are: Board::next_change names but the minutes.
    const bool thins = measure.window == Window::day &&
                       (measure.kpi == Kpi::arrival_rate || measure.kpi == Kpi::load_ratio);
    return of_window(measure.kpi) | (thins ? changes::time : Changes{0}) | changes::anew;
}

}  // namespace surged::board
