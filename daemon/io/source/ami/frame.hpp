// The Asterisk manager's frames: `Key: Value` lines, ended by a blank line, cut out of a byte
// stream.
//
// Pure and incremental: bytes are pushed as they come, frames are pulled. Memory is bounded by the
// limits whatever comes; what breaks them is dropped up to the next blank line and said once.
#pragma once

#include "io/source/text.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::io::ami {

struct Header {
    std::string_view key, value;
};

/// One event, response or list item. Its texts point into the framer: valid until it moves on.
class Frame {
public:
    /// True for `Event: NAME`; else it is a `Response: NAME`.
    [[nodiscard]] bool is_event() const { return is_event_; }
    [[nodiscard]] std::string_view name() const { return headers_.front().value; }
    /// Value of the first header of exactly this key; empty if there is none.
    [[nodiscard]] std::string_view get(std::string_view key) const;
    /// Value of the last header of this key, letter case aside: for headers that people write.
    [[nodiscard]] std::string_view get_last(std::string_view key) const;
    [[nodiscard]] const std::vector<Header>& headers() const { return headers_; }
    /// Lines that were no headers and were left out.
    [[nodiscard]] std::size_t odd_lines() const { return odd_lines_; }

private:
    friend class Framer;
    std::vector<Header> headers_;  // never empty
    std::size_t odd_lines_{0};
    bool is_event_{false};
};

struct FrameLimits {
    std::size_t line_bytes{64 * 1024};
    std::size_t frame_bytes{512 * 1024};
};

enum class Found : std::uint8_t { nothing, banner, frame, bad };

class Framer {
public:
    explicit Framer(FrameLimits limits = FrameLimits{}) : limits_{limits} {}

    void push(std::string_view bytes);
    /// Moves on to what comes next; `nothing`: more bytes are needed. What was found before is
    /// gone.
    [[nodiscard]] Found next();

    /// The first line a server sends, which no blank line follows.
    [[nodiscard]] const std::string& banner() const { return banner_; }
    [[nodiscard]] const Frame& frame() const { return frame_; }
    [[nodiscard]] const BadRecord& bad() const { return bad_; }
    /// Bytes held back for an unfinished frame; never above the limits by more than one push.
    [[nodiscard]] std::size_t held_bytes() const { return buffer_.size() - start_; }

private:
    struct Line {
        std::size_t begin, size;  // begin counts from start_
    };
    Found take_line(std::string_view line, bool crlf);
    Found take_partial();
    Found finish_frame();
    Found drop(std::string_view reason, std::string_view line, bool within_line);
    void next_frame();

    FrameLimits limits_;
    std::string buffer_;
    std::size_t start_{0};  // of the current frame
    std::size_t line_{0};   // of the current line
    std::size_t scan_{0};   // no line feed stands before this
    std::vector<Line> lines_;
    bool banner_seen_{false};
    bool follows_{false};   // in a `Response: Follows` of Asterisk 13, which holds raw text
    bool dropping_{false};  // up to the next blank line
    bool mid_line_{false};  // dropping: the beginning of this line is gone
    std::string banner_;
    Frame frame_;
    BadRecord bad_;
};

}  // namespace surged::io::ami
