#include "io/exporter/text.hpp"

#include "io/http/utf8.hpp"

#include <cmath>
#include <fmt/format.h>
#include <iterator>

namespace surged::io::exporter {

std::string labels(std::initializer_list<std::pair<std::string_view, std::string_view>> pairs) {
    std::string out;
    for (const auto& [name, value] : pairs) {
        if (!out.empty()) out += ',';
        out += name;
        out += "=\"";
        for (const char c : to_utf8(value)) {
            if (c == '\\' || c == '"') {
                out += '\\';
                out += c;
            } else if (c == '\n') {
                out += "\\n";
            } else {
                out += c;
            }
        }
        out += '"';
    }
    return out;
}

void Text::family(const Metric& metric) {
    metric_ = metric.name;
    const std::string_view type = metric.type == Type::gauge     ? "gauge"
                                  : metric.type == Type::counter ? "counter"
                                                                 : "histogram";
    fmt::format_to(
        std::back_inserter(out_), "# HELP {0} {1}\n# TYPE {0} {2}\n", metric.name, metric.help, type
    );
}

void Text::name(std::string_view suffix, std::string_view label_text, std::string_view more) {
    out_ += metric_;
    out_ += suffix;
    if (!label_text.empty() || !more.empty()) {
        out_ += '{';
        out_ += label_text;
        if (!label_text.empty() && !more.empty()) out_ += ',';
        out_ += more;
        out_ += '}';
    }
    out_ += ' ';
}

void Text::digits(std::uint64_t value) {
    const fmt::format_int text{value};
    out_.append(text.data(), text.size());
}

void Text::number(double value) {
    // Most samples are whole; as digits they cost a fraction of the shortest decimal of a double,
    // which writes the same up to here.
    constexpr double whole_below = 1e15;
    if (std::isnan(value)) {
        out_ += "NaN";
    } else if (std::isinf(value)) {
        out_ += value > 0 ? "+Inf" : "-Inf";
    } else if (!std::signbit(value) && value < whole_below && std::trunc(value) == value) {
        digits(static_cast<std::uint64_t>(value));
    } else {
        fmt::format_to(std::back_inserter(out_), "{}", value);
    }
    out_ += '\n';
}

void Text::sample(std::string_view label_text, double value) {
    name("", label_text);
    number(value);
}

void Text::sample(std::string_view label_text, std::uint64_t value) {
    name("", label_text);
    line(value);
}

void Text::bucket(std::string_view label_text, double bound, std::uint64_t count) {
    name("_bucket", label_text, fmt::format("le=\"{}\"", bound));
    line(count);
}

void Text::finish_histogram(std::string_view label_text, std::uint64_t total, double sum) {
    name("_bucket", label_text, "le=\"+Inf\"");
    line(total);
    name("_sum", label_text);
    number(sum);
    name("_count", label_text);
    line(total);
}

void Text::line(std::uint64_t value) {
    digits(value);
    out_ += '\n';
}

}  // namespace surged::io::exporter
