#include "store/pack.hpp"

#include "base/assert.hpp"
#include "base/codec.hpp"
#include "store/envelope.hpp"

#include <bit>
#include <fmt/format.h>
#include <optional>
#include <vector>
#include <zstd.h>

namespace surged::store {
namespace {

constexpr std::uint64_t layout = 1;
constexpr int level = 9;  // of zstd: a pack is made once, on a thread that has the time
constexpr std::size_t hash_bytes = 8;

/// The difference of two 64-bit numbers as one that is small if they are near.
std::int64_t apart(std::uint64_t value, std::uint64_t from) {
    return std::bit_cast<std::int64_t>(value - from);
}
std::uint64_t bits_of(Instant at) {
    return std::bit_cast<std::uint64_t>(std::int64_t{at.time_since_epoch().count()});
}
Instant instant_of(std::uint64_t bits) {
    return Instant{Micros{std::bit_cast<std::int64_t>(bits)}};
}

/// What stands before the next number: what is stored is how far it is from it.
struct Before {
    std::uint64_t seq{0};
    std::uint64_t instant{0};
    /// An input follows the one before; pages are of the last.
    [[nodiscard]] std::uint64_t seq_of(Kind kind) const {
        return kind == Kind::input ? seq + 1 : seq;
    }
};

/// How an input begins: with what its envelope says too (engine::Input::fields).
std::string opening_of(std::uint64_t seq, Instant instant) {
    codec::Writer out;
    out(seq, instant);
    return out.take();
}

/// The records, if sealing them again gives the same bytes; else they are kept as they are.
std::optional<std::vector<Envelope>> opened(std::string_view records) {
    std::vector<Envelope> out;
    std::string again;
    Unsealer unsealer{records};
    while (const auto envelope = unsealer.next()) {
        seal(again, *envelope);
        out.push_back(*envelope);
    }
    if (again != records) return std::nullopt;
    return out;
}

// A commit's first number: how many records, and two marks.
constexpr std::uint64_t as_it_is = 1;  // one text instead of records
constexpr std::uint64_t has_inputs = 2;
constexpr unsigned marks = 2;  // bits

class Packer {
public:
    void commit(const StoredCommit& commit) {
        const auto records = opened(commit.records);
        const std::uint64_t count = records ? records->size() : 1;
        const std::uint64_t mark =
            (records ? 0 : as_it_is) | (commit.first_seq != 0 ? has_inputs : 0);
        heads_.varint(count << marks | mark);
        std::uint64_t from = before_.seq;
        if (commit.first_seq != 0) {
            heads_(apart(commit.first_seq, before_.seq + 1));
            from = commit.first_seq;
        }
        heads_(apart(commit.last_seq, from), commit.state_hash);
        for (std::size_t i = 0; i < hash_bytes; ++i)
            hashes_.push_back(static_cast<char>(commit.effect_hash >> (8 * i) & 0xff));
        if (records) {
            for (const Envelope& envelope : *records) record(envelope);
        } else {
            heads_.varint(commit.records.size());
            payloads_ += commit.records;
        }
        heads_(apart(bits_of(commit.instant), before_.instant));
        before_ = {commit.last_seq, bits_of(commit.instant)};
    }
    [[nodiscard]] std::string take(std::size_t commits) const {
        codec::Writer out;
        out.varint(commits);
        out(heads_.bytes(), times_.bytes());
        out.raw(payloads_);
        return out.take();
    }
    [[nodiscard]] const std::string& hashes() const { return hashes_; }

private:
    void record(const Envelope& e) {
        const std::string opening = opening_of(e.seq, e.instant);
        const bool opens = e.payload.starts_with(opening);
        const std::string_view rest = e.payload.substr(opens ? opening.size() : 0);
        heads_(e.kind, e.format, e.core, opens, apart(e.seq, before_.seq_of(e.kind)));
        heads_.varint(rest.size());
        times_(apart(bits_of(e.instant), before_.instant));
        payloads_ += rest;
        before_ = {e.seq, bits_of(e.instant)};
    }

