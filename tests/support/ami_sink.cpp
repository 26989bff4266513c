#include "support/ami_sink.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::test {

std::string describe(const acd::Event& event) {
    std::string out{name_of(event.type)};
    const auto text = [&](std::string_view key, std::string_view value) {
        if (!value.empty()) out += fmt::format(" {}={}", key, value);
    };
    const auto seconds = [&](std::string_view key, const std::optional<Micros>& value) {
        if (value) out += fmt::format(" {}={}", key, value->count() / 1'000'000);
    };
    if (event.ts) out += fmt::format(" ts={}", event.ts->us);
    text("queue", event.queue);
    const bool one = event.queues.size() == 1 && event.queues.front() == event.queue;
    if (!event.queues.empty() && !one)
        text("queues", fmt::format("{}", fmt::join(event.queues, ",")));
    text("call", event.call);
    text("agent", event.agent);
    text("caller", event.caller);
    if (event.state) text("state", name_of(*event.state));
    text("reason", event.reason);
    if (event.exit) text("exit", name_of(*event.exit));
    if (event.refuse) text("refuse", name_of(*event.refuse));
    seconds("wait", event.wait);
    seconds("talk", event.talk);
    seconds("wrap", event.wrap);
    seconds("target", event.target);
    text("ticket", event.ticket);
    text("topic", event.topic);
    if (event.severity != 0) out += fmt::format(" severity={}", event.severity);
    if (event.status) text("status", name_of(*event.status));
    if (event.score != 0) out += fmt::format(" score={}", event.score);
    if (event.provisional) out += " provisional";
    return out;
}

std::vector<std::string> KeepingSink::lines() const {
    std::vector<std::string> out;
    for (const acd::Batch& batch : batches)
        batch.for_each([&](std::size_t, const acd::Event& event) { out.push_back(describe(event)); }
        );
    return out;
}

std::size_t KeepingSink::count(acd::EventType type) const {
    std::size_t n = 0;
    for (const acd::Batch& batch : batches)
        batch.for_each([&](std::size_t, const acd::Event& event) {
            n += event.type == type ? 1 : 0;
        });
    return n;
}

std::size_t KeepingSink::bad_count(std::string_view reason) const {
    return static_cast<std::size_t>(std::count_if(bad.begin(), bad.end(), [&](const Bad& b) {
        return b.reason == reason;
    }));
}

}  // namespace surged::test
