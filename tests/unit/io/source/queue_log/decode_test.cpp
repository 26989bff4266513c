// Lines by hand: what the recordings have and what they lack.
#include "io/source/queue_log/decode.hpp"

#include "support/ami_sink.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <vector>

using namespace surged;
using namespace surged::test;
using io::queue_log::Decoder;
using io::queue_log::DecoderOptions;
using Lines = std::vector<std::string>;

namespace {

/// Decodes lines of one second each, and tells what came of them without their times.
struct Bench {
    Decoder decoder;
    acd::Batch words;
    Lines reasons;
    std::int64_t second{1'795'452'000};

    explicit Bench(DecoderOptions options = {}) : decoder{std::move(options)} {}
    /// `rest`: the line behind its time.
    Lines feed(std::string_view rest) { return raw(fmt::format("{}|{}", ++second, rest)); }
    Lines raw(std::string_view text) {
        acd::Batch out;
        const std::string_view bad = decoder.decode(text, out, &words);
        if (!bad.empty()) reasons.emplace_back(bad);
        CHECK(out.well_formed());
        return without_times(out);
    }
    static Lines without_times(const acd::Batch& batch) {
        Lines out;
        batch.for_each([&](std::size_t, const acd::Event& event) {
            acd::Event e = event;
            CHECK(e.ts.has_value());
            e.ts.reset();
            out.push_back(describe(e));
        });
        return out;
    }
};

}  // namespace

TEST_CASE("queue_log: what a line becomes") {
    struct Row {
        const char* line;
        Lines want;
    };
    const Row rows[] = {
        {"17.1|sales|NONE|ENTERQUEUE||13800138000|1",           {"offered queue=sales call=17.1"}                     },
        {"17.1|sales|NONE|ENTERQUEUE||13800138000|1|张 三",     {"offered queue=sales call=17.1"}                     },
        {"17.1|sales|NONE|ABANDON|1|1|30",                      {"abandoned queue=sales call=17.1 wait=30"}           },
        {"17.1|sales|NONE|EXITWITHTIMEOUT|2|2|8",
         {"exited queue=sales call=17.1 exit=timeout wait=8"}                                                         },
        {"17.1|sales|NONE|EXITWITHTIMEOUT|2",                   {"exited queue=sales call=17.1 exit=timeout"}         },
        {"17.1|sales|NONE|EXITWITHKEY|0|2|2|9",                 {"exited queue=sales call=17.1 exit=key wait=9"}      },
        {"17.1|sales|NONE|EXITEMPTY|1|1|0",                     {"exited queue=sales call=17.1 exit=empty wait=0"}    },
        {"17.1|sales|NONE|WITHDRAW|3|4|3|moved to callback",
         {"exited queue=sales call=17.1 exit=withdrawn wait=3"}                                                       },
        {"17.1|sales|NONE|WITHDRAW|3|4|3|",                     {"exited queue=sales call=17.1 exit=withdrawn wait=3"}},
        {"17.1|sales|Erin|SYSCOMPAT|",                          {"exited queue=sales call=17.1 exit=unknown"}         },
        {"NONE|NONE|NONE|QUEUESTART|",                          {"started"}                                           },
        {"NONE|NONE|NONE|CONFIGRELOAD|",                        {}                                                    },
        {"17.1|sales|Erin|RINGNOANSWER|5000",                   {}                                                    },
        {"17.1|sales|Erin|RINGNOANSWER|0",                      {}                                                    },
        {"17.1|sales|Erin|RINGCANCELED|3503",                   {}                                                    },
        {"17.1|sales|Erin|AGENTDUMP|",                          {}                                                    },
        {"NONE|sales|Local/104@agents|PENALTY|1",               {}                                                    },
        {"NONE|sales|Local/104@agents|RINGINUSE|1",             {}                                                    },
        {"17.1|NONE|NONE|DID|02161234567",                      {}                                                    },
        {"17.1|NONE|NONE|INFO|IVR|a|b|c|d|e|f|g|h|i|j|k|l|m|n", {}                                                    },
        {"17.1|sales|NONE|ABANDON|1|1|30|extra|fields",         {"abandoned queue=sales call=17.1 wait=30"}
        },
        {"17.1|客服 \"vip\" [1]|NONE|ABANDON|1|1|30",
         {"abandoned queue=客服 \"vip\" [1] call=17.1 wait=30"}                                                       },
        {"17.1|sales|NONE|ABANDON|1|1|30\r",                    {"abandoned queue=sales call=17.1 wait=30"}           },
    };
    for (const Row& row : rows) {
        CAPTURE(row.line);
        Bench bench;
        CHECK(bench.feed(row.line) == row.want);
        CHECK(bench.reasons.empty());
    }
}

TEST_CASE("queue_log: a transfer ends a call, whatever stands in front of its times") {
    struct Row {
        const char *line, *want;
    };
    const Row rows[] = {
        {"COMPLETEAGENT|4|87|1",                                        "completed"  },
        {"COMPLETECALLER|4|87|1",                                       "completed"  },
        {"BLINDTRANSFER|13800138000|xfer|4|87|1",                       "transferred"},
        {"TRANSFER|900|xfer|4|87|1",                                    "transferred"},
        {"TRANSFER|900|xfer|4|87",                                      "transferred"},
        {"ATTENDEDTRANSFER|BRIDGE|0a1b-22|4|87|1",                      "transferred"},
        {"ATTENDEDTRANSFER|APP|Queue|4|87|1",                           "transferred"},
        {"ATTENDEDTRANSFER|LINK|PJSIP/a-01|PJSIP/13800138000-2|4|87|1", "transferred"},
        {"ATTENDEDTRANSFER|THREEWAY|PJSIP/a-01|0a1b-22|4|87|1",         "transferred"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.line);
        Bench bench;
        bench.feed("17.1|sales|Erin|CONNECT|4|17.2|3");
        const Lines got = bench.feed(fmt::format("17.1|sales|Erin|{}", row.line));
        CHECK(
            got ==
            Lines{
                fmt::format("{} queue=sales call=17.1 agent=Erin wait=4 talk=87", row.want),
                "agent_state queues=sales agent=Erin state=available"
            }
        );
        CHECK(bench.reasons.empty());
    }
}

TEST_CASE("queue_log: agents, busy from the connect to the end") {
    Bench bench;
    struct Row {
        const char* line;
        Lines want;
    };
    const Row rows[] = {
        {"17.1|sales|Bob O'Neil|CONNECT|2|17.2|2",
         {"answered queue=sales call=17.1 agent=Bob O'Neil wait=2",
          "agent_state queues=sales agent=Bob O'Neil state=busy"}                    },
        {"17.1|sales|Bob O'Neil|COMPLETEAGENT|2|5|1",
         {"completed queue=sales call=17.1 agent=Bob O'Neil wait=2 talk=5",
          "agent_state queues=sales agent=Bob O'Neil state=available"}               },
        {"NONE|sales|Bob O'Neil|PAUSE|Auto-Pause",
         {"agent_state queues=sales agent=Bob O'Neil state=paused reason=Auto-Pause"}},
        {"NONE|sales|Bob O'Neil|UNPAUSE|",
         {"agent_state queues=sales agent=Bob O'Neil state=available"}               },
        {"REALTIME|vip|Local/104@agents|ADDMEMBER|PAUSED",
         {"agent_state queues=vip agent=Local/104@agents state=paused"}              },
        {"MANAGER|sales|Local/104@agents|ADDMEMBER|",
         {"agent_state queues=sales agent=Local/104@agents state=available"}         },
        {"NONE|NONE|Local/104@agents|PAUSEALL|培训",
         {"agent_state queues=sales agent=Local/104@agents state=paused reason=培训"}},
        {"NONE|sales|Local/104@agents|PAUSE|培训",                            {}     },
        {"NONE|NONE|Local/104@agents|UNPAUSEALL|",
         {"agent_state queues=sales,vip agent=Local/104@agents state=available"}     },
        {"MANAGER|sales|Local/104@agents|REMOVEMEMBER|",
         {"agent_state queues=sales agent=Local/104@agents state=offline"}           },
        {"17.9|NONE|Agent/1001|AGENTLOGIN|PJSIP/1001-0001",                   {}     }, // in which queue comes later
        {"17.3|sales|Agent/1001|CONNECT|1|17.4|1",
         {"answered queue=sales call=17.3 agent=Agent/1001 wait=1",
          "agent_state queues=sales agent=Agent/1001 state=busy"}                    },
        {"17.3|sales|Agent/1001|COMPLETECALLER|1|2|1",
         {"completed queue=sales call=17.3 agent=Agent/1001 wait=1 talk=2",
          "agent_state queues=sales agent=Agent/1001 state=available"}               },
        {"17.9|NONE|Agent/1001|AGENTLOGOFF|PJSIP/1001-0001|360",
         {"agent_state queues=sales agent=Agent/1001 state=offline"}                 },
        {"17.9|NONE|Agent/1001|AGENTCALLBACKLOGIN|1001@ctx",
         {"agent_state queues=sales agent=Agent/1001 state=available"}               },
        {"17.9|NONE|Agent/1001|AGENTCALLBACKLOGOFF|1001@ctx|3|CommandLogoff",
         {"agent_state queues=sales agent=Agent/1001 state=offline"}                 },
    };
    for (const Row& row : rows) {
        CAPTURE(row.line);
        CHECK(bench.feed(row.line) == row.want);
    }
    CHECK(bench.reasons.empty());
}

TEST_CASE("queue_log: a member known by two names is one person where the names are listed") {
    DecoderOptions options;
    options.members.emplace("Heidi Dynamic", "Local/104@agents");
    Bench bench{std::move(options)};
    CHECK(
        bench.feed("MANAGER|support|Local/104@agents|ADDMEMBER|") ==
        Lines{"agent_state queues=support agent=Local/104@agents state=available"}
    );
    CHECK(
        bench.feed("17.1|support|Heidi Dynamic|CONNECT|1|17.2|1") ==
        Lines{
            "answered queue=support call=17.1 agent=Local/104@agents wait=1",
            "agent_state queues=support agent=Local/104@agents state=busy"
        }
    );
    bench.feed("17.1|support|Heidi Dynamic|COMPLETEAGENT|1|1|1");
    CHECK(
        bench.feed("MANAGER|support|Local/104@agents|REMOVEMEMBER|") ==
        Lines{"agent_state queues=support agent=Local/104@agents state=offline"}
    );
}

TEST_CASE("queue_log: beside a manager no agent is told, and how callers leave is told apart") {
    DecoderOptions options;
    options.agents = false;
    Bench bench{std::move(options)};
    CHECK(bench.feed("MANAGER|sales|Local/104@agents|ADDMEMBER|").empty());
    CHECK(bench.feed("NONE|NONE|Erin|PAUSEALL|x").empty());
    CHECK(
        bench.feed("17.1|sales|Erin|CONNECT|2|17.2|2") ==
        Lines{"answered queue=sales call=17.1 agent=Erin wait=2"}
    );
    bench.feed("17.3|sales|NONE|EXITWITHTIMEOUT|2|2|8");
    bench.feed("17.4|sales|NONE|ABANDON|1|1|9");
    bench.feed("17.5|sales|NONE|EXITWITHKEY|0|1|1|7");
    CHECK(
        Bench::without_times(bench.words) ==
        Lines{
            "settled queue=sales call=17.3 exit=timeout wait=8",
            "settled queue=sales call=17.4 wait=9",
            "settled queue=sales call=17.5 exit=key wait=7"
        }
    );
    CHECK(bench.reasons.empty());
}

TEST_CASE("queue_log: what is wrong is counted by reason and disturbs nothing else") {
    struct Row {
        const char *line, *reason;
        Lines want;
    };
    const std::string long_name(300, 'x');
    const std::string long_line = "17.1|" + long_name + "|NONE|ABANDON|1|1|30";
    const Row rows[] = {
        {"NONE|sales|NONE|ENTERQUEUE||1|1",          "missing_field", {}                                             },
        {"17.1|NONE|NONE|ENTERQUEUE||1|1",           "missing_field", {}                                             },
        {"17.1|NONE|NONE|ABANDON|1|1|1",             "missing_field", {}                                             },
        {"NONE|sales|NONE|PAUSE|x",                  "missing_field", {}                                             },
        {"NONE|NONE|Erin|ADDMEMBER|",                "missing_field", {}                                             },
        {"17.1|sales|NONE|CALLBACK_REQ|13800138000", "unknown_event", {}                                             },
        {"17.1|sales|NONE|ABANDON",                  "",              {"abandoned queue=sales call=17.1"}            },
        {"17.1|sales|NONE|ABANDON|1|1|-5",           "out_of_range",  {"abandoned queue=sales call=17.1"}            },
        {"17.1|sales|NONE|ABANDON|1|1|x",            "out_of_range",  {"abandoned queue=sales call=17.1"}            },
        {"17.1|sales|NONE|ABANDON|1|1|99999999999",
         "out_of_range",                                              {"abandoned queue=sales call=17.1"}            },
        {long_line.c_str(),                          "out_of_range",  {}                                             },
        {"17.1|sa\xffles|NONE|ABANDON|1|1|1",
         "bad_utf8",                                                  {"abandoned queue=sa\\xFFles call=17.1 wait=1"}},
        {"17.1|sales|NONE|ABAN",                     "unknown_event", {}                                             },
    };
    for (const Row& row : rows) {
        CAPTURE(row.line);
        Bench bench;
        CHECK(bench.feed(row.line) == row.want);
        CHECK(bench.reasons == (std::string{row.reason}.empty() ? Lines{} : Lines{row.reason}));
        CHECK(
            bench.feed("17.2|sales|NONE|ABANDON|1|1|2") ==
            Lines{"abandoned queue=sales call=17.2 wait=2"}
        );
    }
    Bench bench;
    CHECK(bench.raw("").empty());
    CHECK(bench.raw("\r").empty());
    CHECK(bench.reasons.empty());
    for (const char* garbage : {"\x01\x02\x03", "||||||||", "no log at all", "9"})
        bench.raw(garbage);
    CHECK(bench.reasons == Lines(4, "not_a_line"));
}

TEST_CASE("queue_log: any bytes at all make no crash") {
    Bench bench;
    std::uint64_t state = 7;
    const std::string_view parts[] = {
        "|",
        "1795452758",
        "17.1",
        "sales",
        "CONNECT",
        "ABANDON",
        "NONE",
        "\xff",
        "\0",
        "COMPLETEAGENT",
        "-1",
        "PAUSEALL",
        ".",
        " "
    };
    for (int i = 0; i < 20'000; ++i) {
        std::string line;
        for (int n = 0; n < 12; ++n) {
            state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
            line += parts[(state >> 33) % std::size(parts)];
        }
        bench.raw(line);
    }
    CHECK(bench.feed("17.2|sales|NONE|ABANDON|1|1|2").size() == 1);
}

TEST_CASE("queue_log: the order of the file is the order of the times") {
    Decoder decoder{{}};
    acd::Batch out;
    const auto at = [&](std::int64_t second) {
        static_cast<void>(decoder.decode(fmt::format("{}|1.1|q|NONE|ENTERQUEUE||1|1", second), out)
        );
        return decoder.newest().us - 1'795'452'000'000'000;
    };
    CHECK(at(1'795'452'000) == 0);
    CHECK(at(1'795'452'000) == 1);
    CHECK(at(1'795'452'001) == 1'000'000);
    CHECK(at(1'795'452'000) == 1'000'001);  // written by another thread, a second late
    CHECK(at(1'795'452'001) == 1'000'002);
    CHECK(at(1'795'451'000) == -1'000'000'000);  // the clock was set back
    CHECK(at(1'795'451'001) == -999'000'000);
    CHECK(at(4'000'000'000) == 2'204'548'000'000'000);  // and absurdly forward: for one line
    CHECK(at(1'795'452'003) == 3'000'000);
    decoder.resume(Wall{1'795'452'005'000'007});
    CHECK(at(1'795'452'005) == 5'000'008);
}

TEST_CASE("queue_log: callers leave as pseudonyms, transfers without where to") {
    DecoderOptions options;
    options.caller_hash = [](std::string_view number, std::string_view queue) {
        return fmt::format("ref-{}@{}", number.substr(number.size() - 2), queue);
    };
    Bench bench{std::move(options)};
    CHECK(
        bench.feed("17.1|sales|NONE|ENTERQUEUE||13800138055|1|Wang Xiaoming") ==
        Lines{"offered queue=sales call=17.1 caller=ref-55@sales"}
    );
    for (const std::string& line :
         bench.feed("17.1|sales|Erin|BLINDTRANSFER|13800138000|ctx|1|2|1"))
        CHECK(line.find("138") == std::string::npos);
}
