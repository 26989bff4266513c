#include "app/offline/happen.hpp"

#include "io/api/event_fields.hpp"
#include "io/api/ndjson.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>
#include <vector>

namespace surged::app::offline {
namespace {

namespace json = boost::json;
using config::TestGiven;
using What = TestGiven::What;

std::string quoted(const std::string& word) { return json::serialize(json::string_view{word}); }

std::vector<std::string> quoted_each(const std::vector<std::string>& words) {
    std::vector<std::string> out;
    out.reserve(words.size());
    for (const std::string& word : words) out.push_back(quoted(word));
    return out;
}

/// The event as a line of the HTTP API, at `ts` unless it says its own.
std::string line_of(const TestGiven& given, Wall ts) {
    std::string out;
    bool timed = false;
    for (const auto& [name, words] : given.fields) {
        const auto key = io::api::key_of(name);
        const auto kind = key ? io::api::kind_of(*key) : io::api::Kind::text;
        std::string value;
        if (kind == io::api::Kind::list) {
            value = fmt::format("[{}]", fmt::join(quoted_each(words), ","));
        } else {
            const std::string word = words.empty() ? "" : words.front();
            value = kind == io::api::Kind::number ? word : quoted(word);
        }
        timed = timed || name == "ts";
        out += fmt::format("{}{}:{}", out.empty() ? "" : ",", quoted(name), value);
    }
    if (!timed)
        out += fmt::format(
            "{}\"ts\":{}.{:06}", out.empty() ? "" : ",", ts.us / 1'000'000, ts.us % 1'000'000
        );
    return "{" + out + "}\n";
}

std::string event(Runner& runner, const TestGiven& given, const std::string& source) {
    const Wall wall = to_wall(runner.now(), runner.engine().wall_offset());
    io::api::NdjsonOptions options;
    options.site = runner.engine().rules().site.id;
    options.caller = [](std::string_view, std::string_view caller) { return std::string{caller}; };
    auto parsed = io::api::parse_ndjson(line_of(given, wall), options);
    if (!parsed.rejects.empty())
        return fmt::format(
            "{}: {}", io::api::name_of(parsed.rejects.front().reason), parsed.rejects.front().words
        );
    const auto done = runner.give(engine::Events{std::move(parsed.batch)}, source);
    if (!done.applied.rejected.empty())
        return fmt::format("rejected: {}", acd::name_of(done.applied.rejected.front().reason));
    return {};
}

std::string answer_of(const engine::Step& step, std::string_view what) {
    if (step.verdict == engine::Verdict::done) return {};
    return fmt::format("{}{}{}", what, step.detail.empty() ? "" : ": ", step.detail);
}

/// The newest page that the person still owes an answer to.
std::string page_to(const Runner& runner, const std::string& plan, const std::string& person) {
    const delivery::Page* newest = nullptr;
    for (const auto& [id, page] : runner.engine().pages()) {
        const auto incident = runner.engine().incidents().find(page.incident);
        if (page.person != person || incident == runner.engine().incidents().end()) continue;
        const bool answered =
            page.state == delivery::State::acknowledged || page.state == delivery::State::over;
        if (incident->second.plan != plan || answered) continue;
        if (newest == nullptr || page.created_at > newest->created_at) newest = &page;
    }
    return newest == nullptr ? std::string{} : newest->id;
}

std::string of_incident(Runner& runner, const TestGiven& given) {
    const incident::Incident* found = newest_of(runner.engine(), given.plan, given.queue);
    if (found == nullptr || found->phase == incident::Phase::ended)
        return fmt::format("no incident of {} stands", given.plan);
    const std::string id = found->id;
    switch (given.what) {
        case What::activate:
        case What::decline:
            return answer_of(
                runner.give(engine::Decide{id, given.what == What::activate, given.word, given.why}
                ),
                "refused"
            );
        case What::done:
        case What::skip:
            return answer_of(
                runner.give(
                    engine::MarkStep{id, given.word, given.what == What::skip, given.by, given.why}
                ),
                "refused"
            );
        case What::pin:
            return answer_of(
                runner.give(engine::PinLevel{id, given.level, given.lasts, given.by, given.why}),
                "refused"
            );
        case What::end:
            return answer_of(
                runner.give(engine::EndIncident{id, given.word, given.why}), "refused"
            );
        default:
            break;
    }
    const std::string page = page_to(runner, given.plan, given.word);
    if (page.empty()) return fmt::format("{} has no page to take", given.word);
    return answer_of(runner.give(engine::Acknowledge{page, given.word}), "refused");
}

}  // namespace

const incident::Incident* newest_of(
    const engine::Engine& engine, std::string_view plan, std::string_view queue
) {
    const incident::Incident* out = nullptr;
    for (const auto& [id, incident] : engine.incidents()) {
        if (incident.plan != plan) continue;
        if (!queue.empty() && !incident.queue.empty() && incident.queue != queue) continue;
        if (out == nullptr || incident.opened_at >= out->opened_at) out = &incident;
    }
    return out;
}

std::string give(Runner& runner, const TestGiven& given, const std::string& source) {
    switch (given.what) {
        case What::event:
            return event(runner, given, source);
        case What::report:
            return answer_of(
                runner.give(engine::Report{
                    given.plan,
                    given.word,
                    given.level,
                    given.queue,
                    given.where,
                    {},
                    {},
                    given.why,
                    given.by
                }),
                "refused"
            );
        case What::alert:
        case What::resolved: {
            const Micros lasts = given.what == What::alert ? given.lasts : Micros{0};
            return answer_of(runner.give(engine::Alerts{{{given.labels, {}, lasts}}}), "refused");
        }
        case What::down:
        case What::up:
            runner.give(engine::SourceState{given.what == What::up, true, ""}, given.word);
            return {};
        default:
            return of_incident(runner, given);
    }
}

}  // namespace surged::app::offline
