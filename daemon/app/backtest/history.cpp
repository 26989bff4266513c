#include "app/backtest/history.hpp"

#include "app/backtest/blocks.hpp"
#include "app/backtest/csv.hpp"
#include "io/source/queue_log/line.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

namespace surged::app::backtest {
namespace {

namespace fs = std::filesystem;

enum class Kind : std::uint8_t { nothing, ndjson, csv, queue_log };

Result<Kind> kind_of(const std::string& path, std::string_view head) {
    if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
    const auto first = head.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return Kind::nothing;
    head.remove_prefix(first);
    const std::string_view line = head.substr(0, head.find('\n'));
    if (line.front() == '{') return Kind::ndjson;
    if (io::queue_log::epoch_of(line) && line.find('|') != std::string_view::npos)
        return Kind::queue_log;
    if (CsvTable::from_heading(line)) return Kind::csv;
    return fail(
        path + ": neither events, a queue_log, a table nor a journal",
        "events: {\"ts\":…} a line; queue_log: 1795452731|…; table: a heading with time and event"
    );
}

/// The folder of a journal, if that is what `path` is.
std::optional<std::string> journal_at(const std::string& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) return path;
    const fs::path file{path};
    if (file.filename() != "journal.db") return std::nullopt;
    return file.has_parent_path() ? file.parent_path().string() : ".";
}

/// Standard input can be read but once: what it begins with is given back.
class Again : public Blocks {
public:
    Again(std::string head, std::unique_ptr<Blocks> rest)
        : head_{std::move(head)}, rest_{std::move(rest)} {}
    Result<std::string> next() override {
        if (!head_.empty()) return std::exchange(head_, {});
        return rest_->next();
    }

private:
    std::string head_;
    std::unique_ptr<Blocks> rest_;
};

}  // namespace

Result<History> History::open(const std::vector<std::string>& paths, const FeedOptions& options) {
    History out;
    std::vector<std::string> logs;
    std::vector<std::unique_ptr<Feed>> feeds;
    for (const std::string& path : paths) {
        if (const auto folder = journal_at(path)) {
            auto feed = journal_feed(*folder);
            if (!feed) return tl::make_unexpected(feed.error());
            feeds.push_back(std::move(*feed));
            out.tells_of_sources_ = true;
            continue;
        }
        auto blocks = open_blocks(path);
        if (!blocks) return tl::make_unexpected(blocks.error());
        auto head = (*blocks)->next();
        if (!head) return tl::make_unexpected(head.error());
        const auto kind = kind_of(path, *head);
        if (!kind) return tl::make_unexpected(kind.error());
        std::unique_ptr<Blocks> kept;
        if (path == "-") kept = std::make_unique<Again>(std::move(*head), std::move(*blocks));
        if (*kind == Kind::ndjson) feeds.push_back(ndjson_feed(path, std::move(kept), options));
        if (*kind == Kind::csv) feeds.push_back(csv_feed(path, std::move(kept), options));
        if (*kind == Kind::queue_log && path == "-")
            feeds.push_back(queue_log_feed({path}, std::move(kept), options));
        else if (*kind == Kind::queue_log)
            logs.push_back(path);
    }
    if (!logs.empty()) feeds.push_back(queue_log_feed(std::move(logs), nullptr, options));
    for (auto& feed : feeds) {
        Part part;
        part.feed = std::move(feed);
        out.parts_.push_back(std::move(part));
    }
    return out;
}

Status History::fill() {
    for (Part& part : parts_) {
        if (!part.empty() || part.ended) continue;
        auto more = part.feed->next();
        if (!more) return tl::make_unexpected(more.error());
        part.ended = more->empty();
        part.ready = std::move(*more);
        part.at = 0;
    }
    return {};
}

Result<std::vector<engine::Input>> History::next() {
    if (auto filled = fill(); !filled) return tl::make_unexpected(filled.error());
    const auto alive = [](const Part& part) { return !part.empty(); };
    std::vector<engine::Input> out;
    if (std::count_if(parts_.begin(), parts_.end(), alive) == 1) {
        Part& only = *std::find_if(parts_.begin(), parts_.end(), alive);
        out.assign(
            std::make_move_iterator(only.ready.begin() + static_cast<std::ptrdiff_t>(only.at)),
            std::make_move_iterator(only.ready.end())
        );
        only.at = only.ready.size();
        return out;
    }
    // Until one has to be filled again: then another may be the earlier one.
    for (;;) {
        Part* first = nullptr;
        for (Part& part : parts_) {
            if (part.empty() && !part.ended) return out;
            if (part.empty()) continue;
            if (first == nullptr || part.ready[part.at].instant < first->ready[first->at].instant)
                first = &part;
        }
        if (first == nullptr) return out;
        out.push_back(std::move(first->ready[first->at++]));
    }
}

Reading History::reading() const {
    Reading out;
    for (const Part& part : parts_) out.add(part.feed->reading());
    return out;
}

}  // namespace surged::app::backtest
