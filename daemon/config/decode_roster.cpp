// site.yaml and roster.yaml: the site and its queues, people and teams.
#include "config/decode.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::config {
namespace {

plan::Language language_of(const std::string& word) {
    return word == "en" ? plan::Language::en : plan::Language::zh_cn;
}

template <class Map>
std::vector<std::string_view> names_in(const Map& map) {
    std::vector<std::string_view> out;
    out.reserve(map.size());
    for (const auto& [name, value] : map) out.push_back(name);
    return out;
}

plan::QueueRule decode_queue(const Cursor& at) {
    plan::QueueRule rule;
    if (!at.is_map()) return rule;
    if (at.has("target")) rule.target = at.duration("target");
    rule.short_abandon = at.duration("short_abandon");
    rule.wrap = at.duration("wrap");
    rule.lines = static_cast<std::int32_t>(at.integer("lines"));
    if (at.choice("callers") == "pseudonym") rule.callers = plan::Callers::pseudonym;
    rule.formula = board::parse_formula(at.choice("formula")).value_or(board::Formula::V8);
    if (at.has("backlog_after")) rule.backlog_after = at.duration("backlog_after");
    if (at.has("complaint_limit")) rule.complaint_limit = at.duration("complaint_limit");
    for (const auto& [word, where] : at.names("quantiles")) {
        const auto window = board::parse_window(word);
        if (window && *window != board::Window::now)
            rule.quantiles.insert(*window);
        else
            where.say(fmt::format("{} is no window", shown(word)), "1m, 5m, 15m, 30m, 60m or day");
    }
    return rule;
}

void check_sources(const Cursor& site, const std::string& id, const Daemon& daemon) {
    for (const Source& source : daemon.sources)
        if (!id.empty() && source.site != id)
            site.say_at(
                "id",
                fmt::format(
                    "source {} feeds site {}, these are the rules of {}",
                    source.name,
                    shown(source.site),
                    shown(id)
                ),
                "one site"
            );
}

plan::Person decode_person(const Cursor& at, plan::Language language, const Daemon* daemon) {
    plan::Person person;
    person.language = language;
    if (!at.is_map()) return person;
    person.name = at.text("name");
    const std::string own = at.choice("language");
    if (!own.empty()) person.language = language_of(own);
    std::vector<std::string_view> channels;
    if (daemon != nullptr)
        for (const Channel& channel : daemon->channels) channels.push_back(channel.name);
    const auto needs_to = [&](const std::string& name) {
        if (daemon == nullptr) return false;
        const auto& all = daemon->channels;
        const auto it = std::find_if(all.begin(), all.end(), [&](const Channel& channel) {
            return channel.name == name;
        });
        return it != all.end() && it->needs_to();
    };
    const auto contact = at.get("contact");
    if (!contact) return person;
    for (const Cursor& item : contact->items()) {
        if (!item.is_map()) continue;
        plan::Method method{item.name("channel"), item.text("to"), item.duration("after")};
        const bool known =
            daemon == nullptr || method.channel.empty() ||
            std::find(channels.begin(), channels.end(), method.channel) != channels.end();
        if (!known)
            if (const auto where = item.get("channel"))
                where->say(
                    "no channel " + shown(method.channel),
                    one_of(channels),
                    nearest(method.channel, channels)
                );
        if (method.to.empty() && needs_to(method.channel))
            item.say_at(
                "to", fmt::format("channel {} must be told whom to address", shown(method.channel))
            );
        person.contact.push_back(std::move(method));
    }
    if (person.contact.empty()) contact->say("no way to reach this person", "at least one channel");
    return person;
}

class TeamDecoder {
public:
    TeamDecoder(
        const std::map<std::string, plan::Person>& people,
        const plan::Calendars* calendars,
        Report& warnings
    )
        : people_{people}, names_{names_in(people)}, calendars_{calendars}, warnings_{warnings} {}

