#include "io/channel/webhook/encode.hpp"
#include "io/channel/webhook/verify.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io;

namespace {

constexpr std::string_view secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

delivery::Page page() {
    delivery::Page page;
    page.id = "P06-hz-20261123-1.1.0.0.wang.0";
    page.person = "wang";
    page.rise = 1;
    page.content.incident = "P06-hz-20261123-1";
    page.content.plan = "platform-service";
    page.content.site = "hz";
    page.content.queue = "售后服务";
    page.content.trigger = "pressure";
    page.content.kpi = "waiting_per_agent";
    page.content.level = plan::Level::II;
    page.content.title = "【Ⅱ级】售后服务 每坐席排队 0.52";
    page.content.text = "【Ⅱ级】售后服务 \"每坐席排队\" 0.52(阈值 0.50)已 2 分钟";
    page.content.value = "0.52";
    page.content.threshold = "0.50";
    page.content.since = Wall{1'795'451'911'000'000};
    page.content.first_step = "取消小休";
    page.content.link = "http://surged.example/incidents/P06-hz-20261123-1";
    return page;
}

std::string at(const std::string& body, const char* pointer) {
    return std::string{boost::json::parse(body).at_pointer(pointer).as_string()};
}

}  // namespace

TEST_CASE("webhook: fingerprint as Prometheus computes it") {
    CHECK(
        webhook::fingerprint({
            {"alertname", "QueueSurge"},
            {"queue",     "sales"     }
    }) == "c6de2012718dd1fc"
    );
    CHECK(webhook::fingerprint({}) == "cbf29ce484222325");
}

TEST_CASE("webhook: signature of the Standard Webhooks test vector") {
    const auto key = webhook::signing_key(secret);
    CHECK(
        webhook::signature(
            key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", R"({"test": 2432232314})"
        ) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    );
    CHECK(webhook::signing_key("plain secret") == "plain secret");
}

TEST_CASE("webhook: body is Alertmanager's version 4 with what a person needs") {
    const std::string link = "http://surged.example/a/t.k";
    const std::string body = webhook::encode_body(page(), "hook", "http://surged.example", link);
    struct Row {
        const char* pointer;
        const char* want;
    };
    const Row rows[] = {
        {"/version",                         "4"                                  },
        {"/status",                          "firing"                             },
        {"/receiver",                        "hook"                               },
        {"/groupKey",                        "{}:{incident=\"P06-hz-20261123-1\"}"},
        {"/groupLabels/incident",            "P06-hz-20261123-1"                  },
        {"/externalURL",                     "http://surged.example"              },
        {"/commonLabels/site",               "hz"                                 },
        {"/alerts/0/status",                 "firing"                             },
        {"/alerts/0/labels/alertname",       "pressure"                           },
        {"/alerts/0/labels/queue",           "售后服务"                           },
        {"/alerts/0/labels/plan",            "platform-service"                   },
        {"/alerts/0/labels/level",           "II"                                 },
        {"/alerts/0/annotations/summary",    "【Ⅱ级】售后服务 每坐席排队 0.52"    },
        {"/alerts/0/annotations/value",      "0.52"                               },
        {"/alerts/0/annotations/threshold",  "0.50"                               },
        {"/alerts/0/annotations/since",      "2026-11-23T16:38:31.000000Z"        },
        {"/alerts/0/annotations/first_step", "取消小休"                           },
        {"/alerts/0/annotations/person",     "wang"                               },
        {"/alerts/0/annotations/page",       "P06-hz-20261123-1.1.0.0.wang.0"     },
        {"/alerts/0/annotations/ack_url",    "http://surged.example/a/t.k"        },
        {"/alerts/0/startsAt",               "2026-11-23T16:38:31.000000Z"        },
        {"/alerts/0/endsAt",                 "0001-01-01T00:00:00Z"               },
    };
    for (const Row& row : rows) {
        CAPTURE(row.pointer);
        CHECK(at(body, row.pointer) == row.want);
    }
    CHECK(
        at(body, "/alerts/0/fingerprint") == webhook::fingerprint({
                                                 {"alertname", "pressure"         },
                                                 {"incident",  "P06-hz-20261123-1"},
                                                 {"level",     "II"               },
                                                 {"plan",      "platform-service" },
                                                 {"queue",     "售后服务"         },
                                                 {"site",      "hz"               }
    })
    );
    CHECK(body.find("售后服务") != std::string::npos);
    CHECK(body.find("\\u") == std::string::npos);
    CHECK(webhook::encode_body(page(), "hook", "http://surged.example", link) == body);
}

TEST_CASE("webhook: every annotation and label is a string, and none is empty") {
    auto bare = page();
    bare.content.link.clear();
    bare.content.queue.clear();
    const auto parsed = boost::json::parse(webhook::encode_body(bare, "hook", ""));
    for (const char* part : {"/alerts/0/labels", "/alerts/0/annotations"}) {
        for (const auto& pair : parsed.at_pointer(part).as_object()) {
            CAPTURE(std::string{pair.key()});
            REQUIRE(pair.value().is_string());
            CHECK_FALSE(pair.value().as_string().empty());
        }
    }
}

TEST_CASE("webhook: a possible repeat is marked for programs and for people") {
    auto repeat = page();
    CHECK(webhook::encode_body(repeat, "hook", "").find("possible_repeat") == std::string::npos);
    repeat.possible_repeat = true;
    auto body = webhook::encode_body(repeat, "hook", "");
    CHECK(at(body, "/alerts/0/annotations/possible_repeat") == "true");
    CHECK(at(body, "/alerts/0/annotations/summary").starts_with("【可能重复】"));
    CHECK(at(body, "/alerts/0/annotations/description").starts_with("【可能重复】"));
    repeat.content.language = plan::Language::en;
    body = webhook::encode_body(repeat, "hook", "");
    CHECK(at(body, "/alerts/0/annotations/summary").starts_with("[possible repeat] "));
}

TEST_CASE("webhook: over-long text is cut at a character") {
    auto longer = page();
    longer.content.text.clear();
    for (int i = 0; i < 20'000; ++i) longer.content.text += "队";
    const auto body = webhook::encode_body(longer, "hook", "");
    CHECK(body.size() < 20'000);
    const auto text = at(body, "/alerts/0/annotations/description");
    CHECK(text.ends_with("队…"));
}

TEST_CASE("webhook: headers keep the id and renew the stamp") {
    const auto first = webhook::encode_headers(page(), secret, true, Wall{1'000'000'000'000}, "{}");
    const auto again = webhook::encode_headers(page(), secret, true, Wall{1'000'060'000'000}, "{}");
    REQUIRE(first.size() == 5);
    CHECK(first[1] == again[1]);
    CHECK(first[1].second == page().id);
    CHECK(first[2].second == "1000000");
    CHECK(again[2].second == "1000060");
    CHECK(first[3].second != again[3].second);
    CHECK(first[4].first == "X-Hub-Signature-256");
    CHECK(first[4].second.starts_with("sha256="));
    CHECK(webhook::encode_headers(page(), "", true, Wall{0}, "{}").size() == 3);
}

TEST_CASE("webhook: a receiver refuses what does not fit") {
    using webhook::Verdict;
    const auto good = webhook::signature(webhook::signing_key(secret), "id", "1000000", "body");
    const std::string rotated = "v1,AAAA " + good;
    struct Row {
        const char* name;
        std::string_view secret, timestamp, signature, body;
        std::int64_t now_s;
        Verdict want;
    };
    const Row rows[] = {
        {"good",                  secret,       "1000000", good,    "body", 1000000, Verdict::good           },
        {"several, one fits",     secret,       "1000000", rotated, "body", 1000000, Verdict::good           },
        {"other body",            secret,       "1000000", good,    "bodY", 1000000, Verdict::bad_signature  },
        {"other time",            secret,       "1000001", good,    "body", 1000000, Verdict::bad_signature  },
        {"other key",             "whsec_AAAA", "1000000", good,    "body", 1000000, Verdict::bad_signature  },
        {"none",                  secret,       "1000000", "",      "body", 1000000, Verdict::unsigned_      },
        {"five minutes early",    secret,       "1000000", good,    "body", 1000300, Verdict::good           },
        {"more",                  secret,       "1000000", good,    "body", 1000301, Verdict::stale_timestamp},
        {"in the future",         secret,       "1000000", good,    "body", 999699,  Verdict::stale_timestamp},
        {"no secret: any",        "",           "1000000", "",      "body", 1000000, Verdict::good           },
        {"no secret: not a time", "",           "soon",    "",      "body", 1000000, Verdict::stale_timestamp},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(
            webhook::verify(
                row.secret,
                {"id", row.timestamp, row.signature},
                row.body,
                Wall{row.now_s * 1'000'000}
            ) == row.want
        );
    }
}
