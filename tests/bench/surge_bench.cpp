// Many queues at once: a page of /metrics, and the moment in which all of them cross.
#include "bench/bench.hpp"
#include "core/engine/engine.hpp"
#include "io/exporter/board_metrics.hpp"
#include "io/exporter/text.hpp"
#include "support/rules_builder.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

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
}

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
    row("/metrics, of 100,000 samples",
        quantile(times, 0.5) * scale,
        "CPU-ms",
        quantile(copies, 0.5) * scale,
        "find the page's lines",
        {.value = 10});
}

}  // namespace surged::bench
