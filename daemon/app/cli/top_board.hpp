// What `surgectl top` shows: the API's answers as plain values, the gravest first.
#pragma once

#include "base/time.hpp"
#include "core/plan/rules.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

namespace surged::app::cli {

struct TopQueue {
    std::string name;
    plan::Level level{plan::Level::none};
    bool live{true};  // its feed is there; else the figures are old or none
    std::optional<double> waiting, longest_s, service_level, abandon_ratio, available, staffed;
};
struct TopIncident {
    std::string id, phase, queues;
    plan::Level level{plan::Level::none};
    bool drill{false};
    std::optional<Wall> opened;
};
struct TopPage {
    std::string incident, person, channel, state;
    plan::Level level{plan::Level::none};
    std::optional<Wall> created;
};
struct TopBoard {
    std::string site;
    std::string window;            // of service level and abandon ratio: "5m"; empty: none is kept
    Wall now{};                    // surged's clock
    std::vector<TopQueue> queues;  // by level, then lost feeds, longest wait, callers waiting
    std::vector<TopIncident> incidents;  // not over; by level, then the oldest
    std::vector<TopPage> pages;          // not acknowledged and not over; the oldest first
    std::vector<std::string> troubles;   // parts that fail: "source acd-1: refused"
};

/// What is not there or of another type is left out.
[[nodiscard]] TopBoard read_board(
    const boost::json::value& status,
    const boost::json::array& queues,
    const boost::json::array& incidents,
    const boost::json::array& pages
);

}  // namespace surged::app::cli
