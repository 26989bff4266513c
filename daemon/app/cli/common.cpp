#include "app/cli/common.hpp"

#include "app/cli/language.hpp"
#include "app/cli/mistake_words.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <ostream>
#include <system_error>

namespace surged::app::cli {
namespace {

volatile std::sig_atomic_t stopped = 0;

void on_signal(int number) {
    stopped = 1;
    std::signal(number, SIG_DFL);
}

}  // namespace

Exit complain(const Globals& globals, const Error& error, Exit code) {
    const bool chinese = language_for(globals.language) == plan::Language::zh_cn;
    const auto said = [&](const std::string& words) {
        return chinese ? mistakes_in_chinese(words) : words;
    };
    *globals.err << "surgectl: " << said(error.what);
    if (!error.hint.empty()) *globals.err << "\n  " << said(error.hint);
    *globals.err << '\n' << std::flush;
    return code;
}

std::optional<std::pair<std::string, std::uint16_t>> parse_listen(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    std::string host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host.empty() || host == "localhost") host = "127.0.0.1";
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data() + colon + 1, end, port);
    if (ec != std::errc{} || stop != end || colon + 1 == text.size()) return std::nullopt;
    return std::pair{host, port};
}

Result<std::string> secret_from(const std::string& file) {
    const auto cannot = [&file](int error) {
        return fail(fmt::format("cannot read {}: {}", file, std::generic_category().message(error))
        );
    };
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) return cannot(EISDIR);
    std::ifstream in{file, std::ios::binary};
    if (!in) return cannot(errno);
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    if (text.empty()) return fail(file + " is empty");
    return text;
}

Status write_file(const std::string& path, const std::string& text) {
    errno = 0;
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    file << text << std::flush;
    if (file) return {};
    if (errno == 0) return fail("cannot write " + path);
    return fail(fmt::format("cannot write {}: {}", path, std::generic_category().message(errno)));
}

std::function<bool()> stop_on_signals() {
    stopped = 0;
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    return [] { return stopped != 0; };
}

}  // namespace surged::app::cli
