// Writes JSON straight into a string: numbers as people read them (0.1, not 1E-1), NaN as null,
// text always valid UTF-8.
#pragma once

#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace surged::io::http {

/// The caller keeps begin and end in pairs; commas are kept here.
class JsonWriter {
public:
    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }
    void key(std::string_view name) {
        comma();
        quote(name);
        out_ += ':';
        first_ = true;  // the value after a key takes no comma
    }
    void value(std::string_view text) {
        comma();
        quote(text);
    }
    void value(const char* text) { value(std::string_view{text}); }
    void value(const std::string& text) { value(std::string_view{text}); }
    void value(bool flag) {
        comma();
        out_ += flag ? "true" : "false";
    }
    void value(double number) {
        comma();
        if (std::isfinite(number)) {
            fmt::format_to(std::back_inserter(out_), "{}", number);
        } else {
            out_ += "null";
        }
    }
    void value(std::uint64_t number) {
        comma();
        fmt::format_to(std::back_inserter(out_), "{}", number);
    }
    void value(std::int64_t number) {
        comma();
        fmt::format_to(std::back_inserter(out_), "{}", number);
    }
    void null() {
        comma();
        out_ += "null";
    }
    template <class T>
    void value(const std::optional<T>& maybe) {
        if (maybe) {
            value(*maybe);
        } else {
            null();
        }
    }
    template <class T>
    void member(std::string_view name, const T& item) {
        key(name);
        value(item);
    }
    [[nodiscard]] std::string take() && { return std::move(out_); }
    [[nodiscard]] const std::string& text() const { return out_; }

private:
    void comma() {
        if (!first_) out_ += ',';
        first_ = false;
    }
    void open(char bracket) {
        comma();
        out_ += bracket;
        first_ = true;
    }
    void close(char bracket) {
        out_ += bracket;
        first_ = false;
    }
    void quote(std::string_view text);

    std::string out_;
    bool first_{true};
};

}  // namespace surged::io::http
