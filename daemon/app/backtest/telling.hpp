// Sentences that the reports share. Inside the library only.
#pragma once

#include "app/backtest/report.hpp"
#include "core/paging/words.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace surged::app::backtest {

class Telling {
public:
    Telling(const Outcome& outcome, plan::Language language)
        : outcome_{outcome}, language_{language} {}
    [[nodiscard]] std::string say(std::string_view zh, std::string_view en) const {
        return std::string{language_ == plan::Language::zh_cn ? zh : en};
    }
    [[nodiscard]] plan::Language language() const { return language_; }
    [[nodiscard]] std::string clock(Instant at) const;        // 2026-11-11 20:05:09, local
    [[nodiscard]] std::string time_of_day(Instant at) const;  // 20:05:09
    [[nodiscard]] std::string span(Micros time) const;
    [[nodiscard]] std::string lasted(const IncidentSeen& one) const;
    [[nodiscard]] std::string plan(const std::string& name) const;  // P06 platform-service
    [[nodiscard]] std::string queues(const IncidentSeen& one) const;
    [[nodiscard]] std::string person(const std::string& id) const;
    /// sales: waiting per agent 0.84 ≥ 0.8 (pressure)
    [[nodiscard]] std::string because(const IncidentSeen& one) const;
    [[nodiscard]] std::string measure(const board::Measure& measure) const;
    /// IV 20:05:09, III 20:06:01, – 21:00:00
    [[nodiscard]] std::string stages(const IncidentSeen& one) const;
    [[nodiscard]] std::string alarms_a_week(std::uint64_t count) const;
    /// What was read, what could not be, what was not tested: one line each.
    [[nodiscard]] std::vector<std::string> preface(const Sheet& sheet) const;

private:
    /// Empty: it is in order.
    [[nodiscard]] std::string out_of_order(const Sheet& sheet) const;
    const Outcome& outcome_;
    plan::Language language_;
};

[[nodiscard]] std::string level_text(plan::Level level);  // –, IV … I

}  // namespace surged::app::backtest
