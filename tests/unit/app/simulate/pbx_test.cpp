#include "app/simulate/pbx.hpp"

#include "app/simulate/centre.hpp"
#include "app/simulate/truth.hpp"
#include "io/source/ami/decode.hpp"
#include "support/ami_recording.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <map>

using namespace surged;
using namespace surged::app::simulate;

namespace {

constexpr Wall start{1'795'451'911'250'000};

Setup surge(Micros duration) {
    Wish wish;
    wish.scenario = Scenario::surge;
    wish.duration = duration;
    const auto setup = make_setup(wish);
    REQUIRE(setup.has_value());
    return *setup;
}

struct Told {
    std::string all;      // every event in order
    std::string answers;  // a QueueStatus and a QueueSummary at the end
    Truth truth;
};

Told tell(const Setup& setup) {
    Told told{{}, {}, Truth{setup}};
    Centre centre{setup};
    Pbx pbx{setup, start};
    Wall now = start;
    while (const auto h = centre.next()) {
        told.truth.count(*h, start);
        for (const auto& event : pbx.apply(*h)) told.all += event.text;
        now = Wall{start.us + h->at.count()};
    }
    told.answers = pbx.queue_status("id-1", "", "", now) + pbx.queue_summary("id-2", "", now);
    return told;
}

std::vector<std::string> keys(const test::OwnedFrame& frame) {
    std::vector<std::string> out;
    for (const auto& [key, value] : frame.headers)
        if (key != "ActionID") out.push_back(key);
    return out;
}

/// The keys of the first event of each name.
std::map<std::string, std::vector<std::string>> shapes(const std::string& bytes) {
    std::map<std::string, std::vector<std::string>> out;
    for (const auto& frame : test::frames_of(bytes)) out.emplace(frame.get("Event"), keys(frame));
    return out;
}

}  // namespace

TEST_CASE("simulate: events have the fields of Asterisk 22, in its order") {
    auto setup = surge(10min);
    setup.queues[0].waiting_max = 20;
    const auto told = tell(setup);
    const auto ours = shapes(told.all + told.answers);
    auto theirs = shapes(test::load_recording("22-basic", "observer").received());
    theirs.merge(shapes(test::load_recording("22-surge", "observer").received()));
    for (const char* name :
         {"QueueCallerJoin",
          "QueueCallerLeave",
          "QueueCallerAbandon",
          "AgentCalled",
          "AgentConnect",
          "AgentComplete",
          "AgentRingNoAnswer",
          "QueueMemberAdded",
          "QueueMemberStatus",
          "QueueMemberPause",
          "QueueParams",
          "QueueMember",
          "QueueEntry",
          "QueueSummary",
          "QueueStatusComplete",
          "QueueSummaryComplete",
          "VarSet",
          "Newexten"}) {
        CAPTURE(name);
        REQUIRE(ours.count(name) == 1);
        REQUIRE(theirs.count(name) == 1);
        CHECK(ours.at(name) == theirs.at(name));
    }
}

TEST_CASE("simulate: our own connector reads the true counts out of it") {
    auto setup = surge(10min);
    setup.queues[0].waiting_max = 40;
    const auto told = tell(setup);
    struct Count {
        std::uint64_t offered{0}, answered{0}, left{0}, abandoned{0}, settled{0}, refused{0},
            ended{0};
    };
    std::map<std::string, Count> counts;
    io::ami::Decoder decoder{nullptr};
    io::ami::Framer framer;
    framer.push("Asterisk Call Manager/11.0.0\r\n" + told.all);
    acd::Batch batch;
    for (auto found = framer.next(); found != io::ami::Found::nothing; found = framer.next()) {
        REQUIRE(found != io::ami::Found::bad);
        if (found == io::ami::Found::frame)
            CHECK(decoder.decode(framer.frame(), batch).reason == "");
    }
    CHECK(decoder.exits_known());
    std::uint64_t complaints = 0;
    batch.for_each([&](std::size_t, const acd::Event& event) {
        Count& c = counts[std::string{event.queue}];
        switch (event.type) {
            case acd::EventType::offered:
                ++c.offered;
                break;
            case acd::EventType::answered:
                ++c.answered;
                break;
            case acd::EventType::left:
                ++c.left;
                break;
            case acd::EventType::abandoned:
                ++c.abandoned;
                break;
            case acd::EventType::settled:
                ++c.settled;
                break;
            case acd::EventType::refused:
                ++c.refused;
                break;
            case acd::EventType::completed:
            case acd::EventType::transferred:
                ++c.ended;
                break;
            case acd::EventType::complaint:
                ++complaints;
                break;
            default:
                break;
        }
    });
    std::uint64_t true_complaints = 0, refused = 0;
    for (std::size_t q = 0; q < setup.queues.size(); ++q) {
        CAPTURE(setup.queues[q].name);
        const QueueTruth& truth = told.truth.queues()[q];
        const Count& c = counts[setup.queues[q].name];
        CHECK(c.offered == truth.offered);
        CHECK(c.answered == truth.answered);
        CHECK(c.left == truth.offered - truth.waiting());
        CHECK(c.abandoned == truth.abandoned + truth.exited_timeout);
        CHECK(c.refused == truth.refused);
        CHECK(c.ended == truth.completed + truth.transferred);
        true_complaints += truth.complaints;
        refused += truth.refused;
    }
    CHECK(complaints == true_complaints);
    CHECK(refused > 0);
}

TEST_CASE("simulate: the snapshot is the state that the events led to") {
    const auto setup = surge(2min);
    const auto told = tell(setup);
    std::map<std::string, std::string> calls;
    std::map<std::string, std::uint64_t> entries;
    std::size_t members = 0;
    for (const auto& frame : test::frames_of("Asterisk Call Manager/11.0.0\r\n" + told.answers)) {
        const auto name = frame.get("Event");
        if (name == "QueueParams") calls[frame.get("Queue")] = frame.get("Calls");
        if (name == "QueueEntry") {
            CHECK(frame.get("Position") == std::to_string(++entries[frame.get("Queue")]));
            CHECK(frame.get("ActionID") == "id-1");
        }
        if (name == "QueueMember") ++members;
        if (name == "QueueSummary") CHECK(frame.get("Callers") == calls[frame.get("Queue")]);
    }
    for (std::size_t q = 0; q < setup.queues.size(); ++q) {
        const auto waiting = told.truth.queues()[q].waiting();
        CHECK(calls[setup.queues[q].name] == std::to_string(waiting));
        CHECK(entries[setup.queues[q].name] == waiting);
    }
    CHECK(members >= setup.agents.size());  // some serve two queues
}

TEST_CASE("simulate: event masks") {
    namespace ec = event_class;
    CHECK(ec::parse("on") == ec::all);
    CHECK(ec::parse("off") == 0);
    CHECK(ec::parse("agent,system,call") == (ec::agent | ec::system));
    CHECK(ec::parse("") == 0);
}

TEST_CASE("simulate: whole seconds are differences of truncated clocks") {
    CHECK(whole_seconds(Wall{1'900'000}, Wall{2'100'000}) == 1);
    CHECK(whole_seconds(Wall{1'100'000}, Wall{1'900'000}) == 0);
}
