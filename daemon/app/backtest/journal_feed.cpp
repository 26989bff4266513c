// The journal of a daemon as history: what came in, not what was said to the pages that followed.
#include "app/backtest/feed.hpp"
#include "base/codec.hpp"
#include "store/reader.hpp"

#include <charconv>
#include <fmt/format.h>
#include <utility>

namespace surged::app::backtest {
namespace {

constexpr std::size_t inputs_at_a_time = 4096;

/// It came from the world, and would have come under any rules.
bool is_history(const engine::Body& body) {
    return std::holds_alternative<engine::Events>(body) ||
           std::holds_alternative<engine::SourceState>(body) ||
           std::holds_alternative<engine::WallClock>(body) ||
           std::holds_alternative<engine::Restarted>(body) ||
           std::holds_alternative<engine::Report>(body) ||
           std::holds_alternative<engine::Alerts>(body);
}

class JournalFeed : public Feed {
public:
    JournalFeed(store::JournalReader reader, std::uint64_t after)
        : reader_{std::move(reader)}, after_{after} {
        if (after > 0)
            reading_.notes.push_back(
                fmt::format("inputs up to {} have been deleted by the retention", after)
            );
    }

    Result<std::vector<engine::Input>> next() override {
        std::vector<engine::Input> out;
        while (out.empty() && !ended_) {
            std::size_t seen = 0;
            const auto take = [&](const store::InputRecord& record) {
                if (seen == inputs_at_a_time) return false;
                ++seen;
                after_ = record.seq;
                if (auto input = read(record)) out.push_back(std::move(*input));
                return true;
            };
            const auto end = reader_.read_after(after_, take);
            if (!end) return tl::make_unexpected(end.error());
            if (seen == inputs_at_a_time) continue;
            if (auto done = pass_over(*end); !done) return tl::make_unexpected(done.error());
        }
        return out;
    }
    [[nodiscard]] const Reading& reading() const override { return reading_; }

private:
    std::optional<engine::Input> read(const store::InputRecord& record) {
        ++reading_.lines;
        std::optional<engine::Input> input =
            codec::decode<engine::Input>(record.bytes, record.format);
        if (!input) {
            reading_.bad.count("record", 1);
            reading_.bad.add({"journal", record.seq, "record", "not of this version"});
            return std::nullopt;
        }
        if (!is_history(input->body)) return std::nullopt;
        if (const auto* events = std::get_if<engine::Events>(&input->body))
            reading_.events += events->batch.size();
        return input;
    }
    /// Reading has stopped: at the end, or at what no replay may cross, though a back-test may.
    Status pass_over(const store::ReadEnd& end) {
        ended_ = true;
        if (!end.lost) return {};
        reading_.notes.push_back(*end.lost);
        const auto gaps = reader_.gaps();
        if (!gaps) return tl::make_unexpected(gaps.error());
        for (const store::GapNote& gap : *gaps) {
            if (gap.after_seq < after_ || gap.seq <= after_ + 1) continue;
            after_ = gap.seq;  // its own commit holds the gap record and a snapshot
            ended_ = false;
            return {};
        }
        return {};
    }

    store::JournalReader reader_;
    std::uint64_t after_;
    bool ended_{false};
    Reading reading_;
};

}  // namespace

Result<std::unique_ptr<Feed>> journal_feed(const std::string& folder) {
    store::Options options;
    options.path = folder;
    auto reader = store::JournalReader::open(options);
    if (!reader) return tl::make_unexpected(reader.error());
    const auto deleted = reader->meta("deleted_upto");
    if (!deleted) return tl::make_unexpected(deleted.error());
    std::uint64_t after = 0;
    if (*deleted)
        std::from_chars((*deleted)->data(), (*deleted)->data() + (*deleted)->size(), after);
    return std::make_unique<JournalFeed>(std::move(*reader), after);
}

}  // namespace surged::app::backtest
