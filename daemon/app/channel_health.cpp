#include "app/channel_health.hpp"

#include <fmt/format.h>
#include <set>
#include <utility>

namespace surged::app {
namespace {

using delivery::Outcome;

/// Teams in the order in which they are told: the technical ones first, then the leading.
std::vector<std::string> teams_to_tell(const plan::RuleSet& rules) {
    std::vector<std::string> out;
    std::set<std::string> seen;
    for (const char* role : {"technical", "leader"}) {
        for (const auto& [name, plan] : rules.plans) {
            const auto team = plan.teams.find(role);
            if (team != plan.teams.end() && seen.insert(team->second).second)
                out.push_back(team->second);
        }
    }
    return out;
}

std::vector<std::string> people_to_tell(const plan::RuleSet& rules) {
    std::vector<std::string> out;
    for (const std::string& name : teams_to_tell(rules)) {
        const auto team = rules.teams.find(name);
        if (team == rules.teams.end()) continue;
        for (const plan::Rung& rung : team->second.escalation)
            out.insert(out.end(), rung.page.begin(), rung.page.end());
        if (!team->second.last_resort.empty()) out.push_back(team->second.last_resort);
    }
    return out;
}

delivery::Page compose(
    const std::string& channel,
    const std::string& why,
    const plan::RuleSet& rules,
    const plan::Person& person,
    Wall now
) {
    const bool zh = person.language == plan::Language::zh_cn;
    delivery::Page page;
    page.id = fmt::format("surged.channel.{}.{}", channel, now.us / 1'000'000);
    page.attempts = 1;
    auto& content = page.content;
    content.plan = "surged";
    content.trigger = "channel_broken";
    content.site = rules.site.id;
    content.created = content.since = now;
    content.language = person.language;
    const std::string at = plan::local_clock(rules.site.zone, now);
    content.title =
        zh ? fmt::format("【surged】{} 呼叫渠道 {} 不可用", rules.site.id, channel)
           : fmt::format("[surged] {}: channel {} does not work", rules.site.id, channel);
    content.text =
        zh ? fmt::format("{},{} 起|{}|呼叫改走其他渠道", content.title, at, why)
           : fmt::format("{} since {} | {} | pages go other ways", content.title, at, why);
    return page;
}

}  // namespace

ChannelHealth::ChannelHealth(const std::vector<std::string>& names) {
    for (const std::string& name : names) all_[name];
}

ChannelHealth::Change ChannelHealth::heard(
    const std::string& channel, const engine::Receipt& receipt, Wall at, Micros now
) {
    using State = One::State;
    const auto it = all_.find(channel);
    if (it == all_.end()) return Change::none;  // a name that no channel has
    One& one = it->second;
    one.tried = now;
    const State before = one.state;
    switch (receipt.outcome) {
        case Outcome::accepted:
            one.state = State::good;
            break;
        case Outcome::bad_channel:
            one.state = State::broken;
            break;
        case Outcome::bad_message:
            return Change::none;
        case Outcome::unknown:
        case Outcome::retry:
        case Outcome::rate_limited:
            if (before != State::broken) one.state = State::failing;
            break;
    }
    if (one.state != before) one.since = format_rfc3339(at);
    if (one.state == State::good)
        one.why = "the last page was accepted";
    else if (before != State::broken || receipt.outcome == Outcome::bad_channel)
        one.why = fmt::format("{}: {}", delivery::name_of(receipt.outcome), receipt.detail);
    if (one.state == before) return Change::none;
    if (one.state == State::broken) return Change::broke;
    return before == State::broken ? Change::recovered : Change::none;
}

bool ChannelHealth::broken(const std::string& channel) const {
    const auto it = all_.find(channel);
    return it == all_.end() || it->second.state == One::State::broken;
}

std::optional<std::string> ChannelHealth::spare(
    const delivery::Page& page, const plan::RuleSet& rules, Micros now
) const {
    const auto it = all_.find(page.channel);
    if (it == all_.end() || it->second.state != One::State::broken) return std::nullopt;
    if (now - it->second.tried >= probe_every) return std::nullopt;
    const auto person = rules.people.find(page.person);
    if (person == rules.people.end()) return std::nullopt;
    const auto& ways = person->second.contact;
    for (std::size_t m = page.method + std::size_t{1}; m < ways.size(); ++m)
        if (!broken(ways[m].channel))
            return fmt::format("not tried: broken since {}", it->second.since);
    return std::nullopt;
}

std::vector<io::Component> ChannelHealth::components() const {
    std::vector<io::Component> out;
    for (const auto& [name, one] : all_) {
        const bool ok = one.state == One::State::unused || one.state == One::State::good;
        const std::string detail = one.state == One::State::unused ? "not used yet" : one.why;
        out.push_back({"channel " + name, ok, detail, one.since});
    }
    return out;
}

std::optional<delivery::Page> notice_of(
    const std::string& channel,
    const std::string& why,
    const plan::RuleSet& rules,
    const ChannelHealth& health,
    Wall now
) {
    for (const std::string& name : people_to_tell(rules)) {
        const auto person = rules.people.find(name);
        if (person == rules.people.end()) continue;
        for (const plan::Method& way : person->second.contact) {
            if (way.channel == channel || health.broken(way.channel)) continue;
            delivery::Page page = compose(channel, why, rules, person->second, now);
            page.person = name;
            page.channel = way.channel;
            page.to = way.to;
            return page;
        }
    }
    return std::nullopt;
}

}  // namespace surged::app
