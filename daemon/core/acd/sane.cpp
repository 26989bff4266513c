#include "core/acd/sane.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace surged::acd {
namespace {

constexpr Wall latest{4'102'444'800'000'000};  // 2100-01-01
constexpr Micros longest = std::chrono::days{30};
constexpr std::size_t text_max = 256;
constexpr double gauge_max = 1e12;

bool sane(std::optional<Micros> span) { return !span || (*span >= Micros{0} && *span <= longest); }
bool sane(std::optional<Wall> at) { return !at || (at->us >= 0 && *at <= latest); }

bool sane(const std::optional<Expected>& e) {
    constexpr std::int64_t offered_max = 1'000'000'000'000;  // a million contacts
    constexpr std::int32_t heads_max = 1'000'000;
    const auto heads = [](std::optional<std::int32_t> n) {
        return !n || (*n >= 0 && *n <= heads_max);
    };
    return !e ||
           (sane(e->from) && sane(e->to) && e->from < e->to &&
            e->to.us - e->from.us <= Micros{std::chrono::days{1}}.count() && e->offered >= 0 &&
            e->offered <= offered_max && heads(e->agents) && heads(e->lines) && sane(e->handle));
}

bool are_short(const Event& e) {
    const auto all = [](auto... sizes) { return ((sizes <= text_max) & ...); };  // without a jump
    return all(
        e.id.size(),
        e.queue.size(),
        e.call.size(),
        e.agent.size(),
        e.caller.size(),
        e.klass.size(),
        e.ticket.size(),
        e.topic.size(),
        e.to.size(),
        e.name.size(),
        e.cursor.size()
    );
}

}  // namespace

bool is_sane(const Event& e) {
    if (!are_short(e)) return false;
    for (const std::string_view queue : e.queues)
        if (queue.size() > text_max) return false;
    return sane(e.ts) && sane(e.due) && sane(e.wait) && sane(e.talk) && sane(e.wrap) &&
           sane(e.target) && sane(e.expected) && std::isfinite(e.value) &&
           std::abs(e.value) <= gauge_max;
}

}  // namespace surged::acd
