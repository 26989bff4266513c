#include "base/log.hpp"

#include <atomic>
#include <unistd.h>

namespace surged::log {
namespace {

std::atomic<Severity> threshold{Severity::info};

void append_value(std::string& out, std::string_view value) {
    const bool plain =
        !value.empty() && value.find_first_of(" \"=\n\r\t\\") == std::string_view::npos;
    if (plain) {
        out += value;
        return;
    }
    out += '"';
    for (const char c : value) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += '?';
        } else {
            out += c;
        }
    }
    out += '"';
}

}  // namespace

std::string format(Severity severity, std::string_view event, std::initializer_list<Field> fields) {
    std::string out = fmt::format("<{}>event={}", static_cast<int>(severity), event);
    for (const Field& field : fields) {
        out += ' ';
        out += field.key;
        out += '=';
        append_value(out, field.value);
    }
    return out;
}

void line(Severity severity, std::string_view event, std::initializer_list<Field> fields) {
    if (severity > threshold.load(std::memory_order_relaxed)) return;
    const std::string text = format(severity, event, fields) + '\n';
    // A log that cannot be written must not stop the daemon; there is nowhere left to say so.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

void set_threshold(Severity least) { threshold.store(least, std::memory_order_relaxed); }

}  // namespace surged::log
