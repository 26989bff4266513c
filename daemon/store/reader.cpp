#include "store/reader.hpp"

#include "store/envelope.hpp"
#include "store/migrate.hpp"
#include "store/writing.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace surged::store {
namespace {

/// Rows of one read transaction: many enough to be fast, few enough not to hold up checkpoints.
constexpr std::int64_t rows_per_read = 256;

template <class T>
tl::unexpected<Error> pass_on(Result<T>& result) {
    return tl::make_unexpected(std::move(result.error()));
}

/// The one record of this kind in `bytes`, or why it is not good.
tl::expected<Envelope, std::string> only_record(std::string_view bytes, Kind kind) {
    Unsealer unsealer{bytes};
    const auto envelope = unsealer.next();
    if (!envelope)
        return tl::make_unexpected(unsealer.fault().empty() ? "it is empty" : unsealer.fault());
    if (envelope->kind != kind) return tl::make_unexpected(std::string{"it is of another kind"});
    return *envelope;
}

std::optional<CommitNote> note_of(const Statement& row) {
    return CommitNote{row.bits(0), row.bits(1), std::string{row.bytes(2)}};
}

/// Walks the rows of `commits` and keeps account of how far it came.
class Walk {
public:
    Walk(
        std::uint64_t after,
        std::uint64_t upto,
        std::vector<GapNote> gaps,
        std::vector<Quarantined> quarantined,
        const JournalReader::OnInput& on_input,
        const JournalReader::OnPage& on_page
    )
        : after_{after},
          upto_{upto},
          gaps_{std::move(gaps)},
          quarantined_{std::move(quarantined)},
          on_input_{on_input},
          on_page_{on_page} {
        end_.last_seq = after;
    }

    /// False: there is nothing more to read.
    bool row(const Statement& row) {
        const std::uint64_t first = row.bits(1);  // 0: the commit has no inputs
        const std::uint64_t last = row.bits(2);
        if (last < after_) return true;
        for (const GapNote& gap : gaps_)
            if (gap.seq == last && last > after_)
                return lose(fmt::format(
                    "a gap lies between inputs {} and {}; only the image at {} leads on",
                    gap.after_seq,
                    gap.seq,
                    gap.seq
                ));
        if (last > after_ && first > end_.last_seq + 1)
            return lose(
                fmt::format("inputs {} to {} are not in the journal", end_.last_seq + 1, first - 1)
            );
        Unsealer unsealer{row.bytes(3)};
        while (const auto envelope = unsealer.next())
            if (!record(*envelope, first == 0 || last > after_)) return false;
        if (!unsealer.fault().empty())
            return lose(fmt::format("commit {} to {}: {}", first, last, unsealer.fault()));
        if (first != 0 && end_.last_seq != last && last > after_)
            return lose(fmt::format("commit {} to {} ends at input {}", first, last, end_.last_seq)
            );
        return true;
    }
    bool lose(std::string what) {
        end_.lost = std::move(what);
        return false;
    }
    [[nodiscard]] ReadEnd end() const { return end_; }

private:
    bool record(const Envelope& e, bool pages_wanted) {
        if (e.kind == Kind::page) {
            if (!pages_wanted || !on_page_) return true;
            auto page = decode_page(e.payload);
            if (page) {
                page->format = e.format;
                on_page_(e.seq, *page);
            } else {
                ++end_.damaged_pages;
            }
            return true;
        }
        if (e.kind != Kind::input || e.seq <= after_) return true;
        if (e.seq > upto_) return false;
        const bool skip = std::any_of(quarantined_.begin(), quarantined_.end(), [&](const auto& q) {
            return q.seq == e.seq;
        });
        end_.last_seq = e.seq;
        if (skip) {
            ++end_.skipped;
            return true;
        }
        return on_input_({e.seq, e.instant, std::string{e.payload}, e.core, e.format});
    }

    std::uint64_t after_, upto_;
    std::vector<GapNote> gaps_;
    std::vector<Quarantined> quarantined_;
    const JournalReader::OnInput& on_input_;
    const JournalReader::OnPage& on_page_;
    ReadEnd end_;
};

}  // namespace

Result<JournalReader> JournalReader::open(const Options& options) {
    auto database = Database::open(options.file(), Access::read, options.vfs, options.busy_wait);
    if (!database) return pass_on(database);
    if (auto fit = require_current(*database, options.file()); !fit) return pass_on(fit);
    return JournalReader{std::move(*database)};
}

Result<NewestImage> JournalReader::newest_image(std::uint64_t upto) const {
    auto rows = database_.prepare(
        "SELECT seq, instant, effect_hash, record FROM images WHERE seq <= ? ORDER BY seq DESC"
    );
    if (!rows) return pass_on(rows);
    rows->bind(upto);
    NewestImage out;
    for (auto row = rows->step();; row = rows->step()) {
        if (!row) {
            // A page of the file is unreadable: replaying from further back is still possible.
            out.damaged.push_back(row.error().what);
            return out;
        }
        if (!*row) return out;
        const std::uint64_t seq = rows->bits(0);
        const auto record = only_record(rows->bytes(3), Kind::image);
        if (record && record->seq == seq) {
            out.image = Image{
                seq, Instant{Micros{rows->integer(1)}}, rows->bits(2), std::string{record->payload}
            };
            return out;
        }
        out.damaged.push_back(fmt::format(
            "the image at input {}: {}", seq, record ? "it is of another input" : record.error()
        ));
    }
}

