// What tests of rules name, against the rules.
#include "config/rule_test.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::config {
namespace {

using What = TestGiven::What;
using Words = std::vector<std::string_view>;

class Checker {
public:
    Checker(const std::string& file, const plan::RuleSet& rules) : file_{file}, rules_{rules} {}

    void test(const RuleTest& test) {
        if (!test.plan.empty()) plan_of(test.plan, test.place);
        for (const TestGiven& given : test.given) check(given);
        for (const TestExpect& expect : test.expect) check(expect);
    }
    [[nodiscard]] Diagnostics found() const { return report_.sorted(); }

private:
    template <class Map>
    static Words keys_of(const Map& map) {
        Words out;
        for (const auto& [key, value] : map) out.push_back(key);
        return out;
    }
    void one_of_these(
        std::string_view what, const std::string& word, const Words& known, Place at
    ) {
        if (std::find(known.begin(), known.end(), word) != known.end()) return;
        report_.add(
            {file_,
             at.line,
             at.column,
             fmt::format("there is no {} {}", what, shown(word)),
             known.size() <= 12 ? one_of(known) : std::string{},
             nearest(word, known)}
        );
    }
    const plan::Plan* plan_of(const std::string& name, Place at) {
        one_of_these("plan", name, keys_of(rules_.plans), at);
        const auto found = rules_.plans.find(name);
        return found == rules_.plans.end() ? nullptr : &found->second;
    }
    void person(const std::string& name, Place at) {
        one_of_these("person", name, keys_of(rules_.people), at);
    }
    template <class List>
    static Words ids_of(const List& list) {
        Words out;
        for (const auto& each : list) out.push_back(each.id);
        return out;
    }

    void check(const TestGiven& given) {
        const plan::Plan* plan = given.plan.empty() ? nullptr : plan_of(given.plan, given.place);
        if (given.what == What::report && plan != nullptr)
            one_of_these("kind", given.word, ids_of(plan->kinds), given.place);
        const bool marks = given.what == What::done || given.what == What::skip;
        if (marks && plan != nullptr)
            one_of_these("step", given.word, ids_of(plan->steps), given.place);
        if (given.what == What::ack) person(given.word, given.place);
        const bool of_incident = marks || given.what == What::ack || given.what == What::activate ||
                                 given.what == What::decline || given.what == What::pin ||
                                 given.what == What::end;
        if (of_incident && given.plan.empty())
            report_.add(
                {file_,
                 given.place.line,
                 given.place.column,
                 "of which plan?",
                 "plan, here or of the test",
                 ""}
            );
    }

    void check(const TestExpect& expect) {
        for (const auto& list : {expect.paged, expect.chased})
            if (list)
                for (const std::string& name : list->value) person(name, list->at);
        if (expect.standing)
            for (const std::string& name : expect.standing->value)
                plan_of(name, expect.standing->at);
        const plan::Plan* plan = expect.plan.empty() ? nullptr : plan_of(expect.plan, expect.place);
        if (plan == nullptr) return;
        for (const auto& [id, level] : expect.triggers)
            one_of_these("trigger", id, ids_of(plan->triggers), level.at);
        for (const auto& [id, state] : expect.steps)
            one_of_these("step", id, ids_of(plan->steps), state.at);
    }

    const std::string& file_;
    const plan::RuleSet& rules_;
    Report report_;
};

}  // namespace

Diagnostics check_names(const RuleTests& tests, const plan::RuleSet& rules) {
    Checker checker{tests.file, rules};
    for (const RuleTest& test : tests.tests) checker.test(test);
    return checker.found();
}

}  // namespace surged::config
