// The book of calls: found by id, listed by age, closing and connection.
#include "core/acd/call.hpp"

#include "base/random.hpp"

#include <doctest/doctest.h>
#include <map>
#include <set>

using namespace surged;
using namespace surged::acd;

namespace {

Call call(std::string id, SourceIx source = 0, std::int64_t ended = 0) {
    Call c;
    c.id = std::move(id);
    c.source = source;
    c.ended = Instant{Seconds{ended}};
    return c;
}

std::multiset<std::uint64_t> entries(const CallBook& book, SourceIx source, const std::string& id) {
    std::multiset<std::uint64_t> found;
    book.for_entries(source, id, CallBook::hash_of(source, id), [&](CallIx i) {
        found.insert(book.at(i).entry);
    });
    return found;
}

}  // namespace

TEST_CASE("acd: the book finds what it holds, and nothing else") {
    Random random{7};
    CallBook book;
    std::map<std::pair<SourceIx, std::string>, std::multiset<std::uint64_t>> model;
    std::vector<CallIx> open;
    std::uint64_t entry = 0;
    for (int step = 0; step < 3000; ++step) {
        if (open.empty() || random.below(3) > 0) {
            const auto source = static_cast<SourceIx>(random.below(2));
            const std::string id = "c" + std::to_string(random.below(200));
            open.push_back(book.add(call(id, source, step)));
            model[{source, id}].insert(++entry);
        } else {
            const auto pick = static_cast<std::size_t>(random.below(open.size()));
            book.close(open[pick]);
            open.erase(open.begin() + static_cast<std::ptrdiff_t>(pick));
        }
        if (step % 97 == 0) {
            for (const SourceIx source : {0U, 1U})
                book.forget(source, Instant{Seconds{step - 50}}, 60);
            for (auto& [key, known] : model) {
                const auto now = entries(book, key.first, key.second);
                for (const auto e : now) CHECK(known.count(e) == 1);  // nothing appears
                known = now;
            }
            CHECK(book.open_count() == open.size());
        }
        REQUIRE(book.open_count() == open.size());
    }
    for (const auto& [key, known] : model) CHECK(entries(book, key.first, key.second) == known);
    codec::Writer out;
    book.write(out);
    CallBook restored;
    codec::Reader in{out.bytes()};
    restored.read(in, 1);
    REQUIRE(in.at_end());
    for (const auto& [key, known] : model) CHECK(entries(restored, key.first, key.second) == known);
    codec::Writer again;
    restored.write(again);
    CHECK(again.bytes() == out.bytes());
}

TEST_CASE("acd: settling and connected calls stand by time, then by entry") {
    CallBook book;
    std::vector<CallIx> calls;
    for (const int deadline : {5, 3, 5, 1}) {
        Call c = call("c" + std::to_string(calls.size()));
        c.phase = Phase::held;
        c.deadline = c.connected = Instant{Seconds{deadline}};
        calls.push_back(book.add(std::move(c)));
    }
    for (const std::size_t i : {2U, 0U, 1U, 3U}) book.settle_later(calls[i]);
    for (const std::size_t i : {3U, 1U, 0U, 2U}) {
        CHECK(book.next_to_settle(Phase::held) == calls[i]);
        book.settle_no_more(calls[i]);
        book.at(calls[i]).phase = Phase::connected;
        book.connect(calls[i]);
    }
    CHECK(book.next_to_settle(Phase::held) == nowhere);
    CHECK(book.first_connected(0) == calls[3]);
    CHECK(book.first_connected(7) == nowhere);
    book.disconnect(calls[3]);
    CHECK(book.first_connected(0) == calls[1]);
    CHECK(book.oldest(acd::Pace::hours) == calls[0]);
}
