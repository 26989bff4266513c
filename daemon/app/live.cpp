#include "app/live.hpp"

#include "app/figures.hpp"
#include "app/moment.hpp"
#include "app/recover.hpp"
#include "app/unplanned.hpp"
#include "base/codec.hpp"
#include "base/log.hpp"
#include "base/overloaded.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <utility>

namespace surged::app {
namespace net = boost::asio;
namespace {

constexpr auto as_result = net::as_tuple(net::use_awaitable);

void log_incident(const engine::IncidentChanged& change) {
    log::line(
        log::Severity::notice,
        "incident",
        {
            {"id",     change.incident                     },
            {"what",   incident::name_of(change.item.entry)},
            {"level",  plan::name_of(change.level)         },
            {"phase",  incident::name_of(change.phase)     },
            {"by",     change.item.by                      },
            {"detail", change.item.detail                  }
    }
    );
}

void say(io::Submitted& out, engine::Step step) {
    out.verdict = step.verdict;
    out.detail = std::move(step.detail);
    out.applied = std::move(step.applied);
}

}  // namespace

class Live::SourceSink : public io::Sink {
public:
    SourceSink(Live& live, std::string name, std::function<io::SourceStatus()> status)
        : live_{live}, name_{std::move(name)}, status_{std::move(status)} {}

