#include "io/source/queue_log/follow.hpp"

#include "base/hash.hpp"
#include "io/source/queue_log/line.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace surged::io::queue_log {
namespace {

std::uint64_t mark_of(std::string_view bytes) {
    return bytes.empty() ? 0
                         : fnv1a(bytes.substr(bytes.size() - std::min(bytes.size(), mark_bytes)));
}

std::size_t marked_bytes(std::uint64_t offset) {
    return static_cast<std::size_t>(std::min<std::uint64_t>(offset, mark_bytes));
}

/// The name that rotation gives: `.0`, `.1795452812`, `-20261123`, `-20261123.1`. What is
/// compressed or a copy by hand is not read.
bool is_rotated(std::string_view name, std::string_view own) {
    name.remove_prefix(std::min(own.size(), name.size()));
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return name.size() > 1 && (name.front() == '.' || name.front() == '-') && digit(name.back()) &&
           std::all_of(name.begin(), name.end(), [&](char c) {
               return digit(c) || c == '.' || c == '-';
           });
}

std::int64_t first_second(OpenFile& file) {
    std::array<char, 32> head{};
    const auto got = file.read(0, head);
    if (!got) return 0;
    const std::string_view text{head.data(), *got};
    const auto end = text.find('|');
    return end == std::string_view::npos ? 0 : epoch_of(text.substr(0, end)).value_or(0);
}

bool has_mark(OpenFile& file, const Cursor& cursor) {
    std::array<char, mark_bytes> bytes{};
    const std::size_t size = marked_bytes(cursor.offset);
    const auto got = file.read(cursor.offset - size, std::span{bytes}.first(size));
    return got && *got == size && mark_of({bytes.data(), size}) == cursor.mark;
}

Wall last_second(std::string_view lines) {
    if (lines.ends_with('\n')) lines.remove_suffix(1);
    return Wall{epoch_of(lines.substr(lines.rfind('\n') + 1)).value_or(0) * 1'000'000};
}

}  // namespace

Follower::Follower(Files& files, std::string path)
    : files_{files}, path_{std::move(path)}, buffer_(mark_bytes + line_bytes_max) {}

void Follower::resume(const Cursor& cursor) {
    wanted_ = cursor;
    done_.assign(cursor.done.begin(), cursor.done.end());
    wanted_->done.clear();
}
void Follower::begin_at_end() { from_end_ = true; }

Step Follower::next() {
    constexpr int turns_max = 100;  // what changes faster than this is looked at again later
    step_ = {};
    step_.bad = std::exchange(bad_before_, {});
    for (int turn = 0; turn < turns_max; ++turn) {
        if (wanted_ && !find(*wanted_)) break;
        if (file_ == nullptr && !open_next()) break;
        Turn turned = read_on();
        if (turned == Turn::end) turned = at_end();
        if (turned != Turn::again) break;
    }
    return step_;
}

// ---- Which file

/// False: no file can be looked into now, so nothing is known of the one that was read.
bool Follower::find(Cursor cursor) {
    at_ = cursor;
    auto own = files_.open(path_);
    const auto seen = own ? (*own)->seen() : Looked<Seen>{tl::make_unexpected(own.error())};
    if (seen && seen->inode == cursor.inode && has_mark(**own, cursor)) {
        wanted_.reset();
        take({path_, std::move(*own), *seen}, cursor.offset, cursor.mark);
        return true;
    }
    auto found = find_marked(cursor);
    const bool edited = seen && cursor.offset > 0 && has_mark(**own, cursor);
    if (found && (found->seen.inode == cursor.inode || !edited)) {
        wanted_.reset();
        take(std::move(*found), cursor.offset, cursor.mark);
        over_ = true;
        queue_later();
        return true;
    }
    if (!seen) {
        say(seen.error());
        return false;
    }
    // It is gone. What was written later is still there, in files of their own; what is older than
    // the last line has been read.
    wanted_.reset();
    if (edited) return true;  // the same lines in a new file: open_next() goes on in it
    if (cursor.offset > 0) step_.bad = "lost_file";
    not_before_ = cursor.newest.us / 1'000'000;
    at_.inode = 0;
    queue_later();
    return true;
}

