#include "io/http/json_writer.hpp"

#include "io/http/utf8.hpp"

namespace surged::io::http {
namespace {

void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
                } else {
                    out += c;
                }
        }
    }
}

}  // namespace

void JsonWriter::quote(std::string_view text) {
    out_ += '"';
    if (is_utf8(text)) {
        append_escaped(out_, text);
    } else {
        append_escaped(out_, to_utf8(text));
    }
    out_ += '"';
}

}  // namespace surged::io::http
