// The comparison for programs.
#include "app/backtest/compare.hpp"
#include "io/http/json_writer.hpp"

#include <chrono>

namespace surged::app::backtest {
namespace {

using Json = io::http::JsonWriter;

class Writer {
public:
    Writer(const Sheet& now, const Sheet& before)
        : now_{now}, before_{before}, both_{compare(now.outcome, before.outcome)} {}

    std::string text() {
        json_.begin_object();
        json_.member("site", now_.outcome.rules->site.id);
        maybe("from", now_.outcome.from);
        maybe("to", now_.outcome.to);
        rules("new", now_);
        rules("against", before_);
        json_.member("events", now_.reading.events);
        json_.key("out_of_order");
        write_disorder(json_, now_);
        json_.key("surges");
        json_.begin_array();
        for (const Surge& surge : both_.surges) one(surge);
        json_.end_array();
        levels();
        people();
        json_.end_object();
        return std::move(json_).take() + '\n';
    }

private:
    void maybe(std::string_view name, const std::optional<Instant>& at) {
        json_.key(name);
        if (at)
            json_.value(format_rfc3339(now_.outcome.wall(*at)));
        else
            json_.null();
    }
    void seconds(std::string_view name, std::optional<Micros> span) {
        json_.key(name);
        if (span)
            json_.value(std::chrono::duration<double>(*span).count());
        else
            json_.null();
    }
    void rules(std::string_view name, const Sheet& of) {
        json_.key(name);
        json_.begin_object();
        json_.member("rules", of.rules_path);
        json_.key("rules_hash");
        if (of.configured)
            json_.value(of.outcome.rules_hash);
        else
            json_.null();
        json_.member("pages", &of == &now_ ? both_.pages_now : both_.pages_before);
        json_.end_object();
    }
    void half(std::string_view name, const Half& half) {
        json_.key(name);
        if (!half.fired()) return json_.null();
        json_.begin_object();
        json_.member("incidents", std::uint64_t{half.incidents});
        maybe("opened", half.opened);
        json_.member("highest", plan::name_of(half.highest));
        json_.member("pages", half.pages);
        json_.end_object();
    }
    void one(const Surge& surge) {
        json_.begin_object();
        json_.member("plan", surge.plan);
        json_.key("queues");
        json_.begin_array();
        for (const std::string& queue : surge.queues) json_.value(queue);
        json_.end_array();
        half("new", surge.now);
        half("against", surge.before);
        json_.key("earlier_s");
        json_.begin_object();
        for (const plan::Level level : plan::levels)
            seconds(plan::name_of(level), surge.earlier(level));
        json_.end_object();
        json_.end_object();
    }
    void levels() {
        json_.key("by_level");
        json_.begin_object();
        for (const plan::Level level : plan::levels) {
            const LevelCount& count = both_.levels.at(level);
            json_.key(plan::name_of(level));
            json_.begin_object();
            json_.member("only_new", count.only_now);
            json_.member("both", count.both);
            json_.member("only_against", count.only_before);
            seconds("median_earlier_s", count.lead);
            json_.end_object();
        }
        json_.end_object();
    }
    void person(std::string_view name, const PersonTally& tally) {
        json_.key(name);
        json_.begin_object();
        json_.member("pages", tally.pages);
        json_.member("pages_for_steps", tally.step_pages);
        json_.key("by_shift");
        json_.begin_object();
        for (std::size_t s = 0; s < shifts; ++s) json_.member(shift_name(s), tally.by_shift[s]);
        json_.end_object();
        json_.end_object();
    }
    void people() {
        json_.key("by_person");
        json_.begin_object();
        for (const auto& [id, both] : both_.people) {
            json_.key(id);
            json_.begin_object();
            person("new", both.now);
            person("against", both.before);
            json_.end_object();
        }
        json_.end_object();
    }

    const Sheet& now_;
    const Sheet& before_;
    Comparison both_;
    Json json_;
};

}  // namespace

std::string json_comparison(const Sheet& now, const Sheet& before) {
    return Writer{now, before}.text();
}

}  // namespace surged::app::backtest
