// Webhooks and packed events against the real daemon, over sockets: every route and its answers.
#include "io/crypto.hpp"
#include "io/runtime/wall_clock.hpp"
#include "places.hpp"
#include "support/packed.hpp"
#include "support/page_sink.hpp"
#include "support/process.hpp"
#include "support/raw_http.hpp"
#include "support/site.hpp"

#include <algorithm>
#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <string>
#include <vector>

using namespace surged;
using namespace std::chrono_literals;
namespace crypto = surged::io::crypto;

namespace {

constexpr std::string_view sources = R"(sources:
  zd:
    type: webhook
    site: hz
    map: zendesk
    signature: zendesk
    secret_file: zd.secret
    queue_names: {"98738": shop}
  tw:
    type: webhook
    site: hz
    map: twilio-taskrouter
    signature: twilio
    url: https://surged.example/api/v1/hooks/tw
    secret_file: tw.secret
    agent_queues: [Sales]
  aws: {type: webhook, site: hz, map: amazon-connect, signature: header, header: X-Surged-Key, secret_file: aws.secret}
  fd: {type: webhook, site: hz, map: freshdesk, signature: basic, username: u, secret_file: fd.secret, queue: shop}
  za: {type: webhook, site: hz, map: zammad, signature: hub_sha1, secret_file: za.secret, queue: shop}
  ge: {type: webhook, site: hz, map: genesys-cloud, signature: bearer, secret_file: ge.secret, body_max: 2048}
  pa: {type: webhook, site: hz, map: genesys-cloud, signature: path, secret_file: pa.secret}
  flood: {type: webhook, site: hz, map: genesys-cloud, signature: bearer, secret_file: ge.secret, rate: 1}
)";

std::uint16_t port_of(const test::Site& site) {
    return static_cast<std::uint16_t>(std::stoi(site.url().substr(site.url().rfind(':') + 1)));
}

void prepare(const test::Site& site) {
    const std::string folder = site.config_file().substr(0, site.config_file().rfind('/'));
    std::ofstream{site.config_file(), std::ios::app} << sources;
    for (const char* name : {"zd", "tw", "aws", "fd", "za", "ge", "pa"})
        std::ofstream{fmt::format("{}/{}.secret", folder, name)} << "old\n" << name << "-secret\n";
}

class Client {
public:
    explicit Client(const test::Site& site) : port_{port_of(site)} {}
    [[nodiscard]] test::RawAnswer post(
        const std::string& path, const std::string& body, const std::string& headers
    ) const {
        return test::http_request(port_, "POST", path, body, headers);
    }
    [[nodiscard]] test::RawAnswer zendesk(const std::string& body, std::string_view secret) const {
        const std::string at = format_rfc3339(io::wall_now());
        return post(
            "/api/v1/hooks/zd",
            body,
            fmt::format(
                "X-Zendesk-Webhook-Signature-Timestamp: {}\r\nX-Zendesk-Webhook-Signature: {}\r\n",
                at,
                crypto::to_base64(crypto::hmac_sha256(secret, at + body))
            )
        );
    }

private:
    std::uint16_t port_;
};

std::string ticket(std::string_view id) {
    return fmt::format(
        R"({{"type":"zen:event-type:ticket.created","id":"{}","time":"{}",)"
        R"("detail":{{"id":"1","group_id":"98738","priority":"URGENT","status":"NEW"}}}})",
        id,
        format_rfc3339(io::wall_now())
    );
}

