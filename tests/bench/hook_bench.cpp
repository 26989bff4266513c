// Webhooks: a signed delivery checked, read, mapped and encoded; beside reading the JSON alone.
#include "bench/bench.hpp"
#include "io/crypto.hpp"
#include "io/source/webhook/apply.hpp"
#include "io/source/webhook/signature.hpp"
#include "support/webhook_map.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <string>
#include <string_view>

namespace surged::bench {
namespace {

constexpr std::string_view payload_text =
    R"({"version":"0","id":"e-02","detail-type":"v2.detail.events.conversation.{id}.acd.start",)"
    R"("source":"aws.partner/genesys.com/cloud/00000000-0000-0000-0000-000000000000/surged",)"
    R"("account":"123456789012","time":"2026-11-23T16:28:10Z","region":"us-east-1","resources":[],)"
    R"("detail":{"topicName":"v2.detail.events.conversation.22222222-0000-0000-0000-000000000001.acd.start",)"
    R"("version":"2","eventBody":{"eventTime":1795451290107,"conversationId":"22222222-0000-0000-0000-000000000001",)"
    R"("participantId":"33333333-0000-0000-0000-000000000001","sessionId":"44444444-0000-0000-0000-000000000001",)"
    R"("mediaType":"VOICE","provider":"Edge","direction":"INBOUND","ani":"tel:+15555550520","dnis":"tel:+15555550000",)"
    R"("queueId":"55555555-0000-0000-0000-000000000001","divisionId":"66666666-0000-0000-0000-000000000001",)"
    R"("routingPriority":0},"metadata":{"CorrelationId":"77777777-0000-0000-0000-000000000001"}}})";

}  // namespace

void hooks(bool quick) {
    const std::size_t count = quick ? 20'000 : 200'000;
    const DocumentMap map = test::shipped_map("genesys-cloud");
    io::hook::Signing signing;
    signing.scheme = io::hook::Scheme::hub_sha256;
    signing.secrets = {"s3cret"};
    io::http::Request request;
    request.body = payload_text;
    request.headers = {
        {"content-type", "application/json"},
        {"x-hub-signature-256",
         "sha256=" + io::crypto::to_hex(io::crypto::hmac_sha256("s3cret", payload_text))}
    };
    const io::hook::Naming naming;
    const Wall now{1'795'451'700'000'000};
    std::size_t events = 0;
    const double begun = cpu_seconds();
    for (std::size_t i = 0; i < count; ++i) {
        const auto who = io::hook::verify(signing, request, now);
        const auto body = io::hook::parse_body("application/json", request.body);
        if (who.verdict != io::hook::Verdict::good || !body) return;
        io::hook::Payload payload{*body, request};
        events += io::hook::apply_map({map, naming, "hz", now, {}, who.id}, payload).events.size();
    }
    const double took = cpu_seconds() - begun;
    std::size_t read = 0;
    const double then = cpu_seconds();
    for (std::size_t i = 0; i < count; ++i)
        read += boost::json::parse({payload_text.data(), payload_text.size()}).as_object().size();
    const double bound = cpu_seconds() - then;
    if (events != count || read == 0) return;
    const auto each = static_cast<double>(count);
    row(fmt::format("webhook of {} B: checked, read, mapped", payload_text.size()),
        each / took,
        "per CPU-s",
        each / bound,
        "reading the JSON alone");
}

}  // namespace surged::bench
