#include "io/source/csv/table.hpp"

#include "io/http/utf8.hpp"

#include <utility>

namespace surged::io::csv {
namespace {

constexpr std::size_t cells_max = 256;
constexpr std::size_t cell_max = 4096;  // bytes

/// Bytes of the character that begins here by its first byte; 0: none begins so.
std::size_t length_of(char first) {
    const auto byte = static_cast<unsigned char>(first);
    if (byte < 0x80) return 1;
    if (byte >= 0xc2 && byte < 0xe0) return 2;
    if (byte >= 0xe0 && byte < 0xf0) return 3;
    return byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
}

void trim(std::string& text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string::npos) return text.clear();
    text.erase(text.find_last_not_of(" \t") + 1);
    text.erase(0, begin);
}

}  // namespace

Rows::Rows(std::string_view text) : rest_{text}, whole_{text.size()} {
    if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);
}

bool Rows::wrong(Place at, std::string what) {
    mistake_ = Mistake{at, std::move(what)};
    return false;
}

bool Rows::take(std::string& out) {
    const std::size_t length = length_of(rest_.front());
    if (length == 0 || rest_.size() < length || !is_utf8(rest_.substr(0, length)))
        return wrong(here_, "not UTF-8 (GB18030?); save the file as UTF-8");
    const auto byte = static_cast<unsigned char>(rest_.front());
    const bool breaks = byte == '\n' || byte == '\r' || byte == '\t';
    if ((byte < 0x20 && !breaks) || byte == 0x7f) return wrong(here_, "a control character");
    if (out.size() >= cell_max) return wrong(here_, "a cell of more than 4096 bytes");
    out += rest_.substr(0, length);
    rest_.remove_prefix(length);
    ++here_.column;
    if (byte == '\n') here_ = {here_.line + 1, 1};
    return true;
}

bool Rows::quoted(Cell& out) {
    const Place begin = here_;
    rest_.remove_prefix(1);
    ++here_.column;
    for (bool open = true; open;) {
        if (rest_.empty()) return wrong(begin, "the quote is not closed");
        if (rest_.front() == '"') {
            rest_.remove_prefix(1);
            ++here_.column;
            open = rest_.starts_with('"');  // a doubled one is one
            if (!open) break;
        }
        if (!take(out.text)) return false;
    }
    while (!at_end() && rest_.front() == ' ') {
        rest_.remove_prefix(1);
        ++here_.column;
    }
    if (!at_end() && rest_.front() != ',') return wrong(here_, "text behind a closing quote");
    return true;
}

bool Rows::cell(Cell& out) {
    out.at = here_;
    if (!at_end() && rest_.front() == '"') {
        if (!quoted(out)) return false;
    } else {
        while (!at_end() && rest_.front() != ',')
            if (!take(out.text)) return false;
    }
    trim(out.text);
    return true;
}

void Rows::end_line() {
    if (rest_.starts_with('\r')) rest_.remove_prefix(1);
    if (rest_.starts_with('\n')) rest_.remove_prefix(1);
    here_ = {here_.line + 1, 1};
}

bool Rows::next(Row& out) {
    while (!rest_.empty() && at_end()) end_line();
    if (rest_.empty() || mistake_) return false;
    out.cells.clear();
    out.at = here_;
    while (true) {
        if (out.cells.size() >= cells_max) return wrong(here_, "more than 256 cells in a row");
        if (!cell(out.cells.emplace_back())) return false;
        if (at_end()) break;
        rest_.remove_prefix(1);  // the comma
        ++here_.column;
    }
    if (!rest_.empty()) end_line();
    return true;
}

}  // namespace surged::io::csv
