// Incidents and plans as JSON.
#include "core/incident/incident.hpp"
#include "io/api/encode_json.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace surged::io::api {

using http::JsonWriter;

namespace {

std::string rfc3339(Instant instant, Micros offset) {
    return format_rfc3339(to_wall(instant, offset));
}

void time_member(
    JsonWriter& json, std::string_view key, const std::optional<Instant>& at, Micros offset
) {
    json.key(key);
    if (at)
        json.value(rfc3339(*at, offset));
    else
        json.null();
}

void encode_tasks(JsonWriter& json, const incident::Incident& incident, Micros offset) {
    json.key("steps");
    json.begin_array();
    for (const auto& [id, task] : incident.tasks) {
        json.begin_object();
        json.member("id", id);
        json.member("state", incident::name_of(task.state));
        json.member("team", task.team);
        json.member("opened_at", rfc3339(task.opened_at, offset));
        time_member(json, "due_at", task.due_at, offset);
        json.member("overdue", task.overdue && task.state == incident::TaskState::open);
        time_member(json, "closed_at", task.closed_at, offset);
        json.member("by", task.by);
        json.member("why", task.why);
        json.end_object();
    }
    json.end_array();
}

/// The parts of a plan that are read and checked but not carried out; those that it has. Cards and
/// risks are for people to read: `surgectl plan print` is all that is to be done with them.
std::vector<std::string_view> not_run(const plan::Plan& plan) {
    std::vector<std::string_view> out;
    const auto has = [&](bool there, std::string_view part) {
        if (there) out.push_back(part);
    };
    const plan::Binder& binder = plan.binder;
    has(!binder.notices.empty(), "notices");
    has(std::any_of(
            plan.steps.begin(), plan.steps.end(), [](const auto& step) { return step.action; }
        ),
        "actions");
    has(binder.review.has_value(), "review");
    has(binder.drill.has_value(), "drill");
    has(!binder.readiness.empty(), "readiness");
    return out;
}

/// What people decide and do: what is activated, asked, pinned; the kinds reported; the steps.
void encode_response(JsonWriter& json, const incident::Incident& incident, Micros offset) {
    json.member("activated", plan::name_of(incident.activated));
    json.key("kinds");
    json.begin_array();
    for (const std::string& kind : incident.kinds) json.value(kind);
    json.end_array();
    json.key("asked");
    if (incident.ask) {
        json.begin_object();
        json.member("by", incident.ask->by);
        json.member("level", plan::name_of(incident.ask->level));
        json.member("until", rfc3339(incident.ask->until, offset));
        json.member(
            "then",
            incident.ask->confirm         ? "kept"
            : incident.ask->then_activate ? "activated"
                                          : "declined"
        );
        json.end_object();
    } else {
        json.null();
    }
    json.key("pinned");
    if (incident.pin) {
        json.begin_object();
        json.member("level", plan::name_of(incident.pin->level));
        json.member("until", rfc3339(incident.pin->until, offset));
        json.member("by", incident.pin->by);
        json.end_object();
    } else {
        json.null();
    }
    encode_tasks(json, incident, offset);
}

}  // namespace

void encode_incident(
    JsonWriter& json, const incident::Incident& incident, std::string_view site, Micros offset
) {
    json.begin_object();
    json.member("id", incident.id);
    json.member("plan", incident.plan);
    json.member("site", site);
    json.key("queues");
    json.begin_array();
    for (const std::string& queue : incident.queues) json.value(queue);
    json.end_array();
    json.member("level", plan::name_of(incident.level));
    json.member("phase", incident::name_of(incident.phase));
    json.member("opened_at", rfc3339(incident.opened_at, offset));
    time_member(json, "ended_at", incident.ended_at, offset);
    json.member("drill", incident.drill);
    encode_response(json, incident, offset);
    json.key("timeline");
    json.begin_array();
    for (const incident::TimelineItem& item : incident.timeline) {
        json.begin_object();
        json.member("at", rfc3339(item.at, offset));
        json.member("entry", incident::name_of(item.entry));
        json.member("level", plan::name_of(item.level));
        json.member("by", item.by);
        json.member("detail", item.detail);
        json.end_object();
    }
    json.end_array();
    json.end_object();
}

void encode_plan(JsonWriter& json, const plan::Plan& plan) {
    json.begin_object();
    json.member("plan", plan.name);
    json.member("source", plan.source);
    json.member("version", static_cast<std::uint64_t>(plan.version));
    json.member("title_zh", plan.title.zh);
    json.member("title_en", plan.title.en);
    json.key("triggers");
    json.begin_array();
    for (const plan::Trigger& trigger : plan.triggers) json.value(trigger.id);
    json.end_array();
    json.key("kinds");
    json.begin_array();
    for (const plan::KindRule& kind : plan.kinds) json.value(kind.id);
    json.end_array();
    json.member("steps", static_cast<std::uint64_t>(plan.steps.size()));
    // Read and checked, and no machine carries them out yet.
    json.key("not_run");
    json.begin_array();
    for (const std::string_view part : not_run(plan)) json.value(part);
    json.end_array();
    json.end_object();
}

}  // namespace surged::io::api