Result<ReadEnd> JournalReader::read_after(
    std::uint64_t after, const OnInput& on_input, const OnPage& on_page, std::uint64_t upto
) const {
    auto stops = gaps();
    if (!stops) return pass_on(stops);
    auto skips = quarantined();
    if (!skips) return pass_on(skips);
    auto highest = database_.integer("SELECT max(last_seq) FROM commits");
    if (!highest) return pass_on(highest);
    auto deleted = database_.integer("SELECT value FROM meta WHERE key = 'deleted_upto'");
    if (!deleted) return pass_on(deleted);
    if (const auto upto_deleted = static_cast<std::uint64_t>(deleted->value_or(0));
        after < upto_deleted) {
        ReadEnd end;
        end.last_seq = after;
        end.highest_seq = std::max(static_cast<std::uint64_t>(highest->value_or(0)), after);
        end.lost = fmt::format("inputs up to {} have been deleted by the retention", upto_deleted);
        return end;
    }
    // Rows stand in the order of their inputs, so the first one that matters is found by index.
    auto first = database_.prepare(
        "SELECT id - 1 FROM commits WHERE last_seq >= ? ORDER BY last_seq, id LIMIT 1"
    );
    if (!first) return pass_on(first);
    auto found = first->bind(after).step();
    if (!found) return pass_on(found);
    std::int64_t at = *found ? first->integer(0) : std::numeric_limits<std::int64_t>::max();
    first->reset();

    auto rows = database_.prepare(
        "SELECT id, first_seq, last_seq, records FROM commits WHERE id > ? ORDER BY id LIMIT ?"
    );
    if (!rows) return pass_on(rows);
    Walk walk{after, upto, std::move(*stops), std::move(*skips), on_input, on_page};
    for (bool more = true; more;) {
        std::int64_t count = 0;
        rows->bind(at, rows_per_read);
        while (more) {
            auto row = rows->step();
            if (!row) {
                more = walk.lose(row.error().what);
            } else if (!*row) {
                break;
            } else {
                at = rows->integer(0);
                ++count;
                more = walk.row(*rows);
            }
        }
        rows->reset();
        if (count < rows_per_read) break;
    }
    ReadEnd end = walk.end();
    end.highest_seq = std::max(static_cast<std::uint64_t>(highest->value_or(0)), end.last_seq);
    return end;
}

Result<std::optional<RulesRecord>> JournalReader::rules(const std::string& hash) const {
    auto rows = database_.prepare("SELECT record FROM rules WHERE hash = ?");
    if (!rows) return pass_on(rows);
    auto row = rows->bind(std::string_view{hash}).step();
    if (!row) return pass_on(row);
    if (!*row) return std::optional<RulesRecord>{};
    const auto record = only_record(rows->bytes(0), Kind::rules);
    auto decoded = record ? decode_rules(record->payload) : std::nullopt;
    if (!decoded || decoded->hash != hash)
        return fail(
            fmt::format(
                "the stored rule set {} is damaged: {}",
                hash,
                record ? "its bytes are of another one" : record.error()
            ),
            "load the rules again"
        );
    decoded->format = record->format;
    return decoded;
}

Result<std::vector<RulesLoad>> JournalReader::loads(std::size_t most) const {
    auto rows = database_.prepare(
        "SELECT value FROM meta WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT ?"
    );
    if (!rows) return pass_on(rows);
    rows->bind(load_keys, load_keys_end, static_cast<std::int64_t>(most));
    std::vector<RulesLoad> out;
    for (;;) {
        auto row = rows->step();
        if (!row) return pass_on(row);
        if (!*row) return out;
        const auto record = only_record(rows->bytes(0), Kind::rules);
        if (!record) continue;  // damaged: the others are still worth reading
        if (auto load = codec::decode<RulesLoad>(record->payload, record->format))
            out.push_back(std::move(*load));
    }
}

Result<std::optional<CommitNote>> JournalReader::note_at(std::uint64_t seq) const {
    auto rows = database_.prepare(
        "SELECT last_seq, effect_hash, state_hash FROM commits WHERE last_seq = ? "
        "ORDER BY id DESC LIMIT 1"
    );
    if (!rows) return pass_on(rows);
    auto row = rows->bind(seq).step();
    if (!row) return pass_on(row);
    return *row ? note_of(*rows) : std::nullopt;
}

Result<std::optional<CommitNote>> JournalReader::last_note() const {
    auto rows = database_.prepare(
        "SELECT last_seq, effect_hash, state_hash FROM commits ORDER BY id DESC LIMIT 1"
    );
    if (!rows) return pass_on(rows);
    auto row = rows->step();
    if (!row) return pass_on(row);
    return *row ? note_of(*rows) : std::nullopt;
}

Result<std::vector<GapNote>> JournalReader::gaps() const {
    auto rows = database_.prepare("SELECT seq, after_seq, instant FROM gaps ORDER BY seq");
    if (!rows) return pass_on(rows);
    std::vector<GapNote> out;
    for (;;) {
        auto row = rows->step();
        if (!row) return pass_on(row);
        if (!*row) return out;
        out.push_back({rows->bits(0), rows->bits(1), Instant{Micros{rows->integer(2)}}});
    }
}

Result<std::vector<Quarantined>> JournalReader::quarantined() const {
    auto rows = database_.prepare("SELECT seq, why FROM quarantine ORDER BY seq");
    if (!rows) return pass_on(rows);
    std::vector<Quarantined> out;
    for (;;) {
        auto row = rows->step();
        if (!row) return pass_on(row);
        if (!*row) return out;
        out.push_back({rows->bits(0), std::string{rows->bytes(1)}});
    }
}

Result<std::optional<std::string>> JournalReader::meta(const std::string& key) const {
    auto rows = database_.prepare("SELECT value FROM meta WHERE key = ?");
    if (!rows) return pass_on(rows);
    auto row = rows->bind(std::string_view{key}).step();
    if (!row) return pass_on(row);
    if (!*row) return std::optional<std::string>{};
    return std::string{rows->bytes(0)};
}

}  // namespace surged::store
