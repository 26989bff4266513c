// The frames of FreeSWITCH's event socket: header lines, an empty line, and as many bytes of body
// as Content-Length says, cut out of a byte stream.
//
// Pure and incremental: bytes are pushed as they come, frames are pulled. Memory is bounded by the
// limits whatever comes; what breaks them is dropped and said once.
#pragma once

#include "io/source/text.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::esl {

/// One frame. Its texts point into the framer: valid until it moves on.
class Frame {
public:
    [[nodiscard]] std::string_view content_type() const { return content_type_; }
    /// Value of the first header of exactly this key; empty if there is none.
    [[nodiscard]] std::string_view get(std::string_view key) const;
    [[nodiscard]] std::string_view body() const { return body_; }

private:
    friend class Framer;
    std::string_view content_type_, headers_, body_;
};

struct FrameLimits {
    std::size_t header_bytes{64 * 1024};
    std::size_t body_bytes{16 * 1024 * 1024};  // a list of 50,000 members
};

enum class Found : std::uint8_t { nothing, frame, bad };

class Framer {
public:
    explicit Framer(FrameLimits limits = FrameLimits{}) : limits_{limits} {}

    void push(std::string_view bytes);
    /// Moves on to what comes next; `nothing`: more bytes are needed. What was found before is
    /// gone.
    [[nodiscard]] Found next();

    [[nodiscard]] const Frame& frame() const { return frame_; }
    [[nodiscard]] const BadRecord& bad() const { return bad_; }
    /// Bytes held back for an unfinished frame; never above the limits by more than one push.
    [[nodiscard]] std::size_t held_bytes() const { return buffer_.size() - start_; }

private:
    bool skip_body();
    bool drop_block();
    bool find_headers_end();
    Found headers_done();
    Found body_done();
    Found drop(std::string_view reason, std::string_view excerpt);
    void begin_at(std::size_t at);

    FrameLimits limits_;
    std::string buffer_;
    std::size_t start_{0};  // of the current frame
    std::size_t line_{0};   // of the current line
    std::size_t scan_{0};   // no line feed stands between line_ and here
    std::size_t headers_end_{0}, body_{0}, length_{0};  // of a frame whose headers are complete
    std::size_t skip_{0};                               // bytes of a body that nobody wants
    bool in_body_{false};
    bool dropping_{false};  // up to the next empty line
    bool mid_line_{false};  // dropping: the beginning of this line is gone
    Frame frame_;
    BadRecord bad_;
};

/// The value of `key` in a block of `Key: Value` lines, as it stands; empty if there is none.
[[nodiscard]] std::string_view header_of(std::string_view block, std::string_view key);

}  // namespace surged::io::esl
