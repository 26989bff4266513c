// Random histories of a whole call center, put out of order, thinned and doubled.
#include "base/random.hpp"
#include "core/acd/call.hpp"
#include "floor_bench.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

using namespace surged;
using namespace surged::test;

namespace {

// Texts of events have to live somewhere while a batch is made of them.
struct Story {
    struct Told {
        double at;
        Event event;
    };
    std::deque<std::string> texts;
    std::vector<Told> events;
    std::string_view keep(std::string text) { return texts.emplace_back(std::move(text)); }
};

double draw(Random& random, double most) { return random.uniform() * most; }

// What a PBX says of one caller, in the order it says it.
void tell_call(
    Story& story,
    Random& random,
    std::string_view queue,
    std::string_view call,
    double joined,
    bool stamped
) {
    const auto say = [&](double at, Event e) {
        e.queue = queue;
        e.call = call;
        if (stamped) e.ts = wall(at);
        story.events.push_back({at, e});
    };
    const double wait = draw(random, 40);
    const double gone = joined + wait;
    const auto channel = static_cast<acd::Channel>(random.below(5));
    Event first = offered(call);
    first.klass = random.below(3) == 0 ? "vip" : "";
    first.channel = channel;
    say(joined, first);
    for (auto n = acd::is_written(channel) ? random.below(6) : 0; n > 0; --n) {
        Event message = event(EventType::reply);
        message.channel = random.below(2) == 0 ? channel : acd::Channel::voice;
        message.by = static_cast<acd::ReplyBy>(random.below(3));
        say(joined + draw(random, 300), message);
    }
    const auto agent = story.keep("a" + std::to_string(random.below(4)));
    switch (random.below(6)) {
        case 0:
            say(gone, abandoned(call, span(wait)));
            break;
        case 1:
            say(gone, abandoned(call, {}, true));
            say(gone + 0.001, left(call));
            if (random.below(2) == 0) say(gone + 0.002, settled(call, ExitReason::timeout));
            break;
        case 2:
            say(gone, exited(call, ExitReason::timeout));
            break;
        case 3:
            say(gone, left(call));
            break;
        default: {
            if (random.below(2) == 0) say(gone - 0.001, left(call));
            say(gone, answered(call, span(wait), agent));
            const double talk = draw(random, 60);
            Event end = completed(random.below(8) == 0 ? "" : call, span(talk), agent);
            if (random.below(4) == 0) end.type = EventType::transferred;
            const std::string_view id = end.call;
            say(gone + talk, end);
            story.events.back().event.call = id;
        }
    }
}

Story make_story(Random& random, std::size_t calls) {
    Story story;
    const std::string_view queues[] = {"sales", "support", "售后"};
    const bool stamped = random.below(2) == 0;
    for (std::size_t i = 0; i < calls; ++i) {
        // Few ids: calls come again, into the same queue and into others.
        const auto id = story.keep("c-" + std::to_string(random.below(calls / 2 + 1)));
        tell_call(story, random, queues[random.below(3)], id, draw(random, 200), stamped);
    }
    for (std::size_t i = 0; i < 12; ++i) {
        const double when_said = draw(random, 250);
        const auto kind = random.below(10);
        if (kind < 7) {
            const auto name = story.keep("a" + std::to_string(random.below(4)));
            const auto state = static_cast<AgentState>(random.below(5));
            story.events.push_back({when_said, agent(name, state, {"sales", "support"})});
        } else if (kind == 7) {
            story.events.push_back({when_said, event(EventType::snapshot_begin)});
            Event row = event(EventType::snapshot_call, "support", "c-1");
            row.wait = span(draw(random, 20));
            story.events.push_back({when_said + 0.001, row});
            story.events.push_back({when_said + 0.002, event(EventType::snapshot_end)});
        } else if (kind == 8) {
            story.events.push_back({when_said, event(EventType::stopping)});
        }
    }
    std::stable_sort(story.events.begin(), story.events.end(), [](const auto& a, const auto& b) {
        return a.at < b.at;
    });
    return story;
}

// Moves events about by up to `span` seconds, drops one in ten, doubles one in ten.
void disturb(Story& story, Random& random) {
    std::vector<Story::Told> out;
    for (Story::Told told : story.events) {
        const auto fate = random.below(10);
        if (fate == 0) continue;
        if (random.below(3) == 0) told.at += draw(random, random.below(4) == 0 ? 60 : 1);
        out.push_back(told);
        if (fate == 1) {
            told.at += draw(random, 10);
            out.push_back(told);
        }
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
        return a.at < b.at;
    });
    story.events = std::move(out);
}

