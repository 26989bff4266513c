#include "core/engine/engine.hpp"

#include "base/assert.hpp"
#include "base/codec.hpp"
#include "base/overloaded.hpp"
#include "core/engine/explanation.hpp"
#include "core/engine/machine.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <system_error>
#include <utility>

namespace surged::engine {
namespace {

constexpr std::string_view snapshot_magic = "surged-image-";  // then the format version and \n
constexpr std::string_view first_magic = "surged-state-1";    // of format 1, with no more behind it

/// The format version of a snapshot, and its bytes behind the head; nullopt: this core cannot read.
struct Head {
    std::uint16_t version;
    std::string_view rest;
};
std::optional<Head> head_of(std::string_view bytes) {
    if (bytes.starts_with(first_magic)) return Head{1, bytes.substr(first_magic.size())};
    if (!bytes.starts_with(snapshot_magic)) return std::nullopt;
    bytes.remove_prefix(snapshot_magic.size());
    std::uint16_t version = 0;
    const char* const end = bytes.data() + bytes.size();
    const auto [stop, wrong] = std::from_chars(bytes.data(), end, version);
    if (wrong != std::errc{} || stop == end || *stop != '\n') return std::nullopt;
    if (version < 2 || version > codec::format_version) return std::nullopt;
    bytes.remove_prefix(static_cast<std::size_t>(stop - bytes.data()) + 1);
    return Head{version, bytes};
}

double in_units(board::Millionths millionths) { return static_cast<double>(millionths) / 1e6; }

TriggerView view_of(const Machine& machine, const Slot& slot) {
    TriggerView view{slot.key().plan, slot.key().trigger, slot.key().queue, {}, {}, {}, {}};
    const plan::Condition& condition = slot.rule->trigger->condition;
    threshold::Context where = machine.context(slot.key().queue);
    where.plan = slot.key().plan;
    plan::Ladder ladder;
    if (const TemporaryRule* temporary = machine.temporary_for(slot.key())) {
        ladder = {condition.leaf.ladder.below, temporary->at};
        where.temporary = &ladder;
    }
    const auto reading = threshold::read(condition, where);
    if (reading.value) view.value = reading.value->value();
    for (const plan::Level level : plan::levels)
        if (const auto at = reading.thresholds.at(level)) view.thresholds.at(level) = in_units(*at);
    view.firing = slot.state().level;
    view.since = slot.state().since;
    return view;
}

}  // namespace

struct Engine::State {
    Machine machine;
};

Engine::Engine() : state_{std::make_unique<State>()} {
    state_->machine.rules = std::make_shared<const plan::RuleSet>();
    state_->machine.rebuild();
}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

Step Engine::step(const Input& input) {
    Machine& m = state_->machine;
    m.effects.clear();
    Step step;
    if (std::holds_alternative<Restarted>(input.body)) m.restarted(input.instant);
    m.run_until(input.instant);
    std::visit(
        Overloaded{
            [](const Tick&) {},
            [&](const Events& body) {
                m.hear(input);
                const bool stepped = m.floor.offset() != m.wall_offset;
                step.applied = m.floor.apply(body.batch, input.source, m.wall_offset);
                m.learn_of_before();
                if (stepped) m.evaluate_all();  // the board's plans and day are others from here
            },
            [&](const RulesLoaded& body) { m.load(body.rules, body.hash); },
            [&](const SourceState& body) {
                if (body.up)
                    m.floor.source_up(input.source, body.exits_known);
                else
                    m.floor.source_down(input.source);
                m.sources_changed = true;
            },
            [&](const WallClock& body) {
                m.wall_offset = body.offset;
                m.calendars_change = m.now;  // another date may be another season
                m.turn_calendars();
                m.look_at_all();  // what is local, or planned by the wall, is another
                m.find_learning();
            },
            [&](const Acknowledge& body) { m.acknowledge(body, step); },
            [&](const AnswerPage& body) { m.answer(body, step); },
            [&](const EndIncident& body) { m.end_by_hand(body, step); },
            [&](const Receipt& body) { m.receipt(body); },
            [&](const Restarted&) { m.forgive_absence(); },
            [](const Gap&) {},
            [&](const Report& body) { m.report(body, step); },
            [&](const Alerts& body) { m.alerts(body, step); },
            [&](const Decide& body) { m.decide(body, step); },
            [&](const PinLevel& body) { m.pin(body, step); },
            [&](const MarkStep& body) { m.mark(body, step); },
            [&](const AddNote& body) { m.add_note(body, step); },
            [&](const Temporary& body) { m.set_temporary(body, step); },
        },
        input.body
    );
    m.settle();
    step.effects = std::move(m.effects);
    return step;
}

std::optional<Instant> Engine::next_wake() const { return state_->machine.next_deadline(); }

bool Engine::wants(std::string_view page, std::uint32_t attempt) const {
    const Machine& m = state_->machine;
    const auto it = m.pages.find(std::string{page});
    return it != m.pages.end() && it->second.attempts == attempt && it->second.in_flight &&
           m.wants(it->second);
}

bool Engine::is_open(const delivery::Page& page) const { return state_->machine.wants(page); }

bool Engine::adopt(const delivery::Page& released) {
    Machine& m = state_->machine;
    const auto it = m.pages.find(released.id);
    if (it != m.pages.end() && it->second.attempts >= released.attempts) return false;
    if (!m.incidents.contains(released.incident)) return false;  // pruned, or never heard of
    if (it == m.pages.end() && m.is_full(released.incident)) return false;  // made room for others
    m.pages.insert_or_assign(released.id, released);
    m.arm(released);
    return true;
}

const acd::Floor& Engine::floor() const { return state_->machine.floor; }
const board::View& Engine::board() const { return state_->machine.floor.view(); }
const plan::RuleSet& Engine::rules() const { return *state_->machine.rules; }
const std::string& Engine::rules_hash() const { return state_->machine.rules_hash; }
const std::map<std::string, incident::Incident>& Engine::incidents() const {
    return state_->machine.incidents;
}
const std::map<std::string, delivery::Page>& Engine::pages() const { return state_->machine.pages; }
const std::map<std::string, plan::Rules>& Engine::rules_in_use() const {
    return state_->machine.known;
}
std::optional<delivery::Content> Engine::describe(
    const std::string& incident, const std::string& step, plan::Language language
) const {
    const auto it = incidents().find(incident);
    if (it == incidents().end()) return std::nullopt;
    if (!step.empty() && !it->second.tasks.contains(step)) return std::nullopt;
    return state_->machine.compose(it->second, step, language);
}
Instant Engine::now() const { return state_->machine.now; }
Micros Engine::wall_offset() const { return state_->machine.wall_offset; }
std::uint64_t Engine::effect_hash() const { return state_->machine.effect_hash; }
const std::map<std::pair<std::string, plan::Level>, std::uint64_t>& Engine::incidents_total(
) const {
    return state_->machine.opened_total;
}

std::vector<TriggerView> Engine::triggers() const {
    std::vector<TriggerView> out;
    for (const auto& [queue, entry] : state_->machine.watched)
        for (const Slot& slot : entry.slots) out.push_back(view_of(state_->machine, slot));
    return out;
}

std::vector<TriggerView> Engine::triggers(std::string_view queue) const {
    std::vector<TriggerView> out;
    const auto it = state_->machine.watched.find(std::string{queue});
    if (it == state_->machine.watched.end()) return out;
    for (const Slot& slot : it->second.slots) out.push_back(view_of(state_->machine, slot));
    return out;
}

std::vector<Unplanned> Engine::unplanned() const {
    const Machine& m = state_->machine;
    std::vector<Unplanned> out;
    for (const auto& [queue, entry] : m.watched) {
        if (queue.empty()) continue;
        const threshold::Context where = m.context(queue);
        for (const Slot& slot : entry.slots)
            if (threshold::lacks_plan(slot.rule->trigger->condition, where))
                out.push_back({slot.key().plan, slot.key().trigger, queue});
    }
    return out;
}

std::optional<Explanation> Engine::explain(const std::string& plan, const std::string& queue)
    const {
    const auto found = rules().plans.find(plan);
    if (found == rules().plans.end()) return std::nullopt;
    return state_->machine.explain(found->second, queue);
}

std::vector<Temporary> Engine::temporaries() const { return state_->machine.temporaries_left(); }

std::uint64_t Engine::pages_unacknowledged() const {
    return static_cast<std::uint64_t>(std::count_if(
        pages().begin(), pages().end(), [&](const auto& item) { return is_open(item.second); }
    ));
}

std::string Engine::snapshot() const {
    codec::Writer out;
    out.raw(snapshot_magic);
    out.raw(fmt::format("{}\n", codec::format_version));
    out.write(state_->machine);
    std::string bytes = out.take();
    state_->machine.floor.write(bytes);
    return bytes;
}

Result<Engine> Engine::restore(std::string_view bytes, const RulesByHash& rules) {
    const auto head = head_of(bytes);
    if (!head)
        return fail(
            "the snapshot is of another version", "it is passed over; older ones are tried"
        );
    Engine engine;
    Machine& m = engine.state_->machine;
    codec::Reader in{head->rest, head->version};
    in.read(m);
    std::string_view rest = in.rest();
    if (!in.ok() || !m.floor.read(rest, head->version) || !rest.empty() || m.floor.now() > m.now)
        return fail("the snapshot is damaged", "it is passed over; older ones are tried");
    const auto get = [&](const std::string& hash) { return rules(hash); };
    if (!m.rules_hash.empty()) {
        m.rules = get(m.rules_hash);
        if (m.rules == nullptr)
            return fail("the snapshot's rules are not in the store: " + m.rules_hash);
        m.known[m.rules_hash] = m.rules;
    }
    for (const auto& [id, incident] : m.incidents) {
        if (incident.phase == incident::Phase::ended || m.known.contains(incident.rules)) continue;
        if (auto own = get(incident.rules)) m.known[incident.rules] = std::move(own);
    }
    m.rebuild();
    for (const auto& [queue, entry] : m.watched) m.evaluate(queue);
    return engine;
}

}  // namespace surged::engine
