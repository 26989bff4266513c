// Which ids were seen: exact, and bounded.
#include "core/acd/ids.hpp"

#include <deque>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <random>
#include <set>
#include <string>

using namespace surged;
using surged::acd::IdMemory;

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

    codec::Writer out;
    ids.write(out);
    IdMemory restored;
    codec::Reader in{out.bytes()};
    restored.read(in);
    CHECK(in.at_end());
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
