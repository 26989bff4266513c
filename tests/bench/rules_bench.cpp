// Rules: a check of 1,000 plans, and a pass of 10 rules over 10,000 queues beside Prometheus.
#include "bench/bench.hpp"
#include "bench/beside.hpp"
#include "config/advice.hpp"
#include "config/daemon.hpp"
#include "core/engine/engine.hpp"
#include "places.hpp"
#include "support/prometheus.hpp"
#include "support/rules_builder.hpp"
#include "support/temp_folder.hpp"
#include "support/vendor_server.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>
#include <yaml-cpp/yaml.h>

namespace surged::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t rules_each = 10;

std::string text_of(const fs::path& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// The shipped folder with its plans over and over under other names; their texts.
std::vector<std::string> write_plans(const fs::path& to, std::size_t many) {
    const fs::path from = SURGED_SOURCE_DIR "/rules";
    fs::create_directories(to / "plans");
    for (const auto& entry : fs::directory_iterator{from})
        if (entry.is_regular_file()) fs::copy_file(entry.path(), to / entry.path().filename());
    std::vector<std::string> shipped;
    for (const auto& entry : fs::directory_iterator{from / "plans"})
        shipped.push_back(text_of(entry.path()));
    std::sort(shipped.begin(), shipped.end());
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < many; ++i) {
        std::string text = shipped[i % shipped.size()];
        const auto at = text.find("\nplan: ");
        const auto end = text.find_first_of(" #\n", at + 7);
        if (i >= shipped.size()) text.insert(end, fmt::format("-{}", i));
        std::ofstream{to / "plans" / fmt::format("{:04}.yaml", i), std::ios::binary} << text;
        texts.push_back(std::move(text));
    }
    return texts;
}

double wall_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

void check(bool quick) {
    const std::size_t many = quick ? 50 : 1000;
    const test::TempFolder folder;
    const auto texts = write_plans(fs::path{folder.path()} / "rules", many);
    double begun = wall_seconds();
    double cpu = cpu_seconds();
    std::size_t nodes = 0;
    for (const std::string& text : texts) nodes += YAML::Load(text).size();
    const double parse = wall_seconds() - begun;
    const double parse_cpu = cpu_seconds() - cpu;
    begun = wall_seconds();
    cpu = cpu_seconds();
    const auto rules = config::load_rules(folder.path() + "/rules", nullptr);
    const double whole = wall_seconds() - begun;
    const double spent = cpu_seconds() - cpu;
    if (!rules) throw std::runtime_error{rules.error().front().text()};
    if (nodes == 0) throw std::runtime_error{"the plans are empty"};
    const std::size_t found = rules->rules.plans.size();
    row(fmt::format("check of {} plans, {} processors", found, std::thread::hardware_concurrency()),
        whole,
        "s",
        parse,
        "yaml-cpp reads the same texts, on one",
        {.value = 1});
    row(fmt::format("check of {} plans", found), spent, "CPU-s", parse_cpu, "the same");
}

