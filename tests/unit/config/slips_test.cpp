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
        {"no colon",             "site:\n  id hz\n  zone: x\n",        2, 3,  "no colon after id"                      },
        {"no colon, first",      "site\n  id: hz\n",                   1, 1,  "no colon after site"                    },
        {"no colon above a map",
         "site:\n  queues # all\n    sales: {}\n",                     2,
         3,                                                                   "no colon after queues"                  },
        {"no space",             "site:\n  id:hz\n  zone: x\n",        2, 5,  "no space after the colon"               },
        {"open quote",
         "site:\n  id: \"hz\n  zone: x\n",                             2,
         7,                                                                   "the quote that is opened here is never" },
        {"open single quote",    "a: '客服''s\nb: c\n",                1, 4,  "the quote that is opened here is never"
        },
        {"closed by another's",  "site:\n  id: \"hz\n  zone: \"x\"\n", 2, 7,  "ends only on line 3"                    },
        {"open bracket",
         "site:\n  客服: [a, b\n  zone: x\n",                          2,
         7,                                                                   "the [ that is opened here is not"       },
        {"open brace",           "a: {b: 1, c: [2]\nd: e\n",           1, 4,  "the { that is opened here is not closed"},
        {"tab",                  "site:\n\tid: hz\n",                  2, 1,  "a tab in the indentation"               },
        {"deeper",               "site:\n  id: hz\n   zone: x\n",      3, 4,  "indented deeper than the line above"    },
        {"between",              "site:\n    id: hz\n  zone: x\n",     3, 3,  "its indentation is that of nothing"     },
        {"no dash",              "a:\n  list:\n    - b\n    c\n",      4, 5,  "no dash before this item"               },
        {"second colon",         "site:\n  id: a: b\n",                2, 7,  "a second colon in one line"             },
        {"text behind a quote",  "site:\n  id: \"a\" b\n",             2, 11, "not YAML: end of map not found"         },
        {"full width",           "site:\n  id\uFF1Ahz\n  zone: x\n",   3, 7,  "not YAML"                               },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
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
