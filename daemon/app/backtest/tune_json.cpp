// The trials and the proposal for programs.
#include "app/backtest/tune_report.hpp"
#include "io/http/json_writer.hpp"

#include <chrono>

namespace surged::app::backtest {
namespace {

using Json = io::http::JsonWriter;

std::string_view word_of(Choice choice) {
    switch (choice) {
        case Choice::moved:
            return "moved";
        case Choice::fits:
            return "fits";
        case Choice::silent:
            return "silent";
        case Choice::short_:
            return "too_short";
        case Choice::too_many:
            break;
    }
    return "too_many";
}

void trial(Json& json, const Trial& one, double weeks) {
    json.begin_object();
    json.member("factor", one.factor);
    json.member("threshold", static_cast<double>(one.threshold) / 1e6);
    json.member("alarms", one.alarms);
    json.member("a_week", weeks > 0 ? static_cast<double>(one.alarms) / weeks : 0.0);
    json.key("median_lead_s");
    if (one.lead)
        json.value(std::chrono::duration<double>(*one.lead).count());
    else
        json.null();
    json.end_object();
}

void rung(Json& json, const RungTrials& one, double weeks) {
    json.begin_object();
    json.member("level", plan::name_of(one.level));
    json.member("now", static_cast<double>(one.trials[one.now].threshold) / 1e6);
    json.member("proposed", static_cast<double>(one.trials[one.chosen].threshold) / 1e6);
    json.member("choice", word_of(one.choice));
    json.key("trials");
    json.begin_array();
    for (const Trial& each : one.trials) trial(json, each, weeks);
    json.end_array();
    json.end_object();
}

void levels(Json& json, std::string_view name, const Sheet& of) {
    const Tally tally = tally_of(of.outcome);
    json.key(name);
    json.begin_object();
    for (const plan::Level level : plan::levels)
        json.member(plan::name_of(level), tally.levels.at(level));
    json.member("pages", tally.pages);
    json.end_object();
}

}  // namespace

std::string json_tuning(const TuneSheet& sheet) {
    Json json;
    const double weeks = weeks_of(sheet.before.outcome);
    json.begin_object();
    json.member("rules", sheet.before.rules_path);
    json.key("rules_hash");
    json.null();  // it is read without surged.yaml: another one than the daemon's
    json.member("weeks", weeks);
    json.key("ladders");
    json.begin_array();
    for (const LadderTrials& ladder : sheet.ladders) {
        json.begin_object();
        json.member("plan", ladder.plan);
        json.member("trigger", ladder.trigger);
        json.member("changed", ladder.changed);
        json.member("crossed", ladder.crossed);
        json.key("rungs");
        json.begin_array();
        for (const RungTrials& one : ladder.rungs) rung(json, one, weeks);
        json.end_array();
        json.end_object();
    }
    json.end_array();
    json.key("not_tuned");
    json.begin_array();
    for (const Untuned& one : sheet.untuned) {
        json.begin_object();
        json.member("trigger", one.plan + "/" + one.trigger);
        json.member("why", one.why);
        json.end_object();
    }
    json.end_array();
    levels(json, "incidents_now", sheet.before);
    if (sheet.proposes()) levels(json, "incidents_proposed", sheet.after);
    json.member("diff", sheet.diff);
    json.end_object();
    return std::move(json).take() + '\n';
}

}  // namespace surged::app::backtest
