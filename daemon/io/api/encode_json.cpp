#include "io/api/encode_json.hpp"

#include "core/delivery/key.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace surged::io::api {
namespace {

using board::Measure;
using board::Window;
using http::JsonWriter;

double seconds(Micros span) { return static_cast<double>(span.count()) / 1e6; }

std::string rfc3339(Instant at, Micros offset) { return format_rfc3339(to_wall(at, offset)); }

void time_member(
    JsonWriter& json, std::string_view name, const std::optional<Instant>& at, Micros offset
) {
    json.key(name);
    if (at) {
        json.value(rfc3339(*at, offset));
    } else {
        json.null();
    }
}

void quantity(
    JsonWriter& json, std::string_view name, const std::optional<board::Quantity>& value
) {
    json.key(name);
    if (value) {
        json.value(value->value());
    } else {
        json.null();
    }
}

void encode_now(JsonWriter& json, const board::View& view, board::QueueIx queue) {
    json.key("now");
    json.begin_object();
    for (const board::KpiInfo& info : board::kpi_table()) {
        if (info.windowed || info.kpi == board::Kpi::gauge) continue;
        quantity(json, info.name, view.value(queue, Measure{info.kpi, Window::now, {}, {}, {}}));
    }
    for (const std::string& gauge : view.gauges(queue)) {
        const Measure measure{board::Kpi::gauge, Window::now, gauge, {}, {}};
        quantity(json, gauge, view.value(queue, measure));
    }
    json.end_object();
}

// A window is shown if the board keeps it: then some figure of it has a value.
void encode_windows(JsonWriter& json, const board::View& view, board::QueueIx queue) {
    constexpr std::array kept{
        Window::m1, Window::m5, Window::m15, Window::m30, Window::m60, Window::day
    };
    json.key("windows");
    json.begin_object();
    for (const Window window : kept) {
        std::vector<std::pair<std::string_view, std::optional<board::Quantity>>> figures;
        bool any = false;
        for (const board::KpiInfo& info : board::kpi_table()) {
            if (!info.windowed) continue;
            const auto value = view.value(queue, Measure{info.kpi, window, {}, {}, {}});
            any = any || value.has_value();
            figures.emplace_back(info.name, value);
        }
        if (!any) continue;
        json.key(board::name_of(window));
        json.begin_object();
        for (const auto& [name, value] : figures) quantity(json, name, value);
        json.end_object();
    }
    json.end_object();
}

void encode_totals(JsonWriter& json, const board::Totals& totals) {
    json.key("totals");
    json.begin_object();
    json.member("offered", totals.offered);
    json.member("answered", totals.answered);
    json.member("answered_in_target", totals.answered_in_target);
    json.member("abandoned", totals.abandoned);
    json.member("abandoned_in_target", totals.abandoned_in_target);
    json.key("exited");
    json.begin_object();
    for (std::size_t i = 0; i < acd::exit_reasons; ++i) {
        json.member(acd::name_of(static_cast<acd::ExitReason>(i)), totals.exited[i]);
    }
    json.end_object();
    json.member("refused", totals.refused);
    json.key("refused_for");
    json.begin_object();
    for (std::size_t i = 0; i < acd::refuse_reasons; ++i) {
        json.member(acd::name_of(static_cast<acd::RefuseReason>(i)), totals.refused_for[i]);
    }
    json.end_object();
    json.member("completed", totals.completed);
    json.member("transferred", totals.transferred);
    json.member("wait_sum", seconds(totals.wait_sum));
    json.member("talk_sum", seconds(totals.talk_sum));
    json.member("wait_max", seconds(totals.wait_max));
    json.end_object();
}

void encode_trigger(JsonWriter& json, const engine::TriggerView& trigger, Micros offset) {
    json.begin_object();
    json.member("plan", trigger.plan);
    json.member("trigger", trigger.trigger);
    json.member("value", trigger.value);
    json.key("thresholds");
    json.begin_object();
    for (const plan::Level level : plan::levels) {
        const auto& threshold = trigger.thresholds.at(level);
        if (threshold) json.member(plan::name_of(level), *threshold);
    }
    json.end_object();
    json.member("firing", plan::name_of(trigger.firing));
    time_member(json, "since", trigger.since, offset);
    json.end_object();
}

void encode_components(JsonWriter& json, const std::vector<Component>& components, bool detailed) {
    json.key("components");
    json.begin_array();
    for (const Component& component : components) {
        json.begin_object();
        json.member("name", component.name);
        json.member("ok", component.ok);
        if (detailed) {
            json.member("detail", component.detail);
            json.member("since", component.since);
        }
        json.end_object();
    }
    json.end_array();
}

void encode_source(
    JsonWriter& json,
    const std::string& name,
    const acd::SourceCounts& counts,
    const StatusContext& context
) {
    const auto unreadable = context.unreadable.find(name);
    std::uint64_t accepted = 0;
    std::uint64_t rejected = unreadable == context.unreadable.end() ? 0 : unreadable->second;
    for (const auto& [type, count] : counts.accepted) accepted += count;
    for (const auto& [reason, count] : counts.rejected) rejected += count;
    json.begin_object();
    json.member("name", name);
    json.member("up", counts.up);
    json.member("exits_known", counts.exits_known);
    json.member("accepted", accepted);
    json.member("rejected", rejected);
    json.key("newest");
    if (counts.newest.us > 0) {
        json.value(format_rfc3339(counts.newest));
    } else {
        json.null();
    }
    json.key("heard");
    if (counts.heard > Instant{}) {
        json.value(rfc3339(counts.heard, context.offset));
    } else {
        json.null();
    }
    json.end_object();
}

}  // namespace

