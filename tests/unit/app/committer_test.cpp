#include "app/committer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <doctest/doctest.h>
#include <string>
#include <utility>
#include <vector>

using namespace surged;

namespace {

/// A journal in the test's hand: it answers when it is told to.
class HandJournal : public store::Journal {
public:
    void append(store::Commit commit, store::Done done) override {
        commits.push_back(std::move(commit));
        waiting.push_back(std::move(done));
    }
    void answer(bool durable, bool ready = false) {
        store::Done done = std::move(waiting.front());
        waiting.pop_front();
        done({durable, durable ? "" : "disk full", Micros{1ms}, ready});
    }
    std::vector<store::Commit> commits;
    std::deque<store::Done> waiting;
};

struct Bench {
    boost::asio::io_context loop{1};
    HandJournal journal;
    Instant now;
    std::vector<std::pair<std::string, bool>> released;
    std::vector<engine::Gap> repairs;
    std::vector<bool> states;
    std::uint64_t seq{0};
    app::Committer committer{
        loop.get_executor(),
        journal,
        {[this](const engine::Gap& gap) {
             repairs.push_back(gap);
             store::Commit commit;
             commit.inputs.push_back({++seq, now, "gap"});
             commit.last_seq = seq;
             commit.snapshot = "whole";
             return commit;
         }, [this] { return now; },
          [](const store::Committed&) {},
          [this](bool up, const std::string&) { states.push_back(up); }}
    };

    void add(std::string name, bool urgent, std::size_t pages = 0) {
        app::Stepped stepped;
        stepped.input = {++seq, now, name};
        stepped.pages.resize(pages);
        stepped.urgent = urgent;
        stepped.release = [this, name](bool durable) { released.emplace_back(name, durable); };
        committer.add(std::move(stepped));
    }
    void turn(std::chrono::milliseconds wall = std::chrono::milliseconds{0}) {
        loop.restart();
        if (wall.count() == 0) {
            loop.poll();
        } else {
            loop.run_for(wall);
        }
    }
};

using Released = std::vector<std::pair<std::string, bool>>;

}  // namespace

TEST_CASE("committer: effects go after the commit, what came meanwhile joins the next") {
    Bench b;
    b.add("one", true, 1);
    b.add("two", false);
    b.add("three", true);
    b.turn();
    REQUIRE(b.journal.commits.size() == 1);
    CHECK(b.journal.commits[0].last_seq == 1);
    CHECK(b.released.empty());
    b.journal.answer(true);
    b.turn();
    CHECK(
        b.released ==
        Released{
            {"one", true}
    }
    );
    REQUIRE(b.journal.commits.size() == 2);
    CHECK(b.journal.commits[1].inputs.size() == 2);
    b.journal.answer(true);
    b.turn();
    CHECK(
        b.released ==
        Released{
            {"one",   true},
            {"two",   true},
            {"three", true}
    }
    );
}

TEST_CASE("committer: who asks while the answers of a commit go out shares the next") {
    Bench b;
    b.add("one", true);
    b.add("two", true);
    b.journal.answer(true);
    boost::asio::post(b.loop, [&b] { b.add("three", true); });
    boost::asio::post(b.loop, [&b] { b.add("four", true); });
    b.turn();
    REQUIRE(b.journal.commits.size() == 2);
    CHECK(b.journal.commits[1].inputs.size() == 3);
    b.add("five", false);
    b.journal.answer(true);
    b.turn();  // nothing else is ready: it goes now, urgent or not
    REQUIRE(b.journal.commits.size() == 3);
    CHECK(b.journal.commits[2].inputs.size() == 1);
}

TEST_CASE("committer: a page waits for no answers, and who waits for all is told once all is in") {
    Bench b;
    b.add("one", true);
    b.add("page", true, 1);
    b.journal.answer(true);
    boost::asio::post(b.loop, [&b] { b.add("three", true); });
    bool all = false;
    boost::asio::post(b.loop, [&b, &all] { b.committer.flush([&all] { all = true; }); });
    b.turn();
    REQUIRE(b.journal.commits.size() == 2);
    CHECK(b.journal.commits[1].inputs.size() == 1);  // the page alone
    b.journal.answer(true);
    b.turn();
    CHECK_FALSE(all);  // "three" is on its way
    REQUIRE(b.journal.commits.size() == 3);
    b.journal.answer(true);
    b.turn();
    CHECK(all);
}

