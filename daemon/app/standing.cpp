#include "app/standing.hpp"

#include <utility>

namespace surged::app {
namespace {

/// Calls `each` with the pages of an incident that `channel` has attempted.
template <class Each>
void for_pages(
    const engine::Engine& engine,
    const std::string& incident,
    const std::string& channel,
    const Each& each
) {
    const std::string prefix = incident + ".";
    const auto& pages = engine.pages();
    for (auto it = pages.lower_bound(prefix); it != pages.end() && it->first.starts_with(prefix);
         ++it)
        if (it->second.channel == channel && it->second.attempts > 0) each(it->second);
}

}  // namespace

std::string first_page(const engine::Engine& engine, const delivery::Page& page) {
    const delivery::Page* first = nullptr;
    for_pages(engine, page.incident, page.channel, [&](const delivery::Page& other) {
        if (first == nullptr || other.created_at < first->created_at) first = &other;
    });
    return first == nullptr ? std::string{} : first->id;
}

std::vector<io::alertmanager::Standing> standing(
    const engine::Engine& engine, const std::string& channel
) {
    std::vector<io::alertmanager::Standing> out;
    for (const auto& [id, incident] : engine.incidents()) {
        const auto& ended = incident.ended_at;
        if (ended && *ended + io::alertmanager::told_after_end < engine.now()) continue;
        const delivery::Page* newest = nullptr;
        for_pages(engine, id, channel, [&](const delivery::Page& page) {
            if (newest == nullptr || page.created_at >= newest->created_at) newest = &page;
        });
        if (newest == nullptr) continue;
        io::alertmanager::Standing one{*newest, std::nullopt};
        if (ended) one.ended_at = to_wall(*ended, engine.wall_offset());
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace surged::app
