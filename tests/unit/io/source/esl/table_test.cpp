#include "io/source/esl/table.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace surged::io::esl;

namespace {

std::vector<std::string> column(const Table& table, std::string_view name) {
    std::vector<std::string> out;
    table.for_each([&](const Table::Row& row) { out.emplace_back(row.get(name)); });
    return out;
}
using Cells = std::vector<std::string>;

}  // namespace

TEST_CASE("esl table: columns by name, wherever they stand") {
    const auto table = Table::parse("queue|agent|state\ns@d|101|Ready\ns@d|102|Ready\n+OK\n", "");
    REQUIRE(table);
    CHECK(table->size() == 2);
    CHECK(column(*table, "agent") == Cells{"101", "102"});
    CHECK(column(*table, "queue") == Cells{"s@d", "s@d"});
    CHECK(column(*table, "level") == Cells{"", ""});
    const auto other = Table::parse("state|new|agent\r\nReady||101\r\n+OK\r\n", "");
    REQUIRE(other);
    CHECK(column(*other, "agent") == Cells{"101"});
    CHECK(column(*other, "state") == Cells{"Ready"});
}

TEST_CASE("esl table: an empty one, an error, one cut short") {
    const auto empty = Table::parse("+OK\n", "");
    REQUIRE(empty);
    CHECK(empty->size() == 0);
    CHECK(Table::parse("+OK", "").has_value());
    for (const char* wrong :
         {"", "-ERR no reply\n", "-ERR callcenter_config Command not found!\n", "a|b\n1|2\n", "a|b"
         }) {
        CAPTURE(std::string{wrong});
        CHECK_FALSE(Table::parse(wrong, "").has_value());
    }
}

TEST_CASE("esl table: a dial string or a name may hold bars") {
    const auto agents = Table::parse(
        "name|contact|status|state\n"
        "101|user/101|Available|Waiting\n"
        "102|user/1|user/2|sofia/gw/3|On Break|Idle\n"
        "103||Logged Out|Waiting\n+OK\n",
        "contact"
    );
    REQUIRE(agents);
    CHECK(column(*agents, "contact") == Cells{"user/101", "user/1|user/2|sofia/gw/3", ""});
    CHECK(column(*agents, "status") == Cells{"Available", "On Break", "Logged Out"});
    CHECK(column(*agents, "state") == Cells{"Waiting", "Idle", "Waiting"});
    const auto last = Table::parse("name|contact\n101|a|b\n+OK\n", "contact");
    REQUIRE(last);
    CHECK(column(*last, "contact") == Cells{"a|b"});
}

TEST_CASE("esl table: a row with too few cells is left out and counted") {
    const auto table = Table::parse("a|b|c\n1|2|3\n1|2\n\n4|5|6\n+OK\n", "");
    REQUIRE(table);
    CHECK(column(*table, "c") == Cells{"3", "6"});
    CHECK(table->short_rows() == 2);
}
