// Deliveries of other people's systems through the maps that come with surged.
#include "config/decode.hpp"
#include "fuzz/fuzz.hpp"
#include "io/source/webhook/apply.hpp"
#include "io/source/webhook/redact.hpp"
#include "io/source/webhook/signature.hpp"

#include <boost/json.hpp>
#include <vector>

using namespace surged;

namespace {

std::vector<DocumentMap> shipped() {
    std::vector<DocumentMap> out;
    for (const config::ShippedMap& map : config::shipped_maps()) {
        config::Report report;
        const config::Document source = config::Document::parse(
            "surged.yaml",
            "sources: {h: {type: webhook, map: " + std::string{map.name} + "}}",
            report
        );
        const auto sources = config::Cursor{source, config::File::surged, report}.get("sources");
        const auto entries = sources->entries();
        out.push_back(config::decode_map(entries.front().second.with_variant("webhook"), "map", "/")
        );
        fuzz::require(report.empty(), "a shipped map that is not read");
    }
    fuzz::require(!out.empty(), "no shipped maps");
    return out;
}

void run(std::string_view bytes) {
    static const std::vector<DocumentMap> maps = shipped();
    fuzz::Choices choices{bytes};
    const DocumentMap& map = maps.at(choices.byte() % maps.size());
    const bool form = (choices.byte() & 1U) != 0;
    io::http::Request request;
    request.method = "POST";
    request.target = "/api/v1/hooks/h";
    const std::string_view name = choices.text();
    request.headers.emplace_back(std::string{name}, std::string{choices.text()});
    request.body = std::string{choices.rest()};

    io::hook::Signing signing;
    signing.scheme = static_cast<io::hook::Scheme>(name.size() % 13);
    signing.secrets = {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
    signing.header = "x-secret";
    const Wall now{1'795'451'700'000'000};
    fuzz::require(
        io::hook::verify(signing, request, now).verdict != io::hook::Verdict::good ||
            signing.scheme == io::hook::Scheme::path,
        "a signature that nobody can have made"
    );

    const auto body = io::hook::parse_body(
        form ? "application/x-www-form-urlencoded" : "application/json", request.body
    );
    if (!body) {
        fuzz::require(!body.error().what.empty(), "a bad body without a reason");
        return;
    }
    io::hook::Payload payload{*body, request};
    io::hook::Naming naming;
    naming.queue = "sales";
    const auto mapped = io::hook::apply_map({map, naming, "hz", now, {}, {}}, payload);
    fuzz::require(mapped.batch.well_formed(), "a batch that cannot be read");
    fuzz::require(mapped.events.size() == mapped.batch.size(), "an event without its number");
    fuzz::require(
        io::hook::redacted(map, payload).size() <= 4096, "what is kept of a payload has no end"
    );
    fuzz::FloorSink sink;
    sink.events(mapped.batch);
    sink.settle();
    fuzz::canary(sink.saw_odd_queue());
}

const fuzz::Target target{run};

}  // namespace
