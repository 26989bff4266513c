#include "places.hpp"
#include "unit/config/files.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <string>

using namespace surged;
using namespace surged::config;
using namespace surged::config::test;

namespace {

constexpr std::string_view source = R"(sources:
  desk:
    type: webhook
    site: hz
    map: ./m.yaml
    signature: zendesk
    secret_file: desk.secret
)";

/// What is said about surged.yaml and the map beside it; places below the folder.
std::string said(std::string_view daemon, std::string_view map) {
    const Files files;
    files.put("surged.yaml", daemon);
    files.put("m.yaml", map);
    const auto loaded = load_daemon(files.daemon_file(), {});
    if (loaded) return "";
    std::string out = text_of(loaded.error());
    const std::string prefix = files.path("");
    for (std::size_t at = out.find(prefix); at != std::string::npos; at = out.find(prefix))
        out.erase(at, prefix.size());
    return out;
}

}  // namespace

TEST_CASE("config: a webhook source and its map") {
    const Files files;
    files.put("surged.yaml", R"(sources:
  desk:
    type: webhook
    site: hz
    map: ./m.yaml
    signature: basic
    username: zendesk
    secret_file: desk.secret
    window: 10m
    body_max: 2048
    rate: 7
    queue: tickets
    queue_names: {"98738": shop, "arn:aws:x/y": 售后}
    agent_queues: [shop, 售后]
    stale_after: 2h
  td: {type: webhook, site: hz, map: zendesk, signature: zendesk, secret_file: s}
)");
    files.put("m.yaml", R"(map: mine
each: /list
id: [/id, "header:X-Id"]
events:
  - when: [{at: /a, equals: x}, {at: [/b, /c], in: [y, z]}]
    unless: [{at: /d, exists: true}, {at: /e, like: "a*", has: [b]}]
    type: complaint
    ticket: {at: /t, prefix: "z-", after_last: /, default: none}
    status: {at: /s, table: {new: opened, "3": closed}}
    ts: {at: /ts, time: local, zone: Asia/Shanghai}
    wait: {at: /w, unit: ms}
    queues: {at: /q, item: /name}
    queue: {const: /odd}
    topic: delivery
)");
    const auto loaded = load_daemon(files.daemon_file(), {});
    REQUIRE_MESSAGE(loaded, why_not(loaded));
    const auto& of = std::get<WebhookSource>(loaded->sources.at(0).of);
    CHECK(loaded->sources.at(0).stale_after == 2h);
    CHECK(loaded->sources.at(1).stale_after == 0s);
    CHECK(of.signature == "basic");
    CHECK(of.secret_file == files.path("desk.secret"));
    CHECK(of.window == Micros{10min});
    CHECK(of.body_bytes_max == 2048);
    CHECK(of.rate == 7);
    CHECK(of.queue_names.at("arn:aws:x/y") == "售后");
    CHECK(of.agent_queues == std::vector<std::string>{"shop", "售后"});
    const DocumentMap& map = of.map;
    CHECK(map.name == "mine");
    CHECK(map.each == *parse_reference("/list"));
    CHECK(
        map.id == std::vector<Reference>{*parse_reference("/id"), *parse_reference("header:x-id")}
    );
    REQUIRE(map.rules.size() == 1);
    const DocumentRule& rule = map.rules[0];
    REQUIRE(rule.when.size() == 2);
    CHECK(rule.when[0].in == std::vector<std::string>{"x"});
    CHECK(rule.when[1].at.size() == 2);
    CHECK(rule.unless[0].exists == true);
    CHECK(rule.unless[1].like == std::vector<std::string>{"a*"});
    CHECK(rule.unless[1].has == std::vector<std::string>{"b"});
    CHECK(rule.fields.at(0).first == "type");
    const auto field = [&](std::string_view name) {
        for (const auto& [known, value] : rule.fields)
            if (known == name) return value;
        return DocumentValue{};
    };
    CHECK(field("type").constant == "complaint");
    CHECK(field("ticket").prefix == "z-");
    CHECK(field("ticket").after_last == "/");
    CHECK(field("ticket").fallback == "none");
    CHECK(field("status").table.at("3") == "closed");
    CHECK(field("ts").time == TimeForm::local);
    CHECK(field("ts").zone.front().offset_s == 8 * 3600);
    CHECK(field("wait").unit_us == 1000);
    CHECK(field("queues").item == std::vector<std::string>{"name"});
    CHECK(field("queue").constant == "/odd");
    CHECK(field("topic").constant == "delivery");
}