bool has(const test::RawAnswer& answer, std::string_view text) {
    return answer.body.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("hooks: every shipped map and scheme over the wire, across a kill -9") {
    test::PageSink sink;
    test::SiteOptions options;
    options.hook_url = sink.url();
    options.hook_secret = test::PageSink::default_secret();
    test::Site site{options};
    prepare(site);
    site.start();
    CAPTURE(site.log());
    {
        const Client client{site};
        CHECK(has(client.zendesk(ticket("d-1"), "zd-secret"), R"("accepted":1)"));
        CHECK(has(client.zendesk(ticket("d-1"), "old"), R"("repeated":true)"));
        CHECK(client.zendesk(ticket("d-2"), "wrong").status == 401);

        const std::string form =
            "EventType=task-queue.entered&TaskSid=WT1&TaskQueueName=Sales&TimestampMs=" +
            std::to_string(io::wall_now().us / 1000);
        std::string sorted = "EventTypetask-queue.enteredTaskQueueNameSalesTaskSidWT1TimestampMs";
        sorted += form.substr(form.rfind('=') + 1);
        const std::string url = "https://surged.example/api/v1/hooks/tw";
        const auto task = client.post(
            "/api/v1/hooks/tw",
            form,
            fmt::format(
                "Content-Type: application/x-www-form-urlencoded\r\nX-Twilio-Signature: {}\r\n",
                crypto::to_base64(crypto::hmac_sha1("tw-secret", url + sorted))
            )
        );
        CHECK(has(task, R"("accepted":1)"));

        const auto contact = client.post(
            "/api/v1/hooks/aws",
            R"({"id":"e","time":"2026-11-23T16:00:00Z","detail":{"eventType":"QUEUED","contactId":"c-1",)"
            R"("queueInfo":{"queueArn":"arn:aws:connect:x/queue/basic"}}})",
            "X-Surged-Key: aws-secret\r\n"
        );
        CHECK(has(contact, R"("accepted":1)"));
        const auto refund = client.post(
            "/api/v1/hooks/fd",
            R"({"freshdesk_webhook":{"ticket_id":7,"ticket_status":"Open","ticket_priority":"Low"}})",
            fmt::format("Authorization: Basic {}\r\n", crypto::to_base64("u:fd-secret"))
        );
        CHECK(has(refund, R"("accepted":1)"));
        const std::string zammad = R"({"ticket":{"number":"9","owner_id":1,"state":"new"}})";
        const auto other = client.post(
            "/api/v1/hooks/za",
            zammad,
            fmt::format(
                "X-Hub-Signature: sha1={}\r\nX-Zammad-Delivery: u-1\r\n",
                crypto::to_hex(crypto::hmac_sha1("za-secret", zammad))
            )
        );
        CHECK(has(other, R"("accepted":1)"));
        const std::string conversation = fmt::format(
            R"({{"id":"g","detail-type":"v2.detail.events.conversation.{{id}}.acd.start","detail":)"
            R"({{"eventBody":{{"eventTime":{},"conversationId":"g-1","queueId":"q-9","mediaType":"VOICE"}}}}}})",
            io::wall_now().us / 1000
        );
        CHECK(has(
            client.post("/api/v1/hooks/ge", conversation, "Authorization: Bearer ge-secret\r\n"),
            R"("accepted":1)"
        ));
        CHECK(client.post("/api/v1/hooks/pa/pa-secret", R"({"x":1})", "").status == 200);
        CHECK(client.post("/api/v1/hooks/pa/other", R"({"x":1})", "").status == 401);
    }
    site.stop(SIGKILL);
    site.start();
    const Client client{site};
    CHECK(client.zendesk(ticket("d-1"), "zd-secret").status == 200);  // the sender tries again
    // Once, whatever the sender repeated and whoever was killed: the journal knows the id.
    const std::string metrics = site.get("/metrics").body;
    CHECK(
        metrics.find(
            R"(surged_complaints_total{site="hz",queue="shop",topic="other",severity="1"} 1)"
        ) != std::string::npos
    );
    for (const char* queue : {"Sales", "basic", "q-9"}) {
        CAPTURE(queue);
        CHECK(
            metrics.find(
                fmt::format(R"(surged_queue_calls_offered_total{{site="hz",queue="{}"}} 1)", queue)
            ) != std::string::npos
        );
    }
}

TEST_CASE("hooks: refusals, a flood beside others, and what one sees of it") {
    test::PageSink sink;
    test::SiteOptions options;
    options.hook_url = sink.url();
    options.hook_secret = test::PageSink::default_secret();
    test::Site site{options};
    prepare(site);
    site.start();
    CAPTURE(site.log());
    const Client client{site};
    const std::string bearer = "Authorization: Bearer ge-secret\r\n";
    CHECK(client.post("/api/v1/hooks/none", "{}", bearer).status == 404);
    CHECK(client.post("/api/v1/hooks/ge", "{}", "").status == 401);
    CHECK(client.post("/api/v1/hooks/ge", "{", bearer).status == 400);
    CHECK(
        client.post("/api/v1/hooks/ge", "{}", bearer + "Content-Encoding: gzip\r\n").status == 415
    );
    CHECK(client.post("/api/v1/hooks/ge", std::string(3000, ' '), bearer).status == 413);
    CHECK(client.post("/api/v1/hooks/none", std::string(3000, ' '), bearer).status == 404);
    CHECK(client.post("/api/v1/hooks/none", std::string(1 << 17, ' '), bearer).status == 413);

    // A body without a length is cut off at the same limit.
    test::RawHttp chunked{port_of(site)};
    chunked.send(
        "POST /api/v1/hooks/ge HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" + bearer +
        "\r\nc00\r\n" + std::string(0xc00, ' ') + "\r\n0\r\n\r\n"
    );
    CHECK(chunked.answer().status == 413);

    int refused = 0;
    for (int i = 0; i < 40; ++i) {
        const auto answer = client.post("/api/v1/hooks/flood", R"({"x":1})", bearer);
        if (answer.status != 429) continue;
        ++refused;
        CHECK(answer.fields.at("retry-after") == "1");
        CHECK(client.post("/api/v1/hooks/ge", R"({"x":1})", bearer).status == 200);
    }
    CHECK(refused >= 20);

    for (int i = 0; i < 3; ++i) CHECK(client.zendesk(ticket("d"), "wrong").status == 401);
    const std::string ready = site.get("/readyz").body;
    CHECK(ready.find(R"("name":"source zd","ok":false)") != std::string::npos);
    CHECK(ready.find("the signature does not fit") != std::string::npos);
    CHECK(ready.find(R"("name":"source ge","ok":true)") != std::string::npos);
    test::Process process{
        {SURGED_BINARY_DIR "/daemon/surgectl", "--url", site.url(), "status"},
        "/dev/null"
    };
    std::string shown;
    while (auto line = process.line(10s)) shown += *line + '\n';
    CHECK(shown.find("source zd") != std::string::npos);
    CHECK(shown.find("refused: signature 3") != std::string::npos);
    CHECK(shown.find("rate ") != std::string::npos);
    const auto look = site.get("/api/v1/hooks/ge");
    CHECK(look.status == 200);
    CHECK(look.body.find(R"("kept":[{)") != std::string::npos);
    const std::string log = site.log();
    CHECK(log.find("zd-secret") == std::string::npos);
    // Credentials that stop working are said once.
    const auto said = [&](std::string_view text) {
        std::size_t count = 0;
        for (std::size_t at = log.find(text); at != std::string::npos; at = log.find(text, at + 1))
            ++count;
        return count;
    };
    CHECK(said("source=zd what=down") == 1);
    CHECK(said("source=flood what=rate") == 1);
}

TEST_CASE("hooks: packed events over the wire") {
    test::PageSink sink;
    test::SiteOptions options;
    options.hook_url = sink.url();
    options.hook_secret = test::PageSink::default_secret();
    test::Site site{options};
    site.start();
    CAPTURE(site.log());
    const Client client{site};
    std::string lines;
    const double now = static_cast<double>(io::wall_now().us) / 1e6;
    for (int i = 0; i < 5000; ++i)
        lines += fmt::format(
            "{{\"ts\":{:.3f},\"id\":\"i{}\",\"type\":\"offered\",\"queue\":\"sales\",\"call\":\"c{}"
            "\"}}\n",
            now,
            i,
            i
        );
    const auto gzip =
        client.post("/api/v1/events", test::gzipped(lines), "Content-Encoding: gzip\r\n");
    CHECK(has(gzip, R"("accepted":5000)"));
    const auto zstd =
        client.post("/api/v1/events", test::zstded(lines), "Content-Encoding: zstd\r\n");
    CHECK(has(zstd, R"("accepted":5000)"));  // the same ids: counted once
    const std::string bomb = test::gzipped(std::string(64 << 20, '\n'));
    CHECK(client.post("/api/v1/events", bomb, "Content-Encoding: gzip\r\n").status == 413);
    CHECK(client.post("/api/v1/events", "x", "Content-Encoding: zstd\r\n").status == 400);
    CHECK(client.post("/api/v1/events", "x", "Content-Encoding: br\r\n").status == 415);
    CHECK(site.get("/api/v1/queues/sales").body.find(R"("offered":5000)") != std::string::npos);
}
