#include "app/cli/replay.hpp"

#include "app/cli/definitions.hpp"
#include "app/cli/language.hpp"
#include "app/cli/manner.hpp"
#include "app/cli/site_time.hpp"
#include "app/cli/table.hpp"
#include "app/recover.hpp"
#include "app/store_view.hpp"
#include "base/codec.hpp"
#include "base/time.hpp"
#include "io/http/json_writer.hpp"
#include "store/reader.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <ostream>
#include <utility>
#include <vector>

namespace surged::app::cli {
namespace {

/// The journal up to there, replayed.
struct Replayed {
    engine::Engine engine;
    std::uint64_t record{0};
    std::uint64_t from_image{0};  // the image it began with; 0: the beginning
    std::uint64_t steps{0};
    std::string verdict;  // how the effects compare with those recorded
    bool differs{false};
    std::string lost;       // why the journal ends before it should
    bool after_end{false};  // a later time was asked for: nothing is known of it
};

using Reader = std::shared_ptr<const store::JournalReader>;

/// The last input whose time has come by `at`; 0: none.
Result<std::uint64_t> last_by(const Reader& reader, Instant at) {
    std::uint64_t last = 0;
    const auto end = reader->read_after(0, [&](const store::InputRecord& record) {
        if (record.instant > at) return false;
        last = record.seq;
        return true;
    });
    if (!end) return tl::make_unexpected(end.error());
    // Behind a gap no walk from the start comes: images stand there, by their own time.
    for (auto upto = store::end_of_journal;;) {
        const auto newest = reader->newest_image(upto);
        if (!newest) return tl::make_unexpected(newest.error());
        if (!newest->image || newest->image->seq <= last) return last;
        if (newest->image->instant > at) {
            upto = newest->image->seq - 1;
            continue;
        }
        last = newest->image->seq;
        const auto tail = reader->read_after(last, [&](const store::InputRecord& record) {
            if (record.instant > at) return false;
            last = record.seq;
            return true;
        });
        if (!tail) return tl::make_unexpected(tail.error());
        return last;
    }
}

/// The format of that input, if it is not this version's: its hashes are of other bytes then.
std::optional<std::uint16_t> older_format(const Reader& reader, std::uint64_t seq) {
    std::optional<std::uint16_t> out;
    const auto take = [&out](const store::InputRecord& record) {
        if (record.format != codec::format_version) out = record.format;
        return true;
    };
    const auto end = reader->read_after(seq == 0 ? 0 : seq - 1, take, {}, seq);
    return end ? out : std::nullopt;
}

Result<Replayed> walk(const Reader& reader, std::uint64_t upto, bool from_start) {
    std::optional<store::Image> image;
    if (!from_start) {
        auto newest = reader->newest_image(upto);
        if (!newest) return tl::make_unexpected(newest.error());
        image = std::move(newest->image);
    }
    Replayed out;
    if (image) out.from_image = image->seq;
    const auto found = std::make_shared<Found>();
    auto made = recover_from(view_of(reader, found), image, upto);
    if (!made) return tl::make_unexpected(made.error());
    out.engine = std::move(made->engine);
    out.record = made->last_seq;
    out.steps = made->replayed;
    out.lost = made->lost.empty() ? found->lost : made->lost;
    if (out.record == 0) {
        out.verdict = "before the first input";
        return out;
    }
    const auto note = reader->note_at(out.record);
    if (!note) return tl::make_unexpected(note.error());
    if (!*note) {
        out.verdict = "in the middle of a commit";
        return out;
    }
    if (const auto older = older_format(reader, out.record)) {
        out.verdict = fmt::format("recorded in format {}, not compared", *older);
        return out;
    }
    out.differs = (*note)->effect_hash != made->effect_hash ||
                  (!(*note)->state_hash.empty() && (*note)->state_hash != state_hash(out.engine));
    out.verdict = out.differs ? "NOT as recorded" : "as recorded";
    return out;
}

/// The first instant of which it tells; none: it is empty.
Result<std::optional<Instant>> beginning(const Reader& reader) {
    std::optional<Instant> out;
    const auto end = reader->read_after(0, [&out](const store::InputRecord& record) {
        out = record.instant;
        return false;
    });
    if (!end) return tl::make_unexpected(end.error());
    if (out) return out;
    // The retention has deleted what came first: the oldest image is the beginning.
    for (auto upto = store::end_of_journal;;) {
        const auto image = reader->newest_image(upto);
        if (!image) return tl::make_unexpected(image.error());
        if (!image->image) return out;
        out = image->image->instant;
        if (image->image->seq == 0) return out;
        upto = image->image->seq - 1;
    }
}

/// At the site, if it is known where that is; a time in UTC says so by its Z.
Manner manner_at(plan::Language language, const engine::Engine& engine) {
    const plan::Zone& zone = engine.rules().site.zone;
    return zone.name.empty() ? Manner{language} : Manner{language, zone};
}

std::string zoned(const engine::Engine& engine, Instant at) {
    const std::string& zone = engine.rules().site.zone.name;
    const Manner manner = manner_at(plan::Language::en, engine);
    const std::string time = manner.time(to_wall(at, engine.wall_offset()));
    return zone.empty() ? time : time + " " + zone;
}

tl::unexpected<Error> too_early(const Reader& reader, const engine::Engine& newest) {
    const auto from = beginning(reader);
    if (!from) return tl::make_unexpected(from.error());
    if (!*from) return fail("the journal is empty");
    return fail(fmt::format(
        "the journal tells of {} to {} only", zoned(newest, **from), zoned(newest, newest.now())
    ));
}

std::string when(const engine::Engine& engine, Instant at) {
    return format_rfc3339(to_wall(at, engine.wall_offset()));
}

std::vector<engine::TriggerView> firing(const engine::Engine& engine) {
    std::vector<engine::TriggerView> out;
    for (engine::TriggerView& view : engine.triggers())
        if (view.firing != plan::Level::none) out.push_back(std::move(view));
    return out;
}

std::string number(std::optional<double> value) {
    return value ? fmt::format("{:.6g}", *value) : std::string{"-"};
}

void show_queues(std::ostream& out, const Manner& manner, const engine::Engine& engine) {
    Table table{
        {manner.say("队列", "QUEUE"),
         manner.say("进线量", "OFFERED"),
         manner.say("接起量", "ANSWERED"),
         manner.say("放弃量", "ABANDONED"),
         manner.say("排队数", "WAITING"),
         manner.say("在线", "LIVE")}
    };
    const board::View& board = engine.board();
    for (const board::QueueIx queue : board.queues()) {
        const board::Totals& totals = board.totals(queue);
        const auto waiting = board.value(queue, board::Measure{});
        table.add({
            board.name(queue),
            std::to_string(totals.offered),
            std::to_string(totals.answered),
            std::to_string(totals.abandoned),
            waiting ? number(waiting->value()) : "-",
            board.data_live(queue) ? manner.say("是", "yes") : manner.say("否", "no"),
        });
    }
    out << table.text();
}

std::string level_in(const Manner& manner, plan::Level level) {
    return manner.language() == plan::Language::zh_cn && level != plan::Level::none
               ? paging::level_word(level, manner.language())
               : std::string{plan::name_of(level)};
}

std::string at_site(const Manner& manner, const engine::Engine& engine, Instant at) {
    return manner.time(to_wall(at, engine.wall_offset()));
}

void show_firing(std::ostream& out, const Manner& manner, const engine::Engine& engine) {
    Table table{
        {manner.say("触发级别", "FIRES"),
         manner.say("触发条件", "TRIGGER"),
         manner.say("队列", "QUEUE"),
         manner.say("数值", "VALUE"),
         manner.say("阈值", "LIMIT"),
         manner.say("自", "SINCE")}
    };
    for (const engine::TriggerView& view : firing(engine))
        table.add({
            level_in(manner, view.firing),
            view.plan + " " + view.trigger,
            view.queue,
            number(view.value),
            number(view.thresholds.at(view.firing)),
            view.since ? at_site(manner, engine, *view.since) : "-",
        });
    out << '\n' << table.text();
}

void show_incidents(std::ostream& out, const Manner& manner, const engine::Engine& engine) {
    using incident::Term;
    const plan::Language language = manner.language();
    for (const auto& [id, incident] : engine.incidents()) {
        out << fmt::format(
            "\n{}  {} {} {}\n",
            id,
            incident.plan,
            level_in(manner, incident.level),
            incident::said(Term::phase, incident::name_of(incident.phase), language)
        );
        for (const incident::TimelineItem& item : incident.timeline)
            out << fmt::format(
                "  {}  {} {} {} {}\n",
                at_site(manner, engine, item.at),
                fitted(incident::said(Term::entry, incident::name_of(item.entry), language), 12),
                fitted(level_in(manner, item.level), 4),
                item.by,
                item.detail
            );
    }
    Table pages{
        {manner.say("呼叫", "PAGE"),
         manner.say("人员", "TO"),
         manner.say("状态", "STATE"),
         manner.say("尝试次数", "ATTEMPTS")}
    };
    for (const auto& [id, page] : engine.pages())
        pages.add({
            id,
            page.person,
            incident::said(Term::page, delivery::name_of(page.state), language),
            std::to_string(page.attempts),
        });
    if (!engine.pages().empty()) out << '\n' << pages.text();
}

/// How the effects compare with those recorded, as Replayed has it.
std::string verdict_in(const Manner& manner, const std::string& verdict) {
    if (verdict == "as recorded") return manner.say("与记录一致", "as recorded");
    if (verdict == "NOT as recorded") return manner.say("与记录不一致", "NOT as recorded");
    if (verdict == "in the middle of a commit")
        return manner.say("位于一次提交的中间", "in the middle of a commit");
    if (verdict == "before the first input")
        return manner.say("尚无任何输入", "before the first input");
    return verdict;
}

void show(const Globals& globals, const Manner& manner, const Replayed& seen) {
    std::ostream& out = *globals.out;
    out << manner.say(
        "{}  记录 {},自{}重放 {} 条\n状态 {}\n效果 {:016x},{}\n{}\n",
        "{0}  record {1}, {3} replayed from {2}\nstate {4}\neffects {5:016x}, {6}\n{7}\n",
        zoned(seen.engine, seen.engine.now()),
        seen.record,
        seen.from_image == 0 ? manner.say("开头", "the start")
                             : manner.say("映像 {} ", "the image at {}", seen.from_image),
        seen.steps,
        state_hash(seen.engine),
        seen.engine.effect_hash(),
        verdict_in(manner, seen.verdict),
        seen.after_end ? manner.say(
                             "日志到此为止,其后的情况无从得知\n",
                             "here the journal ends: of what came later it tells nothing\n"
                         )
                       : ""
    );
    show_queues(out, manner, seen.engine);
    show_firing(out, manner, seen.engine);
    show_incidents(out, manner, seen.engine);
}

void show_json(const Globals& globals, const Replayed& seen) {
    io::http::JsonWriter json;
    json.begin_object();
    json.member("at", when(seen.engine, seen.engine.now()));
    json.member("record", seen.record);
    json.member("replayed", seen.steps);
    json.member("state_hash", state_hash(seen.engine));
    json.member("effect_hash", fmt::format("{:016x}", seen.engine.effect_hash()));
    json.member("recorded", seen.verdict);
    json.member("lost", seen.lost);
    json.member("after_end", seen.after_end);
    json.key("firing");
    json.begin_array();
    for (const engine::TriggerView& view : firing(seen.engine)) {
        json.begin_object();
        json.member("plan", view.plan);
        json.member("trigger", view.trigger);
        json.member("queue", view.queue);
        json.member("level", plan::name_of(view.firing));
        json.member("value", number(view.value));
        json.member("limit", number(view.thresholds.at(view.firing)));
        json.end_object();
    }
    json.end_array();
    json.key("incidents");
    json.begin_array();
    for (const auto& [id, incident] : seen.engine.incidents()) {
        json.begin_object();
        json.member("id", id);
        json.member("level", plan::name_of(incident.level));
        json.member("phase", incident::name_of(incident.phase));
        json.end_object();
    }
    json.end_array();
    json.end_object();
    *globals.out << std::move(json).take() << '\n';
}

Result<Replayed> replayed(const ReplayOptions& options) {
    store::Options where;
    where.path = options.store;
    auto opened = store::JournalReader::open(where);
    if (!opened) return tl::make_unexpected(opened.error());
    const auto reader = std::make_shared<const store::JournalReader>(std::move(*opened));
    if (options.at.empty())
        return walk(reader, options.record.value_or(store::end_of_journal), options.from_start);
    auto newest = walk(reader, store::end_of_journal, false);  // for its zone, and its clock
    if (!newest) return newest;
    const auto wall = site_time(options.at, newest->engine.rules().site.zone);
    if (!wall) return tl::make_unexpected(wall.error());
    const Instant at = to_instant(*wall, newest->engine.wall_offset());
    const auto upto = last_by(reader, at);
    if (!upto) return tl::make_unexpected(upto.error());
    if (*upto == 0) return too_early(reader, newest->engine);
    auto out = walk(reader, *upto, options.from_start);
    if (!out) return out;
    engine::Input tick;
    tick.instant = at;
    // A time is shown in whole seconds: the last of them is the journal's.
    out->after_end = at >= newest->engine.now() + 1s;
    if (!out->after_end && out->engine.now() < at)
        (void)out->engine.step(tick);  // what was due by then
    return out;
}

}  // namespace

Exit replay(const Globals& globals, const ReplayOptions& options) {
    const auto seen = replayed(options);
    if (!seen) return complain(globals, seen.error());
    const Manner manner = manner_at(language_for(globals.language), seen->engine);
    if (globals.json)
        show_json(globals, *seen);
    else
        show(globals, manner, *seen);
    if (!seen->lost.empty()) *globals.err << manner.say("丢失:{}\n", "lost: {}\n", seen->lost);
    return seen->differs || !seen->lost.empty() ? Exit::finding : Exit::fine;
}

void define_replay(CLI::App& app, Run& run) {
    auto* command =
        app.add_subcommand("replay", "the state of a store at any instant, what fired and why");
    const auto o = std::make_shared<ReplayOptions>();
    command->add_option("STORE", o->store, "the folder of the store")
        ->capture_default_str()
        ->type_name("DIR");
    auto* at = command->add_option("--at", o->at, "local time or RFC 3339; default: the end");
    command->add_option("--record", o->record, "behind this input instead")->excludes(at);
    command->add_flag("--from-start", o->from_start, "leave the images aside");
    command->callback([&run, o] {
        run = [o](const Globals& globals) { return replay(globals, *o); };
    });
}

}  // namespace surged::app::cli
