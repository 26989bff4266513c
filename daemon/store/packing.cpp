#include "store/packing.hpp"

#include "store/pack.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace surged::store {
namespace {

constexpr std::int64_t page_bytes = 4096;

template <class T>
tl::unexpected<Error> pass_on(Result<T>& result) {
    return tl::make_unexpected(std::move(result.error()));
}

/// The newest commit that may be packed; 0: none.
Result<std::int64_t> newest_old(const Database& database, const PackingRules& rules) {
    auto rows = database.prepare("SELECT id, length(records) FROM commits ORDER BY id DESC");
    if (!rows) return pass_on(rows);
    std::size_t kept = 0;
    std::size_t bytes = 0;
    for (;;) {
        auto row = rows->step();
        if (!row) return pass_on(row);
        if (!*row) return std::int64_t{0};
        bytes += static_cast<std::size_t>(rows->integer(1));
        if (kept >= rules.commits || (kept > 0 && bytes > rules.bytes_kept))
            return rows->integer(0);
        ++kept;
    }
}

/// Rows that become a pack, and the bytes that their views are of.
struct Batch {
    std::int64_t first_id{0}, last_id{0};
    bool full{false};
    std::vector<std::pair<std::string, std::string>> texts;  // state hash, records
    std::vector<StoredCommit> commits;
};

Result<Batch> oldest_rows(const Database& database, std::int64_t upto, const PackingRules& rules) {
    auto rows = database.prepare(
        "SELECT id, first_seq, last_seq, instant, effect_hash, state_hash, records FROM commits "
        "WHERE id <= ? ORDER BY id LIMIT ?"
    );
    if (!rows) return pass_on(rows);
    rows->bind(upto, static_cast<std::int64_t>(rules.commits));
    Batch out;
    std::size_t bytes = 0;
    while (!out.full) {
        auto row = rows->step();
        if (!row) return pass_on(row);
        if (!*row) break;
        const std::int64_t id = rows->integer(0);
        out.full = !out.commits.empty() && id != out.last_id + 1;  // no pack spans a hole
        if (out.full) break;
        if (out.commits.empty()) out.first_id = id;
        out.last_id = id;
        out.commits.push_back(
            {rows->bits(1), rows->bits(2), Instant{Micros{rows->integer(3)}}, rows->bits(4), {}, {}}
        );
        out.texts.emplace_back(rows->bytes(5), rows->bytes(6));
        bytes += out.texts.back().second.size();
        out.full = out.commits.size() >= rules.commits || bytes >= rules.bytes;
    }
    for (std::size_t i = 0; i < out.commits.size(); ++i) {
        out.commits[i].state_hash = out.texts[i].first;
        out.commits[i].records = out.texts[i].second;
    }
    return out;
}

bool reads_back(const std::string& packed, const std::vector<StoredCommit>& commits) {
    auto next = commits.begin();
    const std::string fault = unpack(packed, [&](const StoredCommit& commit) {
        if (next == commits.end() || commit != *next) return false;
        ++next;
        return true;
    });
    return fault.empty() && next == commits.end();
}

Status replace(const Database& database, const Batch& batch, std::uint16_t core_version) {
    const std::string packed = pack(batch.commits, core_version);
    if (!reads_back(packed, batch.commits))
        return fail("a pack does not read back", "please report this; the rows stay as they are");
    auto transaction = Transaction::begin(database);
    if (!transaction) return pass_on(transaction);
    const StoredCommit& first = batch.commits.front();
    const StoredCommit& last = batch.commits.back();
    auto done = database.run(
        "INSERT INTO packs (first_id, last_id, first_seq, last_seq, instant, records) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        batch.first_id,
        batch.last_id,
        first.first_seq != 0 ? first.first_seq : first.last_seq,
        last.last_seq,
        std::int64_t{last.instant.time_since_epoch().count()},
        Blob{packed}
    );
    if (done) done = database.run("DELETE FROM commits WHERE id <= ?", batch.last_id);
    if (done) done = transaction->commit();
    return done;
}

/// Rows that follow use the pages of those that went; what a flood has left over is given back.
Status give_back(const Database& database, const PackingRules& rules) {
    const auto most = static_cast<std::int64_t>(rules.bytes_unused) / page_bytes;
    for (std::size_t i = 0; i < rules.packs_at_once; ++i) {
        auto unused = database.integer("PRAGMA freelist_count");
        if (!unused) return pass_on(unused);
        if (unused->value_or(0) <= most) return {};
        if (auto done = database.script("PRAGMA incremental_vacuum(256)"); !done) return done;
    }
    return {};
}

}  // namespace

Result<std::uint64_t> pack_old(
    const Database& database, const PackingRules& rules, std::uint16_t core_version
) {
    auto upto = newest_old(database, rules);
    if (!upto) return pass_on(upto);
    std::uint64_t packed = 0;
    for (std::size_t packs = 0; packs < rules.packs_at_once; ++packs) {
        auto batch = oldest_rows(database, *upto, rules);
        if (!batch) return pass_on(batch);
        if (!batch->full) break;
        if (auto done = replace(database, *batch, core_version); !done) return pass_on(done);
        packed += batch->commits.size();
    }
    if (auto done = give_back(database, rules); !done) return pass_on(done);
    return packed;
}

}  // namespace surged::store
