#include "io/source/ami/client.hpp"
#include "support/ami_fake.hpp"
#include "support/ami_replay_server.hpp"
#include "support/ami_script.hpp"
#include "support/ami_sink.hpp"

#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

using namespace surged;
using namespace surged::test;
namespace net = boost::asio;

TEST_CASE("ami: a recording taken apart loses no byte that was said unasked") {
    for (const char* connection : {"observer", "control", "agentclass"}) {
        CAPTURE(std::string{connection});
        const Recording recording = load_recording("22-basic", connection);
        const AmiScript script = take_apart(recording);
        std::size_t bytes = script.banner.size();
        for (const UnaskedPiece& piece : script.unasked) bytes += piece.bytes.size();
        for (const RecordedAnswer& answer : script.answers) bytes += answer.bytes.size();
        CHECK(bytes == recording.received().size());
        REQUIRE_FALSE(script.unasked.empty());
        CHECK(script.unasked.back().ends_frame);
    }
}

TEST_CASE("ami: recordings over a real socket, in their own pieces, thirty times as fast") {
    struct Row {
        const char *run, *connection;
        std::size_t joins, answers, lists;
    };
    const Row rows[] = {
        {"16-basic", "observer",   24, 19, 1},
        {"22-basic", "agentclass", 24, 19, 0}
    };
    for (const Row& row : rows) {
        CAPTURE(std::string{row.run});
        net::io_context context;
        ReplayServer server{context, load_recording(row.run, row.connection), ReplayOptions{30}};
        KeepingSink sink;
        io::ami::ClientOptions options;
        options.name = "acd-1";
        options.host = "127.0.0.1";
        options.port = server.port();
        const bool observer = std::string_view{row.connection} == "observer";
        options.username = observer ? "surged" : "agentonly";
        options.secret = "s3cr3t-amI";
        options.stale_after = 1s;  // pings go between the events
        io::ami::Client client{context.get_executor(), options, sink, nullptr};
        bool ended = false;
        net::co_spawn(context, client.run(), [&](std::exception_ptr) { ended = true; });
        CHECK(run_until(context, std::chrono::seconds{20}, [&] { return server.finished(); }));
        run_until(context, std::chrono::milliseconds{50}, [] { return false; });
        CHECK(server.logged_in());
        CHECK(sink.states.front().up);
        CHECK(sink.states.size() == (observer ? 2 : 1));  // the second: exits are known
        CHECK(sink.states.back().exits_known == observer);
        CHECK(sink.count(acd::EventType::offered) == row.joins);
        CHECK(sink.count(acd::EventType::left) == row.joins);
        CHECK(sink.count(acd::EventType::answered) == row.answers);
        CHECK(sink.count(acd::EventType::snapshot_end) == row.lists);
        client.stop();
        CHECK(run_until(context, std::chrono::seconds{5}, [&] { return ended; }));
    }
}
