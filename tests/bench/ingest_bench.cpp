// Ingest: 1,000 queues × 10 rules, NDJSON batches of 1,000 lines.
#include "base/codec.hpp"
#include "bench/bench.hpp"
#include "core/engine/engine.hpp"
#include "io/api/ndjson.hpp"
#include "store/worker.hpp"
#include "support/rules_builder.hpp"
#include "support/temp_folder.hpp"

#include <fmt/format.h>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace surged::bench {
namespace {

constexpr std::size_t queues = 1000;

/// Ten ladders on every queue: gauges, ratios, load, over three windows.
plan::RuleSet ten_rules() {
    using board::Kpi;
    using board::Window;
    plan::RuleSet rules = test::small_center();
    plan::Plan& p = rules.plans["platform-service"];
    p.queues.clear();
    p.triggers.clear();
    const std::pair<Kpi, Window> figures[] = {
        {Kpi::calls_waiting,           Window::now},
        {Kpi::longest_wait,            Window::now},
        {Kpi::waiting_per_agent,       Window::now},
        {Kpi::abandon_ratio,           Window::m15},
        {Kpi::service_level,           Window::m5 },
        {Kpi::answer_ratio,            Window::m5 },
        {Kpi::calls_offered,           Window::m5 },
        {Kpi::calls_abandoned,         Window::m15},
        {Kpi::refused_ratio,           Window::m5 },
        {Kpi::average_speed_of_answer, Window::m15}
    };
    int n = 0;
    for (const auto& [kpi, window] : figures) {
        plan::Trigger trigger;
        trigger.id = fmt::format("t{}", n++);
        trigger.condition.leaf = test::waiting_ladder();
        trigger.condition.leaf.measure = {kpi, window, {}, {}, {}};
        for (const plan::Level level : plan::levels)
            trigger.condition.leaf.ladder.at.at(level) = 1'000'000'000'000;  // never
        p.triggers.push_back(std::move(trigger));
    }
    return rules;
}

engine::Engine loaded_engine(const plan::RuleSet& rules = ten_rules()) {
    engine::Engine engine;
    engine::Input input;
    input.instant = Instant{Seconds{1'795'451'699}};
    input.body = engine::RulesLoaded{"h", std::make_shared<const plan::RuleSet>(rules)};
    (void)engine.step(input);
    return engine;
}

engine::Input input_of(acd::Batch batch, std::size_t body) {
    engine::Input input;
    input.seq = body + 1;
    input.instant =
        Instant{Seconds{1'795'451'700} + Micros{static_cast<std::int64_t>(body + 1) * 100'000}};
    input.source = "acd";
    input.body = engine::Events{std::move(batch)};
    return input;
}

double per_cpu_second(std::size_t events, double seconds) {
    return static_cast<double>(events) / seconds;
}

}  // namespace

void ingest(bool quick) {
    const std::size_t lines = quick ? 60'000 : 900'000;
    const auto texts = bodies(lines, queues, 1000);
    io::api::NdjsonOptions options;

    double begun = cpu_seconds();
    std::vector<acd::Batch> batches;
    for (const std::string& text : texts)
        batches.push_back(io::api::parse_ndjson(text, options).batch);
    const double parse = cpu_seconds() - begun;

    begun = cpu_seconds();
    std::size_t seen = 0;
    for (const acd::Batch& batch : batches)
        batch.for_each([&](std::size_t, const acd::Event& e) { seen += e.call.size(); });
    const double walk = cpu_seconds() - begun;

    std::vector<engine::Input> inputs;
    inputs.reserve(batches.size());
    for (acd::Batch& batch : batches) inputs.push_back(input_of(std::move(batch), inputs.size()));
    begun = cpu_seconds();
    engine::Engine engine = loaded_engine();
    for (const engine::Input& input : inputs) (void)engine.step(input);
    const double step = cpu_seconds() - begun;

    // Durable: every batch is a commit of its own, as if each sender waited for its answer.
    const test::TempFolder folder;
    store::Options where;
    where.path = folder.path();
    begun = cpu_seconds();
    {
        auto journal = store::SqliteJournal::open(where);
        if (!journal) throw std::runtime_error{journal.error().what};
        for (const engine::Input& input : inputs) {
            store::Commit commit;
            commit.inputs.push_back({input.seq, input.instant, codec::encode(input)});
            commit.last_seq = input.seq;
            std::promise<void> done;
            (*journal)->append(std::move(commit), [&](const store::Committed&) {
                done.set_value();
            });
            done.get_future().wait();
        }
    }
    const double blob = cpu_seconds() - begun;

    const double events = static_cast<double>(lines);
    row("parse NDJSON",
        events / parse,
        "events/CPU-s",
        per_cpu_second(lines, walk),
        "walk the batch");
    row("step, 1,000 queues x 10 rules",
        events / step,
        "events/CPU-s",
        per_cpu_second(lines, walk),
        "walk the batch");
    row("parse + step, journal off",
        events / (parse + step),
        "events/CPU-s",
        events / parse,
        "parse alone",
        {.times = 0.6});
    row("parse + step + journal",
        events / (parse + step + blob),
        "events/CPU-s",
        events / (parse + blob),
        "parse and commit the same bytes",
        {.times = 0.3});
    if (seen == 0 || engine.board().queues().size() != queues) fmt::print("nothing was counted\n");
}

void memory(bool quick) {
    const std::size_t many = quick ? 2000 : 10'000;
    const auto texts = bodies(many * 9, many, 1000);
    // The rules and all that does not depend on queues are there before.
    const auto measure = [&](engine::Engine engine, double bound, const char* what) {
        const io::api::NdjsonOptions options;
        const std::size_t before = resident_bytes();
        std::size_t i = 0;
        for (const std::string& text : texts)
            (void)engine.step(input_of(io::api::parse_ndjson(text, options).batch, i++));
        const double each =
            static_cast<double>(resident_bytes() - before) / static_cast<double>(many);
        row(what, each, "bytes", bound, "the aim", {.times = 1});
        return engine;  // kept: its memory would be the next one's
    };
    const auto kept = measure(loaded_engine(), 8192, "memory a queue, 10 rules");
    plan::RuleSet rules = ten_rules();
    for (std::size_t i = 0; i < many; ++i)
        rules.site.queues[fmt::format("queue-{}", i)].quantiles = {
            board::Window::m5, board::Window::day
        };
    const auto more =
        measure(loaded_engine(rules), 16'384, "memory a queue, 10 rules, all figures of 5m, day");
    if (kept.board().queues().size() != more.board().queues().size())
        fmt::print("nothing was counted\n");
}

}  // namespace surged::bench
