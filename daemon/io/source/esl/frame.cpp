#include "io/source/esl/frame.hpp"

#include <algorithm>
#include <optional>

namespace surged::io::esl {
namespace {

// A length beyond this is no length: skipping it would mean to be deaf for good.
constexpr std::int64_t length_most = 1LL << 30;

}  // namespace

std::string_view header_of(std::string_view block, std::string_view key) {
    while (!block.empty()) {
        const auto feed = std::min(block.find('\n'), block.size());
        std::string_view line = block.substr(0, feed);
        block.remove_prefix(std::min(feed + 1, block.size()));
        if (line.size() <= key.size() || line[key.size()] != ':' || !line.starts_with(key))
            continue;
        line.remove_prefix(key.size() + 1);
        if (line.starts_with(' ')) line.remove_prefix(1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        return line;
    }
    return {};
}

std::string_view Frame::get(std::string_view key) const { return header_of(headers_, key); }

void Framer::push(std::string_view bytes) {
    buffer_.erase(0, start_);
    line_ -= start_;
    scan_ -= start_;
    if (in_body_) {
        headers_end_ -= start_;
        body_ -= start_;
    }
    start_ = 0;
    buffer_.append(bytes);
}

Found Framer::next() {
    for (;;) {
        if (skip_ > 0 && !skip_body()) return Found::nothing;
        if (dropping_ && !drop_block()) return Found::nothing;
        if (in_body_) return buffer_.size() - body_ < length_ ? Found::nothing : body_done();
        const bool complete = find_headers_end();
        const std::size_t size = (complete ? headers_end_ : buffer_.size()) - start_;
        if (size > limits_.header_bytes) {
            dropping_ = !complete;
            if (!complete) line_ = start_;
            return drop("header_too_long", std::string_view{buffer_}.substr(start_, size));
        }
        if (!complete) return Found::nothing;
        if (const Found found = headers_done(); found != Found::nothing) return found;
    }
}

void Framer::begin_at(std::size_t at) {
    start_ = line_ = scan_ = at;
    in_body_ = false;
}

// False: more bytes are needed. So for the next two.
bool Framer::skip_body() {
    const std::size_t size = std::min(skip_, buffer_.size() - start_);
    skip_ -= size;
    begin_at(start_ + size);
    return skip_ == 0;
}

bool Framer::drop_block() {
    for (;;) {
        const auto feed = std::min(buffer_.find('\n', start_), buffer_.size());
        const std::string_view line = std::string_view{buffer_}.substr(start_, feed - start_);
        if (feed == buffer_.size()) {
            if (line == "\r") return false;  // may become the empty line
            mid_line_ = mid_line_ || !line.empty();
            begin_at(feed);
            return false;
        }
        const bool empty = (line.empty() || line == "\r") && !mid_line_;
        mid_line_ = false;
        begin_at(feed + 1);
        if (!empty) continue;
        dropping_ = false;
        return true;
    }
}

// Leaves line_ behind the empty line that ends the headers.
bool Framer::find_headers_end() {
    for (;;) {
        const auto feed = buffer_.find('\n', scan_);
        if (feed == std::string::npos) {
            scan_ = buffer_.size();
            return false;
        }
        const std::size_t size = feed - line_;
        const bool empty = size == 0 || (size == 1 && buffer_[line_] == '\r');
        headers_end_ = line_;
        line_ = scan_ = feed + 1;
        if (!empty) continue;
        if (headers_end_ > start_) return true;
        start_ = line_;  // an empty line between frames
    }
}

Found Framer::headers_done() {
    const auto headers = std::string_view{buffer_}.substr(start_, headers_end_ - start_);
    const std::string_view given = header_of(headers, "Content-Length");
    const auto length = given.empty() ? std::optional<std::int64_t>{0} : parse_count(given);
    if (!length || *length > length_most) return drop("bad_length", headers);
    const auto bytes = static_cast<std::size_t>(*length);
    const bool typed = !header_of(headers, "Content-Type").empty();
    if (!typed || bytes > limits_.body_bytes) {
        skip_ = bytes;
        return drop(typed ? "frame_too_long" : "not_a_frame", headers);
    }
    in_body_ = true;
    body_ = line_;
    length_ = bytes;
    return Found::nothing;
}

Found Framer::body_done() {
    frame_.headers_ = std::string_view{buffer_}.substr(start_, headers_end_ - start_);
    frame_.content_type_ = header_of(frame_.headers_, "Content-Type");
    frame_.body_ = std::string_view{buffer_}.substr(body_, length_);
    begin_at(body_ + length_);  // the texts still point into the buffer
    return Found::frame;
}

Found Framer::drop(std::string_view reason, std::string_view excerpt) {
    bad_ = BadRecord{reason, safe_excerpt(excerpt)};
    begin_at(line_);
    return Found::bad;
}

}  // namespace surged::io::esl
