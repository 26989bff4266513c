// FreeSWITCH's events, from bytes to what they say of calls and agents, beside bare framing.
#include "bench/bench.hpp"
#include "io/source/esl/event.hpp"
#include "io/source/esl/frame.hpp"
#include "io/source/esl/picture.hpp"
#include "support/esl_text.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <string_view>

namespace surged::bench {
namespace {

constexpr std::size_t read_bytes = 64 * 1024;

/// The headers that a whole channel brings along with an event, some three or seven kilobytes.
test::Fields channel(std::size_t headers) {
    test::Fields out;
    for (std::size_t i = 0; i < headers; ++i)
        out.emplace_back(fmt::format("variable_of_channel_{}", i), "loopback/q-support-b: 12 %");
    return out;
}

/// `calls` calls as mod_callcenter tells them: joined, offered, bridged, over; nine events each.
std::string stream(std::size_t calls, bool json) {
    const test::Fields none;
    const test::Fields one = channel(60);
    const test::Fields both = channel(150);
    std::string all;
    for (std::size_t i = 0; i < calls; ++i) {
        const auto at = 1'795'454'217'000'000 + static_cast<std::int64_t>(i) * 1000;
        const std::string agent = fmt::format("{}@default", 1000 + i % 300);
        const test::Fields who{
            {"Queue", fmt::format("queue-{}@default", i % 100)},
            {"Member-UUID", fmt::format("{:08x}-9042-4f74-9f99-20aab928c9cf", i)},
            {"Member-CID-Number", "13800138000"},
            {"Agent", agent},
            {"Cause", "Terminated"},
        };
        const auto put =
            [&](std::string_view action, const test::Fields& more, const test::Fields& fields) {
                test::Fields event = more;
                const test::Fields center = test::center_event(at, action, fields);
                event.insert(event.end(), center.begin(), center.end());
                all += json ? test::esl_json(event) : test::esl_plain(event);
            };
        const auto state = [&](const char* word) {
            put("agent-state-change",
                none,
                {
                    {"Agent",       agent},
                    {"Agent-State", word }
            });
        };
        put("member-queue-start", one, who);
        put("members-count", none, who);
        state("Receiving");
        put("agent-offering", none, who);
        put("bridge-agent-start", one, who);
        state("In a queue call");
        put("bridge-agent-end", both, who);
        put("member-queue-end", both, who);
        state("Waiting");
    }
    return all;
}

struct Read {
    double seconds{0};
    std::size_t events{0}, told{0};
};

Read read(const std::string& bytes, bool json, bool only_frames) {
    io::esl::Framer framer;
    io::esl::Event event;
    io::esl::Picture picture{nullptr};
    Read out;
    const double begun = cpu_seconds();
    for (std::size_t at = 0; at < bytes.size(); at += read_bytes) {
        acd::Batch batch;
        framer.push(std::string_view{bytes}.substr(at, read_bytes));
        while (framer.next() == io::esl::Found::frame) {
            ++out.events;
            if (only_frames) continue;
            const std::string_view body = framer.frame().body();
            if (json ? event.read_json(body) : event.read_plain(body)) picture.apply(event, batch);
        }
        out.told += batch.size();
    }
    out.seconds = cpu_seconds() - begun;
    return out;
}

}  // namespace

void esl(bool quick) {
    const std::size_t calls = quick ? 200 : 6000;
    for (const bool json : {false, true}) {
        const std::string bytes = stream(calls, json);
        const Read bare = read(bytes, json, true);
        const Read whole = read(bytes, json, false);
        const auto per_second = [](const Read& r) {
            return static_cast<double>(r.events) / r.seconds;
        };
        row(json ? "FreeSWITCH events as JSON" : "FreeSWITCH events, plain",
            per_second(whole),
            "events/CPU-s",
            per_second(bare),
            "framing alone");
        if (whole.told < calls * 3) fmt::print("too little was told\n");
    }
}

}  // namespace surged::bench
