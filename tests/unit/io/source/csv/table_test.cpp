#include "io/source/csv/table.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>

using namespace surged::io::csv;

namespace {

/// `line:column[text]` of each cell, / between rows; then what is wrong.
std::string read(std::string_view text) {
    Rows rows{text};
    Row row;
    std::string out;
    while (rows.next(row)) {
        for (const Cell& cell : row.cells)
            out += fmt::format("{}:{}[{}]", cell.at.line, cell.at.column, cell.text);
        out += '/';
    }
    if (rows.mistake())
        out += fmt::format(
            "{}:{}: {}", rows.mistake()->at.line, rows.mistake()->at.column, rows.mistake()->what
        );
    return out;
}

}  // namespace

TEST_CASE("csv: rows, cells and their places") {
    const std::string gb = "not UTF-8 (GB18030?); save the file as UTF-8";
    struct Row {
        const char* name;
        std::string text, want;
    };
    const Row rows[] = {
        {"nothing",           "",                     ""                                   },
        {"only empty lines",  "\r\n\n",               ""                                   },
        {"two rows",          "a,b\nc,d\n",           "1:1[a]1:3[b]/2:1[c]2:3[d]/"         },
        {"no last line feed", "a\r\nb",               "1:1[a]/2:1[b]/"                     },
        {"old returns",       "a\rb",                 "1:1[a]/2:1[b]/"                     },
        {"a BOM",
         "\xef\xbb\xbf"
         "a",                                         "1:1[a]/"                            },
        {"characters count",  "售后,b",               "1:1[售后]1:4[b]/"                   },
        {"empty cells",       ",,",                   "1:1[]1:2[]1:3[]/"                   },
        {"blanks go",         " a ,\tb\t",            "1:1[a]1:5[b]/"                      },
        {"quotes",            "\"a,\"\"b\"\"\",c",    "1:1[a,\"b\"]1:11[c]/"               },
        {"two lines in one",  "\"a\nb\",c\nd",        "1:1[a\nb]2:4[c]/3:1[d]/"            },
        {"an empty quote",    "\"\",b",               "1:1[]1:4[b]/"                       },
        {"an empty line",     "a\n\nb",               "1:1[a]/3:1[b]/"                     },
        {"not closed",        "a\nb,\"c",             "1:1[a]/2:3: the quote is not closed"},
        {"a quote alone",     "\"",                   "1:1: the quote is not closed"       },
        {"behind a quote",    "\"a\"b",               "1:4: text behind a closing quote"   },
        {"GB18030",           "ab\xca\xdb\xba\xf3,c", "1:3: " + gb                         },
        {"half a character",  "a\xe5\x94",            "1:2: " + gb                         },
        {"a control",         std::string{"a\0b", 3}, "1:2: a control character"           },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(read(row.text) == row.want);
    }
    CHECK(read(std::string(5000, 'x')).find("a cell of more than 4096 bytes") != std::string::npos);
    CHECK(read(std::string(300, ',')).find("more than 256 cells in a row") != std::string::npos);
}
