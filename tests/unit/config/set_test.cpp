#include "unit/config/files.hpp"

#include <doctest/doctest.h>

using namespace surged;
using namespace surged::config;
using namespace surged::config::test;

using Sets = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("config: --set replaces any single value of surged.yaml") {
    const Files files;
    const Sets sets{
        {"http.listen",               "127.0.0.1:7000"     },
        {"http.public_url",           ""                   },
        {"http.tokens.shop.role",     "operator"           },
        {"store.path",                "/tmp/elsewhere"     },
        {"rules.path",                "other"              },
        {"limits.call_ttl",           "2h"                 },
        {"sources.acd-1.port",        "15038"              },
        {"sources.acd-1.stale_after", "3s"                 },
        {"channels.hook.base_url",    "http://127.0.0.1:1/"},
        {"channels.hook.timeout",     "250ms"              },
    };
    const auto daemon = load_daemon(files.daemon_file(), sets);
    REQUIRE_MESSAGE(daemon, why_not(daemon));
    CHECK(daemon->http.port == 7000);
    CHECK(daemon->http.public_url == "");
    CHECK(daemon->http.tokens[0].role == "operator");
    CHECK(daemon->store.path == "/tmp/elsewhere");
    CHECK(daemon->rules_path == files.path("other"));  // as if it stood in the file
    CHECK(daemon->limits.call_ttl == 2h);
    CHECK(std::get<AmiSource>(daemon->sources[0].of).port == 15038);
    CHECK(daemon->sources[0].stale_after == 3s);
    CHECK(std::get<WebhookChannel>(daemon->channels[0].of).base_url == "http://127.0.0.1:1/");
    CHECK(daemon->channels[0].timeout == 250ms);
}

TEST_CASE("config: --set makes sections that the file leaves out, and the last one wins") {
    const Files files;
    files.put("surged.yaml", "store:\n");
    const Sets sets{
        {"store.path",  "a"      },
        {"http.listen", "[::1]:1"},
        {"store.path",  "b"      }
    };
    const auto daemon = load_daemon(files.daemon_file(), sets);
    REQUIRE_MESSAGE(daemon, why_not(daemon));
    CHECK(daemon->store.path == files.path("b"));
    CHECK(daemon->http.address == "::1");
}

TEST_CASE("config: --set through an alias changes only the one it names") {
    const Files files;
    files.put("surged.yaml", R"(sources:
  a: &a {type: ami, site: hz, host: h, username: u, secret_file: s}
  b: *a
)");
    const auto daemon = load_daemon(
        files.daemon_file(),
        {
            {"sources.b.port", "1"}
    }
    );
    REQUIRE_MESSAGE(daemon, why_not(daemon));
    CHECK(std::get<AmiSource>(daemon->sources[0].of).port == 5038);
    CHECK(std::get<AmiSource>(daemon->sources[1].of).port == 1);
}

TEST_CASE("config: a wrong --set is a mistake like any other") {
    struct Row {
        const char* path;
        const char* value;
        const char* want;
    };
    const Row rows[] = {
        {"http.lisen",           "x",    "--set http.lisen: unknown key \"lisen\"; did you mean listen\n"          },
        {"htp.listen",           "x",    "--set htp.listen: unknown key \"htp\"; did you mean http\n"              },
        {"sources.acd-2.port",
         "1",                            "--set sources.acd-2.port: nothing is named \"acd-2\" under sources; expected acd-1; did "
         "you mean acd-1\n"                                                                           },
        {"sources.acd-1",
         "x",                            "--set sources.acd-1: \"sources.acd-1\" is not a single value; "
         "expected the path of one\n"                                                                 },
        {"sources.acd-1.queues",
         "x",                            "--set sources.acd-1.queues: the file has nothing to replace there\n"     },
        {"http.tokens.shp.role",
         "reader",                       "--set http.tokens.shp.role: nothing is named \"shp\" under http.tokens\n"},
        {"http.listen.port",     "1",    "--set http.listen.port: unknown key \"port\"\n"                          },
        {"sources.acd-1.port",
         "70000",                        "--set sources.acd-1.port: sources.acd-1.port: \"70000\" is out of range; expected a "
         "whole "
         "number from 1 to 65535\n"                                                               },
        {"store.path",           "a\nb", "--set store.path: the value is not a line of UTF-8\n"                    },
        {"",
         "x",                            "--set : unknown key \"\"; expected http, store, rules, limits, sources or "
         "channels\n"                                                                                 },
    };
    const Files files;
    for (const Row& row : rows) {
        CAPTURE(row.path);
        CHECK(
            why_not(load_daemon(
                files.daemon_file(),
                {
                    {row.path, row.value}
        }
            )) == row.want
        );
    }
}
