#include "store/pack.hpp"

#include "store/envelope.hpp"
#include "unit/store/fixture.hpp"

#include <doctest/doctest.h>
#include <limits>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::store;

namespace {

/// Commits with texts of their own.
class Commits {
public:
    void add(StoredCommit commit, std::string records, std::string state_hash = {}) {
        texts_.push_back({std::move(records), std::move(state_hash)});
        commits_.push_back(commit);
        for (std::size_t i = 0; i < commits_.size(); ++i) {
            commits_[i].records = texts_[i].first;
            commits_[i].state_hash = texts_[i].second;
        }
    }
    [[nodiscard]] const std::vector<StoredCommit>& all() const { return commits_; }

private:
    std::vector<std::pair<std::string, std::string>> texts_;
    std::vector<StoredCommit> commits_;
};

std::string sealed(Kind kind, std::uint64_t seq, Instant at, const std::string& payload) {
    std::string out;
    seal(out, {.kind = kind, .core = 7, .seq = seq, .instant = at, .payload = payload});
    return out;
}
StoredCommit from_to(std::uint64_t first, std::uint64_t last) {
    return {
        .first_seq = first,
        .last_seq = last,
        .instant = instant_of(last),
        .effect_hash = hash_of(last),
        .state_hash = {},
        .records = {}
    };
}
/// An input as the engine has it: its own seq and instant stand at its beginning.
std::string input(std::uint64_t seq) {
    codec::Writer payload;
    payload(seq, instant_of(seq), body_of(seq));
    return sealed(Kind::input, seq, instant_of(seq), payload.bytes());
}

/// Everything that a commit may look like.
Commits all_kinds() {
    Commits out;
    out.add(from_to(1, 3), input(1) + input(2) + input(3));
    const std::string page = sealed(Kind::page, 3, instant_of(9), "a page");
    out.add({0, 3, instant_of(9), 17, {}, {}}, page, "00ff");  // pages alone
    out.add(from_to(4, 4), input(4) + page, "ab");
    out.add(from_to(90, 90), sealed(Kind::input, 90, instant_of(4), "of another kind"));
    out.add(from_to(91, 92), input(91).substr(0, 40));  // torn
    out.add(from_to(93, 93), "no record at all");
    out.add(from_to(94, 94), "");
    std::string strange = input(95);
    strange[18] = 1;  // where zeros are, and the CRC does not fit
    out.add(from_to(95, 95), strange);
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    const Instant never{Micros{std::numeric_limits<std::int64_t>::min()}};
    out.add({most, most, never, most, {}, {}}, sealed(Kind::input, most, never, ""));
    out.add({1, 0, Instant{Micros::max()}, 0, {}, {}}, input(1));
    return out;
}

std::vector<StoredCommit> read(const std::string& packed, std::string* fault) {
    static std::vector<std::pair<std::string, std::string>> texts;
    std::vector<StoredCommit> out;
    texts.clear();
    texts.reserve(1000);
    *fault = unpack(packed, [&](const StoredCommit& commit) {
        texts.emplace_back(commit.state_hash, commit.records);
        out.push_back(commit);
        out.back().state_hash = texts.back().first;
        out.back().records = texts.back().second;
        return true;
    });
    return out;
}

}  // namespace

TEST_CASE("pack: every commit comes back byte for byte, damaged ones too") {
    const Commits made = all_kinds();
    std::string fault;
    const auto back = read(pack(made.all(), 7), &fault);
    CHECK(fault.empty());
    REQUIRE(back.size() == made.all().size());
    for (std::size_t i = 0; i < back.size(); ++i) {
        CAPTURE(i);
        CHECK((back[i] == made.all()[i]));
    }
}

TEST_CASE("pack: reading stops when it is told to") {
    const Commits made = all_kinds();
    std::size_t seen = 0;
    CHECK(unpack(pack(made.all(), 7), [&](const StoredCommit&) { return ++seen < 2; }).empty());
    CHECK(seen == 2);
}

TEST_CASE("pack: a thousand inputs are a fraction of their rows") {
    Commits made;
    std::size_t rows = 0;
    for (std::uint64_t seq = 1; seq <= 1000; ++seq) {
        made.add(from_to(seq, seq), input(seq));
        rows += input(seq).size();
    }
    CHECK(pack(made.all(), 7).size() < rows / 5);
}

TEST_CASE("pack: one that is damaged, cut off, or of another kind is refused in words") {
    const std::string whole = pack(all_kinds().all(), 7);
    std::string fault;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string bad = whole;
        bad[at] = static_cast<char>(bad[at] ^ 0x10);
        CAPTURE(at);
        CHECK(read(bad, &fault).empty());
        CHECK_FALSE(fault.empty());
        CHECK(read(whole.substr(0, at), &fault).empty());
        CHECK_FALSE(fault.empty());
    }
    CHECK(read(input(1), &fault).empty());
    CHECK(fault.find("another kind") != std::string::npos);
    CHECK(read(sealed(Kind::pack, 1, {}, "\x02later"), &fault).empty());
    CHECK(fault.find("layout 2") != std::string::npos);
    CHECK(read(sealed(Kind::pack, 1, {}, std::string("\x01\x00no frame", 10)), &fault).empty());
    CHECK(fault.find("decompressed") != std::string::npos);
}

TEST_CASE("pack: no more is unpacked than is asked for") {
    Commits made;
    made.add(from_to(1, 1), std::string(100'000, 'x'));
    const auto none = [](const StoredCommit&) { return true; };
    CHECK(unpack(pack(made.all(), 7), none, 200'000).empty());
    CHECK_FALSE(unpack(pack(made.all(), 7), none, 50'000).empty());
}