std::vector<Measure> all_sorts() {
    return {
        {Kpi::load_ratio,         Window::m15, {}, {},    {}},
        {Kpi::service_level,      Window::m30, {}, {},    {}},
        {Kpi::occupancy,          Window::m1,  {}, {},    {}},
        {Kpi::wait_p90,           Window::m5,  {}, {},    {}},
        {Kpi::repeat_ratio,       Window::m60, {}, {},    {}},
        {Kpi::first_response_p50, Window::day, {}, {},    {}},
        {Kpi::response_ratio,     Window::m15, {}, "vip", {}},
        {Kpi::backlog,            Window::now, {}, "vip", {}},
        {Kpi::service_level_live, Window::m5,  {}, "vip", {}}
    };
}

/// Every figure, as somebody would read it who is told what of a queue has changed.
class Reader {
public:
    explicit Reader(FloorBench& bench) : bench_{bench} {
        for (const board::KpiInfo& info : board::kpi_table())
            measures_.push_back({info.kpi, info.windowed ? Window::m5 : Window::now, "g", {}, {}});
    }
    void look() {
        for (const board::QueueIx queue : bench_.view().queues()) {
            const board::Changes changed = bench_.floor.take_changes(queue);
            for (const Measure& measure : measures_) look(queue, measure, changed);
        }
    }

private:
    struct Seen {
        std::optional<Quantity> value;
        Instant named{Instant::max()};
        bool operator==(const Seen&) const = default;
    };
    void look(board::QueueIx queue, const Measure& measure, board::Changes changed) {
        CAPTURE(board::info_of(measure.kpi).name);
        const board::View& view = bench_.view();
        const bool grows = measure.kpi == Kpi::longest_wait || measure.kpi == Kpi::oldest;
        const auto named =
            grows ? view.grows_since(queue, measure) : view.next_change(queue, measure);
        const Seen now{
            grows ? std::nullopt : view.value(queue, measure), named.value_or(Instant::max())
        };
        const auto [at, fresh] = seen_.try_emplace({queue, measure.kpi}, now);
        const Seen before = std::exchange(at->second, now);
        if (fresh || (!grows && before.named <= bench_.floor.now())) return;  // time was up
        if (now.value != before.value) REQUIRE((changed & board::made_of(measure)) != 0);
        if (now.named < before.named) REQUIRE((changed & board::brings_forward(measure)) != 0);
    }
    FloorBench& bench_;
    std::vector<Measure> measures_;
    std::map<std::pair<board::QueueIx, Kpi>, Seen> seen_;
};

}  // namespace

TEST_CASE("acd: no figure moves, and no next change comes sooner, without a word of it") {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        CAPTURE(seed);
        Random random{seed};
        Story story = make_story(random, 60);
        disturb(story, random);
        FloorBench bench;
        bench.rules.site.queues["sales"].backlog_after = 30s;
        bench.rules.site.queues["sales"].lines = 20;
        for (const board::KpiInfo& info : board::kpi_table())
            if (info.windowed) bench.measures.push_back({info.kpi, Window::m5, {}, {}, {}});
        bench.load();
        Reader reader{bench};
        for (const Story::Told& told : story.events) {
            bench.tell(told.at, told.event);
            reader.look();
        }
        for (int i = 0; i < 40; ++i) {
            bench.wait_until(story.events.back().at + 10 * i);
            reader.look();
        }
    }
}

