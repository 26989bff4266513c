#include "app/offline/runner.hpp"

#include "support/rules_builder.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <memory>
#include <vector>

using namespace surged;
using namespace surged::app::offline;

namespace {

constexpr Wall begin{1'795'451'700'000'000};

engine::Events callers(int count) {
    acd::Batch batch;
    for (int i = 0; i < count; ++i) {
        const std::string call = fmt::format("c-{}", i);
        acd::Event event;
        event.type = acd::EventType::offered;
        event.queue = "sales";
        event.call = call;
        batch.append(event);
    }
    return {std::move(batch)};
}

/// "+0s wang hook 1": when after the beginning, who, by what, which attempt.
std::vector<std::string> pages_of(RunnerOptions options, Micros lasts) {
    std::vector<std::string> out;
    const auto rules = std::make_shared<const plan::RuleSet>(test::small_center());
    const auto note = [&](const engine::Effect& effect) {
        const auto* send = std::get_if<engine::SendPage>(&effect.body);
        if (send == nullptr) return;
        const Micros after = effect.at - to_instant(begin, Micros{0});
        out.push_back(fmt::format(
            "+{} {} {} {}",
            format_duration(after),
            send->page.person,
            send->page.channel,
            send->page.attempts
        ));
    };
    Runner run{rules, "h", begin, note, options};
    CHECK(run.give(callers(6), "pbx").applied.accepted == 6);
    run.advance(run.now() + lasts);
    CHECK(run.now() == to_instant(begin, Micros{0}) + lasts);
    CHECK(run.engine().incidents().size() == 1);
    return out;
}

}  // namespace

TEST_CASE("offline: every deadline runs at its own instant, and a page counts as accepted") {
    CHECK(
        pages_of({}, 6min) ==
        std::vector<std::string>{"+0s wang hook 1", "+1m wang sms 1", "+5m li hook 1"}
    );
}

TEST_CASE("offline: without receipts a page is in doubt and goes out again") {
    const auto pages = pages_of({.accept_pages = false}, 2min);
    REQUIRE(pages.size() >= 3);
    CHECK(pages[0] == "+0s wang hook 1");
    CHECK(pages[1] == "+1m wang sms 1");
    CHECK(pages[2].ends_with(" wang hook 2"));
}
