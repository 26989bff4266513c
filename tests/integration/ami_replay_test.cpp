// A recording of Asterisk 22 over a real socket with its true timing and fragmentation: the client,
// the floor and the counts, for the 105 s that it took.
#include "io/runtime/wall_clock.hpp"
#include "io/source/ami/client.hpp"
#include "support/ami_fake.hpp"
#include "support/ami_replay_server.hpp"
#include "support/ami_virtual.hpp"

#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>
#include <utility>

using namespace surged;
using namespace surged::test;
using acd::ExitReason;
namespace net = boost::asio;

namespace {

/// What the sequencer does with a source, and no more: events into the floor as they come.
class FloorSink : public io::Sink {
public:
    FloorSink() : began_{io::steady_now()} {
        floor.load(replay_rules({}, false), {}, now());
        floor.advance(now());
    }
    void events(acd::Batch batch) override {
        floor.advance(now());
        rejected += floor.apply(batch, "acd-1", Micros{0}).rejected.size();
        ++batches;
    }
    void state(bool up, bool exits_known, std::string) override {
        floor.advance(now());
        ++states;
        if (up)
            floor.source_up("acd-1", exits_known);
        else
            floor.source_down("acd-1");
    }
    void bad_record(std::string reason, std::string) override { bad.push_back(std::move(reason)); }
    void heard() override {}
    [[nodiscard]] Instant now() const {
        const auto since = std::chrono::duration_cast<Micros>(io::steady_now() - began_);
        return Instant{Seconds{1'795'451'700}} + since;
    }

    acd::Floor floor;
    std::size_t rejected{0}, batches{0}, states{0};
    std::vector<std::string> bad;

private:
    io::Steady began_;
};

std::uint64_t exits(const board::Totals& totals, ExitReason reason) {
    return totals.exited[static_cast<std::size_t>(reason)];
}

}  // namespace

TEST_CASE("ami: a recording over a real socket with its true timing") {
    net::io_context context;
    ReplayServer server{context, load_recording("22-basic", "observer"), ReplayOptions{1.0}};
    FloorSink sink;
    io::ami::ClientOptions options;
    options.name = "acd-1";
    options.host = "127.0.0.1";
    options.port = server.port();
    options.username = "surged";
    options.secret = "s3cr3t-amI";
    options.stale_after = 4s;  // the recording is silent for up to 10 s: pings must bridge that
    io::ami::Client client{context.get_executor(), options, sink, nullptr};
    bool ended = false;
    net::co_spawn(context, client.run(), [&](std::exception_ptr) { ended = true; });
    REQUIRE(run_until(context, std::chrono::seconds{130}, [&] { return server.finished(); }));
    run_until(context, std::chrono::seconds{4}, [] { return false; });  // the last ones settle
    sink.floor.advance(sink.now());
    CHECK(client.status().up);
    CHECK(sink.states == 2);  // up; exits are known
    CHECK(sink.rejected == 0);
    CHECK(sink.bad == std::vector<std::string>{"unknown_queue"});
    const board::View& view = sink.floor.view();
    CHECK(identity_holds(view));
    for (const auto& [name, want] : load_truth("22-basic")) {
        CAPTURE(name);
        const auto queue = view.find(name);
        REQUIRE(queue.has_value());
        const board::Totals& got = view.totals(*queue);
        CHECK(got.offered == static_cast<std::uint64_t>(want.offered));
        CHECK(got.answered == static_cast<std::uint64_t>(want.answered));
        CHECK(got.answered_in_target == static_cast<std::uint64_t>(want.answered_in_target));
        CHECK(got.abandoned == static_cast<std::uint64_t>(want.abandoned));
        CHECK(got.completed == static_cast<std::uint64_t>(want.completed));
        CHECK(got.transferred == static_cast<std::uint64_t>(want.transferred));
        CHECK(exits(got, ExitReason::timeout) == static_cast<std::uint64_t>(want.exit_timeout));
        CHECK(exits(got, ExitReason::withdrawn) == static_cast<std::uint64_t>(want.withdrawn));
    }
    client.stop();
    CHECK(run_until(context, std::chrono::seconds{5}, [&] { return ended; }));
}
