#include "io/source/esl/values.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io::esl;
using acd::AgentState;
using acd::ExitReason;

TEST_CASE("esl values: times") {
    CHECK(parse_micros("1795454217312637") == Wall{1'795'454'217'312'637});
    CHECK(parse_epoch("1795454217") == Wall{1'795'454'217'000'000});
    for (const char* wrong : {"", "0", "-1", "x", "1.5", "99999999999999999999"}) {
        CAPTURE(std::string{wrong});
        CHECK_FALSE(parse_micros(wrong).has_value());
        CHECK_FALSE(parse_epoch(wrong).has_value());
    }
    CHECK(span_of("100", "112") == Micros{12s});
    CHECK(span_of("100", "100") == Micros{0s});
    CHECK_FALSE(span_of("112", "100").has_value());
    CHECK_FALSE(span_of("0", "100").has_value());
    CHECK_FALSE(span_of("100", "").has_value());
}

TEST_CASE("esl values: what an agent is") {
    struct Row {
        const char *status, *state;
        std::optional<AgentState> want;
    };
    const Row rows[] = {
        {"Available",             "Waiting",         AgentState::available},
        {"Available",             "Receiving",       AgentState::busy     },
        {"Available",             "In a queue call", AgentState::busy     },
        {"Available",             "Reserved",        AgentState::busy     },
        {"Available",             "Idle",            AgentState::paused   },
        {"Available (On Demand)", "Waiting",         AgentState::available},
        {"Available (On Demand)", "In a queue call", AgentState::busy     },
        {"Available (On Demand)", "Idle",            AgentState::paused   },
        {"On Break",              "Waiting",         AgentState::paused   },
        {"On Break",              "In a queue call", AgentState::paused   },
        {"Logged Out",            "Waiting",         AgentState::offline  },
        {"Logged Out",            "In a queue call", AgentState::offline  },
        {"Available",             "Unknown",         std::nullopt         },
        {"",                      "Waiting",         std::nullopt         },
    };
    for (const Row& row : rows) {
        CAPTURE(std::string{row.status});
        CAPTURE(std::string{row.state});
        CHECK(parse_agent(row.status, row.state) == row.want);
    }
}

TEST_CASE("esl values: how a canceled member left") {
    struct Row {
        const char *reason, *answer_state, *hangup_cause;
        std::optional<ExitReason> want;
        bool known;
    };
    const Row rows[] = {
        {"BREAK_OUT",        "hangup",   "NORMAL_CLEARING", std::nullopt,          true },
        {"BREAK_OUT",        "",         "",                std::nullopt,          true },
        {"BREAK_OUT",        "answered", "",                ExitReason::withdrawn, true },
        {"BREAK_OUT",        "hangup",   "SYSTEM_SHUTDOWN", ExitReason::shutdown,  true },
        {"NONE",             "hangup",   "NORMAL_CLEARING", std::nullopt,          true },
        {"NONE",             "answered", "",                std::nullopt,          true },
        {"TIMEOUT",          "answered", "",                ExitReason::timeout,   true },
        {"NO_AGENT_TIMEOUT", "answered", "",                ExitReason::empty,     true },
        {"EXIT_WITH_KEY",    "answered", "",                ExitReason::key,       true },
        {"SOMETHING_NEW",    "hangup",   "",                ExitReason::unknown,   false},
        {"",                 "",         "",                ExitReason::unknown,   false},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string{row.reason});
        CAPTURE(std::string{row.answer_state});
        const Canceled got = parse_cancel(row.reason, row.answer_state, row.hangup_cause);
        CHECK(got.exit == row.want);
        CHECK(got.known == row.known);
    }
}

TEST_CASE("esl values: which release it is") {
    CHECK(
        release_of("UP 0 years\nFreeSWITCH (Version 1.10.12-release  64bit) is ready\n") ==
        "FreeSWITCH 1.10.12"
    );
    CHECK(release_of("FreeSWITCH Version 1.10.11+git~2023 (git a1b2)") == "FreeSWITCH 1.10.11");
    CHECK(release_of("1.10.12-release+git") == "FreeSWITCH 1.10.12");
    CHECK(release_of("-ERR status Command not found!").empty());
    CHECK(release_of("").empty());
}
