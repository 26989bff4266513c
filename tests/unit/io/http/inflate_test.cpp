#include "io/http/inflate.hpp"

#include "base/random.hpp"
#include "support/packed.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>
#include <functional>
#include <future>
#include <string>

using namespace surged;
using namespace surged::io::http;

namespace {

struct Result {
    Inflated state;
    std::string text;
    std::size_t steps{0};
};

Result unpack_all(Coding coding, std::string_view packed, std::size_t most, std::size_t slice) {
    Inflater inflater{coding, packed, most};
    Result out{Inflated::more, {}, 0};
    while (out.state == Inflated::more && out.steps < 1'000'000) {
        out.state = inflater.step(slice);
        ++out.steps;
    }
    out.text = inflater.take();
    return out;
}

std::string words(std::size_t size) {
    Random random{7};
    std::string out;
    while (out.size() < size) out += static_cast<char>('a' + random.below(9));
    return out;
}

std::string pack(Coding coding, std::string_view text) {
    return coding == Coding::gzip ? test::gzipped(text) : test::zstded(text);
}

}  // namespace

TEST_CASE("inflate: the names of the codings") {
    CHECK(parse_coding("gzip") == Coding::gzip);
    CHECK(parse_coding("X-GZip") == Coding::gzip);
    CHECK(parse_coding("zstd") == Coding::zstd);
    for (const char* other : {"", "identity", "deflate", "br", "gzip, zstd", "gzip "})
        CHECK(!parse_coding(other));
}

TEST_CASE("inflate: what was packed comes out, whatever the slices") {
    for (const Coding coding : {Coding::gzip, Coding::zstd}) {
        for (const std::size_t size : {0U, 1U, 1000U, 300'000U}) {
            const std::string text = words(size);
            const std::string packed = pack(coding, text);
            for (const std::size_t slice : {7U, 1000U, 1U << 20U}) {
                CAPTURE(size);
                CAPTURE(slice);
                const Result got = unpack_all(coding, packed, size, slice);
                CHECK(got.state == Inflated::done);
                CHECK((got.text == text));
                if (size > 0)
                    CHECK(unpack_all(coding, packed, size - 1, slice).state == Inflated::too_large);
            }
            // Two of them one after the other are one.
            const Result twice = unpack_all(coding, packed + packed, size * 2, 4096);
            CHECK(twice.state == Inflated::done);
            CHECK((twice.text == text + text));
        }
    }
}

TEST_CASE("inflate: a bomb ends at the limit, having unpacked no more than that") {
    const std::string zeros(64 * 1024 * 1024, '\0');
    for (const Coding coding : {Coding::gzip, Coding::zstd}) {
        const std::string bomb = pack(coding, zeros);
        CHECK(bomb.size() < zeros.size() / 500);
        const Result got = unpack_all(coding, bomb, 1 << 20, 64 * 1024);
        CHECK(got.state == Inflated::too_large);
        CHECK(got.text.size() == (1 << 20) + 1);
        CHECK(got.steps == 17);  // each step at most one slice
    }
}

TEST_CASE("inflate: a stream that is cut off, changed or followed by something is corrupt") {
    const std::string text = words(5000);
    for (const Coding coding : {Coding::gzip, Coding::zstd}) {
        const std::string packed = pack(coding, text);
        for (std::size_t size = 0; size < packed.size(); size += 1 + size / 50) {
            CAPTURE(size);
            const std::string cut = packed.substr(0, size);
            CHECK(unpack_all(coding, cut, 10'000, 512).state == Inflated::corrupt);
        }
        CHECK(unpack_all(coding, packed + "x", 10'000, 512).state == Inflated::corrupt);
        CHECK(unpack_all(coding, "plain text", 10'000, 512).state == Inflated::corrupt);
        Random random{11};
        for (int i = 0; i < 300; ++i) {  // whatever comes: it ends, and within the limit
            std::string changed = packed;
            changed[random.below(changed.size())] = static_cast<char>(random.below(256));
            const Result got = unpack_all(coding, changed, 10'000, 512);
            CHECK(got.state != Inflated::more);
            CHECK(got.text.size() <= 10'001);
        }
    }
}

TEST_CASE("inflate: a zstd stream that wants a window of 128 MiB is refused") {
    const std::string text = words(1000);
    CHECK(unpack_all(Coding::zstd, test::zstded(text, 20), 1000, 512).state == Inflated::done);
    CHECK(unpack_all(Coding::zstd, test::zstded(text, 27), 1000, 512).state == Inflated::corrupt);
}

TEST_CASE("inflate: others on the loop have their turn between two slices") {
    boost::asio::io_context loop{1};
    const std::size_t size = 8 * 1024 * 1024;
    auto answer = boost::asio::co_spawn(
        loop,
        unpack(Coding::gzip, test::gzipped(std::string(size, 'x')), size),
        boost::asio::use_future
    );
    std::size_t turns = 0;
    std::function<void()> other = [&] {
        if (answer.wait_for(std::chrono::seconds{0}) == std::future_status::ready) return;
        ++turns;
        boost::asio::post(loop, other);
    };
    boost::asio::post(loop, other);
    loop.run();
    const Unpacked got = answer.get();
    CHECK(got.state == Inflated::done);
    CHECK(got.body.size() == size);
    CHECK(turns >= size / (256 * 1024) - 1);
}
