// The parts of a plan, one function each. Inside the library only.
#pragma once

#include "config/decode.hpp"

#include <string>
#include <vector>

namespace surged::config {

/// Who and what a plan may name: its own roles, the roster's teams, the texts of notices.yaml.
class PlanParties {
public:
    PlanParties(const PlanContext& context, const std::map<std::string, std::string>& roles)
        : context_{context}, roles_{roles} {}
    /// A role of this plan or a team of the roster.
    void check(const std::string& name, const Cursor& at) const;
    void check_text(const std::string& name, const Cursor& at) const;

private:
    const PlanContext& context_;
    const std::map<std::string, std::string>& roles_;
};

void check_kind(
    const std::vector<plan::KindRule>& known, const std::string& name, const Cursor& where
);
[[nodiscard]] std::vector<plan::KindRule> decode_kinds(const Cursor& top);
[[nodiscard]] plan::PerLevel<plan::ActivationRule> decode_activation(
    const PlanParties& parties, const Cursor& top
);
[[nodiscard]] plan::StepRule decode_step(
    const PlanParties& parties, const std::vector<plan::KindRule>& kinds, const Cursor& at
);
[[nodiscard]] plan::Binder decode_binder(
    const PlanParties& parties, const std::vector<plan::KindRule>& kinds, const Cursor& top
);
/// A calendar of site.yaml.
void check_calendar(const PlanContext& context, const std::string& name, const Cursor& at);

}  // namespace surged::config
