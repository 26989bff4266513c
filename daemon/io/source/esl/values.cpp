#include "io/source/esl/values.hpp"

#include "io/source/text.hpp"

#include <fmt/format.h>

namespace surged::io::esl {
namespace {

using acd::AgentState;
using acd::ExitReason;

constexpr std::int64_t latest_s = 253'402'300'799;  // the end of the year 9999

}  // namespace

std::optional<Wall> parse_micros(std::string_view text) {
    const auto us = parse_count(text);
    if (!us || *us == 0 || *us > latest_s * 1'000'000) return std::nullopt;
    return Wall{*us};
}

std::optional<Wall> parse_epoch(std::string_view text) {
    const auto seconds = parse_count(text);
    if (!seconds || *seconds == 0 || *seconds > latest_s) return std::nullopt;
    return Wall{*seconds * 1'000'000};
}

std::optional<Micros> span_of(std::string_view from, std::string_view to) {
    const auto begin = parse_epoch(from);
    const auto end = parse_epoch(to);
    if (!begin || !end || *end < *begin) return std::nullopt;
    return Micros{end->us - begin->us};
}

std::optional<AgentState> parse_agent(std::string_view status, std::string_view state) {
    if (status == "Logged Out") return AgentState::offline;
    if (status == "On Break") return AgentState::paused;
    if (status != "Available" && status != "Available (On Demand)") return std::nullopt;
    if (state == "Waiting") return AgentState::available;
    if (state == "Idle") return AgentState::paused;
    if (state == "Receiving" || state == "In a queue call" || state == "Reserved")
        return AgentState::busy;
    return std::nullopt;
}

Canceled parse_cancel(
    std::string_view reason, std::string_view answer_state, std::string_view hangup_cause
) {
    if (reason == "TIMEOUT") return {ExitReason::timeout};
    if (reason == "NO_AGENT_TIMEOUT") return {ExitReason::empty};
    if (reason == "EXIT_WITH_KEY") return {ExitReason::key};
    if (reason != "BREAK_OUT" && reason != "NONE") return {ExitReason::unknown, false};
    if (hangup_cause == "SYSTEM_SHUTDOWN") return {ExitReason::shutdown};
    const bool up = !answer_state.empty() && answer_state != "hangup";
    if (reason == "BREAK_OUT" && up) return {ExitReason::withdrawn};
    return {};
}

std::string release_of(std::string_view text) {
    // `status`: "FreeSWITCH (Version 1.10.12-release  64bit) is ready"; a heartbeat: "1.10.12-…".
    constexpr std::string_view digits = "0123456789.";
    const auto word = text.find("ersion ");
    if (word != std::string_view::npos) text.remove_prefix(word + 7);
    const std::string_view number = text.substr(0, text.find_first_not_of(digits));
    if (number.empty() || number.size() > 16) return {};
    return fmt::format("FreeSWITCH {}", number);
}

}  // namespace surged::io::esl
