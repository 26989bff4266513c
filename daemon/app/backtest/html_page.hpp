// What the pages of HTML share: style, frame, tables. Inside the library only.
#pragma once

#include "core/plan/level.hpp"
#include "core/plan/rules.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace surged::app::backtest {

/// A table; every cell is escaped.
class HtmlRows {
public:
    explicit HtmlRows(const std::vector<std::string>& headings);
    void open() { out_ += "<tr>"; }
    void close() { out_ += "</tr>\n"; }
    void text(std::string_view cell);
    void number(std::uint64_t cell);
    void level(plan::Level level);
    [[nodiscard]] std::string take() &&;

private:
    std::string out_;
};

/// `inside` is markup already.
[[nodiscard]] std::string html_section(std::string_view heading, const std::string& inside);
/// A whole page: `preface` as text, `body` as markup.
[[nodiscard]] std::string html_page(
    plan::Language language,
    const std::string& title,
    const std::vector<std::string>& preface,
    const std::string& body
);

}  // namespace surged::app::backtest
