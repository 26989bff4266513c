// Any sequence of inputs into the engine. The same history with ticks strewn between, and the same
// taken up from an image in the middle, must end in the same state with the same effects.
#include "base/codec.hpp"
#include "core/engine/engine.hpp"
#include "fuzz/fuzz.hpp"
#include "support/rules_builder.hpp"

#include <map>
#include <vector>

using namespace surged;

namespace {

using RulesByName = std::map<std::string, plan::Rules>;

// Two editions: in b the thresholds differ, must hold for a while, and the plan asks first.
const RulesByName& editions() {
    static const RulesByName made = [] {
        plan::RuleSet a = test::small_center();
        plan::RuleSet b = test::small_center();
        plan::Trigger& trigger = b.plans.begin()->second.triggers.front();
        trigger.condition.leaf.ladder.at.at(plan::Level::III) = 3'000'000;
        for (const plan::Level level : plan::levels) trigger.condition.leaf.hold.at(level) = 30s;
        b.people.erase("li");
        b.teams["duty"].escalation.pop_back();
        return RulesByName{
            {"a", std::make_shared<const plan::RuleSet>(std::move(a))},
            {"b", std::make_shared<const plan::RuleSet>(std::move(b))}
        };
    }();
    return made;
}

class History {
public:
    explicit History(fuzz::Choices choices) : choices_{choices} {
        step(engine::RulesLoaded{"a", editions().at("a")});
        step(engine::SourceState{true, true, ""});
        while (!choices_.empty() && inputs.size() < 300) act();
    }
    std::vector<engine::Input> inputs;
    engine::Engine engine;

private:
    void step(engine::Body body) {
        engine::Input input;
        input.seq = inputs.size() + 1;
        input.instant = now_;
        input.site = "hz";
        input.source = "pbx";
        input.body = std::move(body);
        const engine::Step done = engine.step(input);
        for (const engine::Effect& effect : done.effects) {
            fuzz::require(effect.at <= now_, "an effect of the future");
            if (const auto* send = std::get_if<engine::SendPage>(&effect.body))
                fuzz::require(
                    send->page.attempts == 1 || engine.now() != Instant{}, "an attempt of nothing"
                );
        }
        inputs.push_back(std::move(input));
    }
    void event(acd::EventType type) {
        static constexpr std::array<std::string_view, 8> calls{
            "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"
        };
        acd::Event e;
        e.type = type;
        e.queue = choices_.below(4) == 3 ? "vip" : "sales";
        e.call = calls.at(choices_.below(calls.size()));
        e.agent = choices_.below(2) == 0 ? "1001" : "1002";
        e.state = static_cast<acd::AgentState>(choices_.below(acd::agent_states));
        e.exit = static_cast<acd::ExitReason>(choices_.below(acd::exit_reasons));
        e.status = static_cast<acd::TicketStatus>(choices_.below(3));
        e.by = static_cast<acd::ReplyBy>(choices_.below(3));
        e.ticket = e.call;
        e.name = "lines";
        e.topic = "billing";
        e.severity = static_cast<std::int32_t>(choices_.below(5));
        e.value = choices_.below(100);
        e.provisional = choices_.below(4) == 0;
        if (type == acd::EventType::expected) {
            constexpr std::int64_t quarter_us = 900'000'000;
            const std::int64_t from = now_.time_since_epoch().count() / quarter_us * quarter_us;
            e.expected = acd::Expected{
                Wall{from}, Wall{from + quarter_us}, choices_.below(1000) * 1'000'000LL, {}, {}, {}
            };
        }
        acd::Batch batch;
        batch.append(e);
        step(engine::Events{std::move(batch)});
    }
    std::string page() {
        const auto& pages = engine.pages();
        if (pages.empty()) return "none";
        return std::next(pages.begin(), choices_.below(static_cast<std::uint32_t>(pages.size())))
            ->first;
    }
    std::string incident() {
        const auto& all = engine.incidents();
        return all.empty() ? "none" : std::prev(all.end())->first;
    }
    plan::Level level() { return static_cast<plan::Level>(choices_.below(5)); }

