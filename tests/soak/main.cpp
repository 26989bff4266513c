// The real surged for a while under more than it will ever see: a flood of events, reloads, a
// receiver that fails in every way, a feed that drops, a log that rotates, a disk that fills up and
// clears. What grows, slows down or gets lost is told, and ends it with 1.
#include "app/cli/replay.hpp"
#include "io/runtime/wall_clock.hpp"
#include "places.hpp"
#include "soak/load.hpp"
#include "soak/readings.hpp"
#include "support/ami_fake.hpp"
#include "support/page_sink.hpp"
#include "support/ran.hpp"
#include "support/site.hpp"

#include <CLI/CLI.hpp>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <charconv>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace surged::soak {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

void promise(bool kept, const std::string& what) {
    if (!kept) throw std::runtime_error{what};
}

struct Options {
    std::chrono::seconds span{300s};
    double events_per_s{100'000};
};

/// A manager that hangs up now and then.
class DroppingPbx {
public:
    DroppingPbx() : asterisk_{loop_, {}}, port_{asterisk_.port()} {
        thread_ = std::thread{[this] {
            while (!stop_) loop_.run_for(50ms);
        }};
    }
    ~DroppingPbx() {
        stop_ = true;
        thread_.join();
    }
    DroppingPbx(const DroppingPbx&) = delete;
    DroppingPbx& operator=(const DroppingPbx&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    void drop() {
        boost::asio::post(loop_, [this] { asterisk_.drop(); });
    }

private:
    boost::asio::io_context loop_{1};
    test::FakeAsterisk asterisk_;
    std::uint16_t port_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

/// A queue's log that is written to, and moved away while it is.
class RotatingLog {
public:
    [[nodiscard]] std::string path() const { return folder_.path() + "/queue_log"; }
    RotatingLog() { rotate(); }

    void rotate() {
        out_.close();
        std::error_code none;
        fs::rename(path() + ".1", path() + ".2", none);
        fs::rename(path(), path() + ".1", none);
        out_.open(path(), std::ios::binary | std::ios::app);
    }
    void calls(std::size_t count) {
        const auto now = std::chrono::system_clock::now().time_since_epoch() / 1s;
        for (std::size_t i = 0; i < count; ++i, ++calls_) {
            out_ << fmt::format("{}|q-{}|lines|NONE|ENTERQUEUE||4000|1\n", now, calls_);
            out_ << fmt::format("{}|q-{}|lines|NONE|ABANDON|1|1|0\n", now, calls_);
        }
        out_.flush();
    }
    [[nodiscard]] std::uint64_t written() const { return calls_; }

private:
    test::TempFolder folder_;
    std::ofstream out_;
    std::uint64_t calls_{0};
};

class Soak {
public:
    explicit Soak(const Options& options) : options_{options}, site_{site_options()} {}
    void run();

private:
    test::SiteOptions site_options() {
        test::SiteOptions out;
        out.hook_url = sink_.url();
        out.hook_secret = test::PageSink::default_secret();
        out.pbx_port = pbx_.port();
        out.sources = fmt::format("  log: {{type: queue_log, site: hz, path: {}}}\n", log_.path());
        out.record_state_hash = false;
        return out;
    }
    void quick_plan();
    void round(std::size_t number);
    void surge(std::size_t number);
    void fill_disk();
    void post(const std::string& path, const std::string& body);
    void events(const std::string& lines) { post("/api/v1/events", lines); }
    void sample(std::size_t number);
    [[nodiscard]] std::uint64_t offered(const std::string& queue) const;
    void wait_for_log() const;
    void check_counts(std::uint64_t calls);
    void check_pages();
    void check_replay();

    Options options_;
    test::PageSink sink_;
    DroppingPbx pbx_;
    RotatingLog log_;
    test::Site site_;
    std::unique_ptr<Load> load_;
    std::vector<Sample> samples_;
    std::size_t surges_{0};
};

std::string read_text(const std::string& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

void replace(std::string& text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    promise(at != std::string::npos, "the plan has changed: no " + from);
    text.replace(at, from.size(), to);
}

/// The plan of tests/data/center, over in seconds, over the queues of the load too.
void Soak::quick_plan() {
    const std::string path = site_.rules_path() + "/plans/P06.yaml";
    std::string text = read_text(path);
    replace(text, "[sales]", "[sales, \"load-*\", lines]");
    replace(text, "for: 1m, dwell: 1m", "for: 1s, dwell: 1s");
    replace(text, "when_clear_for: 15m", "when_clear_for: 1s");
    // One level only: a busy queue of the load never waits, and one page a surge is easy to count.
    replace(text, "{IV: 2, III: 4, II: 6, I: 10}", "{I: 1000}");
    std::ofstream{path} << text;
}

void Soak::post(const std::string& path, const std::string& body) {
    for (const auto until = Clock::now() + 60s; Clock::now() < until;) {
        const test::Reply reply = site_.post(path, body);
        if (reply.status == 200 || reply.status == 202) return;
        promise(
            reply.status == 429 || reply.status == 503,
            fmt::format("{}: {} {}", path, reply.status, reply.body)
        );
        std::this_thread::sleep_for(100ms);
    }
    throw std::runtime_error{path + " is refused for a minute"};
}

/// Callers enough for level I, its page through a receiver that fails first, and the end of it.
void Soak::surge(std::size_t number) {
    using test::Answer;
    const std::vector<std::vector<Answer>> moods{
        {Answer::error(500), Answer::reset()},
        {Answer::too_many("1")},
        {Answer::garbage(), Answer::error(503)},
        {Answer::hang()},
        {},
    };
    sink_.script(moods[number % moods.size()]);
    std::string offered;
    std::string answered;
    const double now = static_cast<double>(io::wall_now().us) / 1e6;
    for (int i = 0; i < 1000; ++i) {
        const std::string call = fmt::format("s{}-{}", number, i);
        for (const char* type : {"offered", "answered"})
            (type[0] == 'o' ? offered : answered) += fmt::format(
                R"({{"ts":{2:.6f},"id":"{0}{1}","type":"{0}","queue":"sales","call":"{1}"}})"
                "\n",
                type,
                call,
                now
            );
    }
    events(offered);
    ++surges_;
    const auto distinct = [&] {
        std::set<std::string> ids;
        for (const auto& page : sink_.accepted()) ids.insert(page.id);
        return ids.size();
    };
    for (const auto until = Clock::now() + 90s; distinct() < surges_;) {
        promise(Clock::now() < until, "a page was lost: surge " + std::to_string(number));
        std::this_thread::sleep_for(20ms);
    }
    events(answered);
    const bool over = site_.wait_until(
        "/api/v1/incidents",
        [](const std::string& body) {
            return body.find(R"("ended_at":null)") == std::string::npos;
        },
        60s
    );
    promise(over, "the incident does not end: " + site_.get("/api/v1/incidents").body);
}

void Soak::fill_disk() {
    const std::string full = site_.store_path() + ".full";
    std::ofstream{full} << "";
    std::this_thread::sleep_for(2s);
    fs::remove(full);
    const bool well = site_.wait_until(
        "/readyz",
        [](const std::string& body) { return body.find(R"("down")") == std::string::npos; },
        60s
    );
    promise(well, "the store does not recover: " + site_.get("/readyz").body);
}

void Soak::round(std::size_t number) {
    log_.calls(2000);
    if (number % 2 == 0) log_.rotate();
    if (number % 3 == 1) pbx_.drop();
    if (number % 3 == 2) fill_disk();
    const std::string path = site_.rules_path() + "/plans/P06.yaml";
    std::string text = read_text(path);
    const bool odd = number % 2 == 1;
    replace(text, odd ? "within: 3m" : "within: 2m", odd ? "within: 2m" : "within: 3m");
    std::ofstream{path} << text;
    post("/api/v1/rules/reload", "");
    surge(number);
}

void Soak::sample(std::size_t number) {
    Seen seen = load_->take();
    promise(seen.wrong.empty(), "an answer to the load: " + seen.wrong);
    samples_.push_back(read_sample(site_.process().pid(), std::move(seen)));
    if (number == 0) fmt::print("{}\n", Sample::header());
    fmt::print("{}\n", samples_.back().line());
    std::fflush(stdout);
}

std::uint64_t Soak::offered(const std::string& queue) const {
    return sum_of(site_.get("/metrics").body, "surged_queue_calls_offered_total", queue);
}

void Soak::wait_for_log() const {
    const auto until = Clock::now() + 60s;
    while (offered("\"lines\"") < log_.written() && Clock::now() < until)
        std::this_thread::sleep_for(100ms);
}

void Soak::check_counts(std::uint64_t calls) {
    wait_for_log();
    const std::pair<std::uint64_t, std::uint64_t> counts[] = {
        {offered("\"load-"),   calls         },
        {offered("\"lines\""), log_.written()},
        {offered("\"sales\""), 1000 * surges_},
    };
    for (const auto& [found, said] : counts)
        promise(found == said, fmt::format("{} calls were offered, {} are counted", said, found));
    fmt::print(
        "{} calls of the load, {} of the log: each is counted once\n", calls, log_.written()
    );
}

void Soak::check_pages() {
    std::map<std::string, std::size_t> times;
    std::size_t repeats = 0;
    for (const test::ReceivedPage& page : sink_.accepted())
        if (++times[page.id] > 1) {
            ++repeats;
            promise(page.possible_repeat, "a repeat without its mark");
        }
    promise(times.size() == surges_, fmt::format("{} pages for {} surges", times.size(), surges_));
    const std::string all = site_.get("/api/v1/pages").body;
    promise(all.find(R"("state":"due")") == std::string::npos, "a page is still owed: " + all);
    fmt::print("{} surges, {} pages, {} repeated\n", surges_, times.size(), repeats);
}

void Soak::check_replay() {
    app::cli::ReplayOptions options;
    options.store = site_.store_path();
    const auto ran = test::run_command([&](const app::cli::Globals& globals) {
        return app::cli::replay(globals, options);
    });
    promise(
        ran.code == app::cli::Exit::fine && ran.out.find(", as recorded") != std::string::npos,
        "replay does not find what was recorded: " + ran.out + ran.err
    );
}

void Soak::run() {
    quick_plan();
    site_.wrap(
        {"/usr/bin/env",
         "LD_PRELOAD=" SURGED_FAULTS_LIBRARY,
         "SURGED_FAULT=full_while:0",
         "SURGED_FAULT_FILE=" + site_.store_path() + ".full"}
    );
    site_.start();
    LoadOptions load;
    load.events_per_s = options_.events_per_s;
    const std::string url = site_.url();
    const std::string digits = url.substr(url.rfind(':') + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), load.port);
    load_ = std::make_unique<Load>(load);
    // A log that was never looked at is read from where it stands, not from what rotated away
    // before.
    log_.calls(1);
    wait_for_log();
    const auto begun = Clock::now();
    for (std::size_t number = 0; number < 5 || Clock::now() - begun < options_.span; ++number) {
        const auto next = Clock::now() + 5s;
        round(number);
        std::this_thread::sleep_until(next);
        sample(number);
    }
    check_counts(load_->stop());
    check_pages();
    const std::string drift = drift_of(samples_);
    site_.stop(SIGTERM);
    check_replay();
    promise(drift.empty(), drift);
    fmt::print("soak: nothing was lost, nothing grows\n");
}

}  // namespace
}  // namespace surged::soak

int main(int argc, char** argv) {
    surged::soak::Options options;
    long seconds = options.span.count();
    CLI::App app{"The real surged under a flood, while everything around it fails."};
    app.add_option("--seconds", seconds, "how long")->check(CLI::PositiveNumber);
    app.add_option("--rate", options.events_per_s, "events a second")->check(CLI::PositiveNumber);
    CLI11_PARSE(app, argc, argv);
    options.span = std::chrono::seconds{seconds};
    try {
        surged::soak::Soak soak{options};
        soak.run();
    } catch (const std::exception& broken) {
        fmt::print("soak: {}\n", broken.what());
        return 1;
    }
    return 0;
}
