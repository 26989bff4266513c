// A day of a million events: how large its journal is, and how long it takes to live it again; and
// what becomes of cost and memory from a hundred queues to a hundred thousand.
#include "app/recover.hpp"
#include "app/store_view.hpp"
#include "base/codec.hpp"
#include "base/random.hpp"
#include "bench/bench.hpp"
#include "core/engine/engine.hpp"
#include "io/api/ndjson.hpp"
#include "store/housekeeping.hpp"
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

/// What a telephone system tells in a day, in order: calls that are offered at any moment, wait,
/// are talked to and end, among each other. Nothing in it repeats as in a made-up list, or it would
/// pack too well.
std::vector<std::pair<Micros, std::string>> day_of_calls(std::size_t events, Random& random) {
    std::vector<std::pair<Micros, std::string>> out;
    const auto tell =
        [&](Micros at, std::string_view type, std::size_t call, const std::string& more) {
            const double ts = static_cast<double>((first + at).time_since_epoch().count()) / 1e6;
            out.emplace_back(
                at,
                fmt::format(
                    R"({{"ts":{:.6f},"type":"{}","call":"c-{}",{}}})"
                    "\n",
                    ts,
                    type,
                    call,
                    more
                )
            );
        };
    for (std::size_t call = 0; out.size() < events; ++call) {
        const Micros begin{static_cast<std::int64_t>(random.below(86'400'000'000))};
        const double waits = random.exponential(12);
        const double talks = random.exponential(180);
        const auto after = [&](double s) {
            return begin + Micros{static_cast<std::int64_t>(s * 1e6)};
        };
        const auto queue = fmt::format(R"("queue":"queue-{}")", random.below(40));
        const auto agent = fmt::format(R"({},"agent":"{}")", queue, 1000 + random.below(300));
        tell(begin, "offered", call, queue + R"(,"channel":"voice")");
        tell(after(waits), "answered", call, fmt::format(R"({},"wait":{:.1f})", agent, waits));
        tell(
            after(waits + talks),
            "completed",
            call,
            fmt::format(R"({},"talk":{:.1f},"wrap":12)", agent, talks)
        );
    }
    std::sort(out.begin(), out.end());
    out.resize(events);
    return out;
}

struct Day {
    std::uint64_t told{0};  // bytes, as NDJSON
    std::uint64_t size{0};  // of the store at the day's end
    std::uint64_t peak{0};  // and at its largest
};

/// One event an input, `a_commit` inputs a commit, and the housekeeping that the daemon does
/// meanwhile.
Day write_day(const store::Options& where, std::size_t events, std::size_t a_commit) {
    constexpr std::size_t rounds = 2000;  // in a day the daemon does it far more often
    Random random{1};
    auto journal = store::SqliteJournal::open(where);
    if (!journal) throw std::runtime_error{journal.error().what};
    auto keeping = store::Housekeeping::open(where, {});
    if (!keeping) throw std::runtime_error{keeping.error().what};
    Day day;
    std::uint64_t seq = 1;
    const plan::RuleSet rules = rules_for(40);
    store::Commit commit;
    commit.rules.push_back({"h", codec::encode(rules), {}});
    commit.inputs.push_back({seq, first, codec::encode(loading(rules))});
    const auto calls = day_of_calls(events, random);
    for (const auto& [at, text] : calls) {
        ++seq;
        const engine::Input input = input_of(batch_of(text), seq, at);
        day.told += text.size();
        commit.inputs.push_back({seq, input.instant, codec::encode(input)});
        commit.last_seq = seq;
        commit.effect_hash = random.next();  // as if each had an effect
        const bool round = seq % (events / rounds) == 0 || seq > calls.size();
        if (seq % a_commit != 0 && !round) continue;
        // Answers come in order: to wait for the last of a round is to wait for all.
        const auto answer = round ? std::make_shared<std::promise<std::string>>() : nullptr;
        (*journal)->append(std::exchange(commit, {}), [answer](const store::Committed& written) {
            if (answer) answer->set_value(written.error);
        });
        if (!round) continue;
        if (const auto error = answer->get_future().get(); !error.empty())
            throw std::runtime_error{error};
        const auto packed = keeping->pack();
        if (!packed || !keeping->checkpoint()) throw std::runtime_error{"housekeeping"};
        day.peak = std::max(day.peak, size_of_folder(where.path));
    }
    journal->reset();
    keeping = fail("closed");
    day.size = size_of_folder(where.path);
    return day;
}

/// Bytes of a day, its events each a commit of its own as they mostly are, or many to a commit.
void measure_day(const store::Options& where, std::size_t events, std::size_t a_commit) {
    const Day day = write_day(where, events, a_commit);
    const double million = static_cast<double>(events) / 1e6;
    const std::string shape = a_commit == 1 ? "" : fmt::format(", {} a commit", a_commit);
    const auto mega = [&](const std::string& what, std::uint64_t bytes) {
        const double value = static_cast<double>(bytes) / 1e6 / million;
        row(what + shape, value, "MB", 100, "the aim", {.times = 1});
    };
    mega("journal of a day of 1 M events", day.size);
    mega("the same at its largest", day.peak);
    row("an event in the journal" + shape,
        static_cast<double>(day.size) / static_cast<double>(events),
        "bytes",
        static_cast<double>(day.told) / static_cast<double>(events),
        "the same as NDJSON");
}

}  // namespace

void day(bool quick) {
    const std::size_t events = quick ? 20'000 : 1'000'000;
    {
        const test::TempFolder folder;
        store::Options where;
        where.path = folder.path();
        measure_day(where, events, 16);
    }
    const test::TempFolder folder;
    store::Options where;
    where.path = folder.path();
    measure_day(where, events, 1);
    const double million = static_cast<double>(events) / 1e6;

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
