#include "io/ack/desk.hpp"

#include "core/delivery/key.hpp"
#include "io/ack/document.hpp"
#include "io/ack/raise.hpp"
#include "io/http/target.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace surged::io::ack {
namespace {

constexpr std::size_t form_bytes_max = 4096;

/// "a=1&b=2" as sent by a form; empty if it is anything else.
std::map<std::string, std::string> fields_of(const std::string& body) {
    std::map<std::string, std::string> out;
    if (body.size() > form_bytes_max) return out;
    const auto parsed = http::parse_target("/?" + body);
    if (!parsed) return out;
    for (const auto& [name, value] : parsed->query) out.emplace(name, value);
    return out;
}

std::optional<std::uint32_t> number(const std::string& text) {
    std::uint32_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

std::optional<Action> action_of(const std::string& word) {
    if (word == "acknowledge") return Action::acknowledge;
    if (word == "on_my_way") return Action::on_my_way;
    if (word == "pass_on") return Action::pass_on;
    if (word == "activate" || word == "decline") return Action::decide;
    if (word == "raise") return Action::raise;
    return std::nullopt;
}

Notice thanks(Action action, bool yes) {
    switch (action) {
        case Action::acknowledge:
            return Notice::acknowledged;
        case Action::on_my_way:
            return Notice::on_my_way;
        case Action::pass_on:
            return Notice::passed_on;
        case Action::decide:
            return yes ? Notice::activated : Notice::declined;
        case Action::raise:
            return Notice::thresholds;
    }
    return Notice::none;
}

/// The form's nonce stands for the rise that was shown as well.
std::string form_subject(const std::string& token, std::uint32_t rise) {
    return fmt::format("{}.{}", token, rise);
}

/// Who has said that he has it: this step, or the level that stands.
std::vector<const incident::TimelineItem*> takings(
    const incident::Incident& incident, const delivery::Key& key
) {
    std::vector<const incident::TimelineItem*> out;
    for (const incident::TimelineItem& item : incident.timeline) {
        const bool begins =
            item.entry == incident::Entry::raised || item.entry == incident::Entry::opened;
        // Who took a milder level has not taken this one.
        if (begins && key.step.empty()) out.clear();
        if (item.entry != incident::Entry::acknowledged) continue;
        const auto of = delivery::parse_key(item.detail);
        if (of && of->step == key.step && of->turn == key.turn) out.push_back(&item);
    }
    return out;
}

/// It has not settled by itself.
bool is_open(const incident::Incident& incident, const delivery::Key& key) {
    if (key.step.empty()) return incident.phase != incident::Phase::recovering;
    const auto task = incident.tasks.find(key.step);
    return task != incident.tasks.end() && task->second.state == incident::TaskState::open &&
           task->second.turn == key.turn;
}

/// Somebody is wanted: for a step that is open, a level that is activated, or a decision.
bool is_asked(const incident::Incident& incident, const delivery::Key& key) {
    return !key.step.empty() || incident.phase == incident::Phase::activated ||
           incident.ask.has_value();
}

/// He is of the team that is asked whether to activate.
bool is_of_team_asked(
    const incident::Incident& incident, const plan::RuleSet& rules, const std::string& person
) {
    const auto plan = rules.plans.find(incident.plan);
    if (!incident.ask || plan == rules.plans.end()) return false;
    const auto role = plan->second.teams.find(incident.ask->by);
    const auto team =
        rules.teams.find(role == plan->second.teams.end() ? incident.ask->by : role->second);
    if (team == rules.teams.end()) return false;
    const auto has = [&](const std::vector<plan::Rung>& rungs) {
        return std::any_of(rungs.begin(), rungs.end(), [&](const plan::Rung& rung) {
            return std::find(rung.page.begin(), rung.page.end(), person) != rung.page.end();
        });
    };
    const auto& shifts = team->second.shifts;
    return team->second.last_resort == person || has(team->second.escalation) ||
           std::any_of(shifts.begin(), shifts.end(), [&](const plan::Shift& shift) {
               return has(shift.escalation);
           });
}

}  // namespace

/// A request whose token is ours, and what it is about.
struct Desk::Asked {
    std::string token;
    std::optional<Claim> claim;
    std::optional<delivery::Key> key;
    const incident::Incident* incident{nullptr};
    /// The rise that an answer takes; 0: it is about a step, not a rise.
    [[nodiscard]] std::uint32_t rise() const {
        return incident == nullptr || !key->step.empty() ? 0 : incident->rise;
    }
    plan::Language language{plan::Language::zh_cn};
};

Wall Desk::now() const {
    const engine::Engine& engine = host_.engine();
    return to_wall(engine.now(), engine.wall_offset());
}

std::string Desk::name_of(const std::string& person) const {
    const auto& people = host_.engine().rules().people;
    const auto it = people.find(person);
    return it == people.end() ? person : it->second.name;
}

bool Desk::may_decide(const Asked& asked) const {
    if (asked.incident == nullptr || !asked.key->step.empty()) return false;
    const engine::Engine& engine = host_.engine();
    const auto own = engine.rules_in_use().find(asked.incident->rules);
    const plan::RuleSet& rules = own == engine.rules_in_use().end() ? engine.rules() : *own->second;
    return allows(*asked.claim, Action::decide) &&
           is_of_team_asked(*asked.incident, rules, asked.claim->person);
}

Desk::Asked Desk::asked(const http::Request& request) {
    Asked out;
    out.token = request.params.at("token");
    out.claim = open(out.token, links_->keys());
    if (!out.claim) return out;
    host_.refresh();
    const engine::Engine& engine = host_.engine();
    out.key = delivery::parse_key(out.claim->page);
    if (out.key) {
        const auto it = engine.incidents().find(out.key->incident);
        if (it != engine.incidents().end()) out.incident = &it->second;
    }
    const plan::RuleSet& rules = engine.rules();
    const auto person = rules.people.find(out.claim->person);
    out.language = person == rules.people.end() ? rules.site.language : person->second.language;
    if (const std::string* wanted = request.query_value("lang")) {
        if (*wanted == "en") out.language = plan::Language::en;
        if (*wanted == "zh-CN") out.language = plan::Language::zh_cn;
    }
    return out;
}

Shown Desk::standing(const Asked& asked, Notice notice) const {
    const engine::Engine& engine = host_.engine();
    Shown out;
    out.language = asked.language;
    out.notice = notice;
    out.person = name_of(asked.claim->person);
    out.expired = now().us / 1'000'000 >= asked.claim->expires_s;
    out.incident = asked.key ? asked.key->incident : asked.claim->page;
    if (asked.incident == nullptr) return out;
    const incident::Incident& incident = *asked.incident;
    const auto clock = [&](Instant at) {
        return plan::local_clock(engine.rules().site.zone, to_wall(at, engine.wall_offset()));
    };
    for (const engine::Temporary& one : set_already(engine, incident))
        out.set.push_back({name_of(one.by), clock(engine.now() + one.lasts)});
    const std::string& step = asked.key->step;
    out.content = engine.describe(incident.id, step, asked.language).value_or(delivery::Content{});
    out.level = incident.level;
    out.rise = asked.rise();
    bool by_him = false;
    // A response that starts after people were asked about it is for somebody else to take.
    const bool stands = !step.empty() || incident.acked_rise >= incident.rise;
    for (const incident::TimelineItem* item : takings(incident, *asked.key)) {
        if (!stands) break;
        out.taken.push_back({name_of(item->by), clock(item->at)});
        by_him = by_him || item->by == asked.claim->person;
    }
    if (incident.phase == incident::Phase::ended) {
        out.standing = Standing::ended;
        out.ended = {name_of(incident.ended_by), clock(incident.ended_at.value_or(Instant{}))};
    } else if (!is_open(incident, *asked.key)) {
        out.standing = step.empty() ? Standing::recovered : Standing::closed;
    } else {
        out.standing = out.taken.empty() ? Standing::waiting : Standing::taken;
    }
    const bool open = out.standing == Standing::waiting || out.standing == Standing::taken;
    const bool answerable = !out.expired && open && is_asked(incident, *asked.key);
    if (!answerable) return out;
    out.may_acknowledge = allows(*asked.claim, Action::acknowledge) && !by_him;
    out.may_come = allows(*asked.claim, Action::on_my_way) && !by_him;
    out.may_pass_on = allows(*asked.claim, Action::pass_on) && out.standing == Standing::waiting;
    out.may_decide = may_decide(asked);
    out.started = incident.ask && incident.ask->confirm;
    const bool offers = links_->hold_most() >= std::chrono::minutes{hold_minutes_offered[0]};
    if (offers && step.empty() && allows(*asked.claim, Action::raise) &&
        !raised(engine, incident, {}, {}).empty())
        out.hold_most = links_->hold_most();
    if (out.may_acknowledge || out.may_come || out.may_pass_on || out.may_decide ||
        out.hold_most > Micros{0})
        out.form = form_nonce(form_subject(asked.token, out.rise), links_->keys().front(), now());
    return out;
}

http::Response Desk::respond(const Asked& asked, unsigned status, Notice notice) const {
    return html(status, render(standing(asked, notice)));
}

http::Response Desk::show(const http::Request& request) {
    const Asked subject = asked(request);
    if (!subject.claim) return html(404, render_invalid());
    return respond(subject, 200);
}

/// Why a form is not answered as it came; none: it is.
Notice Desk::objection(const http::Request& request, const Asked& asked) const {
    const std::string* site = request.header("sec-fetch-site");
    if (site != nullptr && *site == "cross-site") return Notice::foreign;
    const auto fields = fields_of(request.body);
    const auto field = [&](const char* name) {
        const auto it = fields.find(name);
        return it == fields.end() ? std::string{} : it->second;
    };
    const auto rise = number(field("rise"));
    if (!rise ||
        !form_nonce_good(field("form"), form_subject(asked.token, *rise), links_->keys(), now()))
        return Notice::again;
    if (asked.incident == nullptr) return Notice::too_late;
    if (asked.rise() != *rise) return Notice::raised;
    const auto action = action_of(field("answer"));
    if (!action || !allows(*asked.claim, *action)) return Notice::choose;
    if (*action == Action::decide && !may_decide(asked)) return Notice::too_late;
    const bool answerable = is_open(*asked.incident, *asked.key) &&
                            asked.incident->phase != incident::Phase::ended &&
                            is_asked(*asked.incident, *asked.key);
    if (*action == Action::raise && (!answerable || !asked.key->step.empty()))
        return Notice::too_late;
    if (*action == Action::raise && !raise_asked(fields, links_->hold_most()))
        return Notice::reason;
    return Notice::none;
}

boost::asio::awaitable<http::Response> Desk::answer(http::Request request) {
    Asked subject = asked(request);
    if (!subject.claim) co_return html(404, render_invalid());
    const Claim& claim = *subject.claim;
    if (now().us / 1'000'000 >= claim.expires_s) co_return respond(subject, 410);
    const Notice wrong = objection(request, subject);
    if (wrong == Notice::too_late) {
        const bool known = subject.incident != nullptr;
        co_return respond(subject, known ? 409 : 404, known ? wrong : Notice::none);
    }
    if (wrong == Notice::raised) co_return respond(subject, 409, wrong);
    if (wrong == Notice::choose || wrong == Notice::reason) co_return respond(subject, 400, wrong);
    if (wrong != Notice::none) co_return respond(subject, 403, wrong);

    auto fields = fields_of(request.body);
    const Action action = *action_of(fields["answer"]);
    if (action == Action::raise) co_return co_await raise(std::move(request), std::move(subject));
    const bool yes = fields["answer"] == "activate";
    // What he was shown stands at this rise, and that is what he answers.
    delivery::Key key = *subject.key;
    key.rise = subject.rise();
    engine::Input input;
    input.actor = {engine::ActorKind::person, claim.person, "link"};
    if (action == Action::acknowledge) {
        input.body = engine::Acknowledge{delivery::text_of(key), claim.person};
    } else if (action == Action::decide) {
        input.body = engine::Decide{key.incident, yes, claim.person, {}};
    } else {
        engine::AnswerPage said;
        said.page = delivery::text_of(key);
        said.by = claim.person;
        said.answer =
            action == Action::pass_on ? engine::Answer::pass_on : engine::Answer::on_my_way;
        said.within = std::chrono::minutes{std::min(number(fields["minutes"]).value_or(15), 1440U)};
        input.body = std::move(said);
    }
    const Submitted done = co_await host_.submit(std::move(input));
    subject = asked(request);  // the engine has gone on
    co_return settled(subject, done, thanks(action, yes));
}

http::Response Desk::settled(const Asked& subject, const Submitted& done, Notice thanks) const {
    if (done.overloaded) {
        http::Response busy = respond(subject, 503, Notice::busy);
        busy.headers.emplace_back("Retry-After", "1");
        return busy;
    }
    if (done.verdict == engine::Verdict::not_found) return respond(subject, 404);
    if (done.verdict == engine::Verdict::conflict) return respond(subject, 409, Notice::too_late);
    return done.durable ? respond(subject, 200, thanks) : respond(subject, 202, Notice::unsaved);
}

/// One figure after the other; the first that is not taken ends it.
boost::asio::awaitable<http::Response> Desk::raise(http::Request request, Asked subject) {
    const auto wish = raise_asked(fields_of(request.body), links_->hold_most());
    const std::string& by = subject.claim->person;
    auto wanted = raised(host_.engine(), *subject.incident, *wish, by);
    if (wanted.empty()) co_return respond(subject, 409, Notice::already);
    Submitted done;
    bool durable = true;
    for (engine::Temporary& each : wanted) {
        engine::Input input;
        input.actor = {engine::ActorKind::person, by, "link"};
        input.body = std::move(each);
        done = co_await host_.submit(std::move(input));
        durable = durable && done.durable;
        if (done.overloaded || done.verdict != engine::Verdict::done) break;
    }
    done.durable = durable;
    subject = asked(request);  // the engine has gone on
    co_return settled(subject, done, Notice::thresholds);
}

}  // namespace surged::io::ack
