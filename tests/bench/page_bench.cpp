// Event in, page out: HTTP both ways, durable; beside a bare commit plus a bare request.
#include "app/daemon.hpp"
#include "bench/bench.hpp"
#include "io/http/client.hpp"
#include "io/runtime/wall_clock.hpp"
#include "store/worker.hpp"
#include "support/page_sink.hpp"
#include "support/site.hpp"

#include <chrono>
#include <fmt/format.h>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace surged::bench {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point begun) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
}

/// What cannot be left out: one commit of such bytes, and one request to the receiver.
double floor_ms(store::SqliteJournal& journal, std::uint64_t seq, const std::string& url) {
    const auto begun = Clock::now();
    store::Commit commit;
    commit.inputs.push_back(
        {seq, Instant{Micros{static_cast<std::int64_t>(seq)}}, std::string(600, 'x')}
    );
    commit.last_seq = seq;
    std::promise<void> done;
    journal.append(std::move(commit), [&](const store::Committed&) { done.set_value(); });
    done.get_future().wait();
    io::http::Client client;
    for (int way = 0; way < 2; ++way) {
        io::http::ClientRequest request;
        request.method = "POST";
        request.url = url;
        request.body = std::string(600, 'x');
        (void)io::http::request_blocking(client, std::move(request));
    }
    return ms_since(begun);
}

}  // namespace

void page(bool quick) {
    const int rounds = quick ? 20 : 300;
    test::PageSink sink;
    test::PageSink bare{""};
    test::SiteOptions options;
    options.hook_url = sink.url();
    options.hook_secret = test::PageSink::default_secret();
    options.rules = "waves";
    options.record_state_hash = false;
    test::Site site{options};
    auto made = app::Daemon::make({site.config_file(), {}, {}});
    if (!made) throw std::runtime_error{made.error().what};
    app::Daemon& daemon = **made;
    site.attach(daemon.port());
    std::thread runs{[&] { daemon.run(); }};
    const test::TempFolder folder;
    store::Options where;
    where.path = folder.path();
    auto journal = store::SqliteJournal::open(where);
    if (!journal) throw std::runtime_error{journal.error().what};

    std::vector<double> pages;
    std::vector<double> floors;
    for (int n = 0; n < rounds; ++n) {
        std::string in;
        std::string out;
        const double ts = static_cast<double>(io::wall_now().us) / 1e6;
        for (int c = 0; c < 6; ++c) {
            in += fmt::format(
                R"({{"ts":{:.6f},"type":"offered","queue":"sales","call":"{}-{}"}})"
                "\n",
                ts,
                n,
                c
            );
            out += fmt::format(
                R"({{"ts":{:.6f},"type":"answered","queue":"sales","call":"{}-{}","agent":"1","wait":1}})"
                "\n",
                ts,
                n,
                c
            );
        }
        const std::size_t before = sink.received().size();
        const auto begun = Clock::now();
        (void
        )site.post("/api/v1/events", in);  // answered after the commit; the page is out by then
        while (sink.received().size() == before && ms_since(begun) < 2000)
            std::this_thread::yield();
        pages.push_back(
            std::chrono::duration<double, std::milli>(sink.received().back().at - begun).count()
        );
        (void)site.post("/api/v1/events", out);  // all clear: the next round is a rise again
        floors.push_back(floor_ms(**journal, static_cast<std::uint64_t>(n) + 1, bare.url()));
    }
    row("event in, page out, p50",
        quantile(pages, 0.5),
        "ms",
        quantile(floors, 0.5),
        "commit + two requests",
        {.times = 3});
    row("event in, page out, p99",
        quantile(pages, 0.99),
        "ms",
        quantile(floors, 0.99),
        "commit + two requests",
        {.times = 3});
    daemon.stop();
    runs.join();
}

}  // namespace surged::bench
