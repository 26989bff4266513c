// A command of surgectl, run in the test program: how it ended and what it wrote.
#pragma once

#include "app/cli/common.hpp"

#include <sstream>
#include <string>

namespace surged::test {

struct Ran {
    app::cli::Exit code{app::cli::Exit::usage};
    std::string out, err;
};

/// `command(globals)` is what surgectl would call.
template <class Command>
[[nodiscard]] Ran run_command(Command&& command, bool json = false) {
    std::ostringstream out;
    std::ostringstream err;
    app::cli::Globals globals;
    globals.json = json;
    globals.language = "en";
    globals.out = &out;
    globals.err = &err;
    Ran ran;
    ran.code = command(globals);
    ran.out = out.str();
    ran.err = err.str();
    return ran;
}

}  // namespace surged::test
