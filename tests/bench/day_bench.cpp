// A day of a million events: how large its journal is, and how long it takes to live it again; and
// what becomes of cost and memory from a hundred queues to a hundred thousand.
#include "app/recover.hpp"
#include "app/store_view.hpp"
#include "base/codec.hpp"
#include "bench/bench.hpp"
#include "core/engine/engine.hpp"
#include "io/api/ndjson.hpp"
#include "store/reader.hpp"
#include "store/worker.hpp"
#include "support/rules_builder.hpp"
#include "support/temp_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::bench {
namespace {

constexpr Instant first{Seconds{1'795'451'699}};

plan::RuleSet rules_for(std::size_t queues) {
    plan::RuleSet rules = test::small_center();
    rules.plans["platform-service"].queues.clear();
    rules.site.limits.queues = static_cast<std::uint32_t>(queues);
    return rules;
}

engine::Input loading(const plan::RuleSet& rules) {
    engine::Input input;
    input.seq = 1;
    input.instant = first;
    input.body = engine::RulesLoaded{"h", std::make_shared<const plan::RuleSet>(rules)};
    return input;
}

engine::Input input_of(acd::Batch batch, std::uint64_t seq, Micros at) {
    engine::Input input;
    input.seq = seq;
    input.instant = first + Seconds{1} + at;
    input.source = "pbx";
    input.body = engine::Events{std::move(batch)};
    return input;
}

acd::Batch batch_of(std::string_view lines) {
    return io::api::parse_ndjson(lines, io::api::NdjsonOptions{}).batch;
}

std::uint64_t size_of_folder(const std::string& folder) {
    std::uint64_t out = 0;
    for (const auto& entry : std::filesystem::directory_iterator{folder})
        if (entry.is_regular_file()) out += entry.file_size();
    return out;
}

/// As a telephone system tells it: one event an input, of sixteen inputs a commit. Bytes of the
/// events alone.
std::uint64_t write_day(store::SqliteJournal& journal, std::size_t events) {
    constexpr std::size_t a_commit = 16;
    const Micros between = Micros{24h} / static_cast<std::int64_t>(events);
    std::uint64_t bytes = 0;
    std::uint64_t seq = 1;
    const plan::RuleSet rules = rules_for(40);
    store::Commit commit;
    commit.rules.push_back({"h", codec::encode(rules), {}});
    commit.inputs.push_back({seq, first, codec::encode(loading(rules))});
    const auto texts = bodies(events, 40, 1);
    for (const std::string& text : texts) {
        ++seq;
        const auto at = between * static_cast<std::int64_t>(seq);
        const engine::Input input = input_of(batch_of(text), seq, at);
        bytes += text.size();
        commit.inputs.push_back({seq, input.instant, codec::encode(input)});
        commit.last_seq = seq;
        if (seq % a_commit != 0 && seq <= texts.size()) continue;
        std::promise<void> done;
        journal.append(std::exchange(commit, {}), [&](const store::Committed& written) {
            if (!written.durable) fmt::print("not written: {}\n", written.error);
            done.set_value();
        });
        done.get_future().wait();
    }
    return bytes;
}

}  // namespace

void day(bool quick) {
    const std::size_t events = quick ? 20'000 : 1'000'000;
    const test::TempFolder folder;
    store::Options where;
    where.path = folder.path();
    std::uint64_t told = 0;
    {
        auto journal = store::SqliteJournal::open(where);
        if (!journal) throw std::runtime_error{journal.error().what};
        told = write_day(**journal, events);
    }
    const double million = static_cast<double>(events) / 1e6;
    row("journal of a day of 1 M events",
        static_cast<double>(size_of_folder(where.path)) / 1e6 / million,
        "MB",
        100,
        "the aim",
        {.times = 1});
    row("an event in the journal",
        static_cast<double>(size_of_folder(where.path)) / static_cast<double>(events),
        "bytes",
        static_cast<double>(told) / static_cast<double>(events),
        "the same as NDJSON");

    auto opened = store::JournalReader::open(where);
    if (!opened) throw std::runtime_error{opened.error().what};
    const auto view = app::view_of(std::make_shared<store::JournalReader>(std::move(*opened)));
    double begun = cpu_seconds();
    std::size_t read = 0;
    const auto visited = view.inputs_after(0, [&](const store::InputRecord& record) {
        if (codec::decode<engine::Input>(record.bytes)) ++read;
        return true;
    });
    const double reading = cpu_seconds() - begun;
    begun = cpu_seconds();
    const auto found = app::recover(view, true);
    const double living = cpu_seconds() - begun;
    if (!visited || !found || found->replayed != events + 1 || read != events + 1)
        throw std::runtime_error{"the day is not read again whole"};
    row("recovery of a day of 1 M events, no image",
        living / million,
        "CPU-s",
        reading / million,
        "read and decode the same inputs");
    row("the same: events lived again",
        static_cast<double>(events) / living,
        "events/CPU-s",
        static_cast<double>(events) / reading,
        "read and decode the same inputs");

    // As after a kill: the newest image is as old as the daemon lets it become.
    const std::uint64_t imaged = events - events * 10 / (24 * 60);
    auto then = app::recover(view, true, imaged);
    if (!then) throw std::runtime_error{then.error().what};
    const store::Image image{
        then->last_seq, then->last_instant, then->effect_hash, then->engine.snapshot()
    };
    begun = cpu_seconds();
    const auto again = app::recover_from(view, image, std::nullopt);
    const double restart = cpu_seconds() - begun;
    if (!again || again->last_seq != found->last_seq || again->effect_hash != found->effect_hash)
        throw std::runtime_error{"another state behind the image"};
    row("start of that day, an image of ten minutes ago",
        restart,
        "CPU-s",
        1,
        "the aim",
        {.times = 1});
}

namespace {

/// One input each, as they come; CPU seconds in the engine.
double live(engine::Engine& engine, const std::vector<std::string>& texts) {
    double used = 0;
    std::uint64_t seq = 2;
    for (const std::string& text : texts) {
        const engine::Input input =
            input_of(batch_of(text), seq, Micros{100'000} * static_cast<std::int64_t>(seq));
        ++seq;
        const double begun = cpu_seconds();
        (void)engine.step(input);
        used += cpu_seconds() - begun;
    }
    return used;
}

}  // namespace

void growth(bool quick) {
    double at_first = 0;
    for (const std::size_t queues : {100U, 1000U, 10'000U, 100'000U}) {
        if (quick && queues > 1000) break;
        const std::size_t events = std::max<std::size_t>(quick ? 30'000 : 600'000, queues * 6);
        const auto texts = bodies(events, queues, 1000);
        const auto rules = rules_for(queues);
        const std::size_t before = resident_bytes();
        engine::Engine engine;
        (void)engine.step(loading(rules));
        const double each = live(engine, texts) / static_cast<double>(events) * 1e9;
        if (at_first <= 0) at_first = each;
        if (engine.board().queues().size() != queues)
            throw std::runtime_error{"queues are missing"};
        const auto name = [&](const char* what) {
            return fmt::format("growth, {} queues: {}", queues, what);
        };
        row(name("a step"), each, "ns an event", at_first, "with 100 queues");
        row(name("memory"),
            static_cast<double>(resident_bytes() - before) / static_cast<double>(queues),
            "bytes a queue",
            8192,
            "the aim",
            {.times = 1});
        double begun = cpu_seconds();
        const std::string image = engine.snapshot();
        const double written = cpu_seconds() - begun;
        begun = cpu_seconds();
        const auto restored = engine::Engine::restore(image, [&](const std::string&) {
            return std::make_shared<const plan::RuleSet>(rules);
        });
        const double started = cpu_seconds() - begun;
        if (!restored || restored->board().queues().size() != queues)
            throw std::runtime_error{"the image is not whole"};
        row(name("image"),
            static_cast<double>(image.size()) / static_cast<double>(queues),
            "bytes a queue",
            0,
            "");
        row(name("image made"), written * 1e3, "CPU-ms", 0, "");
        row(name("start from it"), started * 1e3, "CPU-ms", 1000, "the aim", {.times = 1});
    }
}

}  // namespace surged::bench
