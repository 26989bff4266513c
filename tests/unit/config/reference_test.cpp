#include "config/cursor.hpp"
#include "config/keys.hpp"
#include "core/board/kpi.hpp"
#include "places.hpp"
#include "unit/config/files.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

using namespace surged;
using namespace surged::config;

namespace {

constexpr std::string_view page = SURGED_SOURCE_DIR "/docs/reference/configuration.md";
constexpr std::string_view kpi_page = SURGED_SOURCE_DIR "/docs/reference/kpis.md";
constexpr std::string_view tests_page = SURGED_SOURCE_DIR "/docs/reference/rule-tests.md";
constexpr std::string_view maps_page = SURGED_SOURCE_DIR "/docs/reference/webhook-maps.md";

std::string read(std::string_view path) {
    std::ifstream in{std::string{path}, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::string_view amount_of(const board::KpiInfo& info) {
    if (info.kpi == board::Kpi::gauge) return "number";
    if (info.share) return "share";
    switch (info.unit) {
        case board::Unit::count:
            return "whole number";
        case board::Unit::seconds:
            return "duration";
        case board::Unit::ratio:
            return "ratio";
        case board::Unit::per_second:
            return "number a second";
        case board::Unit::score:
            return "score";
    }
    return {};
}

/// `windowed`: the KPIs over a window, else those of this moment.
std::string kpi_reference(bool windowed) {
    std::string out = fmt::format(
        "| KPI | what | amount | worse is |{} narrowed by | metric | en | zh-CN |\n"
        "|---|---|---|---|{}---|---|---|---|\n",
        windowed ? " `min_calls` counts |" : "",
        windowed ? "---|" : ""
    );
    for (const board::KpiInfo& info : board::kpi_table()) {
        if (info.windowed != windowed) continue;
        const std::string_view worse = info.kpi == board::Kpi::gauge ? "either"
                                       : info.less_is_worse          ? "less: `below`"
                                                                     : "more: `above`";
        const std::string_view base = info.base == board::Base::none ? "– |"
                                      : info.base == board::Base::calls_offered
                                          ? "calls offered |"
                                          : "what it divides by |";
        const std::string_view filter = info.filter == board::Filter::none ? "–"
                                        : info.filter == board::Filter::klass
                                            ? "`class`"
                                            : "`class`, `topic`, `severity`";
        out += fmt::format(
            "| `{}` | {} | {} | {} | {} {} | {} | {} | {} |\n",
            info.name,
            info.formula,
            amount_of(info),
            worse,
            windowed ? base : "",
            filter,
            info.metric.empty() ? "–" : fmt::format("`{}`", info.metric),
            info.en,
            info.zh
        );
    }
    return out;
}

/// Writes the page anew if asked to, else holds it to `now`.
void hold(std::string_view file, const std::string& now) {
    if (std::getenv("SURGED_UPDATE_GOLDEN") != nullptr)
        std::ofstream{std::string{file}, std::ios::binary} << now;
    else
        CHECK_MESSAGE(read(file) == now, "run config_tests with SURGED_UPDATE_GOLDEN=1");
}

template <class T>
bool rising(Parsed<T> (*parse)(std::string_view), std::string_view low, std::string_view high) {
    const auto from = parse(low);
    const auto to = parse(high);
    return from && to && *from < *to;
}

/// The page with the text between its markers for `name` replaced.
std::string with_block(const std::string& text, const std::string& name, const std::string& block) {
    const std::string from = fmt::format("<!-- generated: {} -->\n", name);
    const std::string to = "<!-- end -->";
    const std::size_t begin = text.find(from);
    REQUIRE_MESSAGE(begin != std::string::npos, name);
    const std::size_t end = text.find(to, begin);
    REQUIRE_MESSAGE(end != std::string::npos, name);
    return text.substr(0, begin + from.size()) + "\n" + block + "\n" + text.substr(end);
}

}  // namespace

TEST_CASE("config: the reference shows every key and every KPI") {
    std::string keys = read(page);
    for (const File file : {File::surged, File::site, File::roster, File::plan, File::notices})
        keys = with_block(keys, std::string{title_of(file)}, reference_of(file));
    hold(page, keys);
    std::string kpis = with_block(read(kpi_page), "gauges", kpi_reference(false));
    hold(kpi_page, with_block(kpis, "windowed", kpi_reference(true)));
    hold(maps_page, with_block(read(maps_page), "a webhook map", reference_of(File::map)));
    hold(tests_page, with_block(read(tests_page), "tests of rules", reference_of(File::test)));
}

TEST_CASE("config: the triggers of the reference load") {
    const std::string text = read(page);
    const std::string fence = "```yaml\n";
    const std::size_t begin = text.find(fence) + fence.size();
    const std::size_t end = text.find("```", begin);
    REQUIRE(begin < end);
    const config::test::Files files;
    files.put(
        "rules/plans/a.yaml",
        "plan: p\ntitle: {zh-CN: 甲, en: A}\nteams: {technical: it}\npage: {III: [duty]}\n" +
            text.substr(begin, end - begin)
    );
    const auto loaded = load_rules(files.rules(), nullptr);
    REQUIRE_MESSAGE(loaded, config::test::why_not(loaded));
    CHECK(loaded->rules.plans.at("p").triggers.size() == 3);
}

TEST_CASE("config: rows of the key table are whole") {
    std::set<std::pair<File, std::string_view>> seen;
    for (const Key& key : key_table()) {
        CAPTURE(key.path);
        CHECK(seen.insert({key.file, key.path}).second);
        CHECK(!key.meaning.empty());
        const std::size_t dots = key.range.find("..");
        const std::string_view low = key.range.substr(0, dots);
        const std::string_view high =
            dots == std::string_view::npos ? "" : key.range.substr(dots + 2);
        const bool has_default = !key.fallback.empty() && !key.required();
        if (!key.built) continue;
        switch (key.type) {
            case Type::integer:
                CHECK(rising(parse_integer, low, high));
                if (has_default) CHECK(parse_integer(key.fallback));
                break;
            case Type::duration:
                CHECK(rising(parse_span, low, high));
                if (has_default) CHECK(parse_span(key.fallback));
                break;
            case Type::percent:
                CHECK(rising(parse_amount, low, high));
                if (has_default) CHECK(parse_amount(key.fallback));
                break;
            case Type::durations:
                CHECK(rising(parse_span, low, high));
                break;
            case Type::choice:
                CHECK(words_of(key.range).size() >= 1);
                break;
            default:
                break;
        }
    }
}
