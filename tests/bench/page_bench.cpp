// How long until the page: from an event, from an instant at which time alone crosses a threshold;
// and by Prometheus with Alertmanager. HTTP both ways, durable; beside a bare commit plus bare
// requests.
#include "bench/bench.hpp"
#include "bench/beside.hpp"
#include "bench/paging_site.hpp"
#include "io/http/client.hpp"
#include "io/runtime/wall_clock.hpp"
#include "store/worker.hpp"

#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace surged::bench {
namespace {

using namespace std::chrono_literals;
using Millis = std::chrono::duration<double, std::milli>;

/// What cannot be left out: a commit of such bytes, and requests to a receiver.
class Floor {
public:
    Floor() {
        store::Options where;
        where.path = folder_.path();
        auto journal = store::SqliteJournal::open(where);
        if (!journal) throw std::runtime_error{journal.error().what};
        journal_ = std::move(*journal);
    }

    /// Milliseconds from `begun` until a commit and so many requests after it are done.
    double ms(Clock::time_point begun, int requests) {
        ++seq_;
        store::Commit commit;
        commit.inputs.push_back(
            {seq_, Instant{Micros{static_cast<std::int64_t>(seq_)}}, std::string(600, 'x')}
        );
        commit.last_seq = seq_;
        std::promise<void> done;
        journal_->append(std::move(commit), [&](const store::Committed&) { done.set_value(); });
        done.get_future().wait();
        io::http::Client client;
        for (int n = 0; n < requests; ++n) {
            io::http::ClientRequest request;
            request.method = "POST";
            request.url = sink_.url();
            request.body = std::string(600, 'x');
            (void)io::http::request_blocking(client, std::move(request));
        }
        return Millis{Clock::now() - begun}.count();
    }

private:
    test::TempFolder folder_;
    test::PageSink sink_{""};
    std::unique_ptr<store::SqliteJournal> journal_;
    std::uint64_t seq_{0};
};

/// NDJSON: the calls CALL-0, CALL-1 … of "sales". `ts` in seconds, `more` is further JSON.
std::string calls(
    std::string_view type, int call, int count, double ts, std::string_view more = {}
) {
    std::string out;
    for (int n = 0; n < count; ++n)
        out += fmt::format(
            R"({{"ts":{:.6f},"type":"{}","queue":"sales","call":"{}-{}"{}}})"
            "\n",
            ts,
            type,
            call,
            n,
            more
        );
    return out;
}

constexpr std::string_view by_an_agent = R"(,"agent":"1","wait":1)";

double wall_seconds() { return static_cast<double>(io::wall_now().us) / 1e6; }

/// Milliseconds from each instant to the page of its round: there is one page a round.
std::vector<double> after(
    const std::vector<Clock::time_point>& begun, const std::vector<test::ReceivedPage>& pages
) {
    if (pages.size() != begun.size()) throw std::runtime_error{"not one page a round"};
    std::vector<double> out;
    for (std::size_t n = 0; n < begun.size(); ++n)
        out.push_back(Millis{pages[n].at - begun[n]}.count());
    return out;
}

void wait_page(const test::PageSink& sink, std::size_t count, const test::Site& site) {
    if (!sink.wait_for(count, 5s)) throw std::runtime_error{"no page: " + site.log()};
}

/// Until what the last round has written is on the disk, and to another phase of the kernel's tick
/// each time: a flush that begins when another ends is not like one that comes by itself.
void settle(int round) { std::this_thread::sleep_for(5ms + 370us * (round % 11)); }

/// p50 and p99, ms.
struct Spread {
    double p50{0}, p99{0};
};

Spread spread(std::vector<double> values) {
    return {quantile(values, 0.5), quantile(values, 0.99)};
}

Spread from_an_event(int rounds, Floor& floor) {
    const test::PageSink sink;
    test::Site site{paging_to(sink)};
    site.start();
    std::vector<Clock::time_point> begun;
    std::vector<double> floors;
    for (int n = 0; n < rounds; ++n) {
        settle(n);
        const std::string in = calls("offered", n, 6, wall_seconds());
        begun.push_back(Clock::now());
        (void
        )site.post("/api/v1/events", in);  // answered after the commit; the page is out by then
        wait_page(sink, begun.size(), site);
        // All clear: the next round is a rise again.
        (void)site.post("/api/v1/events", calls("answered", n, 6, wall_seconds(), by_an_agent));
        settle(n);
        floors.push_back(floor.ms(Clock::now(), 2));
    }
    const Spread ours = spread(after(begun, sink.received()));
    const Spread bound = spread(floors);
    constexpr std::string_view bound_is = "commit + two requests";
    row("event in, page out, p50", ours.p50, "ms", bound.p50, bound_is, {3, 0.5});
    row("event in, page out, p99", ours.p99, "ms", bound.p99, bound_is, {3, 2});
    site.stop(SIGTERM);
    return ours;
}

/// A call has waited for all but 30 ms of the limit when its event comes.
void by_time_alone(int rounds, Floor& floor) {
    constexpr auto lead = 30ms;
    constexpr double limit_s = 20;
    const test::PageSink sink;
    test::Site site{paging_to(sink)};
    watch_every_queue(site, "longest_wait", fmt::format("{}s", limit_s));
    site.start();
    std::vector<Clock::time_point> due;
    std::vector<double> floors;
    for (int n = 0; n < rounds; ++n) {
        settle(n);
        const double wall = wall_seconds();
        due.push_back(Clock::now() + lead);
        const double since = wall + std::chrono::duration<double>{lead}.count() - limit_s;
        (void)site.post("/api/v1/events", calls("offered", n, 1, since));
        wait_page(sink, due.size(), site);
        (void)site.post("/api/v1/events", calls("answered", n, 1, wall_seconds(), by_an_agent));
        settle(n);
        const auto bare = Clock::now() + 1ms;
        std::this_thread::sleep_until(bare);
        floors.push_back(floor.ms(bare, 1));
    }
    const Spread ours = spread(after(due, sink.received()));
    const Spread bound = spread(floors);
    constexpr std::string_view bound_is = "a timer, commit + a request";
    row("page after time alone crosses, p50", ours.p50, "ms", bound.p50, bound_is, {.value = 10});
    row("page after time alone crosses, p99", ours.p99, "ms", bound.p99, bound_is, {.value = 10});
    site.stop(SIGTERM);
}

/// Queue after queue crosses, each at another moment of their rounds; ms until the webhook has it.
std::vector<double> theirs(const Pace& pace, std::size_t queues, std::chrono::milliseconds apart) {
    Beside beside{pace, queues};
    std::vector<Clock::time_point> crossed;
    for (std::size_t queue = 0; queue < queues; ++queue) {
        if (queue > 0) std::this_thread::sleep_for(apart);
        crossed.push_back(beside.cross(queue, 1));
    }
    const auto told = beside.told(queues, 120s);
    std::vector<double> out;
    for (std::size_t queue = 0; queue < queues; ++queue)
        out.push_back(Millis{told.at(name_of_queue(queue)) - crossed[queue]}.count());
    return out;
}

void by_alertmanager(bool quick, const Spread& ours) {
    if (!can_run_beside()) return;
    // 1.13 s apart: every phase of a second has its turn.
    const Spread tuned = spread(theirs({"1s", "1s", "queue", "0s", "1s"}, quick ? 2 : 15, 1130ms));
    constexpr std::string_view name = "the same by Prometheus + Alertmanager";
    row(fmt::format("{}, all at 1 s, p50", name), tuned.p50, "ms", ours.p50, "surged");
    row(fmt::format("{}, all at 1 s, p99", name), tuned.p99, "ms", ours.p99, "surged");
    if (quick) return fmt::print("theirs as shipped takes a minute and more: not in a quick run\n");
    const Spread shipped = spread(theirs({"15s", "15s", "queue", "", ""}, 3, 5s));
    row(fmt::format("{}, as shipped", name), shipped.p50, "ms", ours.p50, "surged");
}

}  // namespace

void page(bool quick) {
    const int rounds = quick ? 20 : 300;
    Floor floor;
    const Spread ours = from_an_event(rounds, floor);
    by_alertmanager(quick, ours);
    by_time_alone(rounds, floor);
}

}  // namespace surged::bench
