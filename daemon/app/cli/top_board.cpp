#include "app/cli/top_board.hpp"

#include "app/cli/show.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>
#include <tuple>

namespace surged::app::cli {
namespace {

namespace json = boost::json;

plan::Level level_at(const json::value& root) {
    const std::string word = cell(root, "/level");
    for (const plan::Level level : plan::levels)
        if (word == plan::name_of(level)) return level;
    return plan::Level::none;
}

std::optional<Wall> time_at(const json::value& root, std::string_view pointer) {
    return parse_rfc3339(cell(root, pointer));
}

/// The shortest window that tells something on a glance and that every site keeps, else another.
std::string window_of(const json::array& queues) {
    constexpr std::array<std::string_view, 6> wanted{"5m", "15m", "30m", "60m", "1m", "day"};
    for (const std::string_view window : wanted)
        for (const json::value& queue : queues)
            if (number_at(queue, fmt::format("/windows/{}/calls_offered", window)))
                return std::string{window};
    return {};
}

TopQueue read_queue(const json::value& value, const std::string& window) {
    TopQueue queue;
    queue.name = cell(value, "/name");
    queue.level = level_at(value);
    queue.live = cell(value, "/live") != "no";
    queue.waiting = number_at(value, "/now/calls_waiting");
    queue.longest_s = number_at(value, "/now/longest_wait");
    queue.available = number_at(value, "/now/agents_available");
    queue.staffed = number_at(value, "/now/agents_staffed");
    if (!window.empty()) {
        queue.service_level = number_at(value, "/windows/" + window + "/service_level");
        queue.abandon_ratio = number_at(value, "/windows/" + window + "/abandon_ratio");
    }
    return queue;
}

std::vector<TopQueue> read_queues(const json::array& values, const std::string& window) {
    std::vector<TopQueue> queues;
    queues.reserve(values.size());
    for (const json::value& value : values) queues.push_back(read_queue(value, window));
    const auto gravity = [](const TopQueue& q) {
        return std::tuple{
            -static_cast<int>(q.level), q.live, -q.longest_s.value_or(0), -q.waiting.value_or(0)
        };
    };
    std::stable_sort(queues.begin(), queues.end(), [&](const TopQueue& a, const TopQueue& b) {
        return gravity(a) < gravity(b);
    });
    return queues;
}

std::vector<TopIncident> read_incidents(const json::array& values) {
    std::vector<TopIncident> incidents;
    for (const json::value& value : values) {
        TopIncident incident;
        incident.phase = cell(value, "/phase");
        if (incident.phase == "ended" || incident.phase == "reviewed") continue;
        incident.id = cell(value, "/id");
        incident.queues = cell(value, "/queues");
        incident.level = level_at(value);
        incident.drill = cell(value, "/drill") == "yes";
        incident.opened = time_at(value, "/opened_at");
        incidents.push_back(std::move(incident));
    }
    std::stable_sort(
        incidents.begin(),
        incidents.end(),
        [](const TopIncident& a, const TopIncident& b) {
            return std::tuple{-static_cast<int>(a.level), a.opened} <
                   std::tuple{-static_cast<int>(b.level), b.opened};
        }
    );
    return incidents;
}

std::vector<TopPage> read_pages(const json::array& values) {
    std::vector<TopPage> pages;
    for (const json::value& value : values) {
        if (!is_open_page(value)) continue;
        TopPage page;
        page.state = cell(value, "/state");
        page.incident = cell(value, "/incident");
        page.person = cell(value, "/person");
        page.channel = cell(value, "/channel");
        page.level = level_at(value);
        page.created = time_at(value, "/created_at");
        pages.push_back(std::move(page));
    }
    std::stable_sort(pages.begin(), pages.end(), [](const TopPage& a, const TopPage& b) {
        return a.created < b.created;
    });
    return pages;
}

std::vector<std::string> read_troubles(const json::value& status) {
    std::vector<std::string> troubles;
    const json::value* parts =
        status.is_object() ? status.get_object().if_contains("components") : nullptr;
    if (parts == nullptr || !parts->is_array()) return troubles;
    for (const json::value& part : parts->get_array())
        if (cell(part, "/ok") != "yes")
            troubles.push_back(fmt::format("{}: {}", cell(part, "/name"), cell(part, "/detail")));
    return troubles;
}

}  // namespace

TopBoard read_board(
    const json::value& status,
    const json::array& queues,
    const json::array& incidents,
    const json::array& pages
) {
    TopBoard board;
    board.site = cell(status, "/site");
    board.now = time_at(status, "/now").value_or(Wall{});
    board.window = window_of(queues);
    board.queues = read_queues(queues, board.window);
    board.incidents = read_incidents(incidents);
    board.pages = read_pages(pages);
    board.troubles = read_troubles(status);
    return board;
}

}  // namespace surged::app::cli
