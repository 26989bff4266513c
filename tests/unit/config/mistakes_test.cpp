#include "places.hpp"
#include "unit/config/files.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sstream>

using namespace surged;
using namespace surged::config;
using namespace surged::config::test;

namespace {

/// Everything said about `text` standing in the place of `name`, file names below the folder.
std::string said(const std::string& name, std::string_view text) {
    const Files files;
    files.put(name, text);
    const auto daemon = load_daemon(files.daemon_file(), {});
    Diagnostics found;
    if (!daemon) {
        found = daemon.error();
    } else if (const auto rules = load_rules(files.rules(), &*daemon); !rules) {
        found = rules.error();
    }
    std::string out = text_of(found);
    const std::string prefix = files.path("");
    for (std::size_t at = out.find(prefix); at != std::string::npos; at = out.find(prefix))
        out.erase(at, prefix.size());
    return out;
}

/// A case of tests/data/config/*.txt: `## name`, the file, `=>`, what is said about it.
struct Case {
    std::string name, text, want;
};

std::vector<Case> read_cases(const std::string& path) {
    std::vector<Case> out;
    std::ifstream in{path};
    bool in_text = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("## ")) {
            out.push_back({line.substr(3), "", ""});
            in_text = true;
        } else if (line == "=>") {
            in_text = false;
        } else if (in_text) {
            out.back().text += line + "\n";
        } else if (!line.empty()) {
            out.back().want += line + "\n";
        }
    }
    return out;
}

/// Checks a table of bad files; with SURGED_UPDATE_GOLDEN=1 writes what is said now, to be read.
void check(const std::string& table, const std::string& file, std::string_view rest = {}) {
    const std::string path = fmt::format("{}/tests/data/config/{}", SURGED_SOURCE_DIR, table);
    const bool update = std::getenv("SURGED_UPDATE_GOLDEN") != nullptr;
    const auto cases = read_cases(path);
    REQUIRE(!cases.empty());
    std::string now;
    for (const Case& row : cases) {
        CAPTURE(row.name);
        const std::string got = said(file, row.text + std::string{rest});
        now += fmt::format("## {}\n{}=>\n{}\n", row.name, row.text, got);
        CHECK(!got.empty());
        if (!update) CHECK(got == row.want);
    }
    if (update) std::ofstream{path} << now;
}

}  // namespace

TEST_CASE("config: every mistake of a bad file is reported at its place") {
    check("surged.txt", "surged.yaml");
    check("site.txt", "rules/site.yaml");
    check("roster.txt", "rules/roster.yaml");
    check("plan.txt", "rules/plans/a.yaml");
    // What follows the triggers is right, so that only they are spoken of.
    check(
        "trigger.txt",
        "rules/plans/a.yaml",
        "plan: p\ntitle: {zh-CN: 甲, en: A}\npage: {IV: [duty]}\n"
    );
}

TEST_CASE("config: bytes that are not YAML text are reported at their place") {
    struct Row {
        const char* name;
        std::string text;
        const char* want;
    };
    const Row rows[] = {
        {"tab",              "site:\n\tid: hz\n",                  "2:1: a tab in the indentation; expected spaces"                               },
        {"tab after blanks", "site:\n  \tid: hz\n",                "2:3: a tab in the indentation; expected spaces"
        },
        {"not UTF-8",        "site: {id: h\xff}\n",                "1:13: not UTF-8; expected the file in UTF-8"                                  },
        {"cut off",          "site: {id: \xe5\x94",                "1:12: not UTF-8; expected the file in UTF-8"                                  },
        {"over-long",        "site: {id: h\xc0\xaf}\n",            "1:13: not UTF-8; expected the file in UTF-8"                                  },
        {"surrogate",        "\xed\xa0\x80: x\n",                  "1:1: not UTF-8; expected the file in UTF-8"                                   },
        {"UTF-16",           std::string{"\xff\xfes\0", 4},        "1:1: not UTF-8; expected the file in UTF-8"                                   },
        {"NUL",              std::string{"site: {id: h\0}\n", 15}, "1:13: control character 0x00; expected text"
        },
        {"escape",           "a: 1\nsite: \x1b[31m\n",             "2:7: control character 0x1b; expected text"                                   },
        {"no-break space",
         "site:\xc2\xa0{id: hz}\n",                                "1:6: an invisible character that is not a space; expected a space, or nothing"},
        {"second BOM",
         "\xef\xbb\xbf# a\n\xef\xbb\xbfsite: x\n",                 "2:1: an invisible character that is not a space; expected a space, or nothing"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(said("rules/site.yaml", row.text) == fmt::format("rules/site.yaml:{}\n", row.want));
    }
}