/// Ten ladders on ten gauges, or no rule at all.
engine::Engine engine_with(bool rules_too, std::size_t queues) {
    plan::RuleSet rules = test::small_center();
    plan::Plan& p = rules.plans["platform-service"];
    p.queues.clear();
    const plan::Trigger like = p.triggers.front();
    p.triggers.clear();
    for (std::size_t i = 0; rules_too && i < rules_each; ++i) {
        plan::Trigger trigger = like;
        trigger.id = fmt::format("t{}", i);
        trigger.condition.leaf.measure = {
            board::Kpi::gauge, board::Window::now, fmt::format("g{}", i), {}, {}
        };
        for (const plan::Level level : plan::levels)
            trigger.condition.leaf.ladder.at.at(level) = 1'000'000'000'000;  // never
        p.triggers.push_back(std::move(trigger));
    }
    rules.site.limits.queues = static_cast<std::uint32_t>(queues);
    engine::Engine engine;
    engine::Input input;
    input.instant = Instant{Seconds{1'795'451'699}};
    input.body = engine::RulesLoaded{"h", std::make_shared<const plan::RuleSet>(std::move(rules))};
    (void)engine.step(input);
    return engine;
}

/// An input that sets every gauge of every queue.
engine::Input round_of(std::size_t queues, int round) {
    acd::Batch batch;
    for (std::size_t queue = 0; queue < queues; ++queue) {
        const std::string name = name_of_queue(queue);
        for (std::size_t i = 0; i < rules_each; ++i) {
            const std::string gauge = fmt::format("g{}", i);
            acd::Event event;
            event.type = acd::EventType::gauge;
            event.queue = name;
            event.name = gauge;
            event.value = round + static_cast<double>(i);
            batch.append(event);
        }
    }
    engine::Input input;
    input.seq = static_cast<std::uint64_t>(round) + 2;
    input.instant = Instant{Seconds{1'795'451'700 + round}};
    input.source = "exporter";
    input.body = engine::Events{std::move(batch)};
    return input;
}

/// CPU seconds that the rules add to such an input: the median over `times` of what it takes with
/// them less what it takes without, by turns, so that the machine's own moods fall out.
double seconds_for_rules(std::size_t queues, int times) {
    auto with = engine_with(true, queues);
    auto without = engine_with(false, queues);
    std::vector<double> each;
    for (int round = 0; round < times + 1; ++round) {
        const engine::Input input = round_of(queues, round);
        const auto seconds = [&](engine::Engine& engine) {
            const double begun = cpu_seconds();
            (void)engine.step(input);
            return cpu_seconds() - begun;
        };
        const double more = seconds(with) - seconds(without);
        if (round > 0) each.push_back(more);  // the first makes the queues
    }
    return quantile(each, 0.5);
}

double sample(const std::string& text, const std::string& name) {
    double sum = 0;
    for (std::size_t at = text.find("\n" + name); at != std::string::npos;
         at = text.find("\n" + name, at + 1)) {
        const auto end = text.find('\n', at + 1);
        const auto blank = text.rfind(' ', end);
        sum += std::stod(text.substr(blank + 1, end - blank - 1));
    }
    return sum;
}

struct Used {
    double cpu_s{0}, wall_s{0}, evaluations{0};
};

/// Runs Prometheus on the page for so long, with or without the ten rules.
Used prometheus(const std::string& page_url, std::size_t rules, std::chrono::seconds span) {
    test::PrometheusOptions options;
    options.rules = "groups:\n  - name: queues\n    interval: 1s\n    rules:\n";
    for (std::size_t i = 0; i < rules; ++i)
        options.rules += fmt::format("      - {{alert: A{0}, expr: g{0} > 1e6, for: 1m}}\n", i);
    options.config = fmt::format(
        "global: {{scrape_interval: 10s}}\n{}scrape_configs:\n  - job_name: queues\n"
        "    static_configs: [{{targets: ['{}']}}]\n",
        rules > 0 ? "rule_files: [rules.yml]\n" : "",
        page_url.substr(page_url.find("//") + 2)
    );
    const auto process = test::prometheus(options);
    const auto metrics = [&] { return process->get("/metrics").value_or(""); };
    const auto scraped = [&] { return sample(metrics(), "prometheus_tsdb_head_series ") > 1000; };
    if (!test::wait_for(scraped)) throw std::runtime_error{"prometheus does not run"};
    const auto count = [](const std::string& text) {
        return sample(text, "prometheus_rule_group_iterations_total{");
    };
    const std::string before = metrics();
    const auto begun = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(span);
    const std::string after = metrics();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begun;
    constexpr const char* cpu = "process_cpu_seconds_total ";
    return {sample(after, cpu) - sample(before, cpu), wall.count(), count(after) - count(before)};
}

void pass(bool quick) {
    const std::size_t queues = quick ? 1000 : 10'000;
    const double pairs = static_cast<double>(queues * rules_each);
    const double ours = seconds_for_rules(queues, quick ? 3 : 31);
    row(fmt::format("rule pass, {} queues x {} rules", queues, rules_each),
        ours / pairs * 1e9,
        "ns each",
        50,
        "the aim",
        {.times = 1});
    const std::string none = test::missing({"prometheus"});
    if (!none.empty()) return fmt::print("{} here to run beside\n", none);
    const std::string page = gauges_page(rules_each, queues);
    const test::VendorServer exporter{[&](const test::VendorRequest&) {
        test::VendorReply reply;
        reply.body = page;
        reply.type = "text/plain; version=0.0.4";
        return reply;
    }};
    const std::chrono::seconds span{quick ? 3 : 30};
    const Used idle = prometheus(exporter.url(), 0, span);
    const Used busy = prometheus(exporter.url(), rules_each, span);
    const double theirs =
        (busy.cpu_s - idle.cpu_s / idle.wall_s * busy.wall_s) / std::max(1.0, busy.evaluations);
    row("the same rules by Prometheus, each pass",
        theirs / pairs * 1e9,
        "ns each",
        ours / pairs * 1e9,
        "surged");
}

}  // namespace

void rules(bool quick) {
    check(quick);
    pass(quick);
}

}  // namespace surged::bench
