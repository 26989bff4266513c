#include "app/unplanned.hpp"

#include <fmt/format.h>
#include <set>
#include <string>
#include <utility>

namespace surged::app {

std::optional<io::Component> unplanned_component(const engine::Engine& engine) {
    constexpr std::size_t most = 20;
    std::set<std::string> what;
    for (const engine::Unplanned& one : engine.unplanned())
        what.insert(fmt::format("{}/{} on {}", one.plan, one.trigger, one.queue));
    if (what.empty()) return std::nullopt;
    std::string detail = "none covers this moment, so these say nothing: ";
    std::size_t said = 0;
    for (const std::string& one : what) {
        if (said == most) {
            detail += fmt::format(" and {} more", what.size() - most);
            break;
        }
        detail += (said++ == 0 ? "" : ", ") + one;
    }
    return io::Component{"plan of the day", false, std::move(detail), ""};
}

}  // namespace surged::app
