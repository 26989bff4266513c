#include "io/source/queue_log/members.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::io::queue_log;

namespace {

using Told = std::vector<std::string>;

/// "Erin available q1,q2", in the order told.
Told told(Members& members) {
    Told out;
    for (const MemberChange& change : members.take_changes())
        out.push_back(fmt::format(
            "{} {}{} {}",
            change.member,
            name_of(change.state),
            change.reason.empty() ? "" : fmt::format("({})", change.reason),
            fmt::join(change.queues, ",")
        ));
    return out;
}

}  // namespace

TEST_CASE("queue_log: a member's state follows from what he does") {
    Members members;
    struct Row {
        const char* name;
        std::function<void()> does;
        Told want;
    };
    const Row rows[] = {
        {"added",                         [&] { members.added("Erin", "a", false); },      {"Erin available a"}  },
        {"added paused",                  [&] { members.added("Erin", "b", true); },       {"Erin paused b"}     },
        {"no change",                     [&] { members.paused("Erin", "b", true, ""); },  {}                    },
        {"back in one queue",             [&] { members.paused("Erin", "b", false, ""); }, {"Erin available b"}
        },
        {"a call in one queue",           [&] { members.connected("Erin", "a", "1"); },    {"Erin busy a,b"}     },
        {"a second call",                 [&] { members.connected("Erin", "b", "2"); },    {}                    },
        {"the first ends",                [&] { members.ended("1"); },                     {}                    },
        {"pauses while talking",
         [&] { members.paused("Erin", "", true, "培训"); },
         {"Erin paused(培训) a,b"}                                                                               },
        {"the second ends",               [&] { members.ended("2"); },                     {}                    },
        {"back",                          [&] { members.paused("Erin", "", false, ""); },  {"Erin available a,b"}},
        {"logs off",                      [&] { members.present("Erin", false); },         {"Erin offline a,b"}  },
        {"logs in",                       [&] { members.present("Erin", true); },          {"Erin available a,b"}},
        {"removed",                       [&] { members.removed("Erin", "a"); },           {"Erin offline a"}    },
        {"removed twice",                 [&] { members.removed("Erin", "a"); },           {}                    },
        {"nobody",                        [&] { members.removed("Frank", "a"); },          {}                    },
        {"first seen with a call",        [&] { members.connected("Dan", "c", "3"); },     {"Dan busy c"}        },
        {"the PBX starts",                [&] { members.all_calls_ended(); },              {"Dan available c"}   },
        {"the end came first",            [&] { members.ended("9"); },                     {}                    },
        {"then the beginning",            [&] { members.connected("Dan", "c", "9"); },     {}                    },
        {"the same call, another member",
         [&] {
             members.connected("Dan", "c", "10");
             members.connected("Eve", "c", "10");
         },                                                                                {"Eve busy c"}        },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        row.does();
        const Told got = told(members);
        CHECK(got == row.want);
    }
}

TEST_CASE("queue_log: when the PBX starts, those who talked are told of in the order of their names"
) {
    Members members;
    Told want;
    for (int number = 101; number < 140; ++number) {
        const std::string name = fmt::format("SIP/{}", number);
        members.connected(name, "a", std::to_string(number));
        want.push_back(name + " available a");
    }
    static_cast<void>(members.take_changes());
    members.all_calls_ended();
    CHECK(told(members) == want);
}

TEST_CASE("queue_log: members are bounded whatever a log says") {
    Members members;
    for (std::size_t i = 0; i < Members::members_max + 500; ++i)
        members.added(fmt::format("m{}", i), "q", false);
    CHECK(members.take_changes().size() == Members::members_max);
    for (std::size_t i = 0; i < Members::calls_max + 500; ++i)
        members.connected("m1", "q", fmt::format("c{}", i));
    CHECK(told(members) == Told{"m1 busy q"});
    for (std::size_t i = 0; i < 1000; ++i) members.ended(fmt::format("x{}", i));
    CHECK(told(members).empty());
}
