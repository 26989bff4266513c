#include "io/source/webhook/apply.hpp"

#include "support/webhook_map.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>

using namespace surged;
using namespace surged::io;
using namespace surged::io::hook;
namespace json = boost::json;

namespace {

constexpr Wall now{1'795'451'700'000'000};

struct Bench {
    explicit Bench(std::string_view yaml) : map{test::map_of(yaml)} {}
    DocumentMap map;
    Naming naming;
    http::Request request;
    CallerHash caller;
    std::string delivery;

    Mapped apply(std::string_view text) {
        const json::value body = json::parse(json::string_view{text.data(), text.size()});
        Payload payload{body, request};
        return apply_map({map, naming, "hz", now, caller, delivery}, payload);
    }
    /// The events in words.
    std::string events(std::string_view text) {
        std::string out;
        apply(text).batch.for_each([&](std::size_t, const acd::Event& e) {
            out += fmt::format("{} {}", name_of(e.type), e.queue);
            if (!e.id.empty()) out += fmt::format(" id={}", e.id);
            if (!e.call.empty()) out += fmt::format(" call={}", e.call);
            if (!e.agent.empty()) out += fmt::format(" agent={}", e.agent);
            if (!e.caller.empty()) out += fmt::format(" caller={}", e.caller);
            if (!e.ticket.empty()) out += fmt::format(" ticket={}", e.ticket);
            if (e.status) out += fmt::format(" status={}", name_of(*e.status));
            if (e.state) out += fmt::format(" state={}", name_of(*e.state));
            if (e.severity != 0) out += fmt::format(" severity={}", e.severity);
            if (e.wait) out += fmt::format(" wait={}", e.wait->count());
            if (e.talk) out += fmt::format(" talk={}", e.talk->count());
            if (e.ts != now) out += fmt::format(" ts={}", e.ts ? e.ts->us : -1);
            for (const std::string_view queue : e.queues) out += fmt::format(" +{}", queue);
            out += "\n";
        });
        return out;
    }
    /// The first reject in words; else how many were not matched.
    std::string trouble(std::string_view text) {
        const Mapped mapped = apply(text);
        if (mapped.rejects.empty()) return fmt::format("{} unmatched", mapped.unmatched);
        const MapReject& first = mapped.rejects.front();
        return fmt::format("{}: {}: {}", first.event, api::name_of(first.reason), first.words);
    }
};

}  // namespace

TEST_CASE("webhook map: constants, references, tables, prefixes and defaults") {
    Bench bench{R"(
map: m
id: /delivery
events:
  - when: [{at: /kind, equals: ticket}]
    type: complaint
    queue: {at: /desk, default: other}
    ticket: {at: [/none, /no], prefix: "z-"}
    status: {at: /state, table: {new: opened, done: closed}}
    severity: {at: /prio, table: {high: 1}, default: 0}
)"};
    CHECK(
        bench.events(
            R"({"delivery":"d1","kind":"ticket","desk":"shop","no":7,"state":"new","prio":"high"})"
        ) == "complaint shop id=d1 ticket=z-7 status=opened severity=1\n"
    );
    CHECK(
        bench.events(R"({"kind":"ticket","no":"8","state":"done","prio":"low","desk":null})") ==
        "complaint other ticket=z-8 status=closed\n"
    );
    CHECK(bench.trouble(R"({"kind":"call"})") == "1 unmatched");
    CHECK(
        bench.trouble(R"({"kind":"ticket","no":1,"state":"lost"})") ==
        "1: unknown_word: status lost is not in its table"
    );
}

TEST_CASE("webhook map: a type that its table lacks is an entry that does not apply") {
    Bench bench{R"(
map: m
events:
  - type: {at: /e, table: {in: offered, up: answered, bye: completed}}
    queue: /q
    call: /c
    wait: {at: /w, unit: ms}
    talk: {at: /t, unit: m}
    agent: {at: /a, after_last: /}
)"};
    CHECK(bench.events(R"({"e":"in","q":"s","c":1,"a":"x/y","w":5})") == "offered s call=1\n");
    CHECK(
        bench.events(R"({"e":"up","q":"s","c":"1","a":"arn:x/agent/77","w":1500})") ==
        "answered s call=1 agent=77 wait=1500000\n"
    );
    CHECK(
        bench.events(R"({"e":"bye","q":"s","c":1,"a":"77","t":"1.5"})") ==
        "completed s call=1 agent=77 talk=90000000\n"
    );
    CHECK(bench.trouble(R"({"e":"ring","q":"s","c":1})") == "1 unmatched");
    CHECK(bench.trouble(R"({"e":"in","q":"s"})") == "1: missing_field: call is missing");
    CHECK(bench.trouble(R"({"e":"up","q":"s","c":1,"w":-1})").starts_with("1: out_of_range: wait"));
    CHECK(
        bench.trouble(R"({"e":"up","q":"s","c":1,"w":"x"})") ==
        "1: wrong_type: wait is not a number"
    );
    CHECK(bench.trouble(R"({"e":"in","q":"s","c":")" + std::string(300, 'x') + R"("})")
              .starts_with("1: out_of_range: call"));
}

TEST_CASE("webhook map: lists give several events, each with its own id") {
    Bench bench{R"(
map: m
each: /records
id: /batch
events:
  - type: offered
    queue: top:/queue
    call: /id
    ts: /at
  - when: [{at: /vip, exists: true}]
    type: survey
    queue: top:/queue
    score: /vip
    id: /own
)"};
    CHECK(
        bench.events(R"({"batch":"b","queue":"s","records":[{"id":1,"at":1795451699},)"
                     R"({"id":2,"at":"2026-11-23T12:00:00Z","vip":5,"own":"o"}]})") ==
        "offered s id=b call=1 ts=1795451699000000\n"
        "offered s id=b/2 call=2 ts=1795435200000000\n"
        "survey s id=o\n"
    );
    CHECK(bench.trouble(R"({"queue":"s","records":[]})") == "0 unmatched");
    CHECK(bench.trouble(R"({"queue":"s"})") == "1 unmatched");
    CHECK(bench.trouble(R"({"queue":"s","records":7})") == "1 unmatched");
    const Mapped mixed =
        bench.apply(R"({"queue":"s","records":[{"id":1},{"x":1},{"id":3,"at":"?"}]})");
    CHECK(mixed.items == 3);
    CHECK(mixed.events == std::vector<std::size_t>{1});
    REQUIRE(mixed.rejects.size() == 2);
    CHECK(mixed.rejects[0].event == 2);
    CHECK(mixed.rejects[1].event == 3);
    CHECK(mixed.rejects[1].reason == api::BadLine::out_of_range);
}

TEST_CASE("webhook map: a payload that is a list is read item by item") {
    Bench bench{R"(
map: m
events: [{type: offered, queue: s, call: /id}]
)"};
    CHECK(bench.events(R"([{"id":1},{"id":2}])") == "offered s call=1\noffered s call=2\n");
    CHECK(bench.events(R"({"id":3})") == "offered s call=3\n");
    CHECK(bench.events("[]").empty());
}

TEST_CASE("webhook map: what the source says of queues, agents and callers") {
    Bench bench{R"(
map: m
events:
  - when: [{at: /agent, exists: true}]
    type: agent_state
    agent: /agent
    state: available
    queues: {at: /queues, item: /arn, after_last: /}
  - when: [{at: /call, exists: true}]
    type: offered
    queue: /queue
    call: /call
    caller: /from
)"};
    bench.naming.queue = "rest";
    bench.naming.queue_names = {
        {"q-1", "sales"},
        {"q-2", "vip"  }
    };
    bench.naming.agent_queues = {"sales"};
    CHECK(bench.events(R"({"call":1,"queue":"q-1","from":"+86139"})") == "offered sales call=1\n");
    CHECK(bench.events(R"({"call":1,"queue":"other"})") == "offered other call=1\n");
    CHECK(bench.events(R"({"call":1})") == "offered rest call=1\n");
    CHECK(
        bench.events(
            R"({"agent":"a","queues":[{"arn":"x/q-1"},{"arn":"x/q-2"},{"arn":"x/q-9"},{}]})"
        ) == "agent_state  agent=a state=available +sales +vip +q-9\n"
    );
    CHECK(bench.events(R"({"agent":"a"})") == "agent_state  agent=a state=available +sales\n");
    bench.caller = [](std::string_view number, std::string_view queue) {
        return fmt::format("h({},{})", number, queue);
    };
    CHECK(
        bench.events(R"({"call":1,"queue":"q-1","from":"+86139"})") ==
        "offered sales call=1 caller=h(+86139,sales)\n"
    );
}

TEST_CASE("webhook map: the id of a delivery comes from the map, else from the signature") {
    Bench bench{R"(
map: m
id: ["header:x-delivery", /id]
events: [{type: offered, queue: s, call: /c}]
)"};
    bench.delivery = "sig";
    CHECK(bench.apply(R"({"c":1})").id == "sig");
    CHECK(bench.apply(R"({"c":1,"id":12})").id == "12");
    bench.request.headers = {
        {"x-delivery", "h"}
    };
    CHECK(bench.apply(R"({"c":1,"id":12})").id == "h");
    bench.request.headers = {
        {"x-delivery", std::string(1000, 'h')}
    };
    const Mapped mapped = bench.apply(R"({"c":1})");
    CHECK(mapped.id.size() == 64);  // too long for an id: its digest
    CHECK(mapped.rejects.empty());
}
