// Feeds that are text: blocks cut into lines, lines into events, events into seconds.
#include "app/backtest/blocks.hpp"
#include "app/backtest/csv.hpp"
#include "app/backtest/feed.hpp"
#include "io/api/ndjson.hpp"
#include "io/source/queue_log/decode.hpp"

#include <cstring>
#include <utility>

namespace surged::app::backtest {
namespace {

constexpr std::size_t line_bytes_max = 64 * 1024;

/// Whole lines of a file, a block at a time.
class Lines {
public:
    Lines() = default;
    explicit Lines(std::unique_ptr<Blocks> blocks) : blocks_{std::move(blocks)} {}
    /// Ends behind a line feed, or with the file; empty at the end.
    Result<std::string> next() {
        std::string out = std::exchange(rest_, {});
        while (!ended_) {
            auto block = blocks_->next();
            if (!block) return tl::make_unexpected(block.error());
            ended_ = block->empty();
            out += *block;
            const auto feed = out.rfind('\n');
            if (feed == std::string::npos) {
                if (out.size() > 4 * block_bytes) break;  // no text at all: one line too long
                continue;
            }
            if (!ended_) {
                rest_ = out.substr(feed + 1);
                out.resize(feed + 1);
            }
            break;
        }
        return out;
    }

private:
    std::unique_ptr<Blocks> blocks_;
    std::string rest_;
    bool ended_{false};
};

template <class Each>
void each_line(std::string_view text, Each&& each) {
    while (!text.empty()) {
        const auto* end = static_cast<const char*>(std::memchr(text.data(), '\n', text.size()));
        const std::size_t size =
            end == nullptr ? text.size() : static_cast<std::size_t>(end - text.data());
        each(text.substr(0, size));
        text.remove_prefix(end == nullptr ? size : size + 1);
    }
}

/// One file of lines; the formats differ in what they make of a block.
class TextFeed : public Feed {
public:
    TextFeed(std::string path, std::unique_ptr<Blocks> blocks, const FeedOptions& options)
        : path_{std::move(path)},
          options_{options},
          gather_{options.source},
          order_{options.lateness} {
        if (!blocks) return;
        lines_ = Lines{std::move(blocks)};
        open_ = true;
    }
    Result<std::vector<engine::Input>> next() override {
        if (!open_) {
            auto blocks = open_blocks(path_);
            if (!blocks) return tl::make_unexpected(blocks.error());
            lines_ = Lines{std::move(*blocks)};
            open_ = true;
        }
        for (;;) {
            auto text = lines_.next();
            if (!text) return tl::make_unexpected(text.error());
            if (!text->empty()) {
                if (auto taken = take(*text); !taken) return tl::make_unexpected(taken.error());
            }
            auto out = gather_.take(text->empty());
            if (!out.empty() || text->empty()) return out;
        }
    }
    [[nodiscard]] const Reading& reading() const override { return reading_; }

protected:
    virtual Status take(const std::string& text) = 0;
    void bad(std::uint64_t line, std::string_view reason, std::string words) {
        reading_.bad.count(reason, 1);
        reading_.bad.add({path_, line, std::string{reason}, std::move(words)});
    }
    void event(const acd::Event& event, std::uint64_t line) {
        if (event.ts && order_.is_alone(*event.ts))
            return bad(line, "out_of_range", "dated more than 31 days after all before it");
        if (event.ts) {
            order_.saw(*event.ts, path_, line, reading_.disorder);
            gather_.at(*event.ts);
        }
        gather_.batch().append(event);
        ++reading_.events;
    }
    std::string path_;
    FeedOptions options_;
    Gather gather_;
    Order order_;
    Reading reading_;

private:
    Lines lines_;
    bool open_{false};
};

class NdjsonFeed : public TextFeed {
public:
    using TextFeed::TextFeed;

protected:
    Status take(const std::string& text) override {
        io::api::NdjsonOptions options;
        options.site = options_.site;
        options.rejects_kept = BadLines::shown_max;
        const io::api::EachEvent each = [this](const acd::Event& one, std::size_t line) {
            event(one, reading_.lines + line);
        };
        const auto read = io::api::read_ndjson(text, options, each);
        for (std::size_t i = 0; i < io::api::bad_lines; ++i)
            reading_.bad.count(
                io::api::name_of(static_cast<io::api::BadLine>(i)), read.rejected[i]
            );
        for (const auto& reject : read.rejects)
            reading_.bad.add(
                {path_,
                 reading_.lines + reject.line,
                 std::string{io::api::name_of(reject.reason)},
                 reject.words}
            );
        reading_.lines += read.read;
        return {};
    }
};

class CsvFeed : public TextFeed {
public:
    using TextFeed::TextFeed;

protected:
    Status take(const std::string& text) override {
        Status out;
        each_line(text, [&](std::string_view line) {
            ++reading_.lines;
            if (!out || line.find_first_not_of(" \t\r") == std::string_view::npos) return;
            if (!table_) {
                auto table = CsvTable::from_heading(line);
                if (table)
                    table_ = std::move(*table);
                else
                    out = fail(path_ + ": " + table.error().what, table.error().hint);
                return;
            }
            if (line.size() > line_bytes_max) return bad(reading_.lines, "too_long", "too long");
            const auto fault = table_->read(line, options_.site, options_.zone, draft_);
            if (fault)
                bad(reading_.lines,
                    fault->reason == io::api::BadLine::json ? "cells"
                                                            : io::api::name_of(fault->reason),
                    fault->words);
            else
                event(draft_.event, reading_.lines);
        });
        return out;
    }

private:
    std::optional<CsvTable> table_;
    io::api::Draft draft_;
};

/// The parts of one log share what is known of its members.
class QueueLogFeed : public Feed {
public:
    QueueLogFeed(
        std::vector<std::string> paths, std::unique_ptr<Blocks> blocks, const FeedOptions& options
    )
        : paths_{std::move(paths)},
          gather_{options.source},
          order_{options.lateness},
          decoder_{{}} {
        if (!blocks) return;
        lines_ = Lines{std::move(blocks)};
        open_ = true;
    }

