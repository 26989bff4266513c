#include "support/ami_virtual.hpp"

#include <boost/json/parse.hpp>
#include <cmath>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <string>

using namespace surged;
using namespace surged::test;

TEST_CASE("service_level: by V3 and V2 a replayed queue has the figures that Asterisk printed") {
    const auto truth = load_truth("22-surge");
    const Recording recording = load_recording("22-surge", "observer");
    const auto json = boost::json::parse(read_fixture(recording_folder("22-surge") / "truth.json"));
    for (const auto& [formula, printed] : {
             std::pair{board::Formula::V3, "ServicelevelPerf" },
             std::pair{board::Formula::V2, "ServicelevelPerf2"}
    }) {
        plan::RuleSet rules = replay_rules(truth, true);
        for (auto& [name, rule] : rules.site.queues) rule.formula = formula;
        VirtualReplay replay{rules, recording.snapshot_ids().at(0), false};
        replay.run(recording);
        replay.wait(5s);
        for (const auto& [name, row] : truth) {
            CAPTURE(name);
            const auto queue = replay.view().find(name);
            REQUIRE(queue);
            const board::Measure day{board::Kpi::service_level, board::Window::day, {}, {}, {}};
            const auto level = replay.view().value(*queue, day);
            REQUIRE(level);
            const auto& own = json.at(name).at("asterisk_own_final_QueueParams").at(printed);
            const double percent = std::strtod(own.as_string().c_str(), nullptr);
            CHECK(std::round(level->value() * 1000) / 10 == doctest::Approx(percent));
        }
    }
}
