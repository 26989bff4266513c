#include "store/walk.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <utility>

namespace surged::store {
namespace {

/// Rows of one read transaction: many enough to be fast, few enough not to hold up checkpoints.
constexpr std::int64_t rows_per_read = 256;

template <class T>
tl::unexpected<Error> pass_on(Result<T>& result) {
    return tl::make_unexpected(std::move(result.error()));
}

/// One number that a statement finds; nullopt: none.
Result<std::optional<std::int64_t>> find(
    const Database& database, std::string_view sql, std::uint64_t value
) {
    auto statement = database.prepare(sql);
    if (!statement) return pass_on(statement);
    auto row = statement->bind(value).step();
    if (!row) return pass_on(row);
    if (!*row) return std::optional<std::int64_t>{};
    return std::optional{statement->integer(0)};
}

}  // namespace

Result<Commits> Commits::from(const Database& database, std::uint64_t after, bool packs) {
    // They stand in the order of their inputs, so the first one that matters is found by index.
    // Rows first: what is packed meanwhile is then found in a pack.
    auto row = find(
        database,
        "SELECT id - 1 FROM commits WHERE last_seq >= ? ORDER BY last_seq, id LIMIT 1",
        after
    );
    if (!row) return pass_on(row);
    std::int64_t at = row->value_or(std::numeric_limits<std::int64_t>::max());
    auto rows = database.prepare(
        "SELECT id, first_seq, last_seq, instant, effect_hash, state_hash, records FROM commits "
        "WHERE id > ? ORDER BY id LIMIT ?"
    );
    if (!rows) return pass_on(rows);
    if (!packs) return Commits{at, std::move(*rows), std::nullopt};

    auto packed = find(
        database,
        "SELECT first_id - 1 FROM packs WHERE last_seq >= ? ORDER BY last_seq, last_id LIMIT 1",
        after
    );
    if (!packed) return pass_on(packed);
    if (*packed) at = **packed;
    auto next = database.prepare(
        "SELECT first_id, last_id, first_seq, last_seq, records FROM packs WHERE last_id > ? "
        "ORDER BY last_id LIMIT 1"
    );
    if (!next) return pass_on(next);
    return Commits{at, std::move(*rows), std::move(*next)};
}

Result<Commits::Got> Commits::some(const OnCommit& on_commit) {
    auto got = pack(on_commit);
    if (got && *got == Got::nothing) got = rows(on_commit, packs_.has_value());
    return got;
}

Result<Commits::Got> Commits::pack(const OnCommit& on_commit) {
    if (!packs_) return Got::nothing;
    auto row = packs_->bind(at_).step();
    const bool found = row && *row;
    std::int64_t id = found ? packs_->integer(0) : 0;
    const std::int64_t last = found ? packs_->integer(1) : 0;
    const std::uint64_t first_seq = found ? packs_->bits(2) : 0;
    const std::uint64_t last_seq = found ? packs_->bits(3) : 0;
    const std::string sealed{found ? packs_->bytes(4) : std::string_view{}};
    packs_->reset();
    if (!row) return pass_on(row);
    if (!found) return Got::nothing;

    bool stopped = false;
    const std::string fault = unpack(sealed, [&](const StoredCommit& commit) {
        if (id++ <= at_) return true;  // read as a row, before it was packed
        stopped = !on_commit(commit);
        return !stopped;
    });
    if (stopped) return Got::stopped;
    if (!fault.empty())
        return fail(fmt::format("commits of inputs {} to {}: {}", first_seq, last_seq, fault));
    at_ = last;
    return Got::some;
}

/// @param look_again  should the first row not follow at once, it may have been packed just now
Result<Commits::Got> Commits::rows(const OnCommit& on_commit, bool look_again) {
    rows_.bind(at_, rows_per_read);
    Got got = Got::nothing;
    for (;;) {
        auto row = rows_.step();
        if (!row || !*row) {
            rows_.reset();
            if (!row) return pass_on(row);
            return got;
        }
        const std::int64_t id = rows_.integer(0);
        if (look_again && got == Got::nothing && id != at_ + 1) {
            rows_.reset();
            auto packed = pack(on_commit);
            if (packed && *packed == Got::nothing) return rows(on_commit, false);
            return packed;
        }
        at_ = id;
        got = Got::some;
        const StoredCommit commit{
            .first_seq = rows_.bits(1),
            .last_seq = rows_.bits(2),
            .instant = Instant{Micros{rows_.integer(3)}},
            .effect_hash = rows_.bits(4),
            .state_hash = rows_.bytes(5),
            .records = rows_.bytes(6)
        };
        if (on_commit(commit)) continue;
        rows_.reset();
        return Got::stopped;
    }
}

Walk::Walk(
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

bool Walk::commit(const StoredCommit& commit) {
    const std::uint64_t first = commit.first_seq;  // 0: the commit has no inputs
    const std::uint64_t last = commit.last_seq;
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
    Unsealer unsealer{commit.records};
    while (const auto envelope = unsealer.next())
        if (!record(*envelope, first == 0 || last > after_)) return false;
    if (!unsealer.fault().empty())
        return lose(fmt::format("commit {} to {}: {}", first, last, unsealer.fault()));
    if (first != 0 && end_.last_seq != last && last > after_)
        return lose(fmt::format("commit {} to {} ends at input {}", first, last, end_.last_seq));
    return true;
}

bool Walk::lose(std::string what) {
    end_.lost = std::move(what);
    return false;
}

bool Walk::record(const Envelope& e, bool pages_wanted) {
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

}  // namespace surged::store
