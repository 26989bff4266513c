// The manager's events, from bytes to counted calls, beside bare framing.
#include "bench/bench.hpp"
#include "core/acd/floor.hpp"
#include "io/source/ami/decode.hpp"
#include "io/source/ami/frame.hpp"
#include "support/ami_fake.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <vector>

namespace surged::bench {
namespace {

using Headers = std::vector<std::string>;

constexpr std::size_t read_bytes = 64 * 1024;
constexpr std::int64_t begins_s = 1'795'452'000;

/// What Asterisk says of a channel with every event about it.
void channel(Headers& out, std::string_view prefix, std::string_view id) {
    out.push_back(fmt::format("{}Channel: PJSIP/trunk-{}", prefix, id));
    out.push_back(fmt::format("{}ChannelState: 6", prefix));
    out.push_back(fmt::format("{}ChannelStateDesc: Up", prefix));
    out.push_back(fmt::format("{}CallerIDNum: 13800138000", prefix));
    out.push_back(fmt::format("{}CallerIDName: <unknown>", prefix));
    out.push_back(fmt::format("{}ConnectedLineNum: <unknown>", prefix));
    out.push_back(fmt::format("{}ConnectedLineName: <unknown>", prefix));
    out.push_back(fmt::format("{}Language: en", prefix));
    out.push_back(fmt::format("{}AccountCode: ", prefix));
    out.push_back(fmt::format("{}Context: queues", prefix));
    out.push_back(fmt::format("{}Exten: support", prefix));
    out.push_back(fmt::format("{}Priority: 3", prefix));
    out.push_back(fmt::format("{}Uniqueid: {}", prefix, id));
    out.push_back(fmt::format("{}Linkedid: {}", prefix, id));
}

/// `calls` calls: joined, offered, connected, over; one in ten is abandoned. As Asterisk tells
/// them, with the members' states, the channels' steps in the dialplan and all their headers.
std::string stream(std::size_t calls) {
    std::string all;
    for (std::size_t i = 0; i < calls; ++i) {
        const std::string id =
            fmt::format("{}.{}", begins_s + static_cast<std::int64_t>(i) / 50, i);
        const std::string queue = fmt::format("Queue: queue-{}", i % 100);
        const auto agent = 1000 + i % 300;
        const auto put = [&](std::string_view event, bool with_agent, const Headers& more) {
            Headers headers{fmt::format("Event: {}", event), "Privilege: agent,all"};
            channel(headers, "", id);
            headers.push_back(queue);
            if (with_agent) {
                channel(headers, "Dest", fmt::format("{}.9{}", begins_s, i));
                headers.push_back(fmt::format("Interface: PJSIP/{}", agent));
                headers.push_back(fmt::format("MemberName: Agent {}", agent));
            }
            headers.insert(headers.end(), more.begin(), more.end());
            all += test::ami_frame(headers);
        };
        const auto member = [&](int status) {
            all += test::ami_frame(
                {"Event: QueueMemberStatus",
                 "Privilege: agent,all",
                 queue,
                 fmt::format("MemberName: Agent {}", agent),
                 fmt::format("Interface: PJSIP/{}", agent),
                 fmt::format("StateInterface: PJSIP/{}", agent),
                 "Membership: static",
                 "Penalty: 0",
                 "CallsTaken: 12",
                 "LastCall: 1795451000",
                 "LastPause: 0",
                 fmt::format("InCall: {}", status == 2 ? 1 : 0),
                 fmt::format("Status: {}", status),
                 "Paused: 0",
                 "PausedReason: ",
                 "Ringinuse: 1",
                 "Wrapuptime: 0"}
            );
        };
        put("Newexten", false, {"Application: Queue", "AppData: queue,t,,,300"});
        put("QueueCallerJoin", false, {"Position: 1", "Count: 1"});
        put("AgentCalled", true, {});
        if (i % 10 == 9) {
            put("QueueCallerAbandon", false, {"Position: 1", "OriginalPosition: 1", "HoldTime: 31"}
            );
            put("QueueCallerLeave", false, {"Count: 0", "Position: 1"});
            put("AgentRingNoAnswer", true, {"RingTime: 5000"});
            continue;
        }
        put("QueueCallerLeave", false, {"Count: 0", "Position: 1"});
        put("AgentConnect", true, {"HoldTime: 12", "RingTime: 4"});
        member(2);
        put("AgentComplete", true, {"HoldTime: 12", "TalkTime: 187", "Reason: caller"});
        member(1);
    }
    return all;
}

struct Read {
    double seconds{0};
    std::size_t frames{0}, told{0};
    acd::Floor floor;
};

enum class Depth : std::uint8_t { frames, counted };

Read read(const std::string& bytes, Depth depth) {
    Read out;
    io::ami::Framer framer;
    io::ami::Decoder decoder{nullptr};
    framer.push("Asterisk Call Manager/11.0.0\r\n");
    static_cast<void>(framer.next());
    const double begun = cpu_seconds();
    std::int64_t us = begins_s * 1'000'000;
    out.floor.source_up("pbx", true);
    for (std::size_t at = 0; at < bytes.size(); at += read_bytes) {
        acd::Batch batch;
        framer.push(std::string_view{bytes}.substr(at, read_bytes));
        while (framer.next() == io::ami::Found::frame) {
            ++out.frames;
            if (depth == Depth::counted) decoder.decode(framer.frame(), batch);
        }
        if (batch.empty()) continue;
        out.told += batch.size();
        us += 100'000;
        out.floor.advance(Instant{Micros{us}});
        out.floor.apply(batch, "pbx", Micros{0});
    }
    out.seconds = cpu_seconds() - begun;
    return out;
}

}  // namespace

void ami(bool quick) {
    const std::size_t calls = quick ? 2000 : 60'000;
    const std::string bytes = stream(calls);
    const Read bare = read(bytes, Depth::frames);
    const Read whole = read(bytes, Depth::counted);
    const auto per_second = [](const Read& r) { return static_cast<double>(r.frames) / r.seconds; };
    row("Asterisk manager events, counted",
        per_second(whole),
        "events/CPU-s",
        per_second(bare),
        "framing alone",
        {.value = 2e5});
    if (whole.told < calls * 3) fmt::print("too little was told\n");
}

}  // namespace surged::bench