/// The file that was read until `cursor`, or a copy of it: by its inode, else by what it holds.
std::optional<Follower::Found> Follower::find_marked(const Cursor& cursor) {
    std::optional<Found> copy;
    for (const std::string& path : rotated()) {
        auto found = look_into(path);
        if (!found || !has_mark(*found->file, cursor)) continue;
        if (found->seen.inode == cursor.inode) return found;
        if (!copy && cursor.offset > 0) copy = std::move(found);
    }
    return copy;
}

std::vector<std::string> Follower::rotated() {
    std::vector<std::string> out = files_.beside(path_);
    std::erase_if(out, [&](const std::string& path) {
        return !path.starts_with(path_) || !is_rotated(path, path_);
    });
    return out;
}

std::optional<Follower::Found> Follower::look_into(const std::string& path) {
    auto file = files_.open(path);
    if (!file) return std::nullopt;
    const auto seen = (*file)->seen();
    if (!seen) return std::nullopt;
    return Found{path, std::move(*file), *seen};
}

// An inode's number is used again: it is the file that was read if it ends where that one did.
bool Follower::is_done(const Found& found) const {
    return std::any_of(done_.begin(), done_.end(), [&](const Cursor::Done& file) {
        return file.inode == found.seen.inode && file.size == found.seen.size &&
               has_mark(*found.file, {file.inode, file.size, file.mark, {}, {}});
    });
}

// The files written between the one in hand and the one at the path, in the order of their time.
void Follower::queue_later() {
    later_.clear();
    const std::int64_t after = at_.newest.us / 1'000'000;
    if (after == 0) return;
    const auto own = files_.look(path_);
    std::vector<std::pair<std::int64_t, std::string>> found;
    for (const std::string& path : rotated()) {
        const auto file = look_into(path);
        if (!file || (own && file->seen.inode == own->inode)) continue;
        if (file->seen.inode == at_.inode || is_done(*file)) continue;
        const std::int64_t first = first_second(*file->file);
        if (first < after || (at_.offset > 0 && has_mark(*file->file, at_))) continue;
        found.emplace_back(first, path);
    }
    std::sort(found.begin(), found.end());
    for (auto& [first, path] : found) later_.push_back(std::move(path));
}

/// False: there is no file to read from.
bool Follower::open_next() {
    if (later_.empty()) queue_later();  // one may have come and gone while none was there
    while (!later_.empty()) {
        auto found = look_into(later_.front());
        later_.pop_front();
        if (found) {
            take(std::move(*found), 0, 0);
            over_ = true;
            return true;
        }
        step_.bad = "lost_file";
    }
    auto opened = files_.open(path_);
    const auto seen =
        opened ? (*opened)->seen() : Looked<Seen>{tl::make_unexpected(opened.error())};
    if (!seen) {
        if (seen.error().missing) from_end_ = false;  // what comes there is new
        say(seen.error());
        return false;
    }
    const bool edited = at_.offset > 0 && has_mark(**opened, at_);  // the same lines, a new file
    take({path_, std::move(*opened), *seen}, edited ? at_.offset : 0, edited ? at_.mark : 0);
    if (std::exchange(from_end_, false)) skip_to_end();
    return true;
}

void Follower::take(Found found, std::uint64_t offset, std::uint64_t mark) {
    file_ = std::move(found.file);
    file_path_ = std::move(found.path);
    at_.inode = found.seen.inode;
    at_.offset = offset;
    at_.mark = mark;
    over_ = false;
    skipping_ = false;
    missing_ = false;
    trouble_.clear();
}

// Nothing that stands there already counts; a line whose beginning stands there does.
void Follower::skip_to_end() {
    const auto seen = file_->seen();
    if (!seen) return;
    const std::uint64_t from = seen->size - std::min<std::uint64_t>(seen->size, buffer_.size());
    const auto got = file_->read(from, buffer_);
    if (!got) return;
    const std::string_view tail{buffer_.data(), *got};
    const std::string_view read = tail.substr(0, tail.rfind('\n') + 1);
    if (read.empty()) return;
    at_.offset = from + read.size();
    at_.mark = mark_of(read);
    at_.newest = last_second(read);
}

// ---- What is in it

