// What a person sees behind an acknowledgement link: how the incident stands, and a form. Pure.
//
// Plain HTML for any phone: no script, nothing fetched from elsewhere.
#pragma once

#include "base/time.hpp"
#include "core/delivery/page.hpp"
#include "core/plan/rules.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::ack {

/// How things stand for one page.
enum class Standing : std::uint8_t {
    waiting,    // nobody has taken it
    taken,      // somebody has
    recovered,  // the figures are back; the watch period runs
    closed,     // the step that it is about is done or skipped
    ended,
    unknown,  // no such incident here, or not any more
};

/// What came of the request that led to this page; shown on top.
enum class Notice : std::uint8_t {
    none,
    acknowledged,
    on_my_way,
    passed_on,
    activated,
    declined,
    choose,      // the form came without a choice
    again,       // the form was too old: once more
    raised,      // the level has changed since it was shown: look, then answer
    busy,        // not taken, try again
    too_late,    // over meanwhile
    foreign,     // another site sent it
    thresholds,  // they are raised for a while
    reason,      // they are not: the form wants a choice and a reason
    already,     // they are not: somebody has set them for a while
    unsaved,     // done, and not written down: the store fails
};

struct Said {
    std::string who, clock;  // a name; local time 2026-11-23 16:35:19
};

struct Shown {
    plan::Language language{plan::Language::zh_cn};
    Standing standing{Standing::unknown};
    Notice notice{Notice::none};
    bool expired{false};
    std::string incident;
    std::string person;         // his name
    delivery::Content content;  // how it stands now; empty title: not known
    plan::Level level{plan::Level::none};
    std::vector<Said> taken;  // who has it, first one first
    std::vector<Said> set;    // who has set other thresholds here, and until when
    Said ended;
    std::string form;       // the form's nonce; empty: there is nothing to answer
    std::uint32_t rise{0};  // what the form answers
    bool may_acknowledge{false}, may_come{false}, may_pass_on{false};
    bool may_decide{false};  // his team is asked whether to activate
    Micros hold_most{0};     // more than 0: he may raise the thresholds, for so long
    bool started{false};     // it is activated already, and a no takes that back
};

/// The whole document; `more` is markup that stands below the form.
[[nodiscard]] std::string render(const Shown& shown, std::string_view more = {});
/// For a token that is not ours: in both languages, tells nothing.
[[nodiscard]] std::string render_invalid();

/// Minutes that "on my way" offers.
inline constexpr int minutes_offered[] = {5, 10, 15, 30, 60};

}  // namespace surged::io::ack
