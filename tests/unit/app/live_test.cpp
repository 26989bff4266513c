#include "app/live.hpp"

#include "app/recover.hpp"
#include "base/codec.hpp"
#include "support/engine_driver.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace surged;
namespace net = boost::asio;

namespace {

/// Durable as soon as asked, or failing as long as the test likes.
class MemoryJournal : public store::Journal {
public:
    void append(store::Commit commit, store::Done done) override {
        const bool ok = !failing;
        if (ok) commits.push_back(std::move(commit));
        done({ok, ok ? "" : "disk full", Micros{1ms}, false});
    }
    bool failing{false};
    std::vector<store::Commit> commits;
};

/// Takes every page; answers when it is told to, or at once, without waiting for anything.
class HandChannel : public io::Channel {
public:
    explicit HandChannel(net::any_io_executor loop) : gate_{loop} {
        gate_.expires_at(net::steady_timer::time_point::max());
    }
    net::awaitable<engine::Receipt> deliver(delivery::Page page) override {
        pages.push_back(page);
        while (hold) co_await gate_.async_wait(net::as_tuple(net::use_awaitable));
        engine::Receipt receipt;
        receipt.page = page.id;
        receipt.attempt = page.attempts;
        receipt.outcome = delivery::Outcome::accepted;
        co_return receipt;
    }
    void answer() {
        hold = false;
        gate_.cancel();
    }
    bool hold{false};
    std::vector<delivery::Page> pages;

private:
    net::steady_timer gate_;
};

/// A running daemon's heart, without its limbs.
struct Bench {
    net::io_context loop{1};
    MemoryJournal journal;
    std::shared_ptr<HandChannel> hook = std::make_shared<HandChannel>(loop.get_executor());
    Micros steady{0};
    Wall wall{1'795'451'700'000'000};
    std::unique_ptr<app::Live> live;

    void make(engine::Engine engine = {}, std::uint64_t seq = 0) {
        const Instant last = engine.now();
        app::LiveOptions options;
        options.site = "hz";
        app::Channels channels;
        channels["hook"] = hook;
        app::Clock clock{
            [this] { return steady; }, [this] { return Wall{wall.us + steady.count()}; }
        };
        live = std::make_unique<app::Live>(
            loop.get_executor(),
            std::move(engine),
            seq,
            last,
            journal,
            std::move(channels),
            std::move(clock),
            std::move(options)
        );
    }
    static app::NewRules rules(plan::RuleSet set = test::small_center()) {
        app::NewRules made;
        made.record.hash = std::to_string(set.plans.size()) + set.public_url;
        made.record.bytes = codec::encode(set);
        made.rules = std::make_shared<const plan::RuleSet>(std::move(set));
        return made;
    }
    void join(int from, int count, const std::string& source = "local") {
        acd::Batch batch;
        for (int i = from; i < from + count; ++i) {
            const std::string call = std::to_string(i);
            acd::Event e;
            e.type = acd::EventType::offered;
            e.queue = "sales";
            e.call = call;
            batch.append(e);
        }
        engine::Input input;
        input.source = source;
        input.actor = {engine::ActorKind::person, source, "http"};
        input.body = engine::Events{std::move(batch)};
        live->take(std::move(input));
    }
    void load(const app::NewRules& rules) {
        engine::Input input;
        input.body = engine::RulesLoaded{rules.record.hash, rules.rules};
        live->take(std::move(input), {rules.record});
    }
    void turn(std::chrono::milliseconds wait = std::chrono::milliseconds{0}) {
        loop.restart();
        if (wait.count() == 0)
            loop.poll();
        else
            loop.run_for(wait);
    }
};

template <class Body>
std::size_t count_of(const MemoryJournal& journal) {
    std::size_t count = 0;
    for (const store::Commit& commit : journal.commits)
        for (const store::InputRecord& record : commit.inputs)
            if (const auto input = codec::decode<engine::Input>(record.bytes))
                count += std::holds_alternative<Body>(input->body) ? 1U : 0U;
    return count;
}

}  // namespace

TEST_CASE("live: at a stop the receipts of attempts under way are waited for and kept") {
    Bench b;
    b.make();
    b.live->start(Bench::rules(), "");
    b.hook->hold = true;
    b.join(0, 4);
    b.turn();
    REQUIRE(b.hook->pages.size() == 1);
    bool stopped = false;
    b.live->stop([&] { stopped = true; });
    b.turn();
    CHECK_FALSE(stopped);
    CHECK(count_of<engine::Receipt>(b.journal) == 0);
    b.hook->answer();
    b.turn();
    CHECK(stopped);
    CHECK(count_of<engine::Receipt>(b.journal) == 1);
}

TEST_CASE("live: a start with lost records ages nobody by the time we were away") {
    // Three callers waited and nobody was paged when the process died, an hour ago.
    plan::RuleSet rules = test::small_center();
    plan::Leaf& leaf = rules.plans["platform-service"].triggers[0].condition.leaf;
    leaf.measure.kpi = board::Kpi::longest_wait;
    leaf.ladder.at.at(plan::Level::II) = 600'000'000;  // ten minutes
    for (const plan::Level level : {plan::Level::IV, plan::Level::III, plan::Level::I})
        leaf.ladder.at.at(level).reset();
    const app::NewRules loaded = Bench::rules(std::move(rules));
    Bench before;
    before.make();
    before.live->start(loaded, "");
    before.join(0, 3);
    before.turn();
    engine::Engine engine;
    for (const store::Commit& commit : before.journal.commits)
        for (const store::InputRecord& record : commit.inputs) {
            auto input = codec::decode<engine::Input>(record.bytes);
            REQUIRE(input.has_value());
            if (auto* body = std::get_if<engine::RulesLoaded>(&input->body))
                body->rules = loaded.rules;
            (void)engine.step(*input);
        }
    Bench b;
    b.wall.us += 3'600'000'000;
    b.make(std::move(engine), 100);
    b.live->start(loaded, "the last records are damaged");
    b.turn(std::chrono::milliseconds{50});
    CHECK(b.hook->pages.empty());
    CHECK(b.live->engine().incidents().empty());
    // The gap is still the first record, and nothing leaves it out.
    REQUIRE_FALSE(b.journal.commits.empty());
    REQUIRE(b.journal.commits.front().snapshot.has_value());
    CHECK(count_of<engine::Gap>(b.journal) == 1);
    CHECK(count_of<engine::Restarted>(b.journal) == 0);  // it is in the snapshot
}

TEST_CASE("live: events dated by a clock that was just set back are not late") {
    Bench b;
    b.make();
    b.live->start(Bench::rules(), "");
    b.turn();
    const auto offer = [&b](std::string_view call) {
        acd::Event event;
        event.type = acd::EventType::offered;
        event.queue = "sales";
        event.call = call;
        event.ts = Wall{b.wall.us + b.steady.count()};
        engine::Input input;
        input.source = "local";
        engine::Events body;
        body.batch.append(event);
        input.body = std::move(body);
        b.live->take(std::move(input));
    };
    offer("c-1");
    b.wall.us -= 3'600'000'000;
    b.steady += 10ms;  // long before anybody looks at the clock
    offer("c-2");
    CHECK(b.live->engine().wall_offset() == Micros{-3'600'000'000});
    const auto queue = b.live->engine().board().find("sales");
    REQUIRE(queue.has_value());
    CHECK(b.live->engine().board().totals(*queue).offered == 2);
}

TEST_CASE("live: events about another source's queue are a part that fails, for a while") {
    Bench bench;
    bench.make();
    bench.load(Bench::rules());
    const auto told = [&] {
        std::string out;
        for (const io::Component& part : bench.live->components())
            if (!part.ok) out += part.name;
        return out;
    };
    bench.join(0, 1);
    CHECK(told().empty());
    bench.join(1, 1, "acd-2");
    CHECK(told() == "events of acd-2");
    bench.steady += 6min;
    CHECK(told().empty());
}

TEST_CASE("live: a repair stores every rule set that an open incident started with") {
    Bench b;
    b.make();
    b.live->start(Bench::rules(), "");
    b.turn();
    b.journal.failing = true;
    plan::RuleSet second = test::small_center();
    second.public_url = "https://second.invalid";
    const app::NewRules started = Bench::rules(second);
    b.load(started);
    b.join(0, 4);  // opens under the second set
    second.public_url = "https://third.invalid";
    b.load(Bench::rules(second));
    b.turn();
    b.journal.failing = false;
    b.turn(std::chrono::milliseconds{700});
    std::optional<store::Commit> repair;
    for (const store::Commit& commit : b.journal.commits)
        if (commit.snapshot) repair = commit;
    REQUIRE(repair.has_value());
    const auto engine =
        engine::Engine::restore(*repair->snapshot, [&](const std::string& hash) -> plan::Rules {
            for (const store::RulesRecord& record : repair->rules)
                if (record.hash == hash)
                    return std::make_shared<const plan::RuleSet>(
                        codec::decode<plan::RuleSet>(record.bytes).value()
                    );
            return nullptr;
        });
    REQUIRE(engine.has_value());
    CHECK(engine->rules_in_use().contains(started.record.hash));
}

TEST_CASE("live: what a channel may answer is counted from nought, so that the first has a rate") {
    Bench bench;
    bench.make();
    const auto pages = bench.live->stats().pages;
    CHECK(pages.size() == 6);
    for (const auto& [key, count] : pages) CHECK(count == 0);
    CHECK(pages.contains({"hook", "bad_channel"}));
}

TEST_CASE("live: a channel that answers at once does not answer into the middle of a repair") {
    Bench b;
    b.make();
    b.live->start(Bench::rules(), "");
    b.turn();
    b.journal.failing = true;
    b.join(0, 4);
    b.turn();
    REQUIRE(b.hook->pages.size() == 1);
    b.steady += 6min;  // nothing ticks: the next rung is due when the repair looks
    b.journal.failing = false;
    b.turn(std::chrono::milliseconds{700});
    CHECK(b.hook->pages.size() >= 2);
    std::uint64_t last = 0;
    for (const store::Commit& commit : b.journal.commits)
        for (const store::InputRecord& record : commit.inputs) {
            CHECK(record.seq > last);
            last = record.seq;
        }
    CHECK(count_of<engine::Gap>(b.journal) == 1);
}
