// Tests of rules from YAML to values.
#include "config/decode.hpp"
#include "config/rule_test.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>

namespace surged::config {
namespace {

constexpr std::size_t most_values = 100'000;

constexpr std::array<std::string_view, 14> figures{
    "agents_staffed",
    "agents_available",
    "agents_busy",
    "agents_wrap",
    "agents_paused",
    "calls_waiting",
    "longest_wait",
    "calls_answered",
    "calls_abandoned",
    "calls_exited",
    "calls_refused",
    "complaints",
    "surveys",
    "rounds"
};

using Values = std::vector<std::optional<double>>;

/// 12, 80%, 90s: as a number, of seconds where it is a duration.
std::optional<double> number_of(std::string_view text) {
    if (const auto amount = parse_amount(text)) return static_cast<double>(*amount) / 1e6;
    if (const auto span = parse_span(text)) return static_cast<double>(span->count()) / 1e6;
    return std::nullopt;
}

/// One word of a series: `_`, `5`, `5x3` (5 5 5), `0+2x3` (0 2 4), `9-2x3` (9 7 5).
bool append_word(std::string_view word, Values& out) {
    std::size_t times = 1;
    const std::size_t x = word.rfind('x');
    if (x != std::string_view::npos) {
        const auto count = parse_integer(word.substr(x + 1));
        if (!count || *count < 1 || static_cast<std::size_t>(*count) > most_values) return false;
        times = static_cast<std::size_t>(*count);
        word = word.substr(0, x);
    }
    if (out.size() + times > most_values || word.empty()) return false;
    if (word == "_") {
        out.insert(out.end(), times, std::nullopt);
        return true;
    }
    const std::size_t sign = word.find_first_of("+-", 1);
    const auto from = number_of(word.substr(0, sign));
    std::optional<double> by{0};
    if (sign != std::string_view::npos) by = number_of(word.substr(sign + 1));
    if (!from || !by) return false;
    const double step = sign != std::string_view::npos && word[sign] == '-' ? -*by : *by;
    for (std::size_t i = 0; i < times; ++i) out.emplace_back(*from + step * static_cast<double>(i));
    return true;
}

Parsed<Values> parse_values(std::string_view text) {
    Values out;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string_view word = text.substr(at, end - at);
        if (!word.empty() && !append_word(word, out))
            return tl::make_unexpected(Complaint{
                shown(word) + " is no value of a series",
                "5, 80%, 90s, _ (as before), 5x3 (three times) or 0+2x3 (0 2 4)",
                ""
            });
        at = end + 1;
    }
    return out;
}

/// complaints{topic=delivery,severity=1} as its name and its labels.
bool split_figure(std::string_view text, TestFigure& out) {
    const std::size_t brace = text.find('{');
    out.name = text.substr(0, brace);
    if (!parse_name(out.name)) return false;
    if (brace == std::string_view::npos) return true;
    if (!text.ends_with('}')) return false;
    std::string_view rest = text.substr(brace + 1, text.size() - brace - 2);
    while (!rest.empty()) {
        const std::string_view one = rest.substr(0, rest.find(','));
        rest = one.size() == rest.size() ? std::string_view{} : rest.substr(one.size() + 1);
        const std::size_t equals = one.find('=');
        if (equals == std::string_view::npos || equals == 0) return false;
        out.labels.emplace(one.substr(0, equals), one.substr(equals + 1));
    }
    return true;
}

std::string why_no_figure(std::string_view name) {
    if (is_test_figure(name)) return {};
    if (board::parse_kpi(name) && name != "agents_scheduled")
        return fmt::format("{} is reckoned, it cannot be given", name);
    return {};
}

TestSeries series_of(const std::string& queue, const Cursor& at) {
    TestSeries out{queue, {}};
    if (at.node().kind != Node::Kind::map) {
        at.say(std::string{describe(at.node())}, "figures, each with its values");
        return out;
    }
    for (const Node::Entry& entry : at.keys()) {
        TestFigure figure;
        figure.at = entry.at;
        if (!split_figure(entry.key, figure)) {
            at.say_at(
                entry.key,
                shown(entry.key) + " is no figure",
                "such as calls_waiting or complaints{topic=delivery}"
            );
            continue;
        }
        if (const std::string why = why_no_figure(figure.name); !why.empty()) {
            at.say_at(entry.key, why, one_of({figures.begin(), figures.end()}) + ", or a gauge");
            continue;
        }
        const std::string_view text =
            entry.value->kind == Node::Kind::scalar ? std::string_view{entry.value->text} : "{";
        auto values = parse_values(text);
        if (!values)
            at.say_at(entry.key, values.error().what, values.error().expected);
        else
            figure.values = std::move(*values);
        out.figures.push_back(std::move(figure));
    }
    return out;
}

using What = TestGiven::What;
constexpr std::array<std::pair<std::string_view, What>, 13> happenings{
    {{"report", What::report},
     {"alert", What::alert},
     {"resolved", What::resolved},
     {"down", What::down},
     {"up", What::up},
     {"event", What::event},
     {"ack", What::ack},
     {"activate", What::activate},
     {"decline", What::decline},
     {"done", What::done},
     {"skip", What::skip},
     {"pin", What::pin},
     {"end", What::end}}
};

std::vector<std::string> words_of_node(const Node& node) {
    std::vector<std::string> out;
    if (node.kind == Node::Kind::scalar) out.push_back(node.text);
    for (const Node* item : node.items)
        if (item->kind == Node::Kind::scalar) out.push_back(item->text);
    return out;
}

std::string name_or(const Cursor& at, std::string_view key, std::string fallback) {
    return at.has(key) ? at.name(key) : std::move(fallback);
}

plan::Level level_at(const Cursor& at, std::string_view key) {
    return at.has(key) ? plan::parse_level(at.choice(key)).value_or(plan::Level::none)
                       : plan::Level::none;
}

TestGiven given_of(const Cursor& at, const std::string& plan) {
    TestGiven out;
    out.place = at.node().at;
    if (!at.is_map()) return out;
    std::size_t found = 0;
    std::string_view key;
    for (const auto& [word, what] : happenings) {
        if (!at.has(word)) continue;
        out.what = what;
        key = word;
        ++found;
    }
    if (found != 1) {
        std::vector<std::string_view> words;
        words.reserve(happenings.size());
        for (const auto& [word, what] : happenings) words.push_back(word);
        at.say(found == 0 ? "nothing happens" : "two things happen in one", one_of(words));
        return out;
    }
    out.at = at.duration("at");
    out.plan = name_or(at, "plan", plan);
    out.by = name_or(at, "by", "somebody");
    out.why = at.text("why");
    out.queue = at.text("queue");
    out.where = at.text("place");
    out.lasts = at.duration("for");
    out.level = level_at(at, "level");
    out.refused = at.boolean("refused");
    switch (out.what) {
        case What::alert:
        case What::resolved:
            out.labels = table_at(at, key);
            break;
        case What::event:
            if (const auto event = at.get("event")) {
                if (event->node().kind != Node::Kind::map) event->say("no map", "its fields");
                for (const Node::Entry& field : event->keys())
                    out.fields.emplace_back(field.key, words_of_node(*field.value));
            }
            break;
        case What::pin:
            out.level = level_at(at, "pin");
            break;
        default:
            out.word = at.name(key);
    }
    return out;
}

constexpr std::array<std::string_view, 5> step_words{"none", "open", "done", "skipped", "overdue"};

template <class T>
std::optional<Wanted<T>> wanted(const Cursor& at, std::string_view key, T value) {
    const auto* entry = at.node().find(key);
    if (entry == nullptr) return std::nullopt;
    return Wanted<T>{std::move(value), entry->at};
}

std::vector<std::string> sorted_names(const Cursor& at, std::string_view key) {
    std::vector<std::string> out;
    if (!at.has(key)) return out;
    for (const auto& [name, each] : at.names(key)) out.push_back(name);
    std::sort(out.begin(), out.end());
    return out;
}

TestExpect expect_of(const Cursor& at, const std::string& plan) {
    TestExpect out;
    out.place = at.node().at;
    if (!at.is_map()) return out;
    out.at = at.duration("at");
    out.plan = name_or(at, "plan", plan);
    out.level = wanted(at, "level", level_at(at, "level"));
    out.phase = wanted(at, "phase", at.choice("phase"));
    out.queue = wanted(at, "queue", at.text("queue"));
    out.paged = wanted(at, "paged", sorted_names(at, "paged"));
    out.chased = wanted(at, "chased", sorted_names(at, "chased"));
    out.standing = wanted(at, "standing", sorted_names(at, "standing"));
    if (const auto triggers = at.get("triggers"))
        for (const auto& [id, each] : triggers->entries()) {
            const auto level = each.value<plan::Level>(
                [](std::string_view text) -> Parsed<plan::Level> {
                    if (text == "none") return plan::Level::none;
                    return parse_level_word(text);
                },
                "none, IV, III, II or I"
            );
            if (level) out.triggers[id] = {*level, each.node().at};
        }
    if (const auto steps = at.get("steps"))
        for (const auto& [id, each] : steps->entries()) {
            const std::string word = each.text();
            const auto known = std::find(step_words.begin(), step_words.end(), word);
            if (known == step_words.end())
                each.say(
                    shown(word) + " is no state of a step",
                    one_of({step_words.begin(), step_words.end()})
                );
            else
                out.steps[id] = {word, each.node().at};
        }
    const bool of_plan = out.level || out.phase || out.paged || out.chased ||
                         !out.triggers.empty() || !out.steps.empty();
    if (of_plan && out.plan.empty()) at.say("of which plan?", "plan, here or of the test");
    if (!of_plan && !out.standing) at.say("nothing is expected", "such as level: none");
    return out;
}

std::int64_t start_of(const Cursor& at) {
    const auto parse = [](std::string_view text) -> Parsed<std::int64_t> {
        if (const auto moment = parse_moment(text)) return *moment;
        return tl::make_unexpected(Complaint{shown(text) + " is no local time", "", ""});
    };
    if (!at.has("start")) return parse_moment(at.text("start")).value_or(0);
    return at.get("start")->value<std::int64_t>(parse, "2026-11-11 20:05").value_or(0);
}

RuleTest test_of(const Cursor& at, const RuleTest& file) {
    RuleTest out = file;
    out.place = at.node().at;
    if (!at.is_map()) return out;
    out.name = at.text("name");
    out.plan = at.has("plan") ? at.name("plan") : std::string{};
    if (at.has("start")) out.start_s = start_of(at);
    if (at.has("every")) out.every = at.duration("every");
    if (const auto series = at.get("series"))
        for (const auto& [queue, each] : series->entries(true))
            out.series.push_back(series_of(queue, each));
    if (const auto planned = at.get("planned"))
        for (const auto& [queue, each] : planned->entries(true))
            out.planned.push_back(
                {queue, each.value<Values>(parse_values, "such as 40x4 60x4").value_or(Values{})}
            );
    if (const auto lines = at.get("lines"))
        for (const auto& [queue, each] : lines->entries(true))
            out.lines[queue] = static_cast<std::int32_t>(
                each.value<std::int64_t>(parse_integer, "a number of lines").value_or(0)
            );
    if (const auto given = at.get("given"))
        for (const Cursor& item : given->items()) out.given.push_back(given_of(item, out.plan));
    if (const auto expect = at.get("expect"))
        for (const Cursor& item : expect->items()) out.expect.push_back(expect_of(item, out.plan));
    const auto earlier = [](const auto& a, const auto& b) { return a.at < b.at; };
    std::stable_sort(out.given.begin(), out.given.end(), earlier);
    std::stable_sort(out.expect.begin(), out.expect.end(), earlier);
    return out;
}

}  // namespace

bool is_test_figure(std::string_view name) {
    return std::find(figures.begin(), figures.end(), name) != figures.end();
}

tl::expected<RuleTests, Diagnostics> load_rule_tests(const std::string& file) {
    Report report;
    const auto bytes = read_file(file, Bounds::bytes);
    if (!bytes)
        return tl::make_unexpected(Diagnostics{
            {file, 0, 0, bytes.error().what, "a file of tests", ""}
        });
    const Document document = Document::parse(file, *bytes, report);
    if (document.root() == nullptr) return tl::make_unexpected(report.sorted());
    const Cursor top{document, File::test, report};
    RuleTests out{file, {}, {}, {}};
    if (top.is_map()) {
        const std::filesystem::path path{file};
        out.rules = path_of(path.parent_path().empty() ? "." : path.parent_path(), top, "rules");
        out.source = name_or(top, "source", "feed");
        RuleTest common;
        common.start_s = start_of(top);
        common.every = top.duration("every");
        if (const auto tests = top.get("tests"))
            for (const Cursor& item : tests->items()) out.tests.push_back(test_of(item, common));
    }
    if (!report.empty()) return tl::make_unexpected(report.sorted());
    return out;
}

}  // namespace surged::config