void encode_queue(
    JsonWriter& json, const board::View& view, board::QueueIx queue, const QueueContext& context
) {
    plan::Level level = plan::Level::none;
    for (const engine::TriggerView& trigger : context.triggers) {
        level = std::max(level, trigger.firing);
    }
    json.begin_object();
    json.member("site", context.site);
    json.member("name", view.name(queue));
    encode_now(json, view, queue);
    encode_windows(json, view, queue);
    encode_totals(json, view.totals(queue));
    json.member("exits_known", view.exits_known(queue));
    json.member("live", view.data_live(queue));
    json.member("level", plan::name_of(level));
    json.key("triggers");
    json.begin_array();
    for (const engine::TriggerView& trigger : context.triggers) {
        encode_trigger(json, trigger, context.offset);
    }
    json.end_array();
    json.end_object();
}

void encode_page(JsonWriter& json, const engine::Engine& engine, const delivery::Page& page) {
    const Micros offset = engine.wall_offset();
    json.begin_object();
    json.member("id", page.id);
    json.member("incident", page.incident);
    json.member("rise", static_cast<std::uint64_t>(page.rise));
    json.member("level", plan::name_of(page.content.level));
    json.member("person", page.person);
    json.member("channel", page.channel);
    json.member("state", delivery::name_of(page.state));
    json.member("open", engine.is_open(page));
    json.member("possible_repeat", page.possible_repeat);
    json.member("created_at", rfc3339(page.created_at, offset));
    time_member(json, "sent_at", page.sent_at, offset);
    json.key("acked_by");
    if (page.acked_by.empty()) {
        json.null();
    } else {
        json.value(page.acked_by);
    }
    time_member(json, "acked_at", page.acked_at, offset);
    json.end_object();
}

void encode_page(JsonWriter& json, const engine::Engine& engine, const std::string& id) {
    if (const auto page = engine.pages().find(id); page != engine.pages().end())
        return encode_page(json, engine, page->second);
    json.begin_object();
    json.member("id", id);
    json.member("state", delivery::name_of(delivery::State::acknowledged));
    json.member("open", false);
    // It has made room for others: the rest is what its key and its incident still say.
    const auto key = delivery::parse_key(id);
    if (key) {
        json.member("incident", key->incident);
        json.member("rise", static_cast<std::uint64_t>(key->rise));
        json.member("person", key->person);
        json.member("channel", key->channel);
    }
    const auto incident = key ? engine.incidents().find(key->incident) : engine.incidents().end();
    if (incident != engine.incidents().end()) {
        const auto& items = incident->second.timeline;
        const auto taken = std::find_if(items.begin(), items.end(), [&](const auto& item) {
            return item.entry == incident::Entry::acknowledged && item.detail == id;
        });
        if (taken != items.end()) {
            json.member("acked_by", taken->by);
            json.member("acked_at", rfc3339(taken->at, engine.wall_offset()));
        }
    }
    json.end_object();
}

std::string encode_status(
    const StatusContext& context,
    const std::vector<Component>& components,
    const std::map<std::string, acd::SourceCounts>& sources,
    const ShellStats& stats
) {
    JsonWriter json;
    json.begin_object();
    json.member("version", context.version);
    json.member("site", context.site);
    json.member("zone", context.zone);
    json.member("now", format_rfc3339(context.now));
    json.key("rules");
    json.begin_object();
    json.member("hash", context.rules_hash);
    json.member("last_reload_ok", stats.last_reload_ok);
    json.end_object();
    json.key("store");
    json.begin_object();
    json.member("up", stats.store_up);
    json.member("commits", stats.commits);
    json.member("gaps", stats.gaps);
    json.end_object();
    json.member("queues", static_cast<std::uint64_t>(context.queues));
    json.member("pages_unacknowledged", context.pages_unacknowledged);
    encode_components(json, components, true);
    json.key("sources");
    json.begin_array();
    for (const auto& [name, counts] : sources) encode_source(json, name, counts, context);
    json.end_array();
    json.key("last_bad_records");
    json.begin_array();
    for (const BadSeen& bad : stats.last_bad) {
        json.begin_object();
        json.member("what", bad.what);
        json.member("excerpt", bad.excerpt);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return std::move(json).take();
}

std::string encode_readiness(
    const std::vector<Component>& components, std::string_view status, bool detailed
) {
    JsonWriter json;
    json.begin_object();
    json.member("status", status);
    encode_components(json, components, detailed);
    json.end_object();
    return std::move(json).take();
}

}  // namespace surged::io::api
