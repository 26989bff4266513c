#include "base/codec.hpp"
#include "config/decode.hpp"
#include "unit/config/files.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>

using namespace surged;
using namespace surged::config;
using namespace surged::config::test;

namespace {

std::string said(const Files& files) {
    std::string out = why_not(load_rules(files.rules(), nullptr));
    const std::string prefix = files.path("");
    for (std::size_t at = out.find(prefix); at != std::string::npos; at = out.find(prefix))
        out.erase(at, prefix.size());
    return out;
}

std::string hash_of(const Files& files) {
    const auto loaded = load_rules(files.rules(), nullptr);
    REQUIRE_MESSAGE(loaded, why_not(loaded));
    return loaded->hash;
}

}  // namespace

TEST_CASE("config: equal rules have one hash, however they are written") {
    const Files files;
    const auto loaded = load_rules(files.rules(), nullptr);
    REQUIRE_MESSAGE(loaded, why_not(loaded));
    CHECK(loaded->hash.size() == 64);
    CHECK(loaded->bytes == codec::encode(loaded->rules));
    CHECK(codec::decode<plan::RuleSet>(loaded->bytes) == loaded->rules);

    const Files again;
    again.put("rules/plans/z.yaml", R"(# another name, another order, another spelling
triggers:
  - above: {I: 4m, II: 3m, III: 2m, IV: 1m30s}
    kpi: "longest_wait"
    for: {IV: 60s}
    id: late
page: {"III": [leader]}
teams: {leader: duty}
source: P06
title: {en: Platform service, zh-CN: 平台客服}
plan: platform-service
)");
    std::filesystem::remove(again.path("rules/plans/a.yaml"));
    CHECK(hash_of(again) == loaded->hash);

    again.put("rules/site.yaml", "site: {id: hz, time_zone: Asia/Shanghai}\n");
    CHECK(hash_of(again) != loaded->hash);
}

TEST_CASE("config: sources, limits and public_url of the daemon are part of the rules") {
    const Files files;
    files.put("surged.yaml", R"(http: {public_url: "https://x.example"}
limits: {open_calls: 7}
sources:
  a: {type: ami, site: hz, host: h, username: u, secret_file: s, queues: [sales]}
  b: {type: ami, site: hz, host: h, username: u, secret_file: s, queues: [sales], companion: a}
channels:
  hook: {type: webhook, base_url: "http://h/", secret_file: s}
  console: {type: console}
)");
    const auto daemon = load_daemon(files.daemon_file(), {});
    REQUIRE_MESSAGE(daemon, why_not(daemon));
    const auto loaded = load_rules(files.rules(), &*daemon);
    REQUIRE_MESSAGE(loaded, why_not(loaded));
    CHECK(
        loaded->rules.companions ==
        std::map<std::string, std::string>{
            {"b", "a"}
    }
    );
    CHECK(loaded->rules.site.limits.open_calls == 7);
    CHECK(loaded->rules.public_url == "https://x.example");
}

TEST_CASE("config: mistakes of the rules folder") {
    CHECK(
        text_of(load_rules("/nowhere/rules", nullptr).error()) ==
        "/nowhere/rules: there is no such folder; expected the rules folder\n"
    );
    CHECK(
        text_of(load_rules("/etc/passwd", nullptr).error()) ==
        "/etc/passwd: it is a file; expected the rules folder; did you mean surgectl check "
        "--config FILE, for the daemon's own\n"
    );
    {
        const Files files;
        std::filesystem::remove(files.path("rules/site.yaml"));
        std::filesystem::remove_all(files.path("rules/plans"));
        CHECK(
            said(files) ==
            "rules/plans: no plan; expected at least one *.yaml\n"
            "rules/site.yaml: there is no such file; expected site.yaml\n"
        );
    }
    {
        const Files files;
        files.put("rules/plans/b.yaml", good_plan);
        files.put("rules/plans/c.yml", good_plan);
        files.put("rules/plans/.b.yaml.swp", "not read");
        files.put("rules/notices.yaml", "busy: x\n");
        CHECK(
            said(files) ==
            "rules/notices.yaml:1:1: notices is missing; expected a map by name\n"
            "rules/notices.yaml:1:1: unknown key \"busy\"; expected notices\n"
            "rules/plans/b.yaml:1:1: plan \"platform-service\" is in plans/a.yaml too; expected "
            "another name\n"
            "rules/plans/c.yml: only *.yaml is read; expected another name; did you mean c.yaml\n"
        );
    }
    {
        const Files
            files;  // a broken roster: names in plans are not doubted, other files still read
        files.put("rules/roster.yaml", "people: [\n");
        files.put("rules/site.yaml", "site: {id: hz}\n");
        CHECK(
            said(files) ==
            "rules/roster.yaml:1:9: not YAML: the [ that is opened here is not closed; expected ] "
            "at its end\n"
            "rules/site.yaml:1:7: site: time_zone is missing; expected a text\n"
        );
    }
    {
        const Files files;
        std::filesystem::remove(files.path("rules/site.yaml"));
        REQUIRE(::mkfifo(files.path("rules/site.yaml").c_str(), 0600) == 0);
        CHECK(said(files) == "rules/site.yaml: it is not a regular file; expected site.yaml\n");
    }
}

