// What a page says: level, where, what against its limit, since when, why, first step. The link to
// acknowledge is signed and added by whoever sends it.
#pragma once

#include "base/time.hpp"
#include "core/board/view.hpp"
#include "core/delivery/page.hpp"
#include "core/incident/incident.hpp"
#include "core/plan/rules.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace surged::paging {

/// The figures that say why. What is not known is left out of the text.
struct Figures {
    std::optional<std::int64_t> calls_waiting;
    std::optional<Micros> longest_wait;
    /// Arrivals a minute in the last 5 minutes ÷ in the 55 minutes before them.
    std::optional<board::Quantity> arrivals;
    /// Handle time over the last 5 minutes ÷ over the last 60.
    std::optional<board::Quantity> handle_time;
    std::optional<std::int64_t> staffed, scheduled;
    std::optional<Micros> target;  // T of the queue
    bool operator==(const Figures&) const = default;
};

/// Reads them off the board. Arrivals are compared only where the queue has calls from more than an
/// hour ago (since midnight): a daemon just started has no usual to compare with.
[[nodiscard]] Figures gather(const board::View& view, board::QueueIx queue);

/// What gather() reads over windows; to be given to Floor::load besides what the rules read.
[[nodiscard]] std::vector<board::Measure> measures_of_figures();

struct MessageFacts {
    std::string incident;             // id
    std::string plan;                 // name
    plan::Bilingual title;            // of the plan
    std::string site;                 // id
    const plan::Zone* zone{nullptr};  // of the site, for clock times; nullptr: UTC
    plan::Level level{plan::Level::none};
    plan::Level previous{plan::Level::none};  // before this rise; none: the incident just opened
    std::uint32_t rise{1};
    std::size_t queues{1};  // how many are involved, cause.queue among them
    /// Why: its queue is the gravest. With `source` set no data comes, and no figure is told.
    incident::Cause cause;
    Figures figures;  // of cause.queue
    Wall since{};     // the condition has been true since
    Wall now{};
    plan::Bilingual first_step;  // empty: none
    std::string link;            // of the incident; empty: none
    bool drill{false};
    /// He is asked to decide: so long he has; what happens without an answer; or it has started,
    /// and he may take it back.
    struct Asked {
        Micros within{0};
        bool then_activate{true}, confirm{false};
    };
    std::optional<Asked> asked;
    /// A step is overdue: what it says, and by how long.
    struct Late {
        std::string step;
        plan::Bilingual text;
        Micros by{0};
    };
    std::optional<Late> late;
};

/// Renders a page. The text has at most 400 characters, whatever the names are.
[[nodiscard]] delivery::Content render(const MessageFacts& facts, plan::Language language);

}  // namespace surged::paging
