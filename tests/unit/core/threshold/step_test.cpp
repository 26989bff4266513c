#include "core/threshold/step.hpp"

#include "unit/core/threshold/drive.hpp"

#include <doctest/doctest.h>
#include <vector>

using namespace surged;
using namespace surged::test;
using board::Millionths;
using board::Quantity;
using plan::Level;
using threshold::Observation;

namespace {

struct Line {
    Micros at;         // from the start
    Observation seen;  // from then on
    Level level;       // right after it
};

void follow(const plan::Leaf& leaf, const std::vector<Line>& lines) {
    Run run{leaf, {}, {}};
    for (const Line& line : lines) {
        run.see(start + line.at, line.seen);
        CAPTURE(format_duration(line.at));
        CHECK(plan::name_of(run.state.level) == plan::name_of(line.level));
    }
}

}  // namespace

TEST_CASE("threshold: over and inside at the boundary, exactly") {
    struct Row {
        bool below;
        Millionths threshold, margin;
        Quantity value;
        bool over, inside;
    };
    const Row rows[] = {
        {false, 300'000,               200'000, {3, 10},                            true,  false},
        {false, 300'000,               200'000, {299'999, 1'000'000},               false, false},
        {false, 300'000,               200'000, {240'001, 1'000'000},               false, false},
        {false, 300'000,               200'000, {24, 100},                          false, true },
        {false, 90'000'000,            200'000, {90'000'000, 1'000'000},            true,  false},
        {false, 90'000'000,            200'000, {89'999'999, 1'000'000},            false, false},
        {false, 90'000'000,            200'000, {72'000'000, 1'000'000},            false, true },
        {false, 90'000'000,            200'000, {72'000'001, 1'000'000},            false, false},
        {true,  640'000,               200'000, {64, 100},                          true,  false},
        {true,  640'000,               200'000, {640'001, 1'000'000},               false, false},
        {true,  640'000,               200'000, {767'999, 1'000'000},               false, false},
        {true,  640'000,               200'000, {768, 1000},                        false, true },
        // One third is neither 0.333333 nor 0.333334.
        {false, 333'333,               0,       {1, 3},                             true,  false},
        {false, 333'334,               0,       {1, 3},                             false, true },
        {true,  333'333,               0,       {1, 3},                             false, true },
        // Margin 0: on the threshold it is over and not inside.
        {false, 5'000'000,             0,       {5, 1},                             true,  false},
        {false, 5'000'000,             0,       {4, 1},                             false, true },
        // A margin that gives no whole millionth is rounded away from the threshold.
        {false, 1,                     200'000, {1, 2'000'000},                     false, false},
        {false, 1,                     200'000, {0, 1},                             false, true },
        // Below zero, inside is still the calm side.
        {false, -10'000'000,           200'000, {-10, 1},                           true,  false},
        {false, -10'000'000,           200'000, {-11, 1},                           false, false},
        {false, -10'000'000,           200'000, {-12, 1},                           false, true },
        // Products of large integers do not overflow.
        {false, 9'000'000'000'000'000, 200'000, {9'000'000'000'000'000, 1'000'000}, true,  false},
        {false, 9'000'000'000'000'000, 200'000, {1, 9'000'000'000'000'000'000},     false, true },
    };
    for (const Row& row : rows) {
        plan::Leaf leaf;
        leaf.ladder.below = row.below;
        leaf.ladder.at.at(Level::III) = row.threshold;
        leaf.clear.margin = row.margin;
        CAPTURE(row.threshold);
        CAPTURE(row.value.num);
        CHECK(threshold::over(leaf.ladder, Level::III, row.value) == row.over);
        CHECK(threshold::inside(leaf, Level::III, row.value) == row.inside);
        CHECK_FALSE(threshold::over(leaf.ladder, Level::IV, row.value));
    }
}

TEST_CASE("threshold: a level must hold, and a graver one does not restart the milder") {
    follow(
        pressure_leaf(),
        {
            {0s,          value(29), Level::none},
            {10min,       value(30), Level::none},
            {11min,       value(45), Level::none}, // III from here; IV since 10 m
            {12min - 1us, value(45), Level::none},
            {12min,       value(45), Level::IV  },
            {13min - 1us, value(45), Level::IV  },
            {13min,       value(45), Level::III },
            {14min,       value(95), Level::III },
            {15min,       value(49), Level::III }, // II and I broken off
            {16min,       value(50), Level::III },
            {18min,       value(50), Level::II  },
    }
    );
}

TEST_CASE("threshold: a rise skips levels when the graver one has held") {
    follow(
        pressure_leaf(),
        {
            {0s,   value(90), Level::none},
            {2min, value(90), Level::I   }
    }
    );
}

TEST_CASE("threshold: for 0 rises at once") {
    plan::Leaf leaf = pressure_leaf();
    leaf.hold = {};
    follow(
        leaf,
        {
            {0s, value(29), Level::none},
            {1s, value(50), Level::II  }
    }
    );
}

TEST_CASE("threshold: each level has its own hold") {
    plan::Leaf leaf = pressure_leaf();
    leaf.hold.of = {5min, 3min, 60s, 0s};
    follow(
        leaf,
        {
            {0s,   value(50), Level::none},
            {60s,  value(50), Level::II  }, // before the milder ones
            {5min, value(50), Level::II  },
            {5min, value(80), Level::I   },
    }
    );
}

TEST_CASE("threshold: a missing rung takes no level, up or down") {
    plan::Leaf leaf = pressure_leaf();
    leaf.ladder.at.at(Level::III).reset();
    leaf.ladder.at.at(Level::I).reset();
    follow(
        leaf,
        {
            {0s,    value(45), Level::none},
            {2min,  value(45), Level::IV  },
            {3min,  value(95), Level::IV  },
            {5min,  value(10), Level::II  },
            {15min, value(10), Level::IV  }, // over III
            {20min, value(10), Level::none},
    }
    );
}

TEST_CASE("threshold: it comes down one level at a time, each with its own hold") {
    follow(
        pressure_leaf(),
        {
            {0s,          value(90), Level::none},
            {2min,        value(90), Level::I   },
            {20min,       value(0),  Level::I   },
            {30min - 1us, value(0),  Level::I   },
            {30min,       value(0),  Level::II  }, // 10 m inside
            {40min - 1us, value(0),  Level::II  },
            {40min,       value(0),  Level::III }, // 10 m more
            {45min,       value(0),  Level::IV  }, // 5 m more
            {50min - 1us, value(0),  Level::IV  },
            {50min,       value(0),  Level::none},
    }
    );
}

TEST_CASE("threshold: the next step counts from when it went inside that level's clear threshold") {
    follow(
        pressure_leaf(),
        {
            {0s,          value(50), Level::none},
            {2min,        value(50), Level::II  },
            {20min,       value(40), Level::II  }, // inside II (0.40), over III
            {30min,       value(40), Level::III },
            {32min,       value(32), Level::III }, // inside III (0.32) from here
            {37min - 1us, value(32), Level::III },
            {37min,       value(32), Level::IV  },
            {60min,       value(32), Level::IV  }, // over IV: stays
    }
    );
}

TEST_CASE("threshold: between threshold and clear threshold nothing moves") {
    follow(
        pressure_leaf(),
        {
            {0s,               value(50), Level::none},
            {2min,             value(50), Level::II  },
            {3min,             value(41), Level::II  },
            {3h,               value(41), Level::II  },
            {3h + 1min,        value(40), Level::II  },
            {3h + 10min,       value(41), Level::II  }, // 9 m inside, then out: starts again
            {3h + 11min,       value(40), Level::II  },
            {3h + 21min - 1us, value(40), Level::II  },
            {3h + 21min,       value(40), Level::III },
    }
    );
}

TEST_CASE("threshold: a level is kept for its dwell after the last rise") {
    plan::Leaf leaf = pressure_leaf();
    leaf.clear.hold.of = {60s, 60s, 60s, 60s};
    follow(
        leaf,
        {
            {0s,          value(40), Level::none},
            {2min,        value(40), Level::III },
            {3min,        value(50), Level::III },
            {5min,        value(0),  Level::II  }, // the last rise
            {15min - 1us, value(0),  Level::II  },
            {15min,       value(0),  Level::III }, // its dwell is over: now only the holds count
            {16min,       value(0),  Level::IV  },
            {17min,       value(0),  Level::none},
    }
    );
}

TEST_CASE("threshold: below, less is worse") {
    plan::Leaf leaf;
    leaf.ladder.below = true;
    leaf.ladder.at.of = {900'000, 800'000, 650'000, 500'000};
    leaf.hold.of = {60s, 60s, 60s, 60s};
    leaf.clear.margin = 100'000;
    follow(
        leaf,
        {
            {0s,    value(91), Level::none},
            {1min,  value(90), Level::none},
            {2min,  value(60), Level::IV  },
            {3min,  value(60), Level::II  },
            {20min, value(71), Level::II  }, // clear threshold 0.715
            {40min, value(72), Level::II  },
            {50min, value(72), Level::III },
            {90min, value(72), Level::III },
    }
    );
}

TEST_CASE("threshold: nothing comes down while callers wait longer than T") {
    follow(
        pressure_leaf(),
        {
            {0s,    value(40),   Level::none},
            {2min,  value(40),   Level::III },
            {10min, held_up(10), Level::III },
            {60min, held_up(10), Level::III },
            {61min, value(10),   Level::IV  }, // the hold has passed; the caller has gone
            {66min, value(10),   Level::none},
    }
    );
}

TEST_CASE("threshold: lost data freezes the level and restarts every pending time") {
    follow(
        pressure_leaf(),
        {
            {0s,              value(40), Level::none},
            {90s,             lost,      Level::none},
            {100s,            value(40), Level::none},
            {120s,            value(40), Level::none}, // not since 0 s
            {220s,            value(40), Level::III },
            {20min,           value(0),  Level::III },
            {24min,           lost,      Level::III }, // one minute before it would have come down
            {5h,              lost,      Level::III },
            {5h + 1min,       value(0),  Level::III },
            {5h + 6min - 1us, value(0),  Level::III },
            {5h + 6min,       value(0),  Level::IV  },
    }
    );
}

TEST_CASE("threshold: no value with live data fires nothing and counts as inside") {
    follow(
        pressure_leaf(),
        {
            {0s,        value(40), Level::none},
            {1min,      no_value,  Level::none},
            {1min + 1s, value(40), Level::none},
            {2min,      value(40), Level::none}, // broken off by the missing value
            {3min + 1s, value(40), Level::III },
            {20min,     no_value,  Level::III },
            {25min,     no_value,  Level::IV  },
            {30min,     no_value,  Level::none},
    }
    );
}

TEST_CASE("threshold: a level whose rung a reload took away comes down by the clear rules") {
    Run run{pressure_leaf(), {}, {}};
    run.see(start, value(90));
    run.tick(start + 2min);
    REQUIRE(run.state.level == Level::I);
    run.leaf.ladder.at.at(Level::I).reset();
    run.tick(start + 3min);
    CHECK(run.state.level == Level::I);
    run.tick(start + 13min);
    CHECK(run.state.level == Level::II);
}

TEST_CASE("threshold: durations past the end of time wait for ever") {
    plan::Leaf leaf = pressure_leaf();
    leaf.hold.of = {Micros::max(), Micros::max(), Micros::max(), Micros::max()};
    follow(
        leaf,
        {
            {0s,    value(90), Level::none},
            {9000h, value(90), Level::none}
    }
    );
}