    plan::Team run(const Cursor& at) {
        plan::Team team;
        if (!at.is_map()) return team;
        named_ = false;
        team.escalation = rungs(at);
        if (const auto shifts = at.get("shifts"))
            for (const Cursor& item : shifts->items()) {
                if (!item.is_map()) continue;
                plan::Shift shift;
                shift.when = item.name("when");
                if (const auto when = item.get("when")) check_calendar(shift.when, *when);
                shift.escalation = rungs(item);
                team.shifts.push_back(std::move(shift));
            }
        const bool anybody = has_anybody(team.escalation);
        team.repeat = static_cast<std::uint32_t>(at.integer("repeat"));
        if (const auto last = at.get("last_resort")) {
            const std::string name = last->name();
            named_ = true;
            if (!name.empty() && known(name, *last)) team.last_resort = name;
        }
        if (!named_) {
            at.say(
                "a page to this team would reach nobody", "people in escalation, or a last_resort"
            );
        } else if (anybody && !at.has("last_resort")) {
            warn(at, "without a last_resort, nobody is told when all rounds went unanswered");
        }
        return team;
    }

private:
    std::vector<plan::Rung> rungs(const Cursor& at) {
        std::vector<plan::Rung> out;
        const auto ladder = at.get("escalation");
        if (!ladder) return out;
        for (const Cursor& item : ladder->items()) {
            if (!item.is_map()) continue;
            plan::Rung rung;
            for (const auto& [name, where] : item.names("page")) {
                named_ = true;
                if (known(name, where)) rung.page.push_back(name);
            }
            rung.wait = item.duration("wait");
            out.push_back(std::move(rung));
        }
        return out;
    }
    static bool has_anybody(const std::vector<plan::Rung>& rungs) {
        return std::any_of(rungs.begin(), rungs.end(), [](const plan::Rung& rung) {
            return !rung.page.empty();
        });
    }
    void check_calendar(const std::string& name, const Cursor& at) const {
        if (name.empty() || calendars_ == nullptr || calendars_->contains(name)) return;
        const auto names = names_in(*calendars_);
        at.say("no calendar " + shown(name), one_of(names), nearest(name, names));
    }
    bool known(const std::string& name, const Cursor& where) {
        if (people_.contains(name)) return true;
        if (where.enough()) return false;
        where.say("no person " + shown(name), one_of(names_), nearest(name, names_));
        return false;
    }
    void warn(const Cursor& at, std::string what) { at.warn(warnings_, std::move(what)); }

    const std::map<std::string, plan::Person>& people_;
    std::vector<std::string_view> names_;
    const plan::Calendars* calendars_;
    Report& warnings_;
    bool named_{false};  // somebody, even if by a wrong name
};

}  // namespace

plan::Site decode_site(const Cursor& top, const Daemon* daemon, const FileReader& read) {
    plan::Site site;
    if (!top.is_map()) return site;
    if (const auto at = top.get("site"); at && at->is_map()) {
        site.id = at->name("id");
        if (const auto zone = at->get("time_zone"))
            site.zone =
                zone->value<plan::Zone>(load_zone, "an IANA time zone").value_or(plan::Zone{});
        site.language = language_of(at->choice("language"));
        if (daemon != nullptr) check_sources(*at, site.id, *daemon);
    }
    if (const auto at = top.get("queues"))
        for (const auto& [name, each] : at->entries(true)) site.queues[name] = decode_queue(each);
    if (const auto at = top.get("calendars")) site.calendars = decode_calendars(*at, read);
    if (const auto at = top.get("site"); at && at->node().kind == Node::Kind::map) {
        const auto calendar = [&](const Cursor& where, std::string_view key) {
            std::string name = where.name(key);
            const auto names = names_in(site.calendars);
            if (!name.empty() && !site.calendars.contains(name))
                where.say_at(
                    key, "no calendar " + shown(name), one_of(names), nearest(name, names)
                );
            return name;
        };
        site.special_days = calendar(*at, "special_days");
        if (const auto second = at->get("second_person"); second && second->is_map()) {
            site.second_person_during = calendar(*second, "during");
            site.second_person_in_incident = second->boolean("in_incident");
        }
    }
    if (daemon != nullptr) site.limits = daemon->limits;
    return site;
}

Roster decode_roster(
    const Cursor& top,
    plan::Language language,
    const Daemon* daemon,
    const plan::Calendars* calendars,
    Report& warnings
) {
    Roster roster;
    if (!top.is_map()) return roster;
    if (const auto at = top.get("people"))
        for (const auto& [name, each] : at->entries())
            roster.people[name] = decode_person(each, language, daemon);
    if (const auto at = top.get("teams")) {
        TeamDecoder decoder{roster.people, calendars, warnings};
        for (const auto& [name, each] : at->entries()) roster.teams[name] = decoder.run(each);
    }
    return roster;
}

}  // namespace surged::config
