// The maps that come with surged, on payloads as the vendors document them: tests/data/webhooks.
#include "io/source/webhook/apply.hpp"
#include "places.hpp"
#include "support/engine_driver.hpp"
#include "support/webhook_map.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::io;
using namespace surged::io::hook;

namespace {

/// `## name` or `## form: name`, the payload, `=>`, what it must give.
struct Case {
    std::string name, payload, want;
    [[nodiscard]] bool form() const { return name.starts_with("form: "); }
};

std::vector<Case> read_cases(const std::string& path) {
    std::vector<Case> out;
    std::ifstream in{path};
    bool payload = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("## ")) {
            out.push_back({line.substr(3), "", ""});
            payload = true;
        } else if (line == "=>") {
            payload = false;
        } else if (payload) {
            out.back().payload += line + "\n";
        } else {
            out.back().want += line + "\n";
        }
    }
    return out;
}

/// One field a line, as a sender would encode it.
std::string form_of(const std::string& lines) {
    std::string out;
    for (std::size_t at = 0; at < lines.size();) {
        const std::size_t end = lines.find('\n', at);
        const std::string line = lines.substr(at, end - at);
        const std::size_t equals = line.find('=');
        if (!out.empty()) out += '&';
        out += line.substr(0, equals + 1);
        for (const char c : line.substr(equals + 1)) {
            const bool plain =
                std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.';
            out +=
                plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
        at = end + 1;
    }
    return out;
}

std::string words(const acd::Event& e) {
    std::string out{name_of(e.type)};
    const auto add = [&](std::string_view name, std::string_view text) {
        if (!text.empty()) out += fmt::format(" {}={}", name, text);
    };
    if (e.ts) out += " " + format_rfc3339(*e.ts);
    add("id", e.id);
    add("queue", e.queue);
    add("call", e.call);
    add("agent", e.agent);
    add("caller", e.caller);
    if (e.channel != acd::Channel::voice) add("channel", name_of(e.channel));
    add("ticket", e.ticket);
    add("topic", e.topic);
    if (e.severity != 0) add("severity", fmt::format("{}", e.severity));
    if (e.status) add("status", name_of(*e.status));
    if (e.due) add("due", format_rfc3339(*e.due));
    if (e.state) add("state", name_of(*e.state));
    if (e.exit) add("reason", name_of(*e.exit));
    add("reason", e.reason);
    if (e.talk) add("talk", format_duration(*e.talk));
    if (e.score != 0) add("score", fmt::format("{}", e.score));
    for (const std::string_view queue : e.queues) out += fmt::format(" +{}", queue);
    return out + "\n";
}

std::string figure(const board::View& view, board::QueueIx queue, board::Kpi kpi) {
    board::Measure measure;
    measure.kpi = kpi;
    const auto value = view.value(queue, measure);
    return value ? fmt::format("{}", value->value()) : "–";
}

/// What the board shows, a line for each queue.
std::string board_words(const engine::Engine& engine) {
    const board::View& view = engine.board();
    std::vector<std::string> lines;
    for (const board::QueueIx queue : view.queues()) {
        const board::Totals& t = view.totals(queue);
        std::uint64_t exited = 0;
        for (const std::uint64_t n : t.exited) exited += n;
        std::uint64_t complaints = 0;
        for (const auto& [kind, n] : view.complaints(queue)) complaints += n;
        lines.push_back(fmt::format(
            "{}: offered {} answered {} abandoned {} exited {} completed {} transferred {}, "
            "complaints {}, open {}, staffed {}, available {}\n",
            view.name(queue),
            t.offered,
            t.answered,
            t.abandoned,
            exited,
            t.completed,
            t.transferred,
            complaints,
            figure(view, queue, board::Kpi::complaints_open),
            figure(view, queue, board::Kpi::agents_staffed),
            figure(view, queue, board::Kpi::agents_available)
        ));
    }
    std::sort(lines.begin(), lines.end());
    std::string out;
    for (const std::string& line : lines) out += line;
    return out;
}

struct Vendor {
    const char* name;
    Naming naming;
};

const Vendor vendors[] = {
    {"zendesk",           {"tickets", {{"98738", "shop"}}, {}}                },
    {"freshdesk",         {"tickets", {}, {}}                                 },
    {"zammad",            {"tickets", {{"Service Desk", "shop"}}, {}}         },
    {"twilio-taskrouter", {"", {}, {"Sales"}}                                 },
    {"genesys-cloud",
     {"",
      {{"33333333-0000-0000-0000-000000000001", "sales"},
       {"33333333-0000-0000-0000-000000000002", "chat"}},
      {"sales", "chat"}}                                                      },
    {"amazon-connect",    {"", {{"q-sales", "sales"}, {"q-chat", "chat"}}, {}}},
};

class Run {
public:
    explicit Run(const Vendor& vendor) : vendor_{vendor}, map_{test::shipped_map(vendor.name)} {
        driver_.load(test::small_center());
        driver_.step(engine::SourceState{true, true, ""}, vendor.name);
    }

    /// What the payload gives; the engine takes it.
    std::string take(const Case& one) {
        const std::string text = one.form() ? form_of(one.payload) : one.payload;
        const auto body =
            parse_body(one.form() ? "application/x-www-form-urlencoded" : "application/json", text);
        REQUIRE(body.has_value());
        http::Request request;
        Payload payload{*body, request};
        const CallerHash caller = [](std::string_view, std::string_view) { return "somebody"; };
        const Wall now{driver_.now.time_since_epoch().count()};
        Mapped mapped = apply_map({map_, vendor_.naming, "hz", now, caller, ""}, payload);
        std::string out;
        mapped.batch.for_each([&](std::size_t, const acd::Event& e) { out += words(e); });
        for (const MapReject& reject : mapped.rejects) out += "rejected: " + reject.words + "\n";
        if (mapped.unmatched > 0) out += "nothing\n";
        const engine::Step step =
            driver_.step(engine::Events{std::move(mapped.batch)}, vendor_.name);
        for (const acd::Rejected& reject : step.applied.rejected)
            out += fmt::format("refused: {}\n", acd::name_of(reject.reason));
        return out;
    }
    [[nodiscard]] std::string board() const { return board_words(driver_.engine); }

private:
    const Vendor& vendor_;
    DocumentMap map_;
    test::EngineDriver driver_;
};

}  // namespace

TEST_CASE("webhook maps: those that come with surged, on what the vendors document") {
    const bool update = std::getenv("SURGED_UPDATE_GOLDEN") != nullptr;
    for (const Vendor& vendor : vendors) {
        CAPTURE(vendor.name);
        const std::string path =
            fmt::format("{}/tests/data/webhooks/{}.txt", SURGED_SOURCE_DIR, vendor.name);
        const std::vector<Case> cases = read_cases(path);
        REQUIRE(!cases.empty());
        Run run{vendor};
        std::string now;
        for (const Case& one : cases) {
            CAPTURE(one.name);
            const std::string got = one.name == "in all" ? run.board() : run.take(one);
            now += fmt::format("## {}\n{}=>\n{}", one.name, one.payload, got);
            if (!update) CHECK(got == one.want);
        }
        if (cases.back().name != "in all") now += fmt::format("## in all\n=>\n{}", run.board());
        if (update) std::ofstream{path} << now;
    }
}