    void act() {
        const std::uint32_t what = choices_.below(24);
        switch (what) {
            case 0:
            case 1:
                now_ += Micros{1000} * choices_.below(0xfffff);
                return;
            case 2:
                step(engine::Tick{});
                return;
            case 3: {
                const std::string name = choices_.below(2) == 0 ? "a" : "b";
                step(engine::RulesLoaded{name, editions().at(name), "why", "li"});
                return;
            }
            case 4:
                step(engine::SourceState{choices_.below(2) == 0, choices_.below(2) == 0, "lost"});
                return;
            case 5:
                step(engine::WallClock{Micros{1'000'000} * choices_.below(100'000)});
                return;
            case 6:
                step(engine::Acknowledge{page(), "wang"});
                return;
            case 7: {
                const std::string id = page();
                const auto found = engine.pages().find(id);
                const std::uint32_t attempt =
                    found == engine.pages().end() ? 1 : found->second.attempts;
                step(engine::Receipt{
                    id,
                    attempt - choices_.below(2),
                    static_cast<delivery::Outcome>(choices_.below(6)),
                    choices_.below(2) == 0 ? std::optional<Micros>{} : Micros{30s},
                    "words"
                });
                return;
            }
            case 8:
                step(engine::Restarted{"0.1.0"});
                return;
            default:
                more(what);
        }
    }
    void more(std::uint32_t what) {
        switch (what) {
            case 9:
                step(engine::EndIncident{incident(), "wang", "over"});
                return;
            case 10:
                step(engine::PinLevel{
                    incident(), level(), Micros{60s} * choices_.below(100), "li", "w"
                });
                return;
            case 11:
                step(engine::Decide{incident(), choices_.below(2) == 0, "li", "w"});
                return;
            case 12:
                step(engine::MarkStep{incident(), "report-up", choices_.below(2) == 0, "li", "w"});
                return;
            case 13:
                step(engine::AddNote{incident(), "li", std::string{choices_.text()}});
                return;
            case 14: {
                engine::Temporary other;
                other.plan = "platform-service";
                other.trigger = "pressure";
                other.queue = choices_.below(2) == 0 ? "" : "sales";
                for (const plan::Level one : plan::levels)
                    if (choices_.below(2) == 0) other.at.at(one) = choices_.below(20) * 1'000'000LL;
                other.lasts = Micros{60s} * choices_.below(100);
                step(other);
                return;
            }
            case 15:
                step(engine::AnswerPage{
                    page(),
                    "wang",
                    static_cast<engine::Answer>(choices_.below(2)),
                    Micros{60s} * choices_.below(30)
                });
                return;
            case 16:
                step(engine::Report{
                    "platform-service", "flood", level(), "sales", "", "", "", "", "li"
                });
                return;
            default:
                event(static_cast<acd::EventType>(choices_.below(acd::event_types)));
        }
    }

    fuzz::Choices choices_;
    Instant now_{Seconds{1'795'451'700}};
};

void tick(engine::Engine& engine, Instant at) {
    engine::Input input;
    input.instant = at;
    static_cast<void>(engine.step(input));
}

void tick_between(engine::Engine& engine, Instant from, Instant to) {
    for (int wakes = 0; wakes < 3; ++wakes) {
        const auto wake = engine.next_wake();
        if (!wake || *wake >= to) break;
        tick(engine, *wake);
    }
    const Instant middle = from + (to - from) / 2;
    if (engine.now() < middle) tick(engine, middle);
}

void run(std::string_view bytes) {
    const History history{fuzz::Choices{bytes}};
    const std::size_t half =
        bytes.empty() ? 0 : static_cast<unsigned char>(bytes.front()) % (history.inputs.size() + 1);
    engine::Engine other;
    Instant before = history.inputs.front().instant;
    for (std::size_t i = 0; i < history.inputs.size(); ++i) {
        const engine::Input& input = history.inputs[i];
        // A process that starts again remembers no tick that left no record.
        if (!std::holds_alternative<engine::Restarted>(input.body))
            tick_between(other, before, input.instant);
        if (i == half) {
            auto restored = engine::Engine::restore(other.snapshot(), [](const std::string& hash) {
                const auto found = editions().find(hash);
                return found == editions().end() ? plan::Rules{} : found->second;
            });
            fuzz::require(restored.has_value(), "an image that does not read back");
            other = std::move(*restored);
        }
        // As the journal has it: encoded, and read again.
        auto journaled = codec::decode<engine::Input>(codec::encode(input));
        fuzz::require(journaled.has_value(), "an input that does not read back");
        if (auto* loaded = std::get_if<engine::RulesLoaded>(&journaled->body))
            loaded->rules = editions().at(loaded->hash);
        static_cast<void>(other.step(*journaled));
        before = input.instant;
    }
    fuzz::require(
        other.effect_hash() == history.engine.effect_hash(), "a replay has other effects"
    );
    fuzz::require(other.snapshot() == history.engine.snapshot(), "a replay ends in another state");
    fuzz::conserved(history.engine.floor());
    std::size_t taken = 0;
    for (const auto& [id, page] : history.engine.pages())
        taken += page.state == delivery::State::acknowledged ? 1 : 0;
    fuzz::canary(taken >= 1);
}

const fuzz::Target target{run};

}  // namespace
