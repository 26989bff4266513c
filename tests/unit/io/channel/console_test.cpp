#include "io/channel/console/console.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io;

namespace {

delivery::Page page() {
    delivery::Page page;
    page.id = "page-1";
    page.person = "wang";
    page.content.text = "【Ⅱ级】sales\nsecond\x1b[31m line";
    return page;
}

engine::Receipt deliver(console::ConsoleChannel& channel) {
    boost::asio::io_context loop{1};
    engine::Receipt receipt;
    boost::asio::co_spawn(
        loop,
        channel.deliver(page()),
        [&receipt](std::exception_ptr, engine::Receipt got) { receipt = std::move(got); }
    );
    loop.run();
    return receipt;
}

}  // namespace

TEST_CASE("console: one line a page, without control characters") {
    CHECK(
        console::encode_line(page()) ==
        "1970-01-01T00:00:00.000000Z page-1 → wang: 【Ⅱ级】sales second [31m line"
    );
    auto repeat = page();
    repeat.possible_repeat = true;
    CHECK(console::encode_line(repeat).find("【可能重复】") != std::string::npos);
    CHECK(console::encode_line(page(), "https://s.example/a/t")
              .ends_with(" | 认领: https://s.example/a/t"));
}

TEST_CASE("console: accepted once written, asked again if it cannot be") {
    std::FILE* file = std::tmpfile();
    REQUIRE(file != nullptr);
    console::ConsoleChannel channel{file};
    CHECK(deliver(channel).outcome == delivery::Outcome::accepted);
    REQUIRE(std::fseek(file, 0, SEEK_SET) == 0);
    std::array<char, 256> line{};
    CHECK(std::fgets(line.data(), static_cast<int>(line.size()), file) != nullptr);
    CHECK(std::string{line.data()} == console::encode_line(page()) + "\n");
    std::fclose(file);

    std::FILE* full = std::fopen("/dev/full", "w");
    REQUIRE(full != nullptr);
    console::ConsoleChannel broken{full};
    const auto receipt = deliver(broken);
    CHECK(receipt.outcome == delivery::Outcome::retry);
    CHECK_FALSE(receipt.detail.empty());
    std::fclose(full);
}
