// Follows a log that is written to, rotated, copied and truncated, deleted and created anew. Pure
// but for the Files it is given: no clock, no waiting.
//
// A file is its inode, whatever it is called. It is read to its end when another file stands at the
// path and has bytes in it: a PBX that has opened the new file writes no more to the old one, and
// until then it may. A file in which what was read last no longer stands was truncated; what had
// not been read by then is looked for in the copy that was made of it. After a stop the file is
// looked for by its inode, wherever it was moved, and the ones written after it are read in the
// order of their first lines, whatever they are called.
#pragma once

#include "io/source/queue_log/cursor.hpp"
#include "io/source/queue_log/files.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::queue_log {

struct Step {
    enum class Kind : std::uint8_t {
        lines,    // whole lines, each with its line feed; the last of a file may lack it
        idle,     // all has been read
        trouble,  // there is nothing to read from: see words(); try again later
    };
    Kind kind{Kind::idle};
    std::string_view lines;  // until the next call; may be empty
    /// A reason to count, beside the kind: line_too_long, lost_file. Empty: none.
    std::string_view bad;
};

class Follower {
public:
    static constexpr std::size_t line_bytes_max = 64 * 1024;

    Follower(Files& files, std::string path);
    /// Once, before the first next(): go on from there, or begin at the end of what is there now.
    void resume(const Cursor& cursor);
    void begin_at_end();

    /// At most 64 KiB of lines.
    [[nodiscard]] Step next();
    /// Position behind the lines handed over; the caller sets `newest` in what it keeps.
    [[nodiscard]] Cursor cursor() const;
    /// Up to `most` bytes of whole lines before the position, to remember what they told.
    [[nodiscard]] std::string before(std::size_t most);
    /// What is read or waited for, in words.
    [[nodiscard]] std::string words() const;
    /// No file at the path, though an older one may still be read.
    [[nodiscard]] bool missing() const { return missing_; }
    [[nodiscard]] bool has_file() const { return file_ != nullptr; }

private:
    enum class Turn : std::uint8_t { step, again, end };
    struct Found {
        std::string path;
        std::unique_ptr<OpenFile> file;
        Seen seen;
    };

    [[nodiscard]] bool find(Cursor cursor);
    [[nodiscard]] bool open_next();
    [[nodiscard]] Turn read_on();
    [[nodiscard]] Turn at_end();
    void rewritten();
    void skip_to_end();
    void skip_line(std::string_view fresh);

    [[nodiscard]] std::optional<Found> look_into(const std::string& path);
    [[nodiscard]] std::vector<std::string> rotated();
    [[nodiscard]] std::optional<Found> find_marked(const Cursor& cursor);
    [[nodiscard]] bool is_done(const Found& found) const;
    void queue_later();
    void take(Found found, std::uint64_t offset, std::uint64_t mark);
    void hand_over(std::string_view lines);
    void advance(std::size_t bytes);
    [[nodiscard]] std::string_view without_old(std::string_view lines);
    void say(const Trouble& trouble);

    Files& files_;
    std::string path_;
    std::optional<Cursor> wanted_;  // to be looked for at the first step
    bool from_end_{false};

    std::unique_ptr<OpenFile> file_;  // in hand
    std::string file_path_;
    Cursor at_;
    bool over_{false};               // nobody writes to it any more
    bool skipping_{false};           // within a line that is too long
    std::deque<std::string> later_;  // files to read after it, before the one at the path
    std::deque<Cursor::Done> done_;  // the last files that were read to their end
    std::int64_t not_before_{0};     // seconds; older lines were read in a file that is gone
    std::string_view bad_before_;    // found wrong before the first step
    Step step_;                      // to be handed over
    bool missing_{false};
    std::string trouble_;
    std::vector<char> buffer_;
    std::size_t marked_{0};  // bytes of the buffer that stand before the position
};

}  // namespace surged::io::queue_log
