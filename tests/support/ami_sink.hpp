// A Sink that keeps what a source told, with the time it was told.
#pragma once

#include "core/acd/event.hpp"
#include "io/source/source.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace surged::test {

class KeepingSink : public io::Sink {
public:
    struct State {
        bool up{false}, exits_known{false};
        std::string detail;
        std::chrono::steady_clock::time_point at;
    };
    struct Bad {
        std::string reason, excerpt;
    };

    void events(acd::Batch batch) override {
        batches.push_back(std::move(batch));
        changed();
    }
    void state(bool up, bool exits_known, std::string detail) override {
        states.push_back(State{up, exits_known, std::move(detail), std::chrono::steady_clock::now()}
        );
        changed();
    }
    void bad_record(std::string reason, std::string excerpt) override {
        bad.push_back(Bad{std::move(reason), std::move(excerpt)});
        changed();
    }
    void heard() override { ++pulses; }

    /// "offered sales c-1", one line per event: what a test compares.
    [[nodiscard]] std::vector<std::string> lines() const;
    [[nodiscard]] std::size_t count(acd::EventType type) const;
    [[nodiscard]] std::size_t bad_count(std::string_view reason) const;

    std::vector<acd::Batch> batches;
    std::vector<State> states;
    std::vector<Bad> bad;
    std::size_t pulses{0};
    std::function<void()> on_change;

private:
    void changed() const {
        if (on_change) on_change();
    }
};

/// `offered queue=sales call=c-1`: the members that are set, in a fixed order.
[[nodiscard]] std::string describe(const acd::Event& event);

}  // namespace surged::test