TEST_CASE("config: every mistake of a webhook map is reported at its place") {
    struct Row {
        const char* name;
        const char* map;
        const char* want;
    };
    const Row rows[] = {
        {"nothing",
         "{}\n",                                                                                "m.yaml:1:1: events is missing; expected a list\n"
         "m.yaml:1:1: map is missing; expected a name\n"                                                                                                                  },
        {"no events",
         "map: m\nevents: []\n",                                                                "m.yaml:2:9: events: an empty list; expected at least one event\n"                        },
        {"no type",
         "map: m\nevents: [{queue: q}]\n",                                                      "m.yaml:2:10: events[1]: type is missing; expected a word, reference(s), or `field`\n"    },
        {"an unknown key",
         "map: m\nevents: [{type: offered, quue: /q}]\n",                                       "m.yaml:2:26: events[1]: unknown key \"quue\"; did you mean queue\n"                      },
        {"an unknown type",
         "map: m\nevents: [{type: ofered}]\n",                                                  "m.yaml:2:17: events[1].type: \"ofered\" is no type of an event; expected see "
         "http-api.md\n"                                                                                                                    },
        {"one that only connectors know",
         "map: m\nevents: [{type: snapshot_begin}]\n",                                          "m.yaml:2:17: events[1].type: \"snapshot_begin\" is no type of an event; expected see "
         "http-api.md\n"                                                                                                            },
        {"words of a table",
         "map: m\nevents: [{type: complaint, status: {at: /s, table: {a: open}}}]\n",           "m.yaml:2:36: events[1].status: \"open\" is no status of an event; expected see "
         "http-api.md\n"                                                                             },
        {"a default",
         "map: m\nevents: [{type: agent_state, state: {at: /s, default: gone}}]\n",             "m.yaml:2:55: events[1].state.default: \"gone\" is no state of an event; expected see "
         "http-api.md\n"                                                                               },
        {"a reason",
         "map: m\nevents: [{type: exited, reason: full}]\n",                                    "m.yaml:2:33: events[1].reason: \"full\" is no reason of an event; expected see "
         "http-api.md\n"                                                                                                      },
        {"a number",
         "map: m\nevents: [{type: complaint, severity: high}]\n",                               "m.yaml:2:38: events[1].severity: \"high\" is no severity of an event; expected see "
         "http-api.md\n"                                                                                                 },
        {"a pointer",
         "map: m\nevents: [{type: offered, queue: /a~x}]\n",                                    "m.yaml:2:33: events[1].queue: \"/a~x\": it is no JSON pointer: each part begins with /, "
         "~ is ~0, / is ~1; "
         "expected /a/pointer, top:/a/pointer, header:name or query:name\n"                                                   },
        {"both",
         "map: m\nevents: [{type: offered, queue: {at: /a, const: b}}]\n",                      "m.yaml:2:33: events[1].queue: a field has either const or at; expected one of the two\n" },
        {"a table of lists",
         "map: m\nevents: [{type: {at: /a, table: {x: [offered]}}}]\n",                         "m.yaml:2:34: events[1].type.table: what \"x\" becomes is no word; expected a word\n"     },
        {"a zone",
         "map: m\nevents: [{type: offered, ts: {at: /t, time: local, zone: Asia/Shanghia}}]\n", "m.yaml:2:58: events[1].ts.zone: \"Asia/Shanghia\" is not a time zone; expected an IANA "
         "name such as Asia/Shanghai; did you mean Asia/Shanghai\n"                        },
        {"no zone",
         "map: m\nevents: [{type: offered, ts: {at: /t, time: local}}]\n",                      "m.yaml:2:30: events[1].ts: time: local needs a zone; expected an IANA name such as "
         "Asia/Shanghai\n"                                                                                      },
        {"a test of nothing",
         "map: m\nevents: [{type: offered, when: [{at: /a}]}]\n",                               "m.yaml:2:33: events[1].when[1]: this tests nothing; expected equals, in, like, has or "
         "exists\n"                                                                                                      },
        {"no place to test",
         "map: m\nevents: [{type: offered, when: [{equals: a}]}]\n",                            "m.yaml:2:33: events[1].when[1]: at is missing; expected a reference, or a list of them\n"
        },
        {"a list as each",
         "map: m\neach: list\nevents: [{type: offered}]\n",                                     "m.yaml:2:7: each: \"list\": it is no JSON pointer: each part begins with /, ~ is ~0, / "
         "is ~1; "
         "expected /a/pointer, top:/a/pointer, header:name or query:name\n"                                                    },
        {"not YAML",
         "map: [\n",                                                                            "m.yaml:1:6: not YAML: the [ that is opened here is not closed; expected ] at its end\n"  },
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(said(source, row.map) == row.want);
    }
}

