// dashboards/grafana as Grafana will read it: what a person would otherwise find out by looking.
#include "support/dashboards.hpp"

#include "places.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

using namespace surged;
namespace json = boost::json;

namespace {

struct Dashboard {
    std::string path;
    json::value root;
    [[nodiscard]] const json::array& panels() const { return root.at("panels").as_array(); }
};

std::vector<Dashboard> dashboards(const std::string& language) {
    std::vector<Dashboard> out;
    for (const test::DashboardFile& file : test::dashboard_files("grafana/" + language, ".json"))
        out.push_back({file.path, json::parse(file.text)});
    return out;
}

std::string text(const json::value& value, const char* key) {
    const json::value* found = value.as_object().if_contains(key);
    return found != nullptr && found->is_string() ? std::string{found->get_string()}
                                                  : std::string{};
}

bool is_row(const json::value& panel) { return text(panel, "type") == "row"; }

bool has_chinese(const std::string& words) {
    // Three bytes that begin with E4 to E9: the ideographs of common use.
    for (const char c : words)
        if (static_cast<unsigned char>(c) >= 0xE4 && static_cast<unsigned char>(c) <= 0xE9)
            return true;
    return false;
}

/// Cells of the grid that panels take twice, or leave free beside a panel.
struct Grid {
    std::map<std::pair<std::int64_t, std::int64_t>, int> taken;
    std::int64_t bottom{0};
    bool sound{true};
    void put(const json::value& panel) {
        const json::value& at = panel.at("gridPos");
        const auto part = [&](const char* key) { return at.at(key).as_int64(); };
        sound = sound && part("x") >= 0 && part("w") > 0 && part("h") > 0 &&
                part("x") + part("w") <= 24;
        for (auto y = part("y"); y < part("y") + part("h"); ++y)
            for (auto x = part("x"); x < part("x") + part("w"); ++x) ++taken[{y, x}];
        bottom = std::max(bottom, part("y") + part("h"));
    }
    [[nodiscard]] int doubled() const {
        int count = 0;
        for (const auto& [cell, times] : taken) count += times > 1 ? 1 : 0;
        return count;
    }
    [[nodiscard]] std::int64_t free() const {
        return bottom * 24 - static_cast<std::int64_t>(taken.size());
    }
};

/// The dashboard with every text for people taken out.
json::value without_words(const json::value& value) {
    static const std::set<std::string_view> worded{
        "title",
        "description",
        "label",
        "text",
        "legendFormat",
        "uid",
        "tags",
        "renameByName",
        "noValue",
        "unit",
        "url",
        "options",
        "indexByName",
        "displayName",
    };
    if (value.is_array()) {
        json::array out;
        for (const json::value& item : value.get_array()) out.push_back(without_words(item));
        return out;
    }
    if (!value.is_object()) return value;
    json::object out;
    for (const auto& [key, member] : value.get_object())
        if (!worded.contains(std::string_view{key.data(), key.size()}))
            out[key] = without_words(member);
    return out;
}

}  // namespace

TEST_CASE("dashboards: every panel says what it shows, in which unit, from the chosen source") {
    std::set<std::string> uids;
    for (const char* language : {"zh-CN", "en"}) {
        REQUIRE(dashboards(language).size() == 4);
        for (const Dashboard& dashboard : dashboards(language)) {
            CAPTURE(dashboard.path);
            const bool chinese = std::string_view{language} == "zh-CN";
            CHECK(uids.insert(text(dashboard.root, "uid")).second);
            CHECK(text(dashboard.root, "uid").size() <= 40);
            CHECK(has_chinese(text(dashboard.root, "title")) == chinese);
            std::set<std::int64_t> ids;
            for (const json::value& panel : dashboard.panels()) {
                const std::string title = text(panel, "title");
                CAPTURE(title);
                CHECK(ids.insert(panel.at("id").as_int64()).second);
                CHECK_FALSE(title.empty());
                CHECK((has_chinese(title) == chinese || title == "$trigger"));
                if (is_row(panel)) continue;
                CHECK(has_chinese(text(panel, "description")) == chinese);
                CHECK_FALSE(text(panel.at("fieldConfig").at("defaults"), "unit").empty());
                CHECK(text(panel.at("datasource"), "uid") == "${ds}");
                std::set<std::string> refs;
                for (const json::value& target : panel.at("targets").as_array()) {
                    CHECK(refs.insert(text(target, "refId")).second);
                    CHECK(text(target.at("datasource"), "uid") == "${ds}");
                    CHECK_FALSE(text(target, "expr").empty());
                }
                CHECK_FALSE(refs.empty());
            }
        }
    }
}

TEST_CASE("dashboards: panels neither overlap nor leave holes") {
    for (const Dashboard& dashboard : dashboards("en")) {
        CAPTURE(dashboard.path);
        Grid grid;
        for (const json::value& panel : dashboard.panels())
            // A panel that is repeated fills its line by itself, two to a line.
            if (panel.as_object().contains("repeat")) {
                CHECK(panel.at("gridPos").at("w") == 12);
            } else {
                grid.put(panel);
            }
        CHECK(grid.sound);
        CHECK(grid.doubled() == 0);
        CHECK(grid.free() == 0);
    }
    Grid bad;
    bad.put(json::parse(R"({"gridPos":{"x":0,"y":0,"w":13,"h":2}})"));
    bad.put(json::parse(R"({"gridPos":{"x":12,"y":1,"w":11,"h":1}})"));
    CHECK(bad.doubled() == 1);
    CHECK(bad.free() == 12);
    bad.put(json::parse(R"({"gridPos":{"x":20,"y":2,"w":5,"h":1}})"));
    CHECK_FALSE(bad.sound);
}

TEST_CASE("dashboards: both languages show the same, and name only variables that are there") {
    const auto chinese = dashboards("zh-CN");
    const auto english = dashboards("en");
    for (std::size_t i = 0; i < english.size(); ++i) {
        CAPTURE(english[i].path);
        CHECK(without_words(chinese[i].root) == without_words(english[i].root));
        std::set<std::string> known{"__rate_interval"};
        for (const json::value& variable : english[i].root.at("templating").at("list").as_array())
            known.insert(text(variable, "name"));
        static const std::regex used{R"(\$([a-z_]+))"};
        for (const json::value& panel : english[i].panels()) {
            if (is_row(panel)) continue;
            for (const json::value& target : panel.at("targets").as_array()) {
                const std::string expression = text(target, "expr");
                std::sregex_iterator it{expression.begin(), expression.end(), used};
                for (; it != std::sregex_iterator{}; ++it)
                    CHECK_MESSAGE(known.contains((*it)[1].str()), expression);
            }
        }
    }
}
