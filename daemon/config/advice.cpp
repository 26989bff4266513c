#include "config/advice.hpp"

#include "core/threshold/step.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace surged::config {
namespace {

using plan::Condition;
using plan::ConditionKind;
using plan::Level;

/// The gravest level that a condition can come to. A report may name any.
Level gravest(const Condition& condition) {
    Level out = std::max(condition.level, condition.then_level);
    if (condition.kind == ConditionKind::report) return Level::I;
    const auto rungs = [&](const plan::Leaf& leaf) {
        for (const Level level : plan::levels)
            if (leaf.ladder.at.at(level)) out = std::max(out, level);
    };
    if (condition.kind == ConditionKind::leaf) {
        rungs(condition.leaf);
        for (const plan::Override& other : condition.overrides) rungs(other.leaf);
    }
    const bool all = condition.kind == ConditionKind::all;
    if (!all && condition.kind != ConditionKind::any) return out;
    for (const Condition& member : condition.members) {
        const bool first = &member == &condition.members.front();
        const Level one = gravest(member);
        out = first ? one : all ? std::min(out, one) : std::max(out, one);
    }
    return out;
}

/// Wherever the earlier override matches, the later one does too.
bool covers(const plan::Override& later, const plan::Override& earlier) {
    if (!later.when.empty() && later.when != earlier.when) return false;
    if (later.queues.empty()) return true;
    if (earlier.queues.empty()) return false;
    return std::all_of(earlier.queues.begin(), earlier.queues.end(), [&](const std::string& glob) {
        return plan::any_glob_matches(later.queues, glob);
    });
}

bool has_anybody(const std::vector<plan::Rung>& rungs) {
    return std::any_of(rungs.begin(), rungs.end(), [](const plan::Rung& rung) {
        return !rung.page.empty();
    });
}

/// What fails with the network, the lines or the power of the place.
bool cuts_paths(const plan::KindRule& kind) {
    constexpr std::array<std::string_view, 6> words{
        "network", "power", "telephone", "blackout", "trunk", "internet"
    };
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return kind.id.find(word) != std::string::npos;
    });
}

bool leads_here(std::string_view host) {
    return host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]") ||
           host.starts_with("0.0.0.0");
}

/// An address of RFC 1918, a link-local one, or a name that only the own network resolves.
bool is_inside(std::string_view host) {
    if (host.starts_with('[')) return host.starts_with("[f");  // fc00::/7, fe80::/10
    host = host.substr(0, host.find(':'));
    if (host.starts_with("10.") || host.starts_with("192.168.") || host.starts_with("169.254."))
        return true;
    if (host.starts_with("172.") && host.size() > 6 && host[6] == '.') {
        const auto second = parse_integer(host.substr(4, 2));
        return second && *second >= 16 && *second <= 31;
    }
    const bool is_local = host.ends_with(".local") || host.ends_with(".lan") ||
                          host.ends_with(".internal") || host.ends_with(".home.arpa");
    return is_local || host.find('.') == std::string_view::npos;
}

class Advisor {
public:
    Advisor(const Cursor& top, const plan::Plan& plan, const PlanContext& context, Report& advice)
        : top_{top}, plan_{plan}, context_{context}, advice_{advice} {}

    void run() {
        triggers();
        levels();
        steps();
        paths();
        if (!plan_.binder.drill || plan_.binder.drill->every == Micros{0})
            top_.warn(advice_, "the plan is never drilled: it has no drill.every");
    }

private:
    void triggers() {
        const auto list = top_.get("triggers");
        if (!list) return;
        const auto items = list->items();
        for (std::size_t i = 0; i < items.size() && i < plan_.triggers.size(); ++i)
            condition(
                plan_.triggers[i].condition, items[i].named("triggers." + plan_.triggers[i].id)
            );
    }

    void condition(const Condition& said, const Cursor& at) {
        if (said.kind == ConditionKind::leaf) {
            overrides(said, at);
            never_clears(said.leaf, at);
            percent_is_missing(said.leaf, at);
        }
        for (const char* key : {"all", "any"}) {
            const auto list = at.get(key);
            if (!list) continue;
            const auto items = list->items();
            for (std::size_t i = 0; i < items.size() && i < said.members.size(); ++i)
                condition(said.members[i], items[i].as("triggers[]"));
        }
        if (const auto inner = at.get("not"); inner && !said.members.empty())
            condition(said.members.front(), inner->as("triggers[]"));
    }

    void overrides(const Condition& said, const Cursor& at) {
        const auto list = at.get("overrides");
        if (!list) return;
        const auto items = list->items();
        if (items.size() != said.overrides.size()) return;
        for (std::size_t i = 0; i < items.size(); ++i) {
            never_clears(said.overrides[i].leaf, items[i]);
            percent_is_missing(said.overrides[i].leaf, items[i]);
            for (std::size_t later = i + 1; later < items.size(); ++later)
                if (covers(said.overrides[later], said.overrides[i])) {
                    items[i].warn(
                        advice_,
                        fmt::format(
                            "it is never in force: overrides[{}] matches wherever it does, and the "
                            "last one wins",
                            later + 1
                        )
                    );
                    break;
                }
        }
    }

