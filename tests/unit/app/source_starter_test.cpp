#include "app/source_starter.hpp"

#include "support/ami_fake.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>
#include <functional>
#include <string>
#include <utility>

using namespace surged;
using namespace surged::test;
namespace net = boost::asio;

namespace {

class FakeSource : public io::Source {
public:
    explicit FakeSource(bool waits = false) : waits_{waits} {}
    net::awaitable<void> run() override {
        ++runs;
        co_return;
    }
    void stop() override {}
    io::SourceStatus status() const override { return {}; }
    void when_settled(std::function<void()> then) override {
        if (!waits_) return then();
        settled = std::move(then);
    }
    int runs{0};
    std::function<void()> settled;

private:
    bool waits_;
};

}  // namespace

TEST_CASE("sources: a main source starts when its companions have caught up") {
    net::io_context context;
    FakeSource main, other;
    FakeSource first{true};
    FakeSource second{true};
    app::SourceStarter starter{context.get_executor()};
    starter.add("main", "", main);
    starter.add("first", "main", first);
    starter.add("second", "main", second);
    starter.add("other", "", other);
    starter.start();
    const auto soon = [&] {
        run_until(context, std::chrono::milliseconds{20}, [] { return false; });
    };
    soon();
    CHECK(first.runs == 1);
    CHECK(second.runs == 1);
    CHECK(other.runs == 1);
    CHECK(main.runs == 0);
    first.settled();
    soon();
    CHECK(main.runs == 0);
    second.settled();
    soon();
    CHECK(main.runs == 1);
}

TEST_CASE("sources: a companion that takes too long is waited for no more") {
    net::io_context context;
    FakeSource main;
    FakeSource log{true};
    app::SourceStarter starter{context.get_executor(), 20ms};
    starter.add("log", "main", log);
    starter.add("main", "", main);
    starter.start();
    CHECK(run_until(context, std::chrono::milliseconds{5000}, [&] { return main.runs == 1; }));
    log.settled();  // it comes to its end at last
    run_until(context, std::chrono::milliseconds{20}, [] { return false; });
    CHECK(main.runs == 1);
}

TEST_CASE("sources: a companion that has nothing to catch up with is not waited for") {
    net::io_context context;
    FakeSource main, log;
    app::SourceStarter starter{context.get_executor()};
    starter.add("main", "", main);
    starter.add("log", "main", log);
    starter.start();
    CHECK(run_until(context, std::chrono::milliseconds{5000}, [&] { return main.runs == 1; }));
    CHECK(log.runs == 1);
}