TEST_CASE("config: zones carry their changes for twenty-one years") {
    struct Row {
        const char* name;
        std::size_t changes;
        const char* at;
        std::int32_t offset_s;
    };
    const Row rows[] = {
        {"UTC",              1,  "2026-06-01T00:00:00Z", 0      },
        {"Asia/Shanghai",    1,  "2026-06-01T00:00:00Z", 28'800 },
        {"Asia/Kolkata",     1,  "2026-06-01T00:00:00Z", 19'800 },
        {"Europe/Berlin",    43, "2026-03-29T00:59:59Z", 3'600  },
        {"Europe/Berlin",    43, "2026-03-29T01:00:00Z", 7'200  },
        {"Europe/Berlin",    43, "2040-12-31T23:00:00Z", 3'600  },
        {"Europe/Berlin",    43, "2038-03-28T00:59:59Z", 3'600  },
        {"Europe/Berlin",    43, "2038-03-28T01:00:00Z", 7'200  }, // tzdata lists changes to 2037
        {"Europe/Berlin",    43, "2040-10-28T00:59:59Z", 7'200  },
        {"Europe/Berlin",    43, "2040-10-28T01:00:00Z", 3'600  },
        {"Pacific/Auckland", 43, "2039-09-24T13:59:59Z", 43'200 },
        {"Pacific/Auckland", 43, "2039-09-24T14:00:00Z", 46'800 },
        {"America/New_York", 43, "2026-11-01T05:59:59Z", -14'400},
        {"America/New_York", 43, "2026-11-01T06:00:00Z", -18'000},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const auto zone = load_zone(row.name);
        REQUIRE(zone);
        CHECK(zone->changes.size() == row.changes);
        CHECK(plan::offset_at(*zone, *parse_rfc3339(row.at)) == row.offset_s);
    }
    CHECK_FALSE(load_zone("Asia/Shanghia"));
    CHECK_FALSE(load_zone(""));
    CHECK_FALSE(load_zone("../../etc/passwd"));
}

TEST_CASE("config: a secret is read from the credentials folder first, and never shown") {
    const Files files;
    files.put("ami.secret", "plain\r\n");
    files.put("credentials/ami.secret", "given\n\n");
    files.put("credentials/secrets_hook.secret", "of a folder\n");  // LoadCredential=secrets:/…/
    files.put("empty", "\n");
    files.put("large", std::string(70'000, 'x'));
    CHECK(read_secret(files.path("ami.secret")) == "plain");
    CHECK(read_secret("/nowhere/x").error().hint == "create it, readable by the daemon alone");
    CHECK(
        read_secret(files.path("credentials")).error().hint ==
        "a file that the daemon's user may read, and nobody else"
    );
    // One thread, and nobody else looks at it: NOLINTBEGIN(concurrency-mt-unsafe)
    REQUIRE(::setenv("CREDENTIALS_DIRECTORY", files.path("credentials").c_str(), 1) == 0);
    CHECK(read_secret(files.path("ami.secret")) == "given");
    CHECK(read_secret("/nowhere/ami.secret") == "given");
    CHECK(read_secret("/etc/surged/secrets/hook.secret") == "of a folder");
    CHECK_FALSE(read_secret("/etc/surged/hook.secret"));
    REQUIRE(::unsetenv("CREDENTIALS_DIRECTORY") == 0);
    // NOLINTEND(concurrency-mt-unsafe)
    for (const char* name : {"none", "empty", "large", "credentials"}) {
        CAPTURE(name);
        const auto secret = read_secret(files.path(name));
        REQUIRE_FALSE(secret);
        CHECK(secret.error().what.find(files.path(name)) != std::string::npos);
        CHECK(secret.error().what.find("xxx") == std::string::npos);
    }
}