TEST_CASE("committer: what nobody waits for is gathered for a while") {
    Bench b;
    b.add("one", false);
    b.add("two", false);
    b.turn();
    CHECK(b.journal.commits.empty());
    b.turn(std::chrono::milliseconds{150});
    REQUIRE(b.journal.commits.size() == 1);
    CHECK(b.journal.commits[0].inputs.size() == 2);
}

TEST_CASE("committer: a page does not wait for a slow disk, and goes only once") {
    Bench b;
    b.add("page", true, 1);
    b.now += app::slow_commit;
    b.turn(std::chrono::milliseconds{400});
    CHECK(
        b.released ==
        Released{
            {"page", false}
    }
    );
    CHECK(b.committer.released_early() == 1);
    b.journal.answer(true);
    b.turn();
    CHECK(b.released.size() == 1);
}

TEST_CASE("committer: a failure releases all that waits, counts the gap, repairs before going on") {
    Bench b;
    b.add("one", true, 2);
    b.add("two", true);
    b.journal.answer(false);
    b.turn();
    CHECK(
        b.released ==
        Released{
            {"one", false},
            {"two", false}
    }
    );
    CHECK_FALSE(b.committer.up());
    b.add("three", true, 1);
    b.turn();
    CHECK(b.released.back() == std::pair<std::string, bool>{"three", false});
    CHECK(b.journal.commits.size() == 1);  // nothing is journaled into the gap
    b.turn(std::chrono::milliseconds{700});
    REQUIRE(b.repairs.size() == 1);
    CHECK(b.repairs[0].inputs == 3);
    CHECK(b.repairs[0].pages == 3);
    REQUIRE(b.journal.commits.size() == 2);
    CHECK(b.journal.commits[1].snapshot == "whole");
    b.add("four", true);  // behind the repair
    b.journal.answer(true);
    b.turn();
    CHECK(b.committer.up());
    CHECK(b.committer.gaps() == 1);
    REQUIRE(b.journal.commits.size() == 3);
    CHECK(b.journal.commits[2].inputs.front().bytes == "four");
    CHECK(b.states == std::vector<bool>{false, true});
}

TEST_CASE("committer: a page that comes while another waits is late by its own wait alone") {
    Bench b;
    b.add("first", true, 1);
    b.turn(std::chrono::milliseconds{200});
    b.now += Micros{200ms};
    b.add("second", true, 1);
    b.now += Micros{50ms};
    b.turn(std::chrono::milliseconds{70});  // the first one's limit
    REQUIRE(b.released.size() == 1);
    b.now += Micros{200ms};
    b.turn(std::chrono::milliseconds{220});  // the second one's
    CHECK(b.released.size() == 2);
}

TEST_CASE("committer: what a late page's release adds does not disturb the others") {
    Bench b;
    b.add("commit under way", true);
    for (int i = 0; i < 20; ++i) {
        app::Stepped stepped;
        stepped.input = {++b.seq, b.now, "page"};
        stepped.urgent = true;
        stepped.release = [&b](bool) { b.add("receipt", false); };
        b.committer.add(std::move(stepped));
    }
    b.now += app::slow_commit;
    b.turn(std::chrono::milliseconds{300});
    CHECK(b.committer.released_early() == 21);
}

TEST_CASE("committer: with records lost before this run its first inputs belong into the gap") {
    Bench b;
    engine::Gap lost;
    lost.why = "damaged";
    b.committer.begin_gap(lost);
    b.add("restarted", true, 1);
    CHECK(b.journal.commits.empty());
    b.turn(std::chrono::milliseconds{20});
    CHECK(
        b.released ==
        Released{
            {"restarted", false}
    }
    );
    REQUIRE(b.repairs.size() == 1);
    CHECK(b.repairs[0].why == "damaged");
    CHECK(b.repairs[0].inputs == 1);
    REQUIRE(b.journal.commits.size() == 1);
    CHECK(b.journal.commits[0].snapshot == "whole");
}

TEST_CASE("committer: while the disk is full it is asked, not sent snapshot after snapshot") {
    Bench b;
    b.add("one", true, 1);
    b.journal.answer(false);
    b.turn(std::chrono::milliseconds{600});
    REQUIRE(b.repairs.size() == 1);
    b.journal.answer(false);
    for (int i = 0; i < 2; ++i) {
        b.turn(std::chrono::milliseconds{600});
        REQUIRE(b.journal.waiting.size() == 1);
        CHECK(b.journal.commits.back().inputs.empty());
        b.journal.answer(false, i == 1);
    }
    b.turn();
    CHECK(b.repairs.size() == 2);
    CHECK(b.journal.commits.back().snapshot == "whole");
    b.journal.answer(true);
    b.turn();
    CHECK(b.committer.up());
}