TEST_CASE("acd: identity holds under any reordering and loss") {
    for (std::uint64_t seed = 0; seed < 150; ++seed) {
        CAPTURE(seed);
        Random random{seed};
        Story story = make_story(random, 40);
        if (seed > 0) disturb(story, random);
        FloorBench bench;
        bench.measures = all_sorts();
        bench.rules.site.queues["sales"].wrap = 5s;
        bench.rules.site.limits.open_calls = seed % 5 == 0 ? 8 : 1000;
        bench.rules.site.limits.call_ttl = seed % 7 == 0 ? Micros{60s} : Micros{6h};
        bench.rules.site.limits.lateness = seed % 3 == 0 ? Micros{20s} : Micros{5min};
        bench.load();
        for (std::size_t i = 0; i < story.events.size();) {
            const double now = story.events[i].at;
            if (random.below(4) == 0) bench.wait_until(now);
            std::vector<Event> together;
            const double until = now + (random.below(2) == 0 ? 0 : draw(random, 3));
            double last = now;
            for (; i < story.events.size() && story.events[i].at <= until; ++i) {
                together.push_back(story.events[i].event);
                last = story.events[i].at;
            }
            bench.tell_all(last, together);
            REQUIRE(bench.balanced());
            if (random.below(30) == 0) {
                bench.floor.source_down(bench.source);
                bench.floor.source_up(bench.source, true);
                REQUIRE(bench.balanced());
            }
        }
        double now = 700;
        for (int i = 0; i < 20; ++i) {
            bench.wait_until(now += draw(random, 1));
            REQUIRE(bench.balanced());
        }
        bench.wait_until(400 + 8 * 3600);
        REQUIRE(bench.balanced());
        bench.wait_until(400 + 15 * 86'400);  // mail is the last to be given up
        for (const board::QueueIx q : bench.view().queues()) {
            CHECK(bench.value(Kpi::calls_waiting, Window::now, bench.view().name(q)) == 0);
            CHECK(bench.value(Kpi::oldest, Window::now, bench.view().name(q)) == 0);
        }
    }
}

TEST_CASE("acd: any order of a call's own events counts the same") {
    std::vector<int> order{0, 1, 2};
    do {
        FloorBench bench;
        const std::vector<Event> events{
            when(offered("c-1"), 10),
            when(answered("c-1", span(4)), 14),
            when(completed("c-1", span(6)), 20)
        };
        double now = 21;
        for (const int i : order) {
            bench.tell(now += 0.25, events[static_cast<std::size_t>(i)]);
            CHECK(bench.balanced());
        }
        CAPTURE(order[0]);
        CAPTURE(order[1]);
        CHECK(bench.totals().offered == 1);
        CHECK(bench.totals().answered == 1);
        CHECK(bench.totals().completed == 1);
        CHECK(bench.totals().wait_sum == span(4));
        CHECK(bench.value(Kpi::calls_waiting) == 0);
        for (const Event& e : events) CHECK(bench.tell(now += 1, e) == Reject::duplicate);
        CHECK(bench.totals().offered == 1);
        CHECK(bench.totals().completed == 1);
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("acd: the bytes do not depend on how time was sliced") {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        CAPTURE(seed);
        Random random{seed};
        Story story = make_story(random, 40);
        disturb(story, random);
        FloorBench plain;
        FloorBench sliced;
        for (FloorBench* bench : {&plain, &sliced}) {
            bench->measures = all_sorts();
            bench->rules.site.queues["sales"].wrap = 5s;
            bench->rules.site.zone = {"UTC", {}};
            bench->load();
        }
        double before = 0;
        for (const Story::Told& told : story.events) {
            plain.tell_all(told.at, {told.event});
            for (double now = before; now < told.at; now += draw(random, 4)) {
                sliced.wait_until(now);
                if (random.below(8) == 0) {  // a reader looks at everything
                    for (const auto& measure : all_sorts())
                        for (const board::QueueIx q : sliced.view().queues())
                            static_cast<void>(sliced.view().value(q, measure));
                    static_cast<void>(sliced.floor.take_touched());
                }
            }
            sliced.tell_all(told.at, {told.event});
            before = told.at;
        }
        REQUIRE(plain.bytes() == sliced.bytes());
        // Restored in the middle or not, the rest of the history is the same.
        const std::string bytes = plain.bytes();
        std::string_view in = bytes;
        REQUIRE(sliced.floor.read(in));
        sliced.load(at(before));
        REQUIRE(sliced.bytes() == bytes);
        for (double now = before; now < before + 12 * 3600; now += draw(random, 900))
            sliced.wait_until(now);
        plain.wait_until(before + 12 * 3600);
        sliced.wait_until(before + 12 * 3600);
        REQUIRE(plain.bytes() == sliced.bytes());
    }
}
