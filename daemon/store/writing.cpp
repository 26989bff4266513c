#include "store/writing.hpp"

#include "store/envelope.hpp"

#include <fmt/format.h>

namespace surged::store {
namespace {

std::string sealed(
    Kind kind, std::uint16_t core, std::uint64_t seq, Instant at, std::string_view payload
) {
    std::string out;
    seal(out, {.kind = kind, .core = core, .seq = seq, .instant = at, .payload = payload});
    return out;
}

// A row of `meta`, so that an older surged can open the file: key rules/<seq>, value sealed.
Status write_load(
    const Database& database,
    const Commit& commit,
    const Tip& end,
    const RulesLoad& load,
    std::size_t index,
    std::uint16_t core_version
) {
    const std::string key = fmt::format("{}{:020}/{:03}", load_keys, commit.last_seq, index);
    const auto record =
        sealed(Kind::rules, core_version, commit.last_seq, end.instant, codec::encode(load));
    return database.run(
        "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
        std::string_view{key},
        Blob{record}
    );
}

}  // namespace

Result<Tip> read_tip(const Database& database) {
    auto statement =
        database.prepare("SELECT last_seq, instant FROM commits ORDER BY id DESC LIMIT 1");
    if (!statement) return tl::make_unexpected(std::move(statement.error()));
    auto row = statement->step();
    if (!row) return tl::make_unexpected(std::move(row.error()));
    if (!*row) return Tip{};
    return Tip{statement->bits(0), Instant{Micros{statement->integer(1)}}};
}

std::string misfit(const Commit& commit, const Tip& tip) {
    std::uint64_t before = tip.seq;
    const bool may_leap = commit.snapshot.has_value();
    for (const InputRecord& input : commit.inputs) {
        const bool leaps = may_leap && &input == &commit.inputs.front();
        if (leaps ? input.seq <= before : input.seq != before + 1)
            return fmt::format(
                "input {} does not follow {}: the inputs between are lost; a gap record with a "
                "full "
                "snapshot must come first",
                input.seq,
                before
            );
        before = input.seq;
    }
    if (commit.last_seq != before)
        return fmt::format(
            "the commit ends at input {}, its last_seq is {}", before, commit.last_seq
        );
    return {};
}

Tip advance(const Commit& commit, const Tip& tip) {
    if (!commit.inputs.empty()) return {commit.last_seq, commit.inputs.back().instant};
    if (!commit.pages.empty()) return {commit.last_seq, commit.pages.back().at};
    return {commit.last_seq, tip.instant};
}

Status write_image(
    const Database& database, const Image& image, bool after_gap, std::uint16_t core_version
) {
    const auto record = sealed(Kind::image, core_version, image.seq, image.instant, image.bytes);
    return database.run(
        "INSERT OR REPLACE INTO images (seq, instant, effect_hash, after_gap, record) "
        "VALUES (?, ?, ?, ?, ?)",
        image.seq,
        std::int64_t{image.instant.time_since_epoch().count()},
        image.effect_hash,
        std::int64_t{after_gap ? 1 : 0},
        Blob{record}
    );
}

Status write_commit(
    const Database& database, const Commit& commit, const Tip& tip, std::uint16_t core_version
) {
    const Tip end = advance(commit, tip);
    const std::int64_t instant{end.instant.time_since_epoch().count()};
    std::size_t index = 0;
    for (const RulesRecord& rules : commit.rules) {
        const auto record =
            sealed(Kind::rules, core_version, commit.last_seq, end.instant, encode_rules(rules));
        auto done = database.run(
            "INSERT OR IGNORE INTO rules (hash, record) VALUES (?, ?)",
            std::string_view{rules.hash},
            Blob{record}
        );
        if (done && rules.load)
            done = write_load(database, commit, end, *rules.load, index++, core_version);
        if (!done) return done;
    }
    std::string records;
    for (const InputRecord& input : commit.inputs)
        seal(
            records,
            {.kind = Kind::input,
             .core = core_version,
             .seq = input.seq,
             .instant = input.instant,
             .payload = input.bytes}
        );
    for (const PageRecord& page : commit.pages)
        seal(
            records,
            {.kind = Kind::page,
             .core = core_version,
             .seq = commit.last_seq,
             .instant = page.at,
             .payload = encode_page(page)}
        );
    auto done = database.run(
        "INSERT INTO commits (first_seq, last_seq, instant, effect_hash, state_hash, records) "
        "VALUES (nullif(?, 0), ?, ?, ?, ?, ?)",
        commit.inputs.empty() ? std::uint64_t{0} : commit.inputs.front().seq,
        commit.last_seq,
        instant,
        commit.effect_hash,
        std::string_view{commit.state_hash},
        Blob{records}
    );
    if (!done || !commit.snapshot) return done;
    done = database.run(
        "INSERT INTO gaps (seq, after_seq, instant) VALUES (?, ?, ?)",
        commit.last_seq,
        tip.seq,
        instant
    );
    if (!done) return done;
    return write_image(
        database,
        {commit.last_seq, end.instant, commit.effect_hash, *commit.snapshot},
        true,
        core_version
    );
}

std::size_t size_of(const Commit& commit) {
    std::size_t size = 64 + (commit.snapshot ? commit.snapshot->size() : 0);
    for (const auto& input : commit.inputs) size += envelope_bytes + input.bytes.size();
    for (const auto& page : commit.pages) size += envelope_bytes + page.bytes.size();
    for (const auto& rules : commit.rules) {
        size += rules.bytes.size();
        for (const auto& [path, text] : rules.sources) size += path.size() + text.size();
    }
    return size;
}

}  // namespace surged::store
