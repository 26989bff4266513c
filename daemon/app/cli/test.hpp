// surgectl test: the tests of rules, in virtual time. Needs no daemon and no secret.
#pragma once

#include "app/cli/common.hpp"

#include <string>
#include <vector>

namespace surged::app::cli {

struct TestOptions {
    std::vector<std::string>
        paths;           // files of tests, or rules folders with tests/; none: the usual
    std::string rules;   // instead of the folder that each file names; empty: that one
    std::string only;    // tests whose name fits this glob; empty: all
    bool missed{false};  // list what no test reached
};

/// A finding if a test fails or a file is wrong.
[[nodiscard]] Exit test(const Globals& globals, const TestOptions& options);

}  // namespace surged::app::cli