    codec::Writer heads_, times_;
    std::string payloads_, hashes_;
    Before before_;
};

class Unpacker {
public:
    Unpacker(std::string_view body, std::string_view hashes)
        : heads_{{}}, times_{{}}, payloads_{{}}, hashes_{hashes} {
        codec::Reader in{body};
        count_ = in.varint();
        heads_ = codec::Reader{in.text()};
        times_ = codec::Reader{in.text()};
        payloads_ = codec::Reader{in.rest()};
        good_ = in.ok() && hashes.size() / hash_bytes == count_ && hashes.size() % hash_bytes == 0;
    }
    /// False: there is no other, or it cannot be read.
    bool next(StoredCommit& out) {
        if (!good_ || count_ == 0) return false;
        --count_;
        records_.clear();
        std::int64_t far = 0;
        const auto signed_from = [&](std::uint64_t from) {
            heads_.read(far);
            return from + std::bit_cast<std::uint64_t>(far);
        };
        const std::uint64_t head = heads_.varint();
        out.first_seq = (head & has_inputs) != 0 ? signed_from(before_.seq + 1) : 0;
        out.last_seq = signed_from(out.first_seq != 0 ? out.first_seq : before_.seq);
        out.state_hash = heads_.text();
        out.effect_hash = hash();
        if ((head & as_it_is) != 0) {
            records_ = payloads_.raw(heads_.varint());
        } else {
            for (std::uint64_t left = head >> marks; left > 0 && good_; --left) record();
        }
        const std::uint64_t instant = signed_from(before_.instant);
        out.instant = instant_of(instant);
        out.records = records_;
        before_ = {out.last_seq, instant};
        good_ = good_ && heads_.ok() && times_.ok() && payloads_.ok();
        return good_;
    }
    [[nodiscard]] bool whole() const {
        return good_ && count_ == 0 && heads_.at_end() && times_.at_end() && payloads_.at_end();
    }

private:
    std::uint64_t hash() {
        std::uint64_t out = 0;
        for (std::size_t i = hash_bytes; i-- > 0;)
            out = out << 8 | static_cast<std::uint8_t>(hashes_[i]);
        hashes_.remove_prefix(hash_bytes);
        return out;
    }
    void record() {
        Envelope e;
        bool opens = false;
        std::int64_t seq = 0;
        std::int64_t instant = 0;
        heads_(e.kind, e.format, e.core, opens, seq);
        const std::uint64_t length = heads_.varint();
        times_(instant);
        e.seq = before_.seq_of(e.kind) + std::bit_cast<std::uint64_t>(seq);
        before_ = {e.seq, before_.instant + std::bit_cast<std::uint64_t>(instant)};
        e.instant = instant_of(before_.instant);
        payload_.clear();
        if (opens) payload_ = opening_of(e.seq, e.instant);
        payload_ += payloads_.raw(length);
        good_ = heads_.ok() && times_.ok() && payloads_.ok();
        e.payload = payload_;
        if (good_) seal(records_, e);
    }

    codec::Reader heads_, times_, payloads_;
    std::string_view hashes_;
    std::uint64_t count_{0};
    bool good_{false};
    Before before_;
    std::string records_, payload_;
};

std::string compressed(std::string_view bytes) {
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    const std::size_t size =
        ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), level);
    SURGED_ASSERT(ZSTD_isError(size) == 0);  // there is room for the worst
    out.resize(size);
    return out;
}

std::optional<std::string> decompressed(std::string_view frame, std::size_t most) {
    const auto size = ZSTD_getFrameContentSize(frame.data(), frame.size());
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > most)
        return std::nullopt;
    std::string out(size, '\0');
    if (ZSTD_decompress(out.data(), out.size(), frame.data(), frame.size()) != size)
        return std::nullopt;
    return out;
}

}  // namespace

std::string pack(std::span<const StoredCommit> commits, std::uint16_t core_version) {
    SURGED_ASSERT(!commits.empty());
    Packer packer;
    for (const StoredCommit& commit : commits) packer.commit(commit);
    codec::Writer payload;
    payload.varint(layout);
    payload(packer.hashes());  // nothing to be squeezed out of them
    payload.raw(compressed(packer.take(commits.size())));
    std::string out;
    seal(
        out,
        {.kind = Kind::pack,
         .core = core_version,
         .seq = commits.back().last_seq,
         .instant = commits.back().instant,
         .payload = payload.bytes()}
    );
    return out;
}

std::string unpack(std::string_view sealed, const OnCommit& on_commit, std::size_t most) {
    Unsealer unsealer{sealed};
    const auto envelope = unsealer.next();
    if (!envelope)
        return fmt::format("a pack: {}", sealed.empty() ? "it is empty" : unsealer.fault());
    if (envelope->kind != Kind::pack) return "a pack: it is of another kind";
    codec::Reader in{envelope->payload};
    if (const std::uint64_t made = in.varint(); made != layout)
        return fmt::format("a pack has layout {}; this surged reads {}", made, layout);
    const std::string_view hashes = in.text();
    const auto body = decompressed(in.rest(), most);
    if (!in.ok() || !body) return "a pack cannot be decompressed";
    Unpacker unpacker{*body, hashes};
    for (StoredCommit commit; unpacker.next(commit);)
        if (!on_commit(commit)) return {};
    return unpacker.whole() ? std::string{} : "a pack does not hold what it says";
}

}  // namespace surged::store