    /// These may go beyond 1, and 80 where 80% was meant is a threshold that is never met.
    void percent_is_missing(const plan::Leaf& leaf, const Cursor& at) {
        using board::Kpi;
        constexpr board::Millionths most = 10'000'000;
        const Kpi kpi = leaf.measure.kpi;
        if (kpi != Kpi::lines_in_use && kpi != Kpi::load_ratio && kpi != Kpi::staffing_ratio)
            return;
        if (leaf.change_over > Micros{0} || leaf.ratio_to != plan::Relative::none) return;
        for (const Level level : plan::levels) {
            const auto& limit = leaf.ladder.at.at(level);
            if (!limit || *limit < most) continue;
            const std::string said = format_amount(*limit);
            at.warn(
                advice_,
                fmt::format(
                    "level {} is at {} times the whole, which {} never comes to",
                    name_of(level),
                    said,
                    board::info_of(kpi).name
                ),
                said + "%"
            );
            return;
        }
    }

    /// A share is never beyond 1: where it clears must be within.
    void never_clears(const plan::Leaf& leaf, const Cursor& at) {
        constexpr board::Millionths whole = 1'000'000;
        if (!leaf.ladder.below || !board::info_of(leaf.measure.kpi).share) return;
        if (leaf.change_over > Micros{0} || leaf.ratio_to != plan::Relative::none) return;
        for (const Level level : plan::levels) {
            const auto clear = threshold::clear_threshold(leaf, level);
            if (!clear || *clear <= whole) continue;
            at.warn(
                advice_,
                fmt::format(
                    "level {} can never clear: {} would have to come back to {}%",
                    name_of(level),
                    board::info_of(leaf.measure.kpi).name,
                    format_amount(*clear * 100)
                ),
                "a smaller clear.margin"
            );
            return;
        }
    }

    void levels() {
        Level most = Level::none;
        for (const plan::Trigger& trigger : plan_.triggers)
            most = std::max(most, gravest(trigger.condition));
        const auto beyond = [&](const Cursor& at, Level level) {
            if (level > most)
                at.warn(advice_, fmt::format("no trigger can reach level {}", name_of(level)));
        };
        for (const char* key : {"activation", "page"})
            if (const auto at = top_.get(key))
                for (const auto& [level, each] : at->levels()) beyond(each, level);
        for (const char* key : {"steps", "notices"}) {
            const auto list = top_.get(key);
            if (!list) continue;
            for (const Cursor& item : list->items())
                if (item.has("from_level"))
                    beyond(
                        item, plan::parse_level(item.choice("from_level")).value_or(Level::none)
                    );
        }
    }

    [[nodiscard]] const plan::Team* team_of(const std::string& party) const {
        if (context_.roster == nullptr) return nullptr;
        const auto role = plan_.teams.find(party);
        const auto team =
            context_.roster->teams.find(role == plan_.teams.end() ? party : role->second);
        return team == context_.roster->teams.end() ? nullptr : &team->second;
    }

    void steps() {
        const auto list = top_.get("steps");
        if (!list) return;
        for (const Cursor& item : list->items()) {
            const std::string party = item.name("team");
            const plan::Team* team = team_of(party);
            if (team == nullptr || has_anybody(team->escalation)) continue;
            item.warn(
                advice_,
                team->shifts.empty()
                    ? fmt::format("nobody owns this step: {} has only a last resort", party)
                    : fmt::format("outside the shifts of {} nobody owns this step", party)
            );
        }
    }

    /// What it writes stays on the machine: no network is in it.
    static constexpr std::string_view console = "console";

    /// Who is paged; every way to all of them goes over one channel.
    void paths() {
        const auto kind = std::find_if(plan_.kinds.begin(), plan_.kinds.end(), cuts_paths);
        if (kind == plan_.kinds.end()) return;
        std::set<std::string> paged;
        for (const auto& parties : plan_.page.of) paged.insert(parties.begin(), parties.end());
        for (const std::string& party : paged) {
            const plan::Team* team = team_of(party);
            if (team == nullptr) continue;
            const std::set<std::string> channels = channels_of(*team);
            if (channels.size() != 1 || *channels.begin() == console) continue;
            top_.warn(
                advice_,
                fmt::format(
                    "{} is paged over {} alone, which {} may cut",
                    party,
                    *channels.begin(),
                    kind->id
                )
            );
        }
    }

    [[nodiscard]] std::set<std::string> channels_of(const plan::Team& team) const {
        std::set<std::string> out;
        const auto person = [&](const std::string& name) {
            const auto found = context_.roster->people.find(name);
            if (found == context_.roster->people.end()) return;
            for (const plan::Method& method : found->second.contact) out.insert(method.channel);
        };
        for (const plan::Rung& rung : team.escalation)
            for (const std::string& name : rung.page) person(name);
        if (!team.last_resort.empty()) person(team.last_resort);
        return out;
    }

    const Cursor& top_;
    const plan::Plan& plan_;
    const PlanContext& context_;
    Report& advice_;
};

}  // namespace

void advise(const Cursor& top, const plan::Plan& plan, const PlanContext& context, Report& advice) {
    Advisor{top, plan, context, advice}.run();
}

Diagnostics advice_on(const LoadedRules& rules, const Daemon* daemon) {
    Diagnostics out = rules.advice;
    Report more;
    if (daemon != nullptr) advise(*daemon, more);
    for (Diagnostic& one : more.sorted()) out.push_back(std::move(one));
    return out;
}

void advise(const Daemon& daemon, Report& advice) {
    std::string_view host = daemon.http.public_url;
    const std::size_t slashes = host.find("://");
    if (slashes == std::string_view::npos) return;
    host.remove_prefix(slashes + 3);
    host = host.substr(0, host.find('/'));
    const auto say = [&](const char* what) {
        advice.add({"surged.yaml", 0, 0, what, "a name that his phone can reach", ""});
    };
    if (leads_here(host))
        say("http.public_url: links in pages lead to the reader's own machine");
    else if (is_inside(host))
        say("http.public_url: links in pages open inside your own network alone");
}

}  // namespace surged::config
