#include "io/source/ami/values.hpp"

#include "io/source/ami/banner.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io::ami;
using acd::AgentState;

TEST_CASE("ami values: Timestamp to the microsecond") {
    CHECK(parse_timestamp("1795451721.123456") == Wall{1'795'451'721'123'456});
    CHECK(parse_timestamp("1795451721.000007") == Wall{1'795'451'721'000'007});
    CHECK(parse_timestamp("1795451721.5") == Wall{1'795'451'721'500'000});
    CHECK(parse_timestamp("1795451721") == Wall{1'795'451'721'000'000});
    for (const char* wrong : {"", "now", "1.x", "-5.0", "99999999999999999.0"})
        CHECK_FALSE(parse_timestamp(wrong).has_value());
}

TEST_CASE("ami values: a member's state") {
    struct Row {
        const char *status, *paused;
        std::optional<AgentState> want;
    };
    const Row rows[] = {
        {"0", "0", AgentState::available},
        {"1", "0", AgentState::available},
        {"2", "0", AgentState::busy     },
        {"3", "0", AgentState::busy     },
        {"4", "0", AgentState::offline  },
        {"5", "0", AgentState::offline  },
        {"6", "0", AgentState::busy     },
        {"7", "0", AgentState::busy     },
        {"8", "0", AgentState::busy     },
        {"1", "1", AgentState::paused   },
        {"2", "1", AgentState::paused   },
        {"5", "1", AgentState::offline  },
        {"1", "",  AgentState::available},
        {"",  "1", AgentState::paused   },
        {"",  "0", std::nullopt         },
        {"x", "",  std::nullopt         },
    };
    for (const Row& row : rows) {
        CAPTURE(std::string{row.status});
        CAPTURE(std::string{row.paused});
        CHECK(parse_member_state(row.status, row.paused) == row.want);
    }
}

TEST_CASE("ami values: severity in words and digits") {
    CHECK(parse_severity("critical") == 1);
    CHECK(parse_severity("High") == 2);
    CHECK(parse_severity("NORMAL") == 3);
    CHECK(parse_severity("4") == 4);
    for (const char* wrong : {"", "0", "5", "urgent"}) CHECK(parse_severity(wrong) == 0);
}

TEST_CASE("ami values: which Asterisk a banner stands for") {
    struct Row {
        const char *banner, *want;
    };
    const Row rows[] = {
        {"Asterisk Call Manager/2.10.6", "Asterisk 13"               },
        {"Asterisk Call Manager/5.0.5",  "Asterisk 16"               },
        {"Asterisk Call Manager/7.0.3",  "Asterisk 18"               },
        {"Asterisk Call Manager/9.0.0",  "Asterisk 20"               },
        {"Asterisk Call Manager/11.0.0", "Asterisk 22"               },
        {"Asterisk Call Manager/12.0.0", "Asterisk 23"               },
        {"Asterisk Call Manager/99.1",   "Asterisk with manager 99.1"},
        {"SSH-2.0",                      ""                          },
        {"",                             ""                          },
    };
    for (const Row& row : rows) {
        CAPTURE(std::string{row.banner});
        CHECK(release_of(row.banner) == row.want);
    }
}
