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

std::string read(std::string_view path) {
    std::ifstream in{std::string{path}, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::string kpi_reference() {
    std::string out =
        "| KPI | amount | window | direction | `min_calls` | en | zh-CN |\n"
        "|---|---|---|---|---|---|---|\n";
    for (const board::KpiInfo& info : board::kpi_table()) {
        const bool gauge = info.kpi == board::Kpi::gauge;
        const std::string_view amount = gauge                                  ? "number"
                                        : info.unit == board::Unit::count      ? "whole number"
                                        : info.unit == board::Unit::seconds    ? "duration"
                                        : info.unit == board::Unit::per_second ? "number a second"
                                        : info.unit == board::Unit::score      ? "score"
                                                                               : "ratio";
        const std::string_view base = info.base == board::Base::none            ? "–"
                                      : info.base == board::Base::calls_offered ? "calls offered"
                                                                                : "its own base";
        out += fmt::format(
            "| `{}` | {} | {} | {} | {} | {} | {} |\n",
            info.name,
            amount,
            info.windowed ? "yes" : "–",
            gauge                ? "either"
            : info.less_is_worse ? "below"
                                 : "above",
            base,
            info.en,
            info.zh
        );
    }
    return out;
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
    const std::string before = read(page);
    std::string now = before;
    for (const File file : {File::surged, File::site, File::roster, File::plan, File::notices})
        now = with_block(now, std::string{title_of(file)}, reference_of(file));
    now = with_block(now, "KPIs", kpi_reference());
    if (std::getenv("SURGED_UPDATE_GOLDEN") != nullptr) {
        std::ofstream{std::string{page}, std::ios::binary} << now;
    } else {
        CHECK_MESSAGE(before == now, "run config_tests with SURGED_UPDATE_GOLDEN=1");
    }
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
