#include "io/source/ami/frame.hpp"

#include "io/source/ami/values.hpp"

#include <optional>

namespace surged::io::ami {
namespace {

constexpr std::string_view end_of_follows = "--END COMMAND--";

// The value is all after the first colon and one space: colons inside are common, and a dialplan's
// own UserEvent headers may lack the space.
std::optional<Header> split(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    std::string_view value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    return Header{line.substr(0, colon), value};
}

}  // namespace

std::string_view Frame::get(std::string_view key) const {
    for (const Header& header : headers_)
        if (header.key == key) return header.value;
    return {};
}

std::string_view Frame::get_last(std::string_view key) const {
    for (auto header = headers_.rbegin(); header != headers_.rend(); ++header)
        if (same_word(header->key, key)) return header->value;
    return {};
}

void Framer::push(std::string_view bytes) {
    buffer_.erase(0, start_);
    line_ -= start_;
    scan_ -= start_;
    start_ = 0;
    buffer_.append(bytes);
}

Found Framer::next() {
    for (;;) {
        const auto feed = buffer_.find('\n', scan_);
        if (feed == std::string::npos) return take_partial();
        std::string_view line{buffer_.data() + line_, feed - line_};
        const bool crlf = line.ends_with('\r');
        if (crlf) line.remove_suffix(1);
        const Found found = take_line(line, crlf);
        line_ = scan_ = feed + 1;
        if (dropping_ || lines_.empty()) start_ = line_;
        if (found != Found::nothing) return found;
    }
}

Found Framer::take_line(std::string_view line, bool crlf) {
    if (dropping_) {
        if (line.empty() && !mid_line_) next_frame();
        mid_line_ = false;
        return Found::nothing;
    }
    if (line.size() > limits_.line_bytes) return drop("line_too_long", line, false);
    if (!banner_seen_) {
        if (line.empty()) return Found::nothing;
        banner_seen_ = true;
        banner_ = line;
        return Found::banner;
    }
    if (line.empty() && !follows_) return lines_.empty() ? Found::nothing : finish_frame();
    const std::size_t begin = line_ - (lines_.empty() ? line_ : start_);
    if (begin + line.size() > limits_.frame_bytes) return drop("frame_too_long", line, false);
    if (lines_.empty()) {
        start_ = line_;
        follows_ = line == "Response: Follows";
    } else if (follows_) {
        // Header lines end in CR LF, the command's own output in LF; the end mark closes it.
        if (line.ends_with(end_of_follows)) follows_ = false;
        if (!crlf || line.ends_with(end_of_follows)) return Found::nothing;
    }
    lines_.push_back(Line{begin, line.size()});
    return Found::nothing;
}

Found Framer::take_partial() {
    const std::string_view rest{buffer_.data() + line_, buffer_.size() - line_};
    if (dropping_) {
        if (rest == "\r" && !mid_line_) return Found::nothing;  // may become a blank line
        mid_line_ = mid_line_ || !rest.empty();
        buffer_.clear();
        start_ = line_ = scan_ = 0;
        return Found::nothing;
    }
    scan_ = buffer_.size();
    if (rest.size() > limits_.line_bytes + 1) {  // + 1: a CR that belongs to the line's end
        const Found found = drop("line_too_long", rest, true);
        buffer_.clear();
        start_ = line_ = scan_ = 0;
        return found;
    }
    return Found::nothing;
}

Found Framer::finish_frame() {
    const auto text_of = [this](const Line& line) {
        return std::string_view{buffer_}.substr(start_ + line.begin, line.size);
    };
    const std::string_view first = text_of(lines_.front());
    frame_.is_event_ = first.starts_with("Event:");
    if (!frame_.is_event_ && !first.starts_with("Response:")) {
        bad_ = BadRecord{"not_a_frame", safe_excerpt(first)};
        next_frame();
        return Found::bad;
    }
    frame_.headers_.clear();
    frame_.odd_lines_ = 0;
    for (const Line& line : lines_) {
        if (const auto header = split(text_of(line))) {
            frame_.headers_.push_back(*header);
        } else {
            ++frame_.odd_lines_;
        }
    }
    next_frame();  // the headers still point into the buffer
    return Found::frame;
}

Found Framer::drop(std::string_view reason, std::string_view line, bool within_line) {
    bad_ = BadRecord{reason, safe_excerpt(line)};
    next_frame();
    dropping_ = true;
    mid_line_ = within_line;
    return Found::bad;
}

void Framer::next_frame() {
    lines_.clear();
    follows_ = false;
    dropping_ = false;
}

}  // namespace surged::io::ami
