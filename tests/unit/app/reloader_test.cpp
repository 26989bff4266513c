// Rules that come into force at once, and those that wait for a second person.
#include "app/reloader.hpp"

#include "base/codec.hpp"
#include "support/engine_driver.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <doctest/doctest.h>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

using namespace surged;
namespace net = boost::asio;
using What = io::ReloadAnswer::What;

namespace {

class MemoryJournal : public store::Journal {
public:
    void append(store::Commit commit, store::Done done) override {
        if (full) return done({false, "disk full", Micros{1ms}, true});
        for (store::RulesRecord& record : commit.rules) rules.push_back(record);
        done({true, "", Micros{1ms}, false});
    }
    bool full{false};
    std::vector<store::RulesRecord> rules;
};

plan::RuleSet center(bool in_incident, const std::string& during) {
    plan::RuleSet rules = test::small_center();
    rules.site.second_person_in_incident = in_incident;
    rules.site.second_person_during = during;
    rules.site.calendars["always"].weekly = {
        {0x7f, 0, 86'400}
    };
    return rules;
}

struct Bench {
    net::io_context loop{1};
    MemoryJournal journal;
    Micros steady{0};
    plan::RuleSet files;   // what is on disk
    std::string mistakes;  // or what is wrong with it
    std::unique_ptr<app::Live> live;
    std::unique_ptr<app::Reloader> reloader;

    explicit Bench(plan::RuleSet rules) : files{std::move(rules)} {
        app::LiveOptions options;
        options.site = "hz";
        live = std::make_unique<app::Live>(
            loop.get_executor(),
            engine::Engine{},
            0,
            Instant{},
            journal,
            app::Channels{},
            app::Clock{
                [this] { return steady; },
                [this] { return Wall{1'795'451'700'000'000 + steady.count()}; }
            },
            std::move(options)
        );
        app::ReloaderOptions wanted;
        wanted.read = [this] { return read(); };
        wanted.on_worker = [this](const std::function<void()>& job) {
            if (slow_worker)
                job_under_way = job;
            else
                job();
        };
        wanted.confirm_within = 60ms;
        reloader = std::make_unique<app::Reloader>(loop.get_executor(), *live, std::move(wanted));
        live->start(*read(), "");
    }
    Result<app::NewRules> read() {
        if (!mistakes.empty()) return fail(mistakes);
        app::NewRules made;
        made.record.hash = "hash-of-" + std::to_string(version);
        made.record.bytes = codec::encode(files);
        made.rules = std::make_shared<const plan::RuleSet>(files);
        return made;
    }
    int version{1};
    bool slow_worker{false};
    std::function<void()> job_under_way;  // of the slow worker

    io::ReloadAnswer ask(io::ReloadAsked asked) {
        auto answer = net::co_spawn(loop, reloader->reload(std::move(asked)), net::use_future);
        loop.restart();
        loop.poll();
        REQUIRE(answer.wait_for(std::chrono::seconds{0}) == std::future_status::ready);
        return answer.get();
    }
    io::ReloadAnswer ask(const std::string& by, const std::string& confirm = {}) {
        io::ReloadAsked asked;
        asked.actor = {engine::ActorKind::person, "local", "http"};
        asked.by = by;
        asked.why = "because of " + by;
        asked.confirm = confirm;
        return ask(std::move(asked));
    }
    io::ReloadAnswer ask_with_token(const std::string& token, const std::string& confirm = {}) {
        io::ReloadAsked asked;
        asked.actor = {engine::ActorKind::token, token, "http"};
        asked.confirm = confirm;
        return ask(std::move(asked));
    }
    const std::string& in_force() const { return live->engine().rules_hash(); }
    /// What /readyz says of a part; empty: it is not there.
    std::string part(const std::string& name) const {
        for (const io::Component& one : live->components())
            if (one.name == name) return one.detail;
        return {};
    }
};

}  // namespace

TEST_CASE("reload: in quiet times one person is enough, and who and why is kept") {
    Bench b{center(true, "")};
    b.version = 2;
    CHECK(b.ask("wang").what == What::loaded);
    CHECK(b.in_force() == "hash-of-2");
    REQUIRE(b.journal.rules.size() == 2);
    CHECK(b.journal.rules[0].load->via == "start");
    CHECK(b.journal.rules[1].load->who == "wang");
    CHECK(b.journal.rules[1].load->why == "because of wang");
    CHECK(b.ask("wang").what == What::loaded);  // the same again: nothing is loaded twice
    CHECK(b.journal.rules.size() == 2);
    b.mistakes = "plans/P06.yaml:3:5: unknown kpi";
    CHECK(b.ask("wang").what == What::refused);
    CHECK(b.in_force() == "hash-of-2");
    CHECK(b.part("reload").find("plans/P06.yaml:3:5") != std::string::npos);
}

TEST_CASE("reload: in its season a second person must agree, and not the first") {
    Bench b{center(false, "always")};
    b.version = 2;
    const auto asked = b.ask("wang");
    REQUIRE(asked.what == What::pending);
    CHECK(asked.pending->because == "during always");
    CHECK(b.in_force() == "hash-of-1");
    CHECK(b.part("rules pending").find("besides wang") != std::string::npos);
    const std::string id = asked.pending->id;
    CHECK(b.ask("wang", id).what == What::conflict);
    CHECK(b.ask("", id).what == What::conflict);
    CHECK(b.ask("li", "other").what == What::not_found);
    CHECK(b.ask("wang").pending->id == id);  // asked again, it is the same one
    b.version = 3;                           // what is on disk now is not what was compared
    CHECK(b.ask("li", id).what == What::loaded);
    CHECK(b.in_force() == "hash-of-2");
    CHECK(b.part("rules pending").empty());
    const auto& load = b.journal.rules.back().load;
    CHECK(load->who == "wang");
    CHECK(load->why == "because of wang");
    CHECK(load->second == "li");
    CHECK(b.ask("li", id).what == What::not_found);
}

TEST_CASE("reload: what is good and waits is refused no more") {
    Bench b{center(false, "always")};
    b.mistakes = "plans/P06.yaml:3:5: unknown kpi";
    CHECK(b.ask("wang").what == What::refused);
    CHECK_FALSE(b.part("reload").empty());
    b.mistakes.clear();
    b.version = 2;
    CHECK(b.ask("wang").what == What::pending);
    CHECK(b.part("reload").empty());
}

TEST_CASE("reload: a token is one person, whatever name it gives") {
    Bench b{center(false, "always")};
    b.version = 2;
    const auto id = b.ask_with_token("console").pending->id;
    CHECK(b.ask_with_token("console", id).what == What::conflict);
    CHECK(b.ask_with_token("desk", id).what == What::loaded);
}

TEST_CASE("reload: while an incident is open two are needed; nobody's change needs two who speak") {
    Bench b{center(true, "")};
    acd::Batch batch;
    for (const char* call : {"a", "b", "c", "d"}) {
        acd::Event e;
        e.type = acd::EventType::offered;
        e.queue = "sales";
        e.call = call;
        batch.append(e);
    }
    engine::Input input;
    input.source = "local";
    input.actor = {engine::ActorKind::person, "local", "http"};
    input.body = engine::Events{std::move(batch)};
    b.live->take(std::move(input));
    REQUIRE(b.live->engine().incidents().size() == 1);
    b.version = 2;
    io::ReloadAsked changed;
    changed.actor = {engine::ActorKind::system, "surged", "file watch"};
    const auto asked = b.ask(changed);
    REQUIRE(asked.what == What::pending);
    CHECK(asked.pending->because.find("P06-hz-") != std::string::npos);
    CHECK(asked.pending->by.empty());
    const std::string id = asked.pending->id;
    CHECK(b.ask("wang", id).what == What::pending);
    CHECK(b.ask("wang", id).what == What::conflict);
    CHECK(b.ask("li", id).what == What::loaded);
    CHECK(b.in_force() == "hash-of-2");
}

TEST_CASE("reload: what nobody agrees to lapses; other rules take its place") {
    Bench b{center(false, "always")};
    b.version = 2;
    const auto first = b.ask("wang");
    b.version = 3;
    const auto second = b.ask("wang");
    CHECK(second.pending->id != first.pending->id);
    CHECK(b.ask("li", first.pending->id).what == What::not_found);
    b.loop.restart();
    b.loop.run_for(std::chrono::milliseconds{200});
    CHECK_FALSE(b.reloader->pending().has_value());
    CHECK(b.part("rules pending").empty());
    CHECK(b.ask("li", second.pending->id).what == What::not_found);
    b.version = 2;
    (void)b.ask("wang");
    b.version = 1;  // back to what is in force
    CHECK(b.ask("wang").what == What::loaded);
    CHECK_FALSE(b.reloader->pending().has_value());
}

TEST_CASE("reload: a lapse that is due already does not drop what has taken its place") {
    Bench b{center(false, "always")};
    b.version = 2;
    const auto first = b.ask("wang");
    REQUIRE(first.what == What::pending);
    b.slow_worker = true;
    b.version = 3;
    io::ReloadAsked asked;
    asked.actor = {engine::ActorKind::person, "local", "http"};
    asked.by = "wang";
    auto answer = net::co_spawn(b.loop, b.reloader->reload(std::move(asked)), net::use_future);
    b.loop.restart();
    b.loop.poll();
    REQUIRE(b.job_under_way);
    // The lapse falls due just before the coroutine goes on: the loop finds both at once, and the
    // wait that is over cannot be cancelled any more.
    b.job_under_way();
    net::post(b.loop, [] { std::this_thread::sleep_for(std::chrono::milliseconds{80}); });
    b.loop.restart();
    b.loop.poll();
    REQUIRE(answer.wait_for(std::chrono::seconds{0}) == std::future_status::ready);
    const auto second = answer.get();
    REQUIRE(second.what == What::pending);
    REQUIRE(b.reloader->pending().has_value());
    CHECK(b.reloader->pending()->id == second.pending->id);
}

TEST_CASE("reload: files that changed while they were read are not used") {
    Bench b{center(false, "")};
    b.version = 2;
    io::ReloadAsked asked;
    asked.actor = {engine::ActorKind::system, "surged", "file watch"};
    asked.still = [] { return false; };
    CHECK(b.ask(asked).what == What::conflict);
    CHECK(b.in_force() == "hash-of-1");
    asked.still = [] { return true; };
    CHECK(b.ask(asked).what == What::loaded);
    CHECK(b.in_force() == "hash-of-2");
}

TEST_CASE("reload: in force while the disk is full, it says so, and the repair brings who agreed") {
    Bench b{center(false, "always")};
    b.loop.poll();
    b.version = 2;
    const std::string id = b.ask("wang").pending->id;
    b.journal.full = true;
    const auto agreed = b.ask("li", id);
    CHECK(agreed.what == What::loaded);
    CHECK_FALSE(agreed.durable);
    CHECK(b.in_force() == "hash-of-2");
    CHECK_FALSE(b.ask("wang").durable);  // the same again is on no disk either
    b.journal.full = false;
    b.journal.rules.clear();
    const auto brought = [&]() -> const store::RulesRecord* {
        for (const auto& record : b.journal.rules)
            if (record.hash == "hash-of-2" && record.load) return &record;
        return nullptr;
    };
    for (int tries = 0; brought() == nullptr && tries < 1000; ++tries) {
        b.loop.restart();
        b.loop.run_for(std::chrono::milliseconds{10});
    }
    REQUIRE(brought() != nullptr);
    CHECK(brought()->load->who == "wang");
    CHECK(brought()->load->second == "li");
    CHECK(b.ask("wang").durable);
}

TEST_CASE("reload: the beginning of a version that could be of two is refused, with both") {
    std::vector<store::RulesLoad> loads(3);
    loads[0].hash = loads[1].hash = "abcdef11";
    loads[2].hash = "abcdef22";
    CHECK(app::version_meant(loads, "abcdef1").value() == "abcdef11");
    CHECK(app::version_meant(loads, "abcdef22").value() == "abcdef22");
    CHECK(app::version_meant(loads, "abcde").value() == "abcde");  // too short to be a beginning
    const auto either = app::version_meant(loads, "abcdef");
    REQUIRE_FALSE(either.has_value());
    CHECK(either.error().what.find("abcdef11, abcdef22") != std::string::npos);
}
