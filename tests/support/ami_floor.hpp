// Frames by hand into a call floor, at instants by hand.
#pragma once

#include "core/acd/floor.hpp"
#include "io/source/ami/decode.hpp"
#include "support/ami_fake.hpp"

#include <doctest/doctest.h>
#include <string>
#include <utility>
#include <vector>

namespace surged::test {

/// One Asterisk, seen by a floor. It is up and has given an empty snapshot at 0 s.
class AmiFloor {
public:
    using Lines = std::vector<std::string>;

    explicit AmiFloor(plan::RuleSet rules = {}) {
        floor.load(rules, {}, start);
        floor.advance(start);
        floor.source_up("acd-1", false);
        framer_.push("Asterisk Call Manager/11.0.0\r\n");
        CHECK(framer_.next() == io::ami::Found::banner);
    }
    /// To so long after the start.
    void at(Micros since_start) { floor.advance(start + since_start); }
    /// One frame, at the instant reached.
    void feed(const Lines& headers) { feed_all({headers}); }
    /// Frames of one read.
    void feed_all(const std::vector<Lines>& frames) {
        acd::Batch batch;
        const bool known = decoder_.exits_known();
        for (const Lines& headers : frames) {
            framer_.push(ami_frame(headers));
            REQUIRE(framer_.next() == io::ami::Found::frame);
            decoder_.decode(framer_.frame(), batch);
        }
        if (decoder_.exits_known() != known) floor.source_up("acd-1", true);
        if (!batch.empty()) floor.apply(batch, "acd-1", Micros{0});
    }
    /// A QueueStatus list with these rows, in one read.
    void snapshot(const std::vector<Lines>& rows) {
        decoder_.expect_snapshot("s");
        std::vector<Lines> frames{
            {"Response: Success", "ActionID: s", "EventList: start"}
        };
        for (Lines row : rows) {
            row.push_back("ActionID: s");
            frames.push_back(std::move(row));
        }
        frames.push_back({"Event: QueueStatusComplete", "EventList: Complete", "ActionID: s"});
        feed_all(frames);
    }

    // What Asterisk says of a caller and of a member.
    void join(const std::string& call) { caller("QueueCallerJoin", call, {}); }
    void leave(const std::string& call) { caller("QueueCallerLeave", call, {}); }
    void abandon(const std::string& call, const std::string& hold_s) {
        caller("QueueCallerAbandon", call, {"HoldTime: " + hold_s});
    }
    void connect(const std::string& call, const std::string& hold_s) {
        caller(
            "AgentConnect", call, {"Interface: PJSIP/103", "HoldTime: " + hold_s, "RingTime: 2"}
        );
    }
    void complete(const std::string& call, const std::string& talk_s, const std::string& why) {
        caller(
            "AgentComplete",
            call,
            {"Interface: PJSIP/103", "HoldTime: 1", "TalkTime: " + talk_s, "Reason: " + why}
        );
    }
    void queue_status(const std::string& call, const std::string& value) {
        feed({"Event: VarSet", "Uniqueid: " + call, "Variable: QUEUESTATUS", "Value: " + value});
    }
    void caller(const std::string& event, const std::string& call, const Lines& more) {
        Lines headers{"Event: " + event, "Queue: sales", "Uniqueid: " + call};
        headers.insert(headers.end(), more.begin(), more.end());
        feed(headers);
    }

    [[nodiscard]] const board::Totals& totals(std::string_view queue = "sales") const {
        const auto found = floor.view().find(queue);
        REQUIRE(found.has_value());
        return floor.view().totals(*found);
    }
    [[nodiscard]] std::uint64_t exited(acd::ExitReason reason) const {
        return totals().exited[static_cast<std::size_t>(reason)];
    }
    /// -1: no value.
    [[nodiscard]] double value(
        board::Kpi kpi, std::string_view queue = "sales", board::Window window = board::Window::now
    ) const {
        const auto found = floor.view().find(queue);
        REQUIRE(found.has_value());
        board::Measure measure;
        measure.kpi = kpi;
        measure.window = window;
        const auto quantity = floor.view().value(*found, measure);
        return quantity ? quantity->value() : -1;
    }
    [[nodiscard]] std::uint64_t rejected() const {
        std::uint64_t all = 0;
        for (const auto& [reason, n] : floor.sources().at("acd-1").rejected) all += n;
        return all;
    }

    static constexpr Instant start{Seconds{1'795'451'700}};
    acd::Floor floor;

private:
    io::ami::Framer framer_;
    io::ami::Decoder decoder_{nullptr};
};

}  // namespace surged::test
