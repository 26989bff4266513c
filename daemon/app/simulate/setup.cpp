#include "app/simulate/setup.hpp"

#include "app/simulate/scenarios.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace surged::app::simulate {
namespace {

constexpr std::uint32_t agents_max = 20'000;
constexpr std::size_t queues_max = 2'000;

/// Share of the busiest hour by time of day: two humps, as a Chinese hotline has them.
Curve usual_day() {
    constexpr std::array<double, 25> by_hour{0.04, 0.03, 0.02, 0.02, 0.02, 0.04, 0.10, 0.25, 0.60,
                                             0.90, 1.00, 0.95, 0.70, 0.75, 0.90, 0.95, 0.90, 0.80,
                                             0.65, 0.60, 0.55, 0.40, 0.20, 0.10, 0.04};
    Curve day;
    for (std::size_t hour = 0; hour < by_hour.size(); ++hour)
        day.points.push_back({std::chrono::hours{hour}, by_hour[hour]});
    return day;
}

constexpr std::array<std::string_view, 10> names{
    "王小明",
    "Li Na",
    "赵敏",
    "Zhang Wei",
    "陈静",
    "Liu Yang",
    "杨帆",
    "Zhou Ting",
    "吴磊",
    "Sun Li"
};

AgentSetup make_agent(std::uint32_t index, std::uint32_t queue) {
    AgentSetup agent;
    agent.interface = fmt::format("PJSIP/{}", 1001 + index);
    agent.name = fmt::format("{} {}", names[index % names.size()], 1001 + index);
    agent.queues = {queue};
    return agent;
}

/// Early or late shift, every day of the run.
void give_shifts(AgentSetup& agent, std::uint32_t index, const Setup& setup) {
    const Micros end = setup.duration == Micros{0} ? Micros{10 * 24h} : setup.duration;
    const bool late = index % 5 == 4;
    for (Micros day{0}; day < end; day += 24h) {
        const Micros on = day + (late ? Micros{5h} : Micros{0});
        agent.shifts.push_back({on, on + 9h});
    }
}

/// Everything `speed` times faster.
void hasten(Setup& setup, double speed) {
    const auto faster = [speed](Micros& span) {
        span = Micros{std::llround(static_cast<double>(span.count()) / speed)};
    };
    for (Micros* span : {&setup.ring_min, &setup.ring_max, &setup.ring_timeout, &setup.wrap})
        faster(*span);
    for (QueueSetup& queue : setup.queues) {
        queue.calls_per_second *= speed;
        queue.complaints_per_second *= speed;
        for (Micros* span : {&queue.handle_mean, &queue.patience_mean, &queue.wait_max})
            faster(*span);
        for (Curve::Point& point : queue.demand.points) faster(point.at);
        for (Curve::Point& point : queue.complaints.points) faster(point.at);
    }
    for (Curve::Point& point : setup.day.points) faster(point.at);
    faster(setup.day_begins_at);
    faster(setup.dark.on);
    faster(setup.dark.off);
    for (AgentSetup& agent : setup.agents) {
        faster(agent.pause_gap_mean);
        faster(agent.pause_mean);
        for (Shift& shift : agent.shifts) {
            faster(shift.on);
            faster(shift.off);
        }
    }
}

void add_queues(Setup& setup, const Wish& wish, const std::vector<std::string>& queue_names) {
    for (std::size_t q = 0; q < queue_names.size(); ++q) {
        QueueSetup queue;
        queue.name = queue_names[q];
        shape_queue(queue, wish.scenario, q);
        setup.queues.push_back(std::move(queue));
    }
}

/// The first queue has half the agents, the others share the rest; on the night of a sale all have
/// as many.
std::uint32_t home_of(std::uint32_t agent, std::uint32_t queue_count, Scenario scenario) {
    if (scenario == Scenario::double11) return agent % queue_count;
    if (queue_count == 1 || agent % 2 == 0) return 0;
    return 1 + (agent / 2) % (queue_count - 1);
}

/// Every seventh agent serves two queues. Then demand to match.
void add_agents(Setup& setup, const Wish& wish) {
    const auto queue_count = static_cast<std::uint32_t>(setup.queues.size());
    std::vector<double> heads(queue_count, 0);
    for (std::uint32_t i = 0; i < wish.agents; ++i) {
        AgentSetup agent = make_agent(i, home_of(i, queue_count, wish.scenario));
        if (i % 7 == 6 && queue_count > 1)
            agent.queues.push_back((agent.queues.front() + 1) % queue_count);
        for (const auto q : agent.queues)
            heads[q] += 1.0 / static_cast<double>(agent.queues.size());
        if (!shape_shifts(agent, wish.scenario, i, wish.agents)) give_shifts(agent, i, setup);
        setup.agents.push_back(std::move(agent));
    }
    constexpr double load = 0.72;  // busy share of the staff at the busiest usual hour
    for (std::uint32_t q = 0; q < queue_count; ++q) {
        QueueSetup& queue = setup.queues[q];
        const double handle_s =
            std::chrono::duration<double>(queue.handle_mean + setup.wrap).count();
        queue.calls_per_second = load * heads[q] / handle_s;
        queue.complaints_per_second = queue.calls_per_second / 40;
        queue.opening_calls = static_cast<std::uint32_t>(load * heads[q]);
    }
}

}  // namespace

double Curve::at(Micros when) const {
    if (points.empty()) return 1;
    const auto after =
        std::find_if(points.begin(), points.end(), [when](const Point& p) { return when < p.at; });
    if (after == points.begin()) return points.front().factor;
    if (after == points.end()) return points.back().factor;
    const Point& left = *(after - 1);
    const auto span = static_cast<double>((after->at - left.at).count());
    const double share = static_cast<double>((when - left.at).count()) / span;
    return left.factor + share * (after->factor - left.factor);
}

double Curve::highest() const {
    double most = points.empty() ? 1 : 0;
    for (const Point& point : points) most = std::max(most, point.factor);
    return most;
}

Result<Setup> make_setup(const Wish& wish) {
    std::vector<std::string> queue_names = wish.queues;
    if (queue_names.empty()) queue_names = usual_queues(wish.scenario);
    if (queue_names.size() > queues_max) return fail(fmt::format("at most {} queues", queues_max));
    if (wish.agents == 0 || wish.agents > agents_max)
        return fail(fmt::format("agents: want 1 to {}", agents_max));
    if (!(wish.speed >= 0.1 && wish.speed <= 100)) return fail("speed: want 0.1 to 100");
    for (const auto& name : queue_names) {
        if (name.empty() || name.find_first_of("\r\n") != std::string::npos)
            return fail("a queue needs a name of one line");
    }
    if (std::set<std::string>(queue_names.begin(), queue_names.end()).size() != queue_names.size())
        return fail("a queue is named twice");
    Setup setup;
    setup.seed = wish.seed;
    setup.duration = wish.duration;
    if (wish.scenario == Scenario::normal) setup.day = usual_day();
    add_queues(setup, wish, queue_names);
    add_agents(setup, wish);
    shape_whole(setup, wish.scenario);
    hasten(setup, wish.speed);
    return setup;
}

}  // namespace surged::app::simulate
