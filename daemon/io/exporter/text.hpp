// Prometheus text exposition 0.0.4, written straight into a string.
//
// A hundred thousand series a scrape are the aim, so that a queue's labels are escaped once and
// used for each of its series.
#pragma once

#include "io/exporter/catalogue.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace surged::io::exporter {

/// `name="value"` pairs joined by commas, without the braces; values escaped, always UTF-8.
[[nodiscard]] std::string labels(
    std::initializer_list<std::pair<std::string_view, std::string_view>> pairs
);

class Text {
public:
    /// HELP and TYPE. The family's samples must follow before the next family.
    void family(const Metric& metric);
    /// `label_text`: from labels(), parts joined by a comma; may be empty.
    void sample(std::string_view label_text, double value);
    void sample(std::string_view label_text, std::uint64_t value);
    /// `counts`: per bound and then +Inf, not cumulative.
    template <class Bound>
    void histogram(
        std::string_view label_text,
        std::span<const Bound> bounds,
        std::span<const std::uint64_t> counts,
        double sum
    ) {
        std::uint64_t total = 0;
        for (std::size_t i = 0; i < bounds.size(); ++i) {
            total += counts[i];
            bucket(label_text, static_cast<double>(bounds[i]), total);
        }
        total += counts[bounds.size()];
        finish_histogram(label_text, total, sum);
    }
    void reserve(std::size_t bytes) { out_.reserve(bytes); }
    [[nodiscard]] std::string take() && { return std::move(out_); }

private:
    void name(std::string_view suffix, std::string_view label_text, std::string_view more = {});
    void number(double value);
    void digits(std::uint64_t value);
    void line(std::uint64_t value);
    void bucket(std::string_view label_text, double bound, std::uint64_t count);
    void finish_histogram(std::string_view label_text, std::uint64_t total, double sum);
    std::string out_;
    std::string_view metric_;
};

}  // namespace surged::io::exporter