TEST_CASE("config: mistakes of a webhook source") {
    struct Row {
        const char* keys;
        const char* want;
    };
    const Row rows[] = {
        {"map: zendsek, signature: zendesk",
         "surged.yaml:1:56: sources.d: no map \"zendsek\" comes with surged; expected "
         "amazon-connect, "
         "freshdesk, genesys-cloud, twilio-taskrouter, zammad or zendesk, or the path of a file; "
         "did "
         "you mean zendesk\n"                                                                              },
        {"map: ./none.yaml, signature: zendesk",
         "surged.yaml:1:56: sources.d: none.yaml: there is no such file; expected the file of a "
         "map\n"                                                                                           },
        {"map: zendesk, signature: hmac",
         "surged.yaml:1:81: sources.d.signature: \"hmac\" is not known; expected "                         },
        {"map: zendesk, signature: basic",            "surged.yaml:1:70: sources.d: basic needs username\n"},
        {"map: zendesk, signature: header",           "surged.yaml:1:70: sources.d: header needs header\n" },
        {"map: zendesk, signature: twilio",           "surged.yaml:1:70: sources.d: twilio needs url\n"    },
        {"map: zendesk, signature: zendesk, host: x",
         "surged.yaml:1:90: sources.d: unknown key \"host\"; expected "                                    },
    };
    for (const Row& row : rows) {
        CAPTURE(row.keys);
        const std::string got = said(
            fmt::format(
                "sources: {{d: {{type: webhook, site: hz, secret_file: s, {}}}}}\n", row.keys
            ),
            ""
        );
        CHECK(got.substr(0, std::string_view{row.want}.size()) == row.want);
    }
}

TEST_CASE("config: what the pages of docs/feeds tell to write loads") {
    namespace fs = std::filesystem;
    std::size_t blocks = 0;
    for (const auto& entry : fs::directory_iterator{SURGED_SOURCE_DIR "/docs/feeds"}) {
        CAPTURE(entry.path().string());
        std::ifstream in{entry.path(), std::ios::binary};
        const std::string text{std::istreambuf_iterator<char>{in}, {}};
        const std::string fence = "```yaml\n";
        for (std::size_t at = text.find(fence); at != std::string::npos;
             at = text.find(fence, at)) {
            at += fence.size();
            const std::size_t end = text.find("```", at);
            const std::string block = text.substr(at, end - at);
            at = end;
            if (!block.starts_with("sources:") && !block.starts_with("http:")) continue;
            ++blocks;
            const Files files;
            files.put("surged.yaml", block);
            const auto loaded = load_daemon(files.daemon_file(), {});
            CHECK_MESSAGE(loaded, why_not(loaded));
        }
    }
    CHECK(blocks >= 8);
}
