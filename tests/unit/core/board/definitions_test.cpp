// Every KPI against its definition: random days in a call center, the board beside a plain list.
#include "base/random.hpp"
#include "core/acd/call.hpp"
#include "ledger.hpp"

#include <deque>
#include <functional>
#include <set>
#include <utility>

using namespace surged;
using namespace surged::test;
using acd::TicketStatus;

namespace {

struct Contact {
    std::string id, klass, caller;
    acd::Channel channel{acd::Channel::voice};
    double joined{0};
    // The rounds of a written one, and where the open one stands in the ledger as a miss.
    bool asks{true}, met{false};
    double asked{0};
    std::optional<std::size_t> missed;
};

struct Told {
    TicketStatus status{TicketStatus::opened};
    std::optional<double> due;
    bool due_told{false};
    int severity{0};
};

/// Tells the floor and the ledger the same.
class Day {
public:
    explicit Day(std::uint64_t seed) : random_{seed} {
        plan::QueueRule& rule = ledger.rule;
        rule.target = Seconds{10 + random_.below(30)};
        rule.short_abandon = Seconds{random_.below(8)};
        rule.formula = static_cast<board::Formula>(seed % 8);
        rule.lines = 12;
        if (seed % 2 == 0) rule.backlog_after = Seconds{30 + random_.below(600)};
        if (seed % 3 == 0) rule.complaint_limit = Seconds{60 + random_.below(2000)};
        bench.rules.site.queues["sales"] = rule;
        bench.rules.site.zone = {"x", {{Wall{0}, 38'760}}};
        for (const auto& info : board::kpi_table()) add_measures(info);
        bench.measures = measures;
        bench.load();
        bench.tell(0, event(EventType::snapshot_queue, "sales"));
        for (int i = 0; i < 120; ++i) plan_contact(i);
        for (int i = 0; i < 80; ++i) plan_other();
        std::stable_sort(steps_.begin(), steps_.end(), [](const auto& a, const auto& b) {
            return a.first < b.first;
        });
    }

    void run() {
        double next_look = 20;
        for (const auto& [at, act] : steps_) {
            for (; next_look < at; next_look += draw(900)) look(next_look);
            pass(at);
            act(at);
        }
        for (; next_look < 14'000; next_look += 600) look(next_look);
    }

    FloorBench bench;
    Ledger ledger;
    std::vector<Measure> measures;

private:
    double draw(double most) { return random_.uniform() * most; }
    /// Whole milliseconds: so that times by hand and by the floor are the same.
    double moment(double most) {
        return static_cast<double>(random_.below(static_cast<std::uint64_t>(most * 1000))) / 1000;
    }

    void add_measures(const board::KpiInfo& info) {
        if (info.kpi == Kpi::gauge) return;
        for (std::size_t w = 0; w < board::windows; ++w) {
            if (info.windowed != (w > 0)) continue;
            const auto window = static_cast<Window>(w);
            measures.push_back({info.kpi, window, {}, {}, {}});
            if (info.filter != board::Filter::none)
                measures.push_back({info.kpi, window, {}, "vip", {}});
            if (info.filter != board::Filter::complaint) continue;
            measures.push_back({info.kpi, window, {}, {}, "price"});
            measures.push_back({info.kpi, window, {}, "vip", "price"});
            measures.push_back({info.kpi, window, {}, {}, {}, 2});
            measures.push_back({info.kpi, window, {}, "vip", "price", 1});
        }
    }

    void look(double now) {
        pass(now);
        CAPTURE(now);
        for (const Measure& m : measures) {
            CAPTURE(board::info_of(m.kpi).name);
            CAPTURE(board::name_of(m.window));
            CAPTURE(m.klass);
            CAPTURE(m.topic);
            CAPTURE(m.severity);
            const auto is = bench.view().value(bench.queue(), m);
            const auto should = ledger.value(m, at(now));
            REQUIRE(is.has_value() == should.has_value());
            if (is) REQUIRE(is->value() == doctest::Approx(*should).epsilon(1e-5));
        }
        REQUIRE(bench.balanced());
    }
    /// What time alone does up to `now`: misses, overdue complaints, midnight.
    void pass(double now) {
        bench.wait_until(now);
        ledger.midnight = at(now < 3600 ? 3600 - 86'400 : 3600);
        for (Contact* c : asking_) {
            if (c->missed || c->asked + 180 > now) continue;
            c->missed = ledger.entries.size();
            add({Fact::round, at(c->asked + 180), c->klass});
        }
        ledger.tickets_open = ledger.tickets_overdue = 0;
        for (const auto& [id, t] : tickets_) {
            if (t.status == TicketStatus::closed) continue;
            ++ledger.tickets_open;
            if (t.due && *t.due <= now) ++ledger.tickets_overdue;
        }
    }
    void add(Entry entry) {
        if (entry.klass.empty()) entry.klass = "normal";
        ledger.entries.push_back(std::move(entry));
    }
    void later(double at, std::function<void(double)> act) { steps_.emplace_back(at, act); }
    /// Now and then everything is told twice.
    void tell(double now, const Event& e) {
        CHECK(bench.tell(now, e) == Reject::none);
        if (random_.below(8) == 0) bench.tell(now, e);
    }
    static Event of(EventType type, const Contact& c, double ts) {
        Event e = event(type, "sales", c.id);
        e.klass = c.klass;
        e.channel = c.channel;
        return when(e, ts);
    }

    void plan_contact(int number) {
        Contact& c = contacts_.emplace_back();
        c.id = "c-" + std::to_string(number);
        c.klass = random_.below(3) == 0 ? "vip" : "";
        if (random_.below(2) == 0) c.caller = "caller-" + std::to_string(random_.below(12));
        constexpr std::array channels{
            acd::Channel::voice, acd::Channel::chat, acd::Channel::email, acd::Channel::social
        };
        c.channel = channels[random_.below(4)];
        c.joined = moment(10'000);
        later(c.joined, [this, &c](double now) { offer(c, now); });
        double told = c.joined;
        double ts = c.joined + moment(90);
        const auto arrives = [&] { return told = std::max(told, ts + moment(25)); };
        const auto kind = random_.below(8);
        if (kind < 3) {
            later(arrives(), [this, &c, ts, kind](double now) {
                leaves(c, ts, now, kind == 0 ? EventType::exited : EventType::abandoned);
            });
            return;
        }
        later(arrives(), [this, &c, ts](double now) { answer(c, ts, now); });
        const double answered = ts;
        if (acd::is_written(c.channel))
            for (auto n = random_.below(8); n > 0; --n) {
                ts += moment(random_.below(3) == 0 ? 400 : 60);
                const auto by = static_cast<acd::ReplyBy>(random_.below(3));
                later(arrives(), [this, &c, ts, by](double now) { reply(c, by, ts, now); });
            }
        ts += moment(300);
        later(arrives(), [this, &c, ts, answered](double now) { finish(c, answered, ts, now); });
    }

    void offer(Contact& c, double now) {
        Event e = of(EventType::offered, c, now);
        e.caller = c.caller;
        tell(now, e);
        add({Fact::offered, at(now), c.klass});
        if (!c.caller.empty()) {
            add({Fact::repeat_known, at(now), c.klass});
            const auto last = callers_.find(c.caller);
            if (last != callers_.end() && now - last->second <= 1800)
                add({Fact::repeated, at(now), c.klass});
            callers_[c.caller] = now;
        }
        const bool written = acd::is_written(c.channel);
        ledger.open[c.id] = {
            at(now), c.klass.empty() ? "normal" : c.klass, true, written, acd::is_session(c.channel)
        };
        c.asked = now;
        ledger.written = ledger.written || written;
        if (written) asking_.insert(&c);
    }
    /// The wait, which the feed gives as it likes in half of the cases.
    Micros wait_of(const Contact& c, double ts, Event& e) {
        if (random_.below(2) == 0) e.wait = span(ts - c.joined + 1.5);
        return e.wait.value_or(span(ts - c.joined));
    }
    void leaves(Contact& c, double ts, double now, EventType type) {
        Event e = of(type, c, ts);
        e.exit = ExitReason::timeout;
        const Micros wait = wait_of(c, ts, e);
        tell(now, e);
        const Fact fact = type == EventType::exited ? Fact::exited : Fact::abandoned;
        add({fact, at(ts), c.klass, {}, wait});
        over(c);
    }
    void answer(Contact& c, double ts, double now) {
        Event e = of(EventType::answered, c, ts);
        const Micros wait = wait_of(c, ts, e);
        tell(now, e);
        add({Fact::answered, at(ts), c.klass, {}, wait});
        ledger.open[c.id].waits = false;
    }
    void reply(Contact& c, acd::ReplyBy by, double ts, double now) {
        Event e = of(EventType::reply, c, ts);
        e.by = by;
        tell(now, e);
        if (by == acd::ReplyBy::customer && !c.asks) {
            c.asks = true;
            c.asked = ts;
            asking_.insert(&c);
        }
        if (by != acd::ReplyBy::agent) return;
        if (!std::exchange(c.met, true))
            add({Fact::first_reply, at(ts), c.klass, {}, span(ts - c.joined)});
        if (!std::exchange(c.asks, false)) return;
        asking_.erase(&c);
        const int in_time = ts <= c.asked + 180 ? 1 : 0;
        if (c.missed)
            ledger.entries[*c.missed].figure = in_time;
        else
            add({Fact::round, at(std::min(ts, c.asked + 180)), c.klass, {}, {}, in_time});
        c.missed.reset();
    }
    void finish(Contact& c, double answered, double ts, double now) {
        const bool transferred = random_.below(4) == 0;
        Event e = of(transferred ? EventType::transferred : EventType::completed, c, ts);
        Micros handle = span(ts - answered);
        if (random_.below(2) == 0) e.talk = handle = 77s;
        if (random_.below(2) == 0) e.wrap = 9s;
        tell(now, e);
        add({Fact::handled, at(ts), c.klass, {}, handle + e.wrap.value_or(Micros{0})});
        if (transferred) add({Fact::transferred, at(ts), c.klass});
        over(c);
    }
    void over(Contact& c) {
        ledger.open.erase(c.id);
        asking_.erase(&c);
    }

    void plan_other() {
        const double when_told = moment(11'000);
        switch (random_.below(5)) {
            case 0:
                return later(when_told, [this](double now) { refuse(now); });
            case 1:
                return later(when_told, [this](double now) { survey(now); });
            case 2:
            case 3:
                return later(when_told, [this](double now) { complain(now); });
            default:
                return later(when_told, [this](double now) { change_agents(now); });
        }
    }
    void refuse(double now) {
        Event e = event(EventType::refused, "sales");
        e.klass = random_.below(2) == 0 ? "vip" : "";
        bench.tell(now, e);
        add({Fact::refused, at(now), std::string{e.klass}});
        ledger.scheduled = static_cast<double>(random_.below(8));
        bench.tell(now, gauge("agents_scheduled", *ledger.scheduled));
    }
    void survey(double now) {
        Event e = event(EventType::survey, "sales");
        e.klass = random_.below(2) == 0 ? "vip" : "";
        e.score = static_cast<std::int32_t>(1 + random_.below(5));
        bench.tell(now, e);
        add({Fact::score, at(now), std::string{e.klass}, {}, {}, e.score});
    }
    void complain(double now) {
        const std::string id = "T-" + std::to_string(random_.below(10));
        const auto found = tickets_.find(id);
        Event e = when(event(EventType::complaint, "sales"), now);
        e.ticket = id;
        e.klass = random_.below(2) == 0 ? "vip" : "";
        e.topic = random_.below(2) == 0 ? "price" : "delivery";
        e.severity = static_cast<std::int32_t>(random_.below(5));
        e.status = static_cast<TicketStatus>(random_.below(3));
        if (random_.below(3) == 0) e.due = wall(now + moment(3000));
        tell(now, e);
        const bool first = found == tickets_.end();
        Told& t = tickets_[id];
        if (first) t.severity = e.severity;
        const Entry entry{
            Fact::complaint, at(now), std::string{e.klass}, std::string{e.topic}, {}, e.severity
        };
        if (first) add(entry);
        const bool repeat =
            !first && *e.status == TicketStatus::opened && t.status == TicketStatus::assigned;
        const bool was_closed = !first && t.status == TicketStatus::closed;
        if (!repeat) {
            if (*e.status == TicketStatus::closed && !was_closed) add({Fact::closed, at(now)});
            t.status = *e.status;
            if ((first || was_closed) && !t.due_told && ledger.rule.complaint_limit)
                t.due = now + static_cast<double>(ledger.rule.complaint_limit->count()) / 1e6;
        }
        if (e.due) {
            t.due = static_cast<double>(e.due->us - wall(0).us) / 1e6;
            t.due_told = true;
        }
        if (e.severity == 0 || (t.severity != 0 && e.severity >= t.severity)) return;
        Entry graver = entry;
        graver.was = std::exchange(t.severity, e.severity);
        add(graver);
    }
    void change_agents(double now) {
        const std::string name = "a" + std::to_string(random_.below(5));
        const auto state = static_cast<AgentState>(random_.below(5));
        bench.tell(now, agent(name, state));
        agents_[name] = state;
        Staffing then{at(now)};
        for (const auto& [who, is] : agents_) {
            then.staffed += is != AgentState::offline;
            then.available += is == AgentState::available;
            then.busy += is == AgentState::busy;
            then.wrap += is == AgentState::wrap;
            then.paused += is == AgentState::paused;
        }
        ledger.staffing.push_back(then);
    }

    Random random_;
    std::deque<Contact> contacts_;
    std::set<Contact*> asking_;
    std::map<std::string, double> callers_;
    std::map<std::string, Told> tickets_;
    std::map<std::string, AgentState> agents_;
    std::vector<std::pair<double, std::function<void(double)>>> steps_;
};

}  // namespace

TEST_CASE("kpi: each is what its definition says, on random days") {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        CAPTURE(seed);
        Day day{seed};
        day.run();
    }
}
