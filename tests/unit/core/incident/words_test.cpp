#include "core/incident/words.hpp"

#include "core/delivery/page.hpp"
#include "core/incident/incident.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>

using namespace surged;
using incident::Term;

TEST_CASE("incident: whatever stands in a timeline has a Chinese word") {
    const auto has = [](Term term, std::string_view name) {
        CAPTURE(std::string{name});
        CHECK(incident::said(term, name, plan::Language::zh_cn) != name);
    };
    for (unsigned i = 0; i <= static_cast<unsigned>(incident::Entry::led); ++i)
        has(Term::entry, incident::name_of(static_cast<incident::Entry>(i)));
    for (unsigned i = 0; i <= static_cast<unsigned>(incident::Phase::reported); ++i)
        has(Term::phase, incident::name_of(static_cast<incident::Phase>(i)));
    for (const std::string_view state : {"open", "done", "skipped", "overdue"})
        has(Term::step, state);
    for (const std::string_view state :
         {"due", "sent", "accepted", "acknowledged", "failed", "over"})
        has(Term::page, state);
    CHECK(incident::said(Term::entry, "step_overdue", plan::Language::en) == "step overdue");
    CHECK(incident::said(Term::entry, "new_thing", plan::Language::zh_cn) == "new_thing");
}
