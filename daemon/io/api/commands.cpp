#include "io/api/commands.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace surged::io::api {
namespace {

namespace json = boost::json;

constexpr std::size_t text_bytes_max = 2000;
constexpr std::size_t name_bytes_max = 200;
constexpr std::size_t alerts_max = 1000;
constexpr Micros alert_lasts{5min};
constexpr Micros longest{std::chrono::days{30}};

/// The members of one JSON object, read with words for what is wrong.
class Members {
public:
    static Result<Members> of(std::string_view body) {
        json::error_code error;
        json::parse_options strict;
        strict.max_depth = 6;
        Members out;
        out.value_ = json::parse({body.data(), body.size()}, error, {}, strict);
        if (error || !out.value_.is_object()) return fail("the body is not a JSON object");
        return out;
    }

    /// "" if absent; a value that is no text, or too long, is a mistake.
    std::string text(const char* key, std::size_t most = name_bytes_max) {
        const json::value* value = value_.get_object().if_contains(key);
        if (value == nullptr || value->is_null()) return {};
        if (!value->is_string() || value->get_string().size() > most) {
            wrong(fmt::format("{} is not a text of at most {} bytes", key, most));
            return {};
        }
        return std::string{value->get_string().data(), value->get_string().size()};
    }
    std::string required(const char* key, std::size_t most = name_bytes_max) {
        std::string out = text(key, most);
        if (out.empty()) wrong(fmt::format("{} is missing", key));
        return out;
    }
    plan::Level level(const char* key) {
        const std::string word = text(key);
        if (word.empty() || word == "none") return plan::Level::none;
        const auto level = plan::parse_level(word);
        if (!level) wrong(fmt::format("{} is not IV, III, II, I or none", key));
        return level.value_or(plan::Level::none);
    }
    /// "30m", "2h", "90s".
    Micros duration(const char* key, Micros fallback) {
        const std::string word = text(key);
        if (word.empty()) return fallback;
        std::int64_t count = 0;
        const char* const end = word.data() + word.size();
        const auto [stop, error] = std::from_chars(word.data(), end, count);
        const std::string_view unit{stop, static_cast<std::size_t>(end - stop)};
        const Micros each = unit == "s"   ? Micros{1s}
                            : unit == "m" ? Micros{1min}
                            : unit == "h" ? Micros{1h}
                                          : Micros{0};
        if (error != std::errc{} || count <= 0 || each == Micros{0} || count > longest / each) {
            wrong(fmt::format("{} is not a duration such as 30m, at most 720h", key));
            return fallback;
        }
        return each * count;
    }
    [[nodiscard]] const json::value* find(const char* key) const {
        return value_.get_object().if_contains(key);
    }
    void wrong(std::string what) {
        if (what_.empty()) what_ = std::move(what);
    }
    [[nodiscard]] const std::string& what() const { return what_; }

private:
    json::value value_;
    std::string what_;
};

/// The body that `read` makes of the members, unless one was wrong.
template <class Read>
Result<engine::Body> body_of(std::string_view body, Read read) {
    auto members = Members::of(body);
    if (!members) return tl::make_unexpected(members.error());
    engine::Body out = read(*members);
    if (!members->what().empty()) return fail(members->what());
    return out;
}

std::optional<std::map<std::string, std::string>> labels_of(const json::value* value) {
    if (value == nullptr || !value->is_object()) return std::nullopt;
    std::map<std::string, std::string> out;
    for (const auto& member : value->get_object()) {
        if (!member.value().is_string() || member.key().size() > name_bytes_max ||
            member.value().get_string().size() > text_bytes_max || out.size() >= 100)
            return std::nullopt;
        const auto& text = member.value().get_string();
        if (!text.empty())  // an empty label is no label
            out[std::string{member.key()}] = std::string{text.data(), text.size()};
    }
    return out;
}

std::optional<engine::Alerts::One> alert_of(const json::value& value, Wall now) {
    if (!value.is_object()) return std::nullopt;
    const json::object& members = value.get_object();
    auto labels = labels_of(members.if_contains("labels"));
    if (!labels || labels->empty()) return std::nullopt;
    engine::Alerts::One out;
    out.labels = std::move(*labels);
    if (const auto said = labels_of(members.if_contains("annotations")))
        for (const char* key : {"summary", "description", "message"})
            if (const auto text = said->find(key); out.summary.empty() && text != said->end())
                out.summary = text->second.substr(0, name_bytes_max);
    out.lasts = alert_lasts;
    const json::value* ends = members.if_contains("endsAt");
    if (ends == nullptr || !ends->is_string()) return out;
    const auto at = parse_rfc3339(std::string_view{ends->get_string()});
    if (!at) return std::nullopt;
    // Alertmanager's zero time means: no end is known.
    if (at->us > 0) out.lasts = std::clamp(Micros{at->us - now.us}, Micros{0}, longest);
    return out;
}

}  // namespace

