#include "io/source/esl/table.hpp"

#include <algorithm>

namespace surged::io::esl {
namespace {

void cut(std::string_view line, std::vector<std::string_view>& cells) {
    cells.clear();
    for (;;) {
        const auto bar = line.find('|');
        cells.push_back(line.substr(0, bar));
        if (bar == std::string_view::npos) return;
        line.remove_prefix(bar + 1);
    }
}

}  // namespace

std::optional<Table> Table::parse(std::string_view text, std::string_view free_text) {
    Table table;
    bool complete = false;
    while (!text.empty() && !complete) {
        const auto feed = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, feed);
        text.remove_prefix(std::min(feed + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line == "+OK") {
            complete = true;
        } else if (table.columns_.empty()) {
            cut(line, table.columns_);
        } else {
            table.lines_.push_back(line);
        }
    }
    if (!complete) return std::nullopt;
    const auto free = std::find(table.columns_.begin(), table.columns_.end(), free_text);
    table.free_ = static_cast<std::size_t>(free - table.columns_.begin());
    return table;
}

bool Table::split(std::string_view line, Row& row) const {
    row.table_ = this;
    cut(line, row.cells_);
    return row.cells_.size() >= columns_.size();
}

std::size_t Table::short_rows() const {
    Row row;
    return static_cast<std::size_t>(std::count_if(
        lines_.begin(), lines_.end(), [&](std::string_view line) { return !split(line, row); }
    ));
}

std::string_view Table::Row::get(std::string_view column) const {
    const auto& columns = table_->columns_;
    const auto found = std::find(columns.begin(), columns.end(), column);
    if (found == columns.end()) return {};
    const auto at = static_cast<std::size_t>(found - columns.begin());
    const std::size_t surplus = cells_.size() - columns.size();
    if (at < table_->free_) return cells_[at];
    if (at > table_->free_) return cells_[at + surplus];
    std::size_t size = surplus;  // one text, bars and all
    for (std::size_t i = at; i <= at + surplus; ++i) size += cells_[i].size();
    const char* const begin = cells_[at].data();
    return {begin, size};
}

}  // namespace surged::io::esl
