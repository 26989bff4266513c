// Common slips of the pen: the place that is said is that of the slip.
#include "config/document.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace surged;
using namespace surged::config;

TEST_CASE("config: a slip in YAML is said where it is, not where the parser stumbles") {
    struct Row {
        const char *name, *text;
        int line, column;
        const char* what;
    };
    const Row rows[] = {
        {"no colon",                 "site:\n  id hz\n  zone: x\n",        2, 3,  "no colon after id"                      },
        {"no colon, first",          "site\n  id: hz\n",                   1, 1,  "no colon after site"                    },
        {"no colon above a map",
         "site:\n  queues # all\n    sales: {}\n",                         2,
         3,                                                                       "no colon after queues"                  },
        {"no space",                 "site:\n  id:hz\n  zone: x\n",        2, 5,  "no space after the colon"               },
        {"open quote",
         "site:\n  id: \"hz\n  zone: x\n",                                 2,
         7,                                                                       "the quote that is opened here is never" },
        {"open single quote",        "a: '客服''s\nb: c\n",                1, 4,  "the quote that is opened here is never"
        },
        {"closed by another's",      "site:\n  id: \"hz\n  zone: \"x\"\n", 2, 7,  "ends only on line 3"                    },
        {"open bracket",
         "site:\n  客服: [a, b\n  zone: x\n",                              2,
         7,                                                                       "the [ that is opened here is not"       },
        {"open brace",               "a: {b: 1, c: [2]\nd: e\n",           1, 4,  "the { that is opened here is not closed"},
        {"tab",                      "site:\n\tid: hz\n",                  2, 1,  "a tab in the indentation"               },
        {"deeper",                   "site:\n  id: hz\n   zone: x\n",      3, 4,  "indented deeper than the line above"    },
        {"between",                  "site:\n    id: hz\n  zone: x\n",     3, 3,  "its indentation is that of nothing"     },
        {"no dash",                  "a:\n  list:\n    - b\n    c\n",      4, 5,  "no dash before this item"               },
        {"second colon",             "site:\n  id: a: b\n",                2, 7,  "a second colon in one line"             },
        {"text behind a quote",      "site:\n  id: \"a\" b\n",             2, 11, "not YAML: end of map not found"         },
        {"full width",               "site:\n  id\uFF1Ahz\n  zone: x\n",   2, 5,  "no colon after id"                      },
        {"full width in a list",     "a:\n  - id\uFF1Ahz\n    b: x\n",     2, 7,  "no colon after id"                      },
        {"full width, a list",       "a:\n  id\uFF1A[b, c]\n  d: e\n",     2, 5,  "no colon after id"                      },
        {"a text's own",             "a:\n  id hz\n  b: 售前\uFF0C售后\n", 2, 3,  "no colon after id"                      },
        {"full width in braces",     "a: {id\uFF1A[1, 2], b: 3}\n",        1, 7,  "no colon after id"                      },
        {"full width before braces", "a:\n  b\uFF1A{IV: 20, III: 30}\n",   2, 4,  "no colon after b"                       },
        {"full width at the end",    "a:\n  id: hz\n  b\uFF1Ax\nc: d\n",   3, 4,  "no colon after b"                       },
        {"between, below Chinese",
         "a:\n    - 通知\uFF1A值班长\n  b: x\n",                           3,
         3,                                                                       "its indentation is that of nothing"     },
        {"a comment's own",          "a:\n  id:hz # 甲\uFF1A乙\n  c: d\n", 2, 5,  "no space after the colon"               },
    };
    for (const Row& row : rows) {
        CAPTURE(std::string{row.name});
        Report report;
        const Document document = Document::parse("f", row.text, report);
        CHECK(document.root() == nullptr);
        const Diagnostics found = report.sorted();
        REQUIRE(found.size() == 1);
        CAPTURE(found[0].text());
        CHECK(found[0].line == row.line);
        CHECK(found[0].column == row.column);
        CHECK(found[0].what.find(row.what) != std::string::npos);
    }
}

TEST_CASE("config: full-width punctuation in YAML's place is said") {
    struct Row {
        const char *name, *text, *near;
    };
    const Row rows[] = {
        {"colon",              "a:\n  id\uFF1Ahz\n  b: c\n",          ": instead of \uFF1A" },
        {"comma",              "a: {b: 1,\n  c: 2\uFF0C d: 3}\n",     ", instead of \uFF0C" },
        {"quote",              "a: \u201Cb: c\"\n",                   "\" instead of \u201C"},
        {"bracket",            "a: \uFF3Bb, c: d]\n",                 "[ instead of \uFF3B" },
        {"brace",              "a: \uFF5Bb: c}\n",                    "{ instead of \uFF5B" },
        {"of a text",          "a: {b: 甲\uFF0C乙, c: d\ne: f\n",     ""                    },
        {"of a quoted text",   "a: {b: \"甲\uFF1A乙\", c: d\ne: f\n", ""                    },
        {"in a list of texts", "a: [甲\uFF1A乙, c\ne: f\n",           ""                    },
        {"none",               "a: 甲\uFF1A乙\n  id: hz\n",           ""                    },
    };
    for (const Row& row : rows) {
        CAPTURE(std::string{row.name});
        Report report;
        CHECK(Document::parse("f", row.text, report).root() == nullptr);
        REQUIRE(report.size() == 1);
        CAPTURE(report.sorted()[0].text());
        CHECK(report.sorted()[0].suggestion == row.near);
    }
}

TEST_CASE("config: quotes and brackets that are closed are no slips") {
    for (const char* text :
         {"a: \"x\\\"\n  y\"\n",
          "a: 'it''s'\n",
          "a: \"\"\n",
          "a: [b,\n  c]\n",
          "a: don't\n",
          "a: |\n  \"open\n",
          "a: >\n  it's [\n",
          "'a': \"b\" # \"\n"}) {
        CAPTURE(std::string{text});
        Report report;
        CHECK(Document::parse("f", text, report).root() != nullptr);
        CHECK(report.empty());
    }
}