    Result<std::vector<engine::Input>> next() override {
        if (!sorted_) {
            if (auto done = sort(); !done) return tl::make_unexpected(done.error());
        }
        for (;;) {
            if (at_ == paths_.size()) return gather_.take(true);
            if (!open_) {
                auto blocks = open_blocks(paths_[at_]);
                if (!blocks) return tl::make_unexpected(blocks.error());
                lines_ = Lines{std::move(*blocks)};
                open_ = true;
                line_ = 0;
            }
            auto text = lines_.next();
            if (!text) return tl::make_unexpected(text.error());
            if (text->empty()) {
                ++at_;
                open_ = false;
                continue;
            }
            each_line(*text, [this](std::string_view line) { take(line); });
            auto out = gather_.take(false);
            if (!out.empty()) return out;
        }
    }
    [[nodiscard]] const Reading& reading() const override { return reading_; }

private:
    Status sort() {
        std::vector<std::pair<std::int64_t, std::string>> order;
        for (const std::string& path : paths_) {
            if (paths_.size() == 1) break;  // and standard input is read but once
            auto blocks = open_blocks(path);
            if (!blocks) return tl::make_unexpected(blocks.error());
            auto head = (*blocks)->next();
            if (!head) return tl::make_unexpected(head.error());
            order.emplace_back(io::queue_log::epoch_of(*head).value_or(0), path);
        }
        std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
            return a.first < b.first;
        });
        for (std::size_t i = 0; i < order.size(); ++i) paths_[i] = std::move(order[i].second);
        sorted_ = true;
        return {};
    }
    void take(std::string_view line) {
        ++reading_.lines;
        ++line_;
        std::string_view reason = "too_long";
        if (line.size() <= line_bytes_max) {
            if (const auto epoch = io::queue_log::epoch_of(line))
                gather_.at(Wall{*epoch * 1'000'000});
            const std::size_t had = gather_.batch().size();
            reason = decoder_.decode(line, gather_.batch());
            const std::size_t has = gather_.batch().size();
            if (has > had) {
                order_.saw(decoder_.newest(), paths_[at_], line_, reading_.disorder);
                gather_.at(decoder_.newest());
            }
            reading_.events += has - had;
        }
        if (reason.empty()) return;
        reading_.bad.count(reason, 1);
        reading_.bad.add({paths_[at_], line_, std::string{reason}, ""});
    }

    std::vector<std::string> paths_;
    Gather gather_;
    Order order_;
    io::queue_log::Decoder decoder_;
    Reading reading_;
    Lines lines_;
    std::size_t at_{0};
    std::uint64_t line_{0};
    bool sorted_{false}, open_{false};
};

}  // namespace

std::unique_ptr<Feed> queue_log_feed(
    std::vector<std::string> paths, std::unique_ptr<Blocks> blocks, const FeedOptions& options
) {
    return std::make_unique<QueueLogFeed>(std::move(paths), std::move(blocks), options);
}
std::unique_ptr<Feed> ndjson_feed(
    std::string path, std::unique_ptr<Blocks> blocks, const FeedOptions& options
) {
    return std::make_unique<NdjsonFeed>(std::move(path), std::move(blocks), options);
}
std::unique_ptr<Feed> csv_feed(
    std::string path, std::unique_ptr<Blocks> blocks, const FeedOptions& options
) {
    return std::make_unique<CsvFeed>(std::move(path), std::move(blocks), options);
}

}  // namespace surged::app::backtest
