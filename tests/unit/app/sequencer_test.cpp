#include "app/sequencer.hpp"

#include <doctest/doctest.h>

using namespace surged;

namespace {

struct Hands {
    Micros steady{0};
    Wall wall{1'795'451'700'000'000};
    [[nodiscard]] app::Clock clock() {
        return {[this] { return steady; }, [this] { return wall; }};
    }
    void pass(Micros by) {
        steady += by;
        wall.us += by.count();
    }
};

}  // namespace

TEST_CASE("sequencer: engine time follows the steady clock, whatever the wall does") {
    Hands hands;
    app::Sequencer sequencer{hands.clock(), Instant{}, 41};
    CHECK(sequencer.next_seq() == 42);
    const Instant begun = sequencer.instant();
    CHECK(begun == to_instant(hands.wall, Micros{0}));
    hands.pass(5s);
    CHECK(sequencer.instant() == begun + 5s);
    CHECK_FALSE(sequencer.departure(Micros{0}).has_value());
    hands.wall.us += Micros{1h}.count();
    CHECK(sequencer.instant() == begun + 5s);
    CHECK(sequencer.departure(Micros{0}) == Micros{1h});
    CHECK_FALSE(sequencer.departure(Micros{1h}).has_value());
    hands.wall.us -= Micros{900ms}.count();  // within a second: nothing to say
    CHECK_FALSE(sequencer.departure(Micros{1h}).has_value());
    hands.wall.us -= Micros{2h}.count();
    CHECK(sequencer.departure(Micros{1h}) == Micros{-1h} - 900ms);
    CHECK(sequencer.until(begun + 8s) == Micros{3s});
    CHECK(sequencer.until(begun) == Micros{0});
}

TEST_CASE("sequencer: after a stop it goes on at the later of the last instant and the wall") {
    Hands hands;
    const Instant ahead = to_instant(hands.wall, Micros{0}) + 1h;
    app::Sequencer stepped_back{hands.clock(), ahead, 1};
    CHECK(stepped_back.instant() == ahead);
    CHECK(stepped_back.departure(Micros{0}) == Micros{-1h});
    app::Sequencer later{hands.clock(), ahead - 3h, 1};
    CHECK(later.instant() == to_instant(hands.wall, Micros{0}));
}
