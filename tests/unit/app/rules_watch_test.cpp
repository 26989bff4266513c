// What editors and tools do to a folder, and when that counts as a change.
#include "app/rules_watch.hpp"

#include "support/temp_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

using namespace surged;
namespace fs = std::filesystem;

namespace {

struct Bench {
    test::TempFolder folder;
    std::string rules = folder.path() + "/rules";
    boost::asio::io_context loop{1};
    int changes{0};
    std::string held_up;
    app::RulesWatch watch;

    Bench() : watch{loop.get_executor(), options()} {
        fs::create_directories(rules + "/plans");
        write("site.yaml", "site: 1");
        REQUIRE(watch.start());
    }
    app::RulesWatchOptions options() {
        app::RulesWatchOptions out;
        out.folder = rules;
        out.quiet = 30ms;
        out.writing_most = 60ms;
        out.changed = [this] { ++changes; };
        out.held_up = [this](const std::string& why) { held_up = why; };
        return out;
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream{rules + "/" + name} << text;
    }
    bool wait(const std::function<bool()>& there) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        loop.restart();
        while (!there() && std::chrono::steady_clock::now() < until)
            loop.run_one_for(std::chrono::milliseconds{10});
        return there();
    }
    /// Everything that is due within a while.
    void rest() {
        loop.restart();
        loop.run_for(std::chrono::milliseconds{200});
    }
};

}  // namespace

TEST_CASE("rules watch: many writes are one change, below the folder too") {
    Bench b;
    for (int i = 0; i < 20; ++i) b.write("plans/P06.yaml", std::string(100, 'x'));
    CHECK(b.wait([&] { return b.changes == 1; }));
    b.rest();
    CHECK(b.changes == 1);
}

TEST_CASE("rules watch: a file that is being written is waited for, and told of") {
    Bench b;
    std::ofstream half{b.rules + "/site.yaml"};
    half << "site:" << std::flush;
    CHECK(b.wait([&] { return !b.held_up.empty(); }));
    CHECK(b.held_up.find("site.yaml") != std::string::npos);
    CHECK(b.changes == 0);
    half << " 2" << std::flush;
    half.close();
    CHECK(b.wait([&] { return b.changes == 1; }));
    CHECK(b.held_up.empty());
}

TEST_CASE("rules watch: the dance of an editor is one change, its own files none") {
    Bench b;
    b.write(".site.yaml.swp", "x");
    b.write("site.yaml~", "x");
    b.write("4913", "");
    b.rest();
    CHECK(b.changes == 0);
    fs::rename(b.rules + "/site.yaml", b.rules + "/site.yaml~");
    b.write("site.yaml", "site: 3");
    CHECK(b.wait([&] { return b.changes == 1; }));
    b.write(".tmp", "site: 4");
    fs::rename(b.rules + "/.tmp", b.rules + "/site.yaml");
    CHECK(b.wait([&] { return b.changes == 2; }));
}

TEST_CASE("rules watch: a new folder, and the whole folder put in another's place") {
    Bench b;
    fs::create_directory(b.rules + "/more");
    CHECK(b.wait([&] { return b.changes == 1; }));
    b.write("more/P07.yaml", "x");
    CHECK(b.wait([&] { return b.changes == 2; }));
    const std::string next = b.folder.path() + "/next";
    fs::create_directories(next);
    fs::rename(b.rules, b.folder.path() + "/old");
    fs::rename(next, b.rules);
    CHECK(b.wait([&] { return b.changes == 3; }));
    b.write("site.yaml", "site: 5");
    CHECK(b.wait([&] { return b.changes == 4; }));
}

TEST_CASE("rules watch: what happens while the files are read is noticed") {
    Bench b;
    const auto seen = b.watch.generation();
    CHECK(b.watch.is_still(seen));
    b.write("site.yaml", "site: 6");
    CHECK_FALSE(b.watch.is_still(seen));  // though nothing was told of it yet
    CHECK(b.wait([&] { return b.changes == 1; }));
    CHECK_FALSE(b.watch.is_still(seen));
    CHECK(b.watch.is_still(b.watch.generation()));
}

TEST_CASE("rules watch: a file that is made but not yet written is waited for") {
    Bench b;
    std::ofstream made{b.rules + "/plans/P07.yaml"};  // open, empty
    CHECK(b.wait([&] { return !b.held_up.empty(); }));
    CHECK(b.held_up.find("P07.yaml") != std::string::npos);
    CHECK(b.changes == 0);
    made << "plan: x" << std::flush;
    b.rest();
    CHECK(b.changes == 0);
    made.close();
    CHECK(b.wait([&] { return b.changes == 1; }));
}

TEST_CASE("rules watch: a second name of a file, and a link, are whole at once") {
    Bench b;
    fs::create_hard_link(b.rules + "/site.yaml", b.rules + "/copy.yaml");
    CHECK(b.wait([&] { return b.changes == 1; }));
    fs::create_symlink("site.yaml", b.rules + "/link.yaml");
    CHECK(b.wait([&] { return b.changes == 2; }));
    CHECK(b.held_up.empty());
}

TEST_CASE("rules watch: what is copied into a new folder is waited for like the rest") {
    Bench b;
    fs::create_directory(b.rules + "/more");
    b.loop.poll();  // the folder is known, and nothing of it told yet
    std::ofstream half{b.rules + "/more/P08.yaml"};
    half << "plan:" << std::flush;
    CHECK(b.wait([&] { return !b.held_up.empty(); }));
    CHECK(b.changes == 0);
    half.close();
    CHECK(b.wait([&] { return b.changes == 1; }));
}

TEST_CASE("rules watch: hidden folders are not watched") {
    test::TempFolder folder;
    fs::create_directories(folder.path() + "/rules/.git/objects");
    int changes = 0;
    boost::asio::io_context loop{1};
    app::RulesWatchOptions options;
    options.folder = folder.path() + "/rules";
    options.quiet = 30ms;
    options.changed = [&] { ++changes; };
    options.held_up = [](const std::string&) {};
    app::RulesWatch watch{loop.get_executor(), options};
    REQUIRE(watch.start());
    const auto seen = watch.generation();
    std::ofstream{folder.path() + "/rules/.git/index"} << "x";
    std::ofstream{folder.path() + "/rules/.git/objects/ab"} << "x";
    CHECK(watch.is_still(seen));
    loop.run_for(std::chrono::milliseconds{100});
    CHECK(changes == 0);
}

TEST_CASE("rules watch: an overflow loses the end of a write, and does not hold up for ever") {
    std::size_t events_most = 0;
    std::ifstream{"/proc/sys/fs/inotify/max_queued_events"} >> events_most;
    if (events_most == 0 || events_most > 200'000) return;  // too many to make
    Bench b;
    std::ofstream half{b.rules + "/site.yaml"};
    half << "site:" << std::flush;
    b.loop.poll();
    std::ofstream one{b.rules + "/plans/a"}, other{b.rules + "/plans/b"};
    for (std::size_t i = 0; i <= events_most; ++i) (i % 2 == 0 ? one : other) << 'x' << std::flush;
    half.close();  // nobody is told
    one.close();
    other.close();
    CHECK(b.wait([&] { return b.changes > 0; }));
}
