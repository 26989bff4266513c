// Which ids were seen: exact, and bounded.
#include "core/acd/ids.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace surged;
using surged::acd::IdMemory;

namespace {

/// What is read of what it writes.
IdMemory restored_of(const IdMemory& ids) {
    codec::Writer out;
    ids.write(out);
    IdMemory restored;
    codec::Reader in{out.bytes()};
    restored.read(in);
    CHECK(in.at_end());
    return restored;
}

}  // namespace

TEST_CASE("acd: the newest ids are remembered, the oldest forgotten") {
    IdMemory ids;
    CHECK_FALSE(ids.seen("0"));
    const std::size_t extra = 1000;
    for (std::size_t i = 0; i < IdMemory::capacity + extra; ++i) ids.add(std::to_string(i));
    CHECK(ids.size() == IdMemory::capacity);
    CHECK_FALSE(ids.seen("0"));
    CHECK_FALSE(ids.seen(std::to_string(extra - 1)));
    CHECK(ids.seen(std::to_string(extra)));
    CHECK(ids.seen(std::to_string(IdMemory::capacity + extra - 1)));

    IdMemory restored = restored_of(ids);
    restored.add("new");
    ids.add("new");
    CHECK_FALSE(restored.seen(std::to_string(extra)));
    CHECK(restored.seen(std::to_string(extra + 1)));
    codec::Writer a;
    codec::Writer b;
    ids.write(a);
    restored.write(b);
    CHECK(a.bytes() == b.bytes());
}

TEST_CASE("acd: what is remembered is what a list of the newest holds") {
    IdMemory ids;
    std::set<std::string> known;
    std::deque<std::string> newest;
    std::mt19937 random{7};
    const auto name = [&] { return fmt::format("{:x}", random() % 400'000); };
    for (int i = 0; i < 130'000; ++i) {
        const std::string id = name();
        if (ids.seen(id) != known.contains(id)) FAIL("wrong about ", id, " at ", i);
        if (known.contains(id)) continue;
        ids.add(id);
        known.insert(id);
        newest.push_back(id);
        if (newest.size() <= IdMemory::capacity) continue;
        known.erase(newest.front());
        newest.pop_front();
    }
    CHECK(newest.size() == IdMemory::capacity);
    CHECK(ids.size() == IdMemory::capacity);
}

TEST_CASE("acd: an id may be of any length, and takes the place of one of any other") {
    IdMemory ids;
    std::vector<std::string> all;
    constexpr std::size_t rounds = 2 * IdMemory::capacity;
    for (std::size_t i = 0; i < rounds; ++i) {
        // 39 and 40: the longest that stands in its place, and the shortest that does not.
        constexpr std::array<std::size_t, 5> sizes{8, 36, 39, 40, 256};
        std::string id = fmt::format("{:08}", i);
        id.resize(sizes[(i + i / IdMemory::capacity) % sizes.size()], 'x');
        CHECK_FALSE(ids.seen(id));
        ids.add(id);
        all.push_back(std::move(id));
    }
    const IdMemory copy = restored_of(ids);
    for (std::size_t i = 0; i < rounds; ++i) {
        const bool kept = i >= rounds - IdMemory::capacity;
        if (ids.seen(all[i]) != kept || copy.seen(all[i]) != kept) FAIL("wrong about ", all[i]);
        if (kept && ids.seen(all[i] + "x")) FAIL("seen with more behind it: ", all[i]);
        if (kept && ids.seen(all[i].substr(0, all[i].size() - 1))) FAIL("seen cut: ", all[i]);
    }
}

TEST_CASE("acd: many ids of like hash are remembered and forgotten as all others") {
    std::vector<std::string> alike;
    for (std::size_t i = 0; alike.size() < 60; ++i) {
        std::string id = fmt::format("like-{}", i);
        if (IdMemory::hash_of(id) % 8'192 == 5) alike.push_back(std::move(id));
    }
    IdMemory ids;
    for (const std::string& id : alike) {
        CHECK_FALSE(ids.seen(id));
        ids.add(id);
    }
    // All but the last one's turn comes to be the oldest.
    const std::size_t others = IdMemory::capacity - 1;
    for (std::size_t i = 0; i < others; ++i) {
        const std::size_t gone =
            i + alike.size() > IdMemory::capacity ? i + alike.size() - IdMemory::capacity : 0;
        if (gone < alike.size() && !ids.seen(alike[gone])) FAIL("forgot one too early, at ", i);
        if (gone > 0 && ids.seen(alike[gone - 1])) FAIL("kept one too long, at ", i);
        ids.add(std::to_string(i));
    }
    CHECK(ids.seen(alike.back()));
    CHECK_FALSE(ids.seen(alike.front()));
    ids.add("last");
    CHECK_FALSE(ids.seen(alike.back()));
    CHECK(ids.seen("0"));
}

TEST_CASE("acd: ids are remembered as long after a million of them") {
    IdMemory ids;
    constexpr std::size_t million = 1U << 20U, capacity = IdMemory::capacity;
    for (std::size_t i = 0; i < million + 2 * capacity; ++i) {
        ids.add(std::to_string(i));
        if (i < million - capacity) continue;
        if (!ids.seen(std::to_string(i - capacity + 1))) FAIL("forgot one too early, at ", i);
        if (ids.seen(std::to_string(i - capacity))) FAIL("kept one too long, at ", i);
    }
    CHECK(ids.size() == capacity);
}
