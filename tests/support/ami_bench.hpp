// Frames by hand for the manager's decoder, and what it makes of them, as text.
#pragma once

#include "io/source/ami/decode.hpp"
#include "support/ami_fake.hpp"
#include "support/ami_sink.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <vector>

namespace surged::test {

using Lines = std::vector<std::string>;

/// Feeds frames to a decoder and tells what came of them.
struct AmiBench {
    io::ami::Decoder decoder{[](std::string_view number, std::string_view queue) {
        return "ref-" + std::string{number.substr(number.size() - 2)} + "@" + std::string{queue};
    }};
    io::ami::Framer framer;
    std::vector<io::ami::Meaning> meanings;
    Lines reasons;

    AmiBench() {
        framer.push("Asterisk Call Manager/11.0.0\r\n");
        CHECK(framer.next() == io::ami::Found::banner);
    }
    Lines feed(const Lines& headers) {
        acd::Batch batch;
        framer.push(ami_frame(headers));
        REQUIRE(framer.next() == io::ami::Found::frame);
        const io::ami::Decoded decoded = decoder.decode(framer.frame(), batch);
        meanings.push_back(decoded.meaning);
        if (!decoded.reason.empty()) reasons.emplace_back(decoded.reason);
        Lines out;
        batch.for_each([&](std::size_t, const acd::Event& e) { out.push_back(describe(e)); });
        CHECK(batch.well_formed());
        return out;
    }
};

/// The headers that every event about a caller carries, with a number and a name to leak.
[[nodiscard]] inline Lines caller_event(const std::string& event, const Lines& more) {
    Lines headers{
        "Event: " + event,
        "Privilege: agent,all",
        "Channel: PJSIP/13800138000-0001",
        "CallerIDNum: 13800138000",
        "CallerIDName: 王小明",
        "ConnectedLineNum: 13800138000",
        "Uniqueid: 17.1",
        "Linkedid: 17.1"
    };
    headers.insert(headers.end(), more.begin(), more.end());
    return headers;
}
[[nodiscard]] inline Lines member_event(const std::string& event, const Lines& more) {
    Lines headers{
        "Event: " + event,
        "Privilege: agent,all",
        "Queue: sales",
        "MemberName: Erin",
        "Interface: PJSIP/103",
        "StateInterface: PJSIP/103",
        "Membership: static"
    };
    headers.insert(headers.end(), more.begin(), more.end());
    return headers;
}
[[nodiscard]] inline Lines var_set(const std::string& status) {
    return {
        "Event: VarSet",
        "Privilege: dialplan,all",
        "CallerIDNum: 13800138000",
        "Uniqueid: 17.1",
        "Variable: QUEUESTATUS",
        "Value: " + status
    };
}
[[nodiscard]] inline Lines queue_app(const std::string& data) {
    return {"Event: Newexten", "Uniqueid: 17.1", "Application: Queue", "AppData: " + data};
}

}  // namespace surged::test