    void events(acd::Batch batch) override {
        if (batch.empty()) return;
        live_.take(input(engine::Events{std::move(batch)}));
    }
    void state(bool up, bool exits_known, std::string detail) override {
        log::line(
            up ? log::Severity::notice : log::Severity::warning,
            "source",
            {
                {"name",   name_ },
                {"up",     up    },
                {"detail", detail}
        }
        );
        live_.take(input(engine::SourceState{up, exits_known, std::move(detail)}));
    }
    void bad_record(std::string reason, std::string excerpt) override {
        live_.figures_->bad_records(name_, reason, 1, std::move(excerpt));
    }
    void bad_records(std::string reason, std::uint64_t times, std::string excerpt) override {
        live_.figures_->bad_records(name_, reason, times, std::move(excerpt));
    }
    void heard() override {}
    [[nodiscard]] io::SourceStatus status() const {
        return status_ ? status_() : io::SourceStatus{name_, "", false, "not started", ""};
    }
    void set_status(std::function<io::SourceStatus()> status) { status_ = std::move(status); }

private:
    [[nodiscard]] engine::Input input(engine::Body body) const {
        engine::Input made;
        made.source = name_;
        made.actor = {engine::ActorKind::source, name_, "feed"};
        made.body = std::move(body);
        return made;
    }
    Live& live_;
    std::string name_;
    std::function<io::SourceStatus()> status_;
};

Live::Live(
    net::any_io_executor loop, engine::Engine engine, std::uint64_t last_seq, Instant last_instant,
    store::Journal& journal, Channels channels, Clock clock, LiveOptions options)
    : loop_{loop},
      engine_{std::move(engine)},
      clock_{clock},
      sequencer_{clock, last_instant, last_seq},
      options_{std::move(options)},
      courier_{
          loop, std::move(channels),
          {[this](const std::string& page, std::uint32_t n) { return engine_.wants(page, n); },
           [this](engine::Receipt receipt) {
               engine::Input input;
               input.actor = {engine::ActorKind::system, "courier", "channel"};
               input.body = std::move(receipt);
               take(std::move(input));
           },
           clock.steady, clock.wall,
           [this]() -> const plan::RuleSet& { return engine_.rules(); }}},
      committer_{
          loop, journal,
          {[this](const engine::Gap& gap) { return make_repair(gap); },
           [this] { return sequencer_.instant(); },
           [this](const store::Committed& done) { figures_->committed(done); },
           [this](bool up, const std::string& why) {
               figures_->store_state(up, why, clock_.wall());
           }, clock.alarm}},
      figures_{std::make_unique<Figures>()},
      wake_{new_alarm(clock.alarm, loop)},
      wall_{new_alarm(clock.alarm, loop)} {}

Live::~Live() = default;

engine::Step Live::run(
    engine::Input input,
    std::vector<store::RulesRecord> rules,
    bool answer_waits,
    std::function<void(bool)> answered
) {
    if (std::holds_alternative<engine::Events>(input.body)) note_wall();
    const Micros begun = clock_.steady();
    input.instant = sequencer_.instant();
    input.site = options_.site;
    engine::Step step = engine_.step(input);
    figures_->stepped(clock_.steady() - begun, input, step, clock_.wall());
    tell(step);
    // Time alone needs no record: whoever replays comes to the same deadlines. What it caused does.
    if (std::holds_alternative<engine::Tick>(input.body) && step.effects.empty()) {
        if (answered) net::post(loop_, [answered = std::move(answered)] { answered(true); });
        arm();
        return step;
    }
    input.seq = sequencer_.next_seq();
    Stepped stepped;
    stepped.input = {input.seq, input.instant, codec::encode(input)};
    stepped.rules = std::move(rules);
    stepped.effect_hash = engine_.effect_hash();
    if (options_.record_state_hash) stepped.state_hash = state_hash(engine_);
    std::vector<delivery::Page> pages;
    for (const engine::Effect& effect : step.effects) {
        const auto* send = std::get_if<engine::SendPage>(&effect.body);
        if (send == nullptr) continue;
        stepped.pages.push_back(
            {send->page.id, send->page.attempts, effect.at, codec::encode(send->page)}
        );
        pages.push_back(send->page);
    }
    stepped.urgent = answer_waits || !pages.empty();
    stepped.release = [this, pages = std::move(pages), answered = std::move(answered)](bool durable
                      ) {
        for (const delivery::Page& page : pages) courier_.send(page);
        if (answered) answered(durable);
    };
    committer_.add(std::move(stepped));
    arm();
    return step;
}

void Live::tell(const engine::Step& step) {
    for (const engine::Effect& effect : step.effects) {
        std::visit(
            Overloaded{
                [](const engine::IncidentChanged& change) { log_incident(change); },
                [](const engine::Trouble& trouble) {
                    log::line(
                        log::Severity::error,
                        "trouble",
                        {
                            {"what",   trouble.what  },
                            {"detail", trouble.detail}
                    }
                    );
                },
                [this](const engine::PageChanged& change) {
                    const auto it = engine_.pages().find(change.page);
                    if (change.state != delivery::State::acknowledged) return;
                    if (it != engine_.pages().end() && it->second.acked_at)
                        figures_->acknowledged(*it->second.acked_at - it->second.created_at);
                },
                [](const engine::SendPage&) {},
            },
            effect.body
        );
    }
}

void Live::take(engine::Input input, std::vector<store::RulesRecord> rules) {
    if (stopped_) return;
    (void)run(std::move(input), std::move(rules), false, nullptr);
}

net::awaitable<io::Submitted> Live::submit(engine::Input input) {
    struct Answer : Moment {
        using Moment::Moment;
        io::Submitted told;
    };
    const auto answer = std::make_shared<Answer>(loop_);
    const auto come = [answer](bool durable) {
        answer->told.durable = durable;
        answer->come();
    };
    say(answer->told, run(std::move(input), {}, true, come));
    while (!answer->there) co_await answer->timer.async_wait(as_result);
    co_return std::move(answer->told);
}

void Live::ask(engine::Input input, std::function<void(io::Submitted)> answered) {
    auto out = std::make_shared<io::Submitted>();
    const auto come = [out, answered = std::move(answered)](bool durable) {
        out->durable = durable;
        answered(std::move(*out));
    };
    say(*out, run(std::move(input), {}, true, come));
}

void Live::tick() {
    if (!stopping_) (void)run(engine::Input{}, {}, false, nullptr);
}

void Live::arm() {
    if (stopping_) return;
    const auto at = engine_.next_wake();
    if (at == armed_) return;
    armed_ = at;
    if (!at) return wake_->cancel();
    wake_->set(sequencer_.until(*at), [this] {
        armed_.reset();
        tick();
    });
}

void Live::note_wall() {
    const auto offset = sequencer_.departure(engine_.wall_offset());
    if (!offset) return;
    const log::Field by{"offset_us", offset->count()};
    log::line(log::Severity::warning, "wall_clock_stepped", {by});
    engine::Input input;
    input.body = engine::WallClock{*offset};
    take(std::move(input));
}

void Live::watch_wall() {
    if (stopping_) return;
    note_wall();
    wall_->set(options_.wall_every, [this] { watch_wall(); });
}

void Live::start(const NewRules& rules, const std::string& lost) {
    if (!lost.empty()) {
        engine::Gap gap;
        gap.from = engine_.now();
        gap.to = sequencer_.instant();
        gap.why = lost;
        committer_.begin_gap(std::move(gap));
    }
    engine::Input again;
    again.body = engine::Restarted{};
    take(std::move(again));
    load(rules, {engine::ActorKind::system, "surged", "start"}, "", "", [](bool) {});
    watch_wall();
    arm();
}

void Live::load(
    const NewRules& rules,
    engine::Actor actor,
    const std::string& why,
    const std::string& second,
    std::function<void(bool)> done
) {
    figures_->rules_loaded(clock_.wall());
    const std::string& hash = rules.record.hash;
    if (stopped_ || hash == engine_.rules_hash()) {
        if (done) done(!committer_.owes_rules(hash));
        return;
    }
    log::line(
        log::Severity::notice,
        "rules_loaded",
        {
            {"hash",   hash      },
            {"by",     actor.name},
            {"via",    actor.via },
            {"why",    why       },
            {"second", second    }
    }
    );
    store::RulesRecord record = rules.record;
    record.load = {hash, clock_.wall(), actor.name, actor.via, why, second};
    engine::Input input;
    input.actor = std::move(actor);
    input.body = engine::RulesLoaded{hash, rules.rules, why, second};
    const bool waits = done != nullptr;
    (void)run(std::move(input), {std::move(record)}, waits, std::move(done));
}

void Live::refuse_rules(const std::string& why) { figures_->rules_refused(why, clock_.wall()); }

store::Commit Live::make_repair(const engine::Gap& gap) {
    engine::Input input;
    input.instant = sequencer_.instant();
    input.site = options_.site;
    input.body = gap;
    const engine::Step step = engine_.step(input);
    tell(step);
    for (const engine::Effect& effect : step.effects)  // what became due meanwhile goes out at once
        if (const auto* send = std::get_if<engine::SendPage>(&effect.body))
            courier_.send(send->page);
    input.seq = sequencer_.next_seq();
    store::Commit commit;
    commit.inputs.push_back({input.seq, input.instant, codec::encode(input)});
    commit.last_seq = input.seq;
    commit.effect_hash = engine_.effect_hash();
    if (options_.record_state_hash) commit.state_hash = state_hash(engine_);
    commit.snapshot = engine_.snapshot();
    // A reload during the gap never reached the store.
    for (const auto& [hash, rules] : engine_.rules_in_use())
        commit.rules.push_back({hash, codec::encode(*rules), {}});
    return commit;
}

io::Sink& Live::add_source(std::string name, std::function<io::SourceStatus()> status) {
    auto sink = std::make_unique<SourceSink>(*this, name, std::move(status));
    return *sinks_.insert_or_assign(std::move(name), std::move(sink)).first->second;
}

void Live::set_status(const std::string& source, std::function<io::SourceStatus()> status) {
    sinks_.at(source)->set_status(std::move(status));
}

void Live::set_component(io::Component component) {
    components_.insert_or_assign(component.name, component);
}

void Live::drop_component(const std::string& name) { components_.erase(name); }

std::vector<io::SourceStatus> Live::sources() const {
    std::vector<io::SourceStatus> out;
    out.reserve(sinks_.size());
    for (const auto& [name, sink] : sinks_) out.push_back(sink->status());
    return out;
}

std::vector<io::Component> Live::components() const {
    std::vector<io::Component> out = figures_->components(clock_.wall());
    for (const io::SourceStatus& source : sources())
        out.push_back({"source " + source.name, source.up, source.detail, source.since});
    for (io::Component& channel : courier_.components()) out.push_back(std::move(channel));
    for (const auto& [name, component] : components_) out.push_back(component);
    if (auto lacking = unplanned_component(engine_)) out.push_back(std::move(*lacking));
    return out;
}

io::ShellStats Live::stats() const {
    io::ShellStats out = figures_->stats();
    out.store_up = committer_.up();
    out.gaps = committer_.gaps();
    out.pages = courier_.stats().results;
    out.delivery_buckets = courier_.stats().delivery_buckets;
    out.delivery_seconds_sum = courier_.stats().delivery_seconds_sum;
    const Wall now = to_wall(engine_.now(), engine_.wall_offset());
    for (const auto& [name, source] : engine_.floor().sources()) {
        if (source.newest.us <= 0) continue;
        const auto lag = std::max<std::int64_t>(0, now.us - source.newest.us);
        out.source_lag_s[name] = static_cast<double>(lag) / 1e6;
    }
    return out;
}

void Live::refresh() { tick(); }
void Live::keep_bad(io::BadSeen seen) { figures_->keep_bad(std::move(seen)); }
void Live::rules_are_good() { figures_->rules_are_good(); }
std::size_t Live::backlog_bytes() const { return committer_.backlog_bytes(); }

void Live::stop(std::function<void()> done) {
    stopping_ = true;
    wake_->cancel();
    wall_->cancel();
    auto last = [this, done = std::move(done)] {
        stopped_ = true;
        committer_.flush(done);
    };
    committer_.flush([this, last = std::move(last)] { courier_.drain(last); });
}

}  // namespace surged::app
