#include "app/simulate/event_lines.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <fmt/format.h>
#include <iterator>

namespace surged::app::simulate {
namespace {

/// Builds one object; numbers are written by hand, so that 0.1 reads 0.1 and not 1E-1.
class Line {
public:
    Line(Wall at, std::string_view id, std::string_view type) {
        out_ = fmt::format(
            R"({{"ts":{}.{:06},"id":"{}","type":"{}")",
            at.us / 1'000'000,
            at.us % 1'000'000,
            id,
            type
        );
    }
    Line& text(std::string_view key, std::string_view value) {
        const boost::json::string quoted{
            boost::json::string_view{value.data(), value.size()}
        };
        return raw(key, boost::json::serialize(quoted));
    }
    Line& seconds(std::string_view key, Micros span) {
        return raw(
            key, fmt::format("{}.{:06}", span.count() / 1'000'000, span.count() % 1'000'000)
        );
    }
    Line& integer(std::string_view key, std::int64_t value) {
        return raw(key, std::to_string(value));
    }
    Line& raw(std::string_view key, std::string_view value) {
        fmt::format_to(std::back_inserter(out_), R"(,"{}":{})", key, value);
        return *this;
    }
    [[nodiscard]] std::string take() { return std::move(out_) + "}\n"; }

private:
    std::string out_;
};

std::string queues_of(const Setup& setup, const AgentSetup& agent) {
    boost::json::array queues;
    for (const auto q : agent.queues) queues.emplace_back(setup.queues[q].name);
    return boost::json::serialize(queues);
}

/// What the agent is from then on; empty: nothing new.
std::string_view state_after(What what) {
    switch (what) {
        case What::answered:
            return "busy";
        case What::completed:
        case What::transferred:
            return "wrap";
        case What::wrapped_up:
        case What::logged_in:
        case What::unpaused:
            return "available";
        case What::logged_out:
            return "offline";
        case What::paused:
            return "paused";
        default:
            return {};
    }
}

std::string agent_line(const Setup& setup, const Happening& h, Line line) {
    const AgentSetup& agent = setup.agents[h.agent];
    const std::string_view state = state_after(h.what);
    line.text("agent", agent.interface).text("state", state).raw("queues", queues_of(setup, agent));
    return line.text("reason", h.text).take();
}

std::string_view type_of(const Happening& h) {
    switch (h.what) {
        case What::offered:
            return "offered";
        case What::refused:
            return "refused";
        case What::answered:
            return "answered";
        case What::abandoned:
            return "abandoned";
        case What::exited:
            return "exited";
        case What::completed:
            return "completed";
        case What::transferred:
            return "transferred";
        case What::complaint:
            return "complaint";
        case What::survey:
            return "survey";
        case What::wrapped_up:
        case What::logged_in:
        case What::logged_out:
        case What::paused:
        case What::unpaused:
            return "agent_state";
        case What::ringing:
        case What::unanswered:
            return {};
    }
    return {};
}

std::string contact_line(const Setup& setup, const Happening& h, Line line) {
    line.text("queue", setup.queues[h.queue].name);
    if (h.what == What::complaint)
        return line.text("ticket", fmt::format("T-{}", h.call))
            .text("topic", h.text)
            .integer("severity", h.severity)
            .text("status", "opened")
            .take();
    if (h.what == What::refused) return line.text("reason", "full").take();
    line.text("call", fmt::format("c-{}", h.call));
    switch (h.what) {
        case What::offered:
            line.text("caller", fmt::format("138{:08}", h.call));
            break;
        case What::answered:
            line.text("agent", setup.agents[h.agent].interface).seconds("wait", h.wait);
            break;
        case What::abandoned:
            line.seconds("wait", h.wait);
            break;
        case What::exited:
            line.seconds("wait", h.wait).text("reason", h.by_key ? "key" : "timeout");
            break;
        case What::transferred:
            line.text("to", setup.queues[h.to].name);
            [[fallthrough]];
        case What::completed:
            line.text("agent", setup.agents[h.agent].interface)
                .seconds("talk", h.talk)
                .seconds("wrap", setup.wrap);
            break;
        case What::survey:
            line.integer("score", h.score);
            break;
        default:
            break;
    }
    return line.take();
}

}  // namespace

std::string event_lines(
    const Setup& setup, const Happening& h, Wall start, std::uint64_t sequence
) {
    const auto type = type_of(h);
    if (type.empty()) return {};
    const Wall at{start.us + h.at.count()};
    const std::string id = fmt::format("sim-{}-{}", start.us / 1'000, sequence);
    if (h.queue == nobody) return agent_line(setup, h, Line{at, id, type});
    std::string out = contact_line(setup, h, Line{at, id, type});
    if (!state_after(h.what).empty())
        out += agent_line(setup, h, Line{at, id + "a", type_of({.what = What::logged_in})});
    return out;
}

std::string heartbeat_line(Wall at) {
    return fmt::format(
        R"({{"ts":{}.{:06},"type":"heartbeat"}})"
        "\n",
        at.us / 1'000'000,
        at.us % 1'000'000
    );
}

}  // namespace surged::app::simulate
