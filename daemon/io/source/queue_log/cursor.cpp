#include "io/source/queue_log/cursor.hpp"

#include <charconv>
#include <fmt/format.h>

namespace surged::io::queue_log {
namespace {

constexpr std::string_view format = "1 ";

template <class T>
bool take(std::string_view& text, T& value) {
    const char* const end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, value);
    if (failed != std::errc{} || (stop != end && *stop != ' ')) return false;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    if (!text.empty()) text.remove_prefix(1);
    return true;
}

}  // namespace

std::string Cursor::text() const {
    std::string out = fmt::format("{}{} {} {} {}", format, inode, offset, mark, newest.us);
    for (const Done& file : done) out += fmt::format(" {} {} {}", file.inode, file.size, file.mark);
    return out;
}

std::optional<Cursor> Cursor::parse(std::string_view text) {
    Cursor out;
    if (!text.starts_with(format)) return std::nullopt;
    text.remove_prefix(format.size());
    const bool whole = take(text, out.inode) && take(text, out.offset) && take(text, out.mark) &&
                       take(text, out.newest.us);
    if (!whole) return std::nullopt;
    while (!text.empty()) {
        Done& file = out.done.emplace_back();
        if (!take(text, file.inode) || !take(text, file.size) || !take(text, file.mark) ||
            out.done.size() > done_max)
            return std::nullopt;
    }
    return out;
}

}  // namespace surged::io::queue_log