Result<engine::Body> decode_report(std::string_view body) {
    return body_of(body, [](Members& m) {
        engine::Report out;
        out.plan = m.text("plan");
        out.kind = m.required("kind");
        out.level = m.level("level");
        out.queue = m.text("queue");
        out.place = m.text("place");
        out.scope = m.text("scope", text_bytes_max);
        out.cause = m.text("cause", text_bytes_max);
        out.text = m.text("text", text_bytes_max);
        out.by = m.required("by");
        return out;
    });
}

Result<engine::Body> decode_decision(std::string incident, bool activate, std::string_view body) {
    return body_of(body, [&](Members& m) {
        return engine::Decide{
            std::move(incident), activate, m.required("by"), m.text("why", text_bytes_max)
        };
    });
}

Result<engine::Body> decode_pin(std::string incident, std::string_view body) {
    return body_of(body, [&](Members& m) {
        engine::PinLevel out;
        out.incident = std::move(incident);
        (void)m.required("level");
        out.level = m.level("level");
        out.lasts = m.duration("for", out.lasts);
        out.by = m.required("by");
        out.why = m.text("why", text_bytes_max);
        return out;
    });
}

Result<engine::Body> decode_step(std::string incident, std::string step, std::string_view body) {
    return body_of(body, [&](Members& m) {
        engine::MarkStep out;
        out.incident = std::move(incident);
        out.step = std::move(step);
        const std::string state = m.required("state");
        if (!state.empty() && state != "done" && state != "skipped")
            m.wrong("state is not done or skipped");
        out.skipped = state == "skipped";
        out.by = m.required("by");
        out.why = m.text("why", text_bytes_max);
        if (out.skipped && out.why.empty()) m.wrong("a step is skipped only with a reason: why");
        return out;
    });
}

Result<engine::Body> decode_note(std::string incident, std::string_view body) {
    return body_of(body, [&](Members& m) {
        return engine::AddNote{
            std::move(incident), m.required("by"), m.required("text", text_bytes_max)
        };
    });
}

Result<ReloadAsked> decode_reload(std::string_view body) {
    auto members = Members::of(body.empty() ? "{}" : body);
    if (!members) return tl::make_unexpected(members.error());
    ReloadAsked out;
    out.by = members->text("by");
    out.why = members->text("why", text_bytes_max);
    out.confirm = members->text("confirm");
    if (!members->what().empty()) return fail(members->what());
    return out;
}

Result<engine::Body> decode_threshold(std::string_view body) {
    return body_of(body, [](Members& m) {
        engine::Temporary out;
        out.plan = m.required("plan");
        out.trigger = m.required("trigger");
        out.queue = m.text("queue");
        out.by = m.required("by");
        out.why = m.text("why", text_bytes_max);
        const json::value* levels = m.find("levels");
        if (levels == nullptr) return out;  // taken back
        if (m.find("for") == nullptr) m.wrong("for is missing: how long it holds");
        if (out.why.empty()) m.wrong("why is missing: the reason");
        out.lasts = m.duration("for", Micros{0});
        if (!levels->is_object()) m.wrong("levels is not a map of levels and amounts");
        if (!levels->is_object()) return out;
        for (const auto& [word, amount] : levels->get_object()) {
            const auto level = plan::parse_level(std::string_view{word.data(), word.size()});
            json::error_code error;
            const double value = amount.to_number<double>(error);
            const std::string said{word.data(), word.size()};
            if (!level || *level == plan::Level::none)
                m.wrong(said + " is no level: IV, III, II or I");
            else if (error || !std::isfinite(value) || std::abs(value) > 1e9)
                m.wrong(said + " is given no number: seconds, shares or counts");
            else
                out.at.at(*level) = std::llround(value * 1e6);
        }
        return out;
    });
}

Result<engine::Body> decode_alerts(std::string_view body, Wall now) {
    json::error_code error;
    json::parse_options strict;
    strict.max_depth = 6;
    const json::value value = json::parse({body.data(), body.size()}, error, {}, strict);
    if (error || !value.is_array()) return fail("the body is not a JSON array of alerts");
    if (value.get_array().size() > alerts_max)
        return fail(fmt::format("more than {} alerts at once", alerts_max));
    engine::Alerts out;
    std::size_t index = 0;
    for (const json::value& one : value.get_array()) {
        auto alert = alert_of(one, now);
        if (!alert)
            return fail(fmt::format(
                "alert {}: it wants labels, texts all of them, and times in RFC 3339", index
            ));
        out.list.push_back(std::move(*alert));
        ++index;
    }
    return engine::Body{std::move(out)};
}

}  // namespace surged::io::api
