// The report for programs.
#include "app/backtest/report.hpp"
#include "io/http/json_writer.hpp"

#include <chrono>
#include <cmath>

namespace surged::app::backtest {

using Json = io::http::JsonWriter;

void write_disorder(Json& json, const Sheet& sheet) {
    const Disorder& found = sheet.reading.disorder;
    if (found.events == 0) return json.null();
    json.begin_object();
    json.member("events", found.events);
    json.member("lateness", std::chrono::duration<double>(sheet.lateness).count());
    json.member("file", found.file);
    json.member("line", found.line);
    json.member("time", format_rfc3339(found.newest));
    json.end_object();
}

namespace {

/// Writes the parts of one report.
class Writer {
public:
    explicit Writer(const Sheet& sheet) : sheet_{sheet}, outcome_{sheet.outcome} {}

    std::string text() {
        const Tally tally = tally_of(outcome_);
        json_.begin_object();
        head();
        reading();
        json_.key("incidents");
        json_.begin_array();
        for (const IncidentSeen& one : outcome_.incidents) incident(one);
        json_.end_array();
        json_.key("pages");
        json_.begin_array();
        for (const PageSeen& one : outcome_.pages) page(one);
        json_.end_array();
        counts(tally);
        people(tally);
        json_.end_object();
        return std::move(json_).take() + '\n';
    }

private:
    [[nodiscard]] std::string time(Instant at) const { return format_rfc3339(outcome_.wall(at)); }
    void maybe(std::string_view name, const std::optional<Instant>& at) {
        json_.key(name);
        if (at)
            json_.value(time(*at));
        else
            json_.null();
    }
    template <class Map>
    void numbers(std::string_view name, const Map& map) {
        json_.key(name);
        json_.begin_object();
        for (const auto& [key, count] : map) json_.member(key, count);
        json_.end_object();
    }
    template <class List>
    void texts(std::string_view name, const List& list) {
        json_.key(name);
        json_.begin_array();
        for (const std::string& text : list) json_.value(text);
        json_.end_array();
    }
    void head() {
        json_.member("site", outcome_.rules->site.id);
        json_.member("rules", sheet_.rules_path);
        json_.key("rules_hash");
        if (sheet_.configured)
            json_.value(outcome_.rules_hash);
        else
            json_.null();
        maybe("from", outcome_.from);
        maybe("to", outcome_.to);
        json_.key("ack_after");
        if (sheet_.ack_after)
            json_.value(std::chrono::duration<double>(*sheet_.ack_after).count());
        else
            json_.null();
        texts("untested", outcome_.untested);
        numbers("troubles", outcome_.troubles);
    }
    void reading() {
        json_.key("read");
        json_.begin_object();
        texts("files", sheet_.files);
        json_.member("lines", sheet_.reading.lines);
        json_.member("events", sheet_.reading.events);
        json_.member("unreadable", sheet_.reading.bad.total);
        numbers("unreadable_by_reason", sheet_.reading.bad.by_reason);
        numbers("refused_by_reason", outcome_.refused);
        json_.key("out_of_order");
        write_disorder(json_, sheet_);
        json_.key("newest_unreadable");
        json_.begin_array();
        for (const BadLines::Shown& bad : sheet_.reading.bad.newest) {
            json_.begin_object();
            json_.member("file", bad.file);
            json_.member("line", bad.line);
            json_.member("reason", bad.reason);
            json_.member("words", bad.words);
            json_.end_object();
        }
        json_.end_array();
        texts("passed_over", sheet_.reading.notes);
        json_.end_object();
    }
    void incident(const IncidentSeen& one) {
        json_.begin_object();
        json_.member("id", one.id);
        json_.member("plan", one.plan);
        texts("queues", one.queues);
        json_.member("opened", time(one.opened));
        maybe("ended", one.ended);
        if (!one.ended_why.empty()) json_.member("ended_why", one.ended_why);
        json_.member("highest", plan::name_of(one.highest));
        json_.member("activated", one.activated);
        json_.key("levels");
        json_.begin_array();
        for (const Stage& stage : one.stages) {
            json_.begin_object();
            json_.member("at", time(stage.at));
            json_.member("level", plan::name_of(stage.level));
            json_.end_object();
        }
        json_.end_array();
        if (one.cause) cause(*one.cause);
        json_.member("pages", one.pages);
        json_.member("pages_for_steps", one.step_pages);
        texts("people", one.people);
        json_.end_object();
    }
    void cause(const incident::Cause& cause) {
        json_.key("cause");
        json_.begin_object();
        json_.member("trigger", cause.trigger);
        json_.member("queue", cause.queue);
        json_.member("level", plan::name_of(cause.level));
        if (cause.value) {
            json_.member("kpi", board::info_of(cause.measure.kpi).name);
            json_.member("value", cause.value->value());
        }
        if (cause.value && cause.threshold)
            json_.member("threshold", static_cast<double>(*cause.threshold) / 1e6);
        if (!cause.source.empty()) json_.member("source", cause.source);
        if (!cause.told.empty()) json_.member("told", cause.told);
        json_.end_object();
    }
    void page(const PageSeen& page) {
        json_.begin_object();
        json_.member("at", time(page.at));
        json_.member("person", page.person);
        json_.member("incident", page.incident);
        json_.member("level", plan::name_of(page.level));
        json_.member("channel", page.channel);
        json_.member("rise", std::uint64_t{page.rise});
        json_.member("rung", std::uint64_t{page.rung} + 1);
        json_.member("round", std::uint64_t{page.round} + 1);
        if (!page.step.empty()) json_.member("step", page.step);
        maybe("taken", page.acked);
        json_.end_object();
    }
    void levels(const plan::PerLevel<std::uint64_t>& counts) {
        json_.begin_object();
        for (const plan::Level level : plan::levels)
            json_.member(plan::name_of(level), counts.at(level));
        json_.end_object();
    }
    void counts(const Tally& tally) {
        json_.key("by_level");
        levels(tally.levels);
        json_.key("by_plan");
        json_.begin_object();
        for (const auto& [name, counts] : tally.incidents) {
            json_.key(name);
            levels(counts);
        }
        json_.end_object();
    }
    void people(const Tally& tally) {
        json_.key("by_person");
        json_.begin_object();
        for (const auto& [id, person] : tally.people) {
            json_.key(id);
            json_.begin_object();
            json_.member("pages", person.pages);
            json_.member("pages_for_steps", person.step_pages);
            json_.key("by_shift");
            json_.begin_object();
            for (std::size_t s = 0; s < shifts; ++s)
                json_.member(shift_name(s), person.by_shift[s]);
            json_.end_object();
            json_.end_object();
        }
        json_.end_object();
    }

    const Sheet& sheet_;
    const Outcome& outcome_;
    Json json_;
};

}  // namespace

std::string json_report(const Sheet& sheet) { return Writer{sheet}.text(); }

}  // namespace surged::app::backtest
