#include "core/incident/incident.hpp"

#include <doctest/doctest.h>

using namespace surged;
using incident::Incident;
using incident::Phase;
using incident::Task;
using plan::Level;

TEST_CASE("task: when a step opens") {
    struct Row {
        const char *name, *phase;
        Level from, level;
        Phase at;
        bool opens;
    };
    const Row rows[] = {
        {"first handling, from the report on",
         "report",                                        Level::IV,
         Level::III,
         Phase::reported,
         true                                                                                             },
        {"confirming, while it is warned of",  "confirm", Level::IV,  Level::IV,  Phase::warned,     true },
        {"a response before it is activated",  "respond", Level::IV,  Level::III, Phase::warned,     false
        },
        {"a response",                         "respond", Level::III, Level::III, Phase::activated,  true },
        {"a response to a graver level",       "respond", Level::II,  Level::III, Phase::activated,  false},
        {"recovery while it goes on",          "recover", Level::IV,  Level::III, Phase::activated,  false},
        {"recovery",                           "recover", Level::IV,  Level::III, Phase::recovering, true },
        {"a review",                           "review",  Level::IV,  Level::III, Phase::recovering, false},
        {"anything after the end",             "recover", Level::IV,  Level::III, Phase::ended,      false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        plan::StepRule step;
        step.phase = row.phase;
        step.from_level = row.from;
        Incident one;
        one.level = one.highest = row.level;
        one.phase = row.at;
        if (row.at == Phase::activated) one.activated = row.level;
        CHECK(incident::opens_at(step, one, Micros{0}).has_value() == row.opens);
    }
}

TEST_CASE("task: preparation opens so long before the date") {
    plan::StepRule step;
    step.phase = "respond";
    step.before = 2h;
    Incident one;
    CHECK_FALSE(incident::opens_at(step, one, Micros{0}).has_value());
    one.planned_for = Wall{Micros{10h}.count()};
    CHECK(incident::opens_at(step, one, Micros{0}) == Instant{8h});
    CHECK(incident::opens_at(step, one, Micros{1h}) == Instant{7h});
}

TEST_CASE("task: what it waits for") {
    plan::StepRule step;
    step.phase = "respond";
    step.every = 30min;
    Incident one;
    one.phase = Phase::activated;
    one.activated = Level::I;
    Task task;
    CHECK_FALSE(incident::next_wake(task, step, one).has_value());
    task.due_at = Instant{10min};
    CHECK(incident::next_wake(task, step, one) == Instant{10min});
    task.overdue = true;
    CHECK(incident::next_wake(task, step, one) == Instant{15min});
    task.lead_told = true;
    CHECK_FALSE(incident::next_wake(task, step, one).has_value());
    task.state = incident::TaskState::done;
    task.closed_at = Instant{20min};
    CHECK(incident::next_wake(task, step, one) == Instant{50min});
    one.phase = Phase::recovering;
    CHECK_FALSE(incident::next_wake(task, step, one).has_value());
}
