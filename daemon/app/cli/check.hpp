// surgectl check: are these rules right? Needs no daemon and no secret.
#pragma once

#include "app/cli/common.hpp"

#include <string>

namespace surged::app::cli {

struct CheckOptions {
    std::string folder{"/etc/surged/rules"};
    std::string config;  // a surged.yaml: it is checked, and its rules against it
};

/// Every mistake at its place; a finding if there is one.
[[nodiscard]] Exit check(const Globals& globals, const CheckOptions& options);

/// The JSON Schema of surged.yaml (`surged`), or of the rules' `site`, `roster`, `plan`, `notices`.
[[nodiscard]] Exit schema(const Globals& globals, const std::string& file);

}  // namespace surged::app::cli