// One read: the bytes that were read last, to see that they still stand there, and what follows.
Follower::Turn Follower::read_on() {
    marked_ = marked_bytes(at_.offset);
    const auto got = file_->read(at_.offset - marked_, buffer_);
    if (!got) {
        file_.reset();
        wanted_ = at_;
        say(got.error());
        return Turn::step;
    }
    const std::string_view all{buffer_.data(), *got};
    if (all.size() < marked_ || mark_of(all.substr(0, marked_)) != at_.mark) {
        rewritten();
        return Turn::again;
    }
    const std::string_view fresh = all.substr(marked_);
    if (fresh.empty()) return Turn::end;
    const auto feed = fresh.find_last_of('\n');
    if (skipping_) {
        skip_line(fresh);
        return Turn::again;
    }
    if (feed != std::string_view::npos) {
        hand_over(fresh.substr(0, feed + 1));
    } else if (fresh.size() >= line_bytes_max) {
        skipping_ = true;
        advance(fresh.size());
        step_.bad = "line_too_long";
        step_.kind = Step::Kind::lines;
    } else if (over_) {
        hand_over(fresh);
    } else {
        return Turn::end;
    }
    return Turn::step;
}

void Follower::skip_line(std::string_view fresh) {
    const auto feed = fresh.find('\n');
    skipping_ = feed == std::string_view::npos;
    advance(skipping_ ? fresh.size() : feed + 1);
}

Follower::Turn Follower::at_end() {
    if (over_) {
        constexpr std::size_t done_max = 32;
        done_.push_back({at_.inode, at_.offset, at_.mark});
        if (done_.size() > done_max) done_.pop_front();
        file_.reset();
        return Turn::again;
    }
    const auto seen = files_.look(path_);
    missing_ = !seen && seen.error().missing;
    const bool other = seen && seen->inode != at_.inode;
    if (!other && !missing_) return Turn::step;
    queue_later();
    if (later_.empty() && (missing_ || seen->size == 0)) return Turn::step;
    over_ = true;  // but something may have come since the last read
    return Turn::again;
}

// Truncated, and perhaps longer again by now. Before that it may have been copied (copytruncate),
// with lines in it that were not read yet.
void Follower::rewritten() {
    if (over_) {
        file_.reset();
        step_.bad = "lost_file";
        return;
    }
    auto copy = find_marked(at_);
    if (copy && copy->seen.size > at_.offset) {
        take(std::move(*copy), at_.offset, at_.mark);
        over_ = true;
        return;
    }
    at_.offset = 0;
    at_.mark = 0;
    skipping_ = false;
}

void Follower::hand_over(std::string_view lines) {
    const Wall last = last_second(lines);
    if (last.us > 0) at_.newest = last;
    advance(lines.size());
    step_.lines = without_old(lines);
    step_.kind = Step::Kind::lines;
}

void Follower::advance(std::size_t bytes) {
    at_.offset += bytes;
    at_.mark = mark_of({buffer_.data(), marked_ + bytes});
}

std::string_view Follower::without_old(std::string_view lines) {
    while (not_before_ > 0 && !lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        if (epoch_of(line).value_or(0) >= not_before_) not_before_ = 0;
        if (not_before_ > 0) lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    }
    return lines;
}

// ---- For whoever asks

Cursor Follower::cursor() const {
    Cursor out = wanted_.value_or(at_);
    const std::size_t kept = std::min(done_.size(), Cursor::done_max);
    out.done.assign(done_.end() - static_cast<std::ptrdiff_t>(kept), done_.end());
    return out;
}

std::string Follower::before(std::size_t most) {
    if (wanted_ && !find(*wanted_)) return {};
    bad_before_ = std::exchange(step_.bad, {});
    if (file_ == nullptr) return {};
    std::string out(static_cast<std::size_t>(std::min<std::uint64_t>(at_.offset, most)), '\0');
    const std::uint64_t from = at_.offset - out.size();
    const auto got = file_->read(from, out);
    if (!got) return {};
    out.resize(*got);
    if (from > 0) out.erase(0, out.find('\n') + 1);
    return out;
}

std::string Follower::words() const {
    if (!trouble_.empty()) return fmt::format("cannot read {}: {}", path_, trouble_);
    if (file_ == nullptr) return fmt::format("waiting for {}: there is no such file", path_);
    if (over_) return fmt::format("reading on in {} at byte {}", file_path_, at_.offset);
    if (missing_) return fmt::format("waiting for {}: it was moved away or deleted", path_);
    return fmt::format("following {} at byte {}", path_, at_.offset);
}

void Follower::say(const Trouble& trouble) {
    missing_ = trouble.missing;
    trouble_ = trouble.missing ? std::string{} : trouble.why;
    step_.kind = Step::Kind::trouble;
}

}  // namespace surged::io::queue_log
