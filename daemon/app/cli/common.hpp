// What every surgectl command is given, and how it ends.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>

namespace surged::app::cli {

/// Exit codes: everything fine; something was found (a mistake, a refusal, nobody there); the
/// command line itself is wrong.
enum class Exit : int { fine = 0, finding = 1, usage = 2 };

struct Globals {
    std::string url{"http://127.0.0.1:9469"};
    std::string token_file;  // empty: none
    std::string language;    // zh-CN or en; empty: what the environment asks for
    bool json{false};
    std::ostream* out;
    std::ostream* err;
};

/// Tells the person at the terminal what is wrong and what to do. Returns `code`.
Exit complain(const Globals& globals, const Error& error, Exit code = Exit::finding);

/// "127.0.0.1:9470", "[::1]:9470" or ":9470" (loopback).
[[nodiscard]] std::optional<std::pair<std::string, std::uint16_t>> parse_listen(
    const std::string& text
);

/// A secret from a file, without its last line breaks; an error names the file, never its content.
[[nodiscard]] Result<std::string> secret_from(const std::string& file);

/// In place of what was there; an error names the file, and says why.
[[nodiscard]] Status write_file(const std::string& path, const std::string& text);

/// SIGINT and SIGTERM end a long command gently: after this, the function returns true once one
/// has come. The second signal ends the program at once.
[[nodiscard]] std::function<bool()> stop_on_signals();

}  // namespace surged::app::cli
