// A text as lines, and what can be seen of it without knowing YAML.
#pragma once

#include "config/report.hpp"
#include "config/slips.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace surged::config {

/// The lines of a text, for turning byte columns into characters.
class Lines {
public:
    explicit Lines(std::string_view text) : text_{text} {
        starts_.push_back(0);
        for (std::size_t i = 0; i < text.size(); ++i)
            if (text[i] == '\n') starts_.push_back(i + 1);
    }
    [[nodiscard]] std::string_view line(std::size_t index) const {
        if (index >= starts_.size()) return {};
        const std::size_t end = index + 1 < starts_.size() ? starts_[index + 1] : text_.size();
        return text_.substr(starts_[index], end - starts_[index]);
    }
    [[nodiscard]] Place place(const Spot& spot) {
        const auto& [row, column] = spot;
        // A line may be as long as the file: go on from the place asked for before.
        if (row != row_ || column < bytes_) {
            row_ = row;
            bytes_ = 0;
            characters_ = 0;
        }
        const std::string_view whole = line(row);
        for (; bytes_ < std::min(column, whole.size()); ++bytes_)
            if ((static_cast<unsigned char>(whole[bytes_]) & 0xc0) != 0x80) ++characters_;
        return {static_cast<int>(row) + 1, characters_ + 1};
    }

private:
    std::string_view text_;
    std::vector<std::size_t> starts_;
    std::size_t row_{0}, bytes_{0};  // the last place asked for
    int characters_{0};              // before it in its line
};

/// Mistakes go to the report. True if yaml-cpp may have the text.
[[nodiscard]] bool check_bytes(
    const std::string& file, const Lines& lines, std::string_view text, Report& report
);

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace surged::config
