#include "core/plan/rules.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace surged::plan {

bool glob_matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

bool any_glob_matches(const std::vector<std::string>& globs, std::string_view text) {
    return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
        return glob_matches(glob, text);
    });
}

void InForce::insert(std::string_view name) {
    const auto at = std::lower_bound(names_.begin(), names_.end(), name);
    if (at == names_.end() || *at != name) names_.emplace(at, name);
}

const Leaf& leaf_for(const Condition& condition, std::string_view queue, const InForce& in_force) {
    SURGED_ASSERT(condition.kind == ConditionKind::leaf);
    for (auto it = condition.overrides.rbegin(); it != condition.overrides.rend(); ++it)
        if ((it->queues.empty() || any_glob_matches(it->queues, queue)) &&
            (it->when.empty() || in_force.contains(it->when)))
            return it->leaf;
    return condition.leaf;
}

}  // namespace surged::plan
