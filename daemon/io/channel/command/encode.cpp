#include "io/channel/command/encode.hpp"

#include "io/channel/vendor.hpp"
#include "io/channel/wording.hpp"
#include "io/http/json_writer.hpp"
#include "io/http/utf8.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>
#include <optional>

namespace surged::io::command {
namespace {

using delivery::Outcome;
namespace json = boost::json;

constexpr std::size_t text_max = 8 * 1024;
constexpr int again = 75;  // EX_TEMPFAIL of sysexits.h

std::optional<json::object> object_of(std::string_view line) {
    json::error_code ec;
    json::value value = json::parse(line, ec);
    if (ec || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

bool flag(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    return found != nullptr && found->is_bool() && found->get_bool();
}

Outcome outcome_of(std::int64_t exit) {
    if (exit == 0) return Outcome::accepted;
    return exit == again ? Outcome::retry : Outcome::bad_message;
}

engine::Receipt receipt_of(const json::object& ended) {
    const std::string error = vendor::words(ended, "error", {});
    if (!error.empty()) return vendor::receipt(Outcome::bad_channel, error);
    const std::string output = vendor::words(ended, "output", {});
    const auto told = [&](std::string how) {
        return output.empty() ? how : fmt::format("{}: {}", how, output);
    };
    if (flag(ended, "timed_out"))
        return vendor::receipt(Outcome::unknown, told("the program took too long and was killed"));
    if (const auto exit = vendor::number(ended, "exit"); exit && *exit >= 0)
        return vendor::receipt(outcome_of(*exit), told(fmt::format("exit {}", *exit)));
    const auto signal = vendor::number(ended, "signal").value_or(0);
    return vendor::receipt(
        Outcome::bad_message, told(fmt::format("the program was ended by signal {}", signal))
    );
}

}  // namespace

std::string encode_page(const delivery::Page& page, const std::string& link) {
    const delivery::Content& content = page.content;
    http::JsonWriter out;
    out.begin_object();
    out.member("page", page.id);
    out.member("attempt", std::uint64_t{page.attempts});
    out.member("possible_repeat", page.possible_repeat);
    out.member("incident", page.incident);
    out.member("rise", std::uint64_t{page.rise});
    out.member("drill", content.drill);
    out.member("site", content.site);
    out.member("queue", content.queue);
    out.member("plan", content.plan);
    out.member("trigger", content.trigger);
    out.member("kpi", content.kpi);
    out.member("level", std::string{plan::name_of(content.level)});
    out.member("value", content.value);
    out.member("threshold", content.threshold);
    out.member("since", format_rfc3339(content.since));
    out.member("created", format_rfc3339(content.created));
    out.member("person", page.person);
    out.member("to", page.to);
    out.member("language", content.language == plan::Language::zh_cn ? "zh-CN" : "en");
    out.member("title", wording::cut(wording::marked(page, content.title), text_max));
    out.member("text", wording::cut(wording::marked(page, content.text), text_max));
    out.member("first_step", wording::cut(content.first_step, text_max));
    out.member("ack_url", link);
    out.end_object();
    return std::move(out).take();
}

std::string encode_started() { return "{\"started\":true}\n"; }

std::string encode_ended(const Ended& ended) {
    http::JsonWriter out;
    out.begin_object();
    if (!ended.error.empty()) out.member("error", ended.error);
    out.member("exit", std::int64_t{ended.exit});
    out.member("signal", std::int64_t{ended.signal});
    out.member("timed_out", ended.timed_out);
    out.member("output", to_utf8(ended.output));
    out.end_object();
    return std::move(out).take() + "\n";
}

engine::Receipt judge(std::string_view said, const std::string& lost) {
    const std::string why = lost.empty() ? "the helper closed the connection" : lost;
    bool started = false;
    while (!said.empty()) {
        const auto end = said.find('\n');
        if (end == std::string_view::npos) break;  // half a line is none
        const auto line = object_of(said.substr(0, end));
        said.remove_prefix(end + 1);
        if (!line) break;
        if (!flag(*line, "started")) return receipt_of(*line);
        started = true;
    }
    if (started)
        return vendor::receipt(
            Outcome::unknown, "the program was started, its end is not known: " + why
        );
    return vendor::receipt(Outcome::retry, "the program was not started: " + why);
}

}  // namespace surged::io::command
