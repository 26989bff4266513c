// Many queues at once: a page of /metrics, and the moment in which all of them cross; by the
// engine, by the daemon, and by Prometheus with Alertmanager.
#include "bench/bench.hpp"
#include "bench/beside.hpp"
#include "bench/paging_site.hpp"
#include "core/engine/engine.hpp"
#include "io/exporter/board_metrics.hpp"
#include "io/exporter/text.hpp"
#include "io/runtime/wall_clock.hpp"
#include "support/process_cpu.hpp"
#include "support/rules_builder.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <fmt/format.h>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace surged::bench {
namespace {

constexpr Instant first{Seconds{1'795'451'699}};

enum class Plans : std::uint8_t { none, one };

engine::Input input_of(engine::Body body, std::uint64_t seq, Micros at) {
    engine::Input input;
    input.seq = seq;
    input.instant = first + at;
    input.source = "pbx";
    input.body = std::move(body);
    return input;
}

engine::Engine center(std::size_t queues, Plans plans) {
    plan::RuleSet rules = test::small_center();
    rules.site.limits.queues = static_cast<std::uint32_t>(queues);
    rules.plans["platform-service"].queues.clear();  // of every queue
    if (plans == Plans::none) rules.plans.clear();
    engine::Engine engine;
    (void)engine.step(input_of(
        engine::RulesLoaded{"h", std::make_shared<const plan::RuleSet>(std::move(rules))}, 1, 0s
    ));
    (void)engine.step(input_of(engine::SourceState{true, true, ""}, 2, 0s));
    return engine;
}

/// So many callers come to every queue, all in one batch.
engine::Input callers(std::size_t queues, std::size_t each, std::uint64_t seq, Micros at) {
    acd::Batch batch;
    for (std::size_t queue = 0; queue < queues; ++queue)
        for (std::size_t i = 0; i < each; ++i) {
            const std::string name = fmt::format("queue-{}", queue);
            const std::string call = fmt::format("c-{}-{}-{}", seq, queue, i);
            acd::Event event;
            event.type = acd::EventType::offered;
            event.queue = name;
            event.call = call;
            batch.append(event);
        }
    return input_of(engine::Events{std::move(batch)}, seq, at);
}

struct Crossed {
    double first_ms{0};  // CPU, until the pages of the first crossing are decided
    double rest_ms{0};   // and those of all that crossed with it
    std::size_t pages{0};
    std::set<std::string> persons;
};

Crossed cross(std::size_t queues, Plans plans) {
    engine::Engine engine = center(queues, plans);
    (void)engine.step(callers(queues, 1, 3, 1s));
    const engine::Input surge = callers(queues, 4, 4, 2s);
    Crossed out;
    const auto take = [&](const engine::Input& input) {
        const double begun = cpu_seconds();
        const auto step = engine.step(input);
        const double took = (cpu_seconds() - begun) * 1e3;
        for (const engine::Effect& effect : step.effects)
            if (const auto* send = std::get_if<engine::SendPage>(&effect.body)) {
                ++out.pages;
                out.persons.insert(std::string{send->page.person});
            }
        return took;
    };
    out.first_ms = take(surge);
    out.rest_ms = take(input_of(engine::Tick{}, 5, 2s + Micros{100'000}));
    return out;
}

/// Wall and CPU, of the programs that are measured; ms.
struct Took {
    double first{0}, all{0};  // until the first queue is told of, and all of them
    double cpu{0};
};

double ms_between(Clock::time_point from, Clock::time_point to) {
    return std::chrono::duration<double, std::milli>(to - from).count();
}

/// NDJSON of `each` callers of every queue, now.
std::string callers_text(std::size_t queues, std::size_t each, std::string_view named) {
    const double ts = static_cast<double>(io::wall_now().us) / 1e6;
    std::string out;
    for (std::size_t queue = 0; queue < queues; ++queue)
        for (std::size_t i = 0; i < each; ++i)
            out += fmt::format(
                R"({{"ts":{:.6f},"type":"offered","queue":"{}","call":"{}-{}-{}"}})"
                "\n",
                ts,
                name_of_queue(queue),
                named,
                queue,
                i
            );
    return out;
}

/// From the post of the calls until a page that names as many queues is at its receiver.
Took through_the_daemon(std::size_t queues) {
    const test::PageSink sink;
    auto options = paging_to(sink);
    options.more = {"limits.queues=20000"};
    test::Site site{options};
    watch_every_queue(site, "calls_waiting", "4");
    site.start();
    const auto post = [&](const std::string& body) {
        if (site.post("/api/v1/events", body).status != 200) throw std::runtime_error{site.log()};
    };
    post(callers_text(queues, 1, "a"));
    const std::string surge = callers_text(queues, 4, "b");
    const std::string names_all = fmt::format("{} 个队列", queues);
    const auto cpu = [&] { return test::cpu_seconds_of(site.process().pid()); };
    const double before = cpu();
    const auto begun = Clock::now();
    post(surge);
    Took out;
    for (std::size_t pages = 1; out.all <= 0; ++pages) {
        if (!sink.wait_for(pages, std::chrono::seconds{10})) throw std::runtime_error{site.log()};
        const auto page = sink.received().at(pages - 1);
        if (out.first <= 0) out.first = ms_between(begun, page.at);
        if (page.annotation("summary").find(names_all) != std::string::npos)
            out.all = ms_between(begun, page.at);
    }
    out.cpu = (cpu() - before) * 1e3;
    site.stop(SIGTERM);
    return out;
}

/// From the instant at which the exporter would say so until the webhook knows of every queue; CPU
/// beyond what the two take anyway.
Took by_alertmanager(std::size_t queues) {
    Beside beside{
        {"1s", "1s", "alertname", "0s", "1s"},
        queues
    };
    std::this_thread::sleep_for(std::chrono::seconds{2});  // the first scrape makes the series
    double before = beside.used_cpu_seconds();
    auto begun = Clock::now();
    std::this_thread::sleep_for(std::chrono::seconds{3});
    const double idle =
        (beside.used_cpu_seconds() - before) * 1e3 / ms_between(begun, Clock::now());
    before = beside.used_cpu_seconds();
    begun = beside.cross(0, queues);
    const auto told = beside.told(queues, std::chrono::seconds{60});
    Took out;
    out.cpu = (beside.used_cpu_seconds() - before) * 1e3 - idle * ms_between(begun, Clock::now());
    for (const auto& [queue, at] : told) {
        const double ms = ms_between(begun, at);
        out.first = out.all <= 0 ? ms : std::min(out.first, ms);
        out.all = std::max(out.all, ms);
    }
    return out;
}

/// The median time of three, and the mean cost: the kernel counts that in steps of 10 ms.
Took median_of_three(std::size_t queues) {
    std::vector<double> firsts;
    std::vector<double> alls;
    Took out;
    for (int i = 0; i < 3; ++i) {
        const Took took = through_the_daemon(queues);
        firsts.push_back(took.first);
        alls.push_back(took.all);
        out.cpu += took.cpu / 3;
    }
    out.first = quantile(firsts, 0.5);
    out.all = quantile(alls, 0.5);
    return out;
}

void surge_of_programs(std::size_t queues) {
    const Took ours = median_of_three(queues);
    row("the same through the daemon: a page names all",
        ours.all,
        "ms",
        100,
        "the aim",
        {.times = 1});
    row("the same through the daemon: cost", ours.cpu, "CPU-ms", 0, "");
    if (!can_run_beside()) return;
    const Took theirs = by_alertmanager(queues);
    constexpr std::string_view name = "the same by Prometheus + Alertmanager at 1 s";
    row(fmt::format("{}: first told", name), theirs.first, "ms", ours.first, "surged");
    row(fmt::format("{}: all told", name), theirs.all, "ms", ours.all, "surged");
    row(fmt::format("{}: cost", name), theirs.cpu, "CPU-ms", ours.cpu, "surged");
}

}  // namespace

void surge(bool quick) {
    const std::size_t queues = quick ? 500 : 10'000;
    const Crossed bare = cross(queues, Plans::none);
    const Crossed all = cross(queues, Plans::one);
    if (all.pages == 0 || bare.pages != 0) throw std::runtime_error{"nobody is paged"};
    row(fmt::format("{} queues cross at once: all decided", queues),
        all.first_ms + all.rest_ms,
        "CPU-ms",
        bare.first_ms + bare.rest_ms,
        "the same calls without a rule",
        {.value = 100});
    row("the same: pages to a person",
        static_cast<double>(all.pages) / static_cast<double>(all.persons.size()),
        "pages",
        0,
        "",
        {.value = 2});
    surge_of_programs(queues);
}

namespace {

/// CPU-ms of a Prometheus that gives out so many gauges of so many queues, which it has scraped.
double federation(std::size_t gauges, std::size_t queues) {
    const std::string page = gauges_page(gauges, queues);
    const test::VendorServer exporter{[&](const test::VendorRequest&) {
        test::VendorReply reply;
        reply.body = page;
        reply.type = "text/plain; version=0.0.4";
        return reply;
    }};
    test::PrometheusOptions options;
    options.config = fmt::format(
        "scrape_configs:\n  - job_name: queues\n    scrape_interval: 15s\n"
        "    static_configs: [{{targets: ['{}']}}]\n",
        exporter.url().substr(exporter.url().find("//") + 2)
    );
    const auto peer = test::prometheus(options);
    const auto lines = [&] {
        const auto text = peer->get("/federate?match%5B%5D=%7Bjob%3D%22queues%22%7D");
        return text ? static_cast<std::size_t>(std::count(text->begin(), text->end(), '\n')) : 0;
    };
    if (!test::wait_for([&] { return lines() > gauges * queues; }))
        throw std::runtime_error{"prometheus does not give out what it has scraped"};
    constexpr int times = 5;  // well within the fifteen seconds until the next scrape
    const double before = test::cpu_seconds_of(peer->pid());
    for (int i = 0; i < times; ++i) (void)lines();
    return (test::cpu_seconds_of(peer->pid()) - before) * 1e3 / times;
}

}  // namespace

void metrics(bool quick) {
    const std::size_t queues = quick ? 100 : 1000;
    engine::Engine engine = center(queues, Plans::one);
    (void)engine.step(callers(queues, 3, 3, 1s));
    std::vector<double> times;
    std::vector<double> copies;
    std::size_t samples = 0;
    for (int i = 0; i < 9; ++i) {
        double begun = cpu_seconds();
        io::exporter::Text text;
        io::exporter::board_metrics(text, engine.board(), "hz");
        const std::string page = std::move(text).take();
        times.push_back((cpu_seconds() - begun) * 1e3);
        begun = cpu_seconds();
        samples = 0;
        for (std::size_t at = 0; at < page.size(); at = page.find('\n', at) + 1)
            if (page[at] != '#') ++samples;
        copies.push_back((cpu_seconds() - begun) * 1e3);
    }
    const double scale = 1e5 / static_cast<double>(samples);
    const double ours = quantile(times, 0.5) * scale;
    row("/metrics, of 100,000 samples",
        ours,
        "CPU-ms",
        quantile(copies, 0.5) * scale,
        "find the page's lines",
        {.value = 10});
    const std::string none = test::missing({"prometheus"});
    if (!none.empty()) return fmt::print("{} here to run beside\n", none);
    const std::size_t shrunk = quick ? 10 : 1;
    const double theirs = federation(10, 10'000 / shrunk) * static_cast<double>(shrunk);
    row("as many by Prometheus' /federate", theirs, "CPU-ms", ours, "surged");
}

}  // namespace surged::bench
