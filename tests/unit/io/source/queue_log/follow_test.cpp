// What can happen to a log file, step by step.
#include "io/source/queue_log/follow.hpp"

#include "support/memory_files.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <vector>

using namespace surged;
using namespace surged::io::queue_log;
using surged::test::MemoryFiles;

namespace {

const std::string path = "/log/queue_log";

/// A line of that second that says which it is.
std::string line(int n) { return fmt::format("{}|x|q|m|LINE{}|\n", 1'795'452'000 + n, n); }
std::string lines(int from, int to) {
    std::string out;
    for (int n = from; n <= to; ++n) out += line(n);
    return out;
}

struct Bench {
    MemoryFiles files;
    std::optional<Follower> follower;
    std::vector<std::string> bad;
    Step::Kind last{Step::Kind::idle};

    Bench() { follower.emplace(files, path); }
    /// Everything there is to read now.
    std::string read() {
        std::string out;
        for (int i = 0; i < 10'000; ++i) {
            const Step step = follower->next();
            if (!step.bad.empty()) bad.emplace_back(step.bad);
            last = step.kind;
            if (step.kind != Step::Kind::lines) return out;
            out += step.lines;
        }
        FAIL("it never comes to an end");
        return out;
    }
    /// A new process that goes on where the old one was.
    void restart() {
        const auto cursor = Cursor::parse(follower->cursor().text());
        REQUIRE(cursor.has_value());
        follower.emplace(files, path);
        follower->resume(*cursor);
    }
};

}  // namespace

TEST_CASE("queue_log: reads what is there, then what comes") {
    Bench log;
    CHECK(log.read().empty());
    CHECK(log.last == Step::Kind::trouble);
    CHECK(log.follower->words() == "waiting for /log/queue_log: there is no such file");
    log.files.write(path, lines(1, 3));
    CHECK(log.read() == lines(1, 3));
    CHECK(log.last == Step::Kind::idle);
    CHECK(
        log.follower->words() ==
        fmt::format("following /log/queue_log at byte {}", lines(1, 3).size())
    );
    CHECK(log.read().empty());
    log.files.write(path, lines(4, 4));
    CHECK(log.read() == lines(4, 4));
}

TEST_CASE("queue_log: a line is read when it is whole") {
    Bench log;
    const std::string whole = line(2);
    log.files.write(path, line(1) + whole.substr(0, 10));
    CHECK(log.read() == line(1));
    CHECK(log.follower->cursor().offset == line(1).size());
    log.files.write(path, whole.substr(10, 5));
    CHECK(log.read().empty());
    log.restart();
    log.files.write(path, whole.substr(15));
    CHECK(log.read() == whole);
}

TEST_CASE("queue_log: rotation by a new name, in every style") {
    for (const std::string old :
         {"/log/queue_log.0",
          "/log/queue_log.1",
          "/log/queue_log.1795452812",
          "/log/queue_log-20261123",
          "/log/queue_log-20261123.1"}) {
        CAPTURE(old);
        for (const bool stopped : {false, true}) {
            CAPTURE(stopped);
            Bench log;
            log.files.write(path, lines(1, 5));
            CHECK(log.read() == lines(1, 5));
            log.files.write(path, lines(6, 6));  // not read yet
            log.files.rename(path, old);
            if (!stopped) {
                CHECK(log.read() == lines(6, 6));
                CHECK(log.follower->missing());
                CHECK(
                    log.follower->words() ==
                    "waiting for /log/queue_log: it was moved away or deleted"
                );
                log.files.write(old, lines(7, 7));  // the PBX has not opened the new one yet
                log.files.write(path, "");
                CHECK(log.read() == lines(7, 7));
                log.files.write(old, lines(8, 8));
                log.files.write(path, lines(9, 9));
                CHECK(log.read() == lines(8, 9));
            } else {
                log.restart();
                log.files.write(old, lines(7, 8));
                log.files.write(path, lines(9, 9));
                CHECK(log.read() == lines(6, 9));
            }
            CHECK(log.bad.empty());
            log.files.write(path, lines(10, 10));
            CHECK(log.read() == lines(10, 10));
            CHECK_FALSE(log.follower->missing());
        }
    }
}

TEST_CASE("queue_log: several rotations while nobody looked") {
    // Names say nothing: with one strategy .0 is the newest, with another the oldest.
    for (const bool newest_is_zero : {true, false}) {
        for (const bool stopped : {false, true}) {
            CAPTURE(newest_is_zero);
            CAPTURE(stopped);
            Bench log;
            log.files.write("/log/queue_log.7", lines(-20, -15));  // long read and done with
            log.files.write("/log/queue_log.save", lines(1, 3));   // a copy by hand
            log.files.write("/log/queue_log.8.gz", "\x1f\x8b");
            log.files.write(path, lines(1, 3));
            CHECK(log.read() == lines(1, 3));
            if (stopped) log.restart();
            log.files.write(path, lines(4, 4));
            const std::string first = newest_is_zero ? ".1" : ".0";
            const std::string second = newest_is_zero ? ".0" : ".1";
            log.files.rename(path, path + first);
            log.files.write(path, lines(5, 6));
            log.files.rename(path, path + second);
            log.files.write(path, lines(7, 8));
            CHECK(log.read() == lines(4, 8));
            CHECK(log.bad.empty());
        }
    }
}

TEST_CASE("queue_log: copied and truncated") {
    for (const bool stopped : {false, true}) {
        for (const bool longer : {false, true}) {
            CAPTURE(stopped);
            CAPTURE(longer);
            Bench log;
            log.files.write(path, lines(1, 5));
            CHECK(log.read() == lines(1, 5));
            if (stopped) log.restart();
            log.files.write(path, lines(6, 7));  // not read before the copy is made
            log.files.copy(path, "/log/queue_log.1");
            log.files.truncate(path);
            // By the next look the file may be longer than it was.
            log.files.write(path, lines(8, longer ? 20 : 8));
            CHECK(log.read() == lines(6, longer ? 20 : 8));
            CHECK(log.bad.empty());
            log.files.write(path, lines(21, 21));
            CHECK(log.read() == lines(21, 21));
        }
    }
}

TEST_CASE("queue_log: truncated without a copy, everything read") {
    Bench log;
    log.files.write(path, lines(1, 5));
    CHECK(log.read() == lines(1, 5));
    log.files.truncate(path);
    CHECK(log.read().empty());
    log.files.write(path, lines(6, 7));
    CHECK(log.read() == lines(6, 7));
    CHECK(log.bad.empty());
}

TEST_CASE("queue_log: deleted, and a new one with the same inode") {
    for (const bool stopped : {false, true}) {
        CAPTURE(stopped);
        Bench log;
        log.files.write(path, lines(1, 5));
        CHECK(log.read() == lines(1, 5));
        const std::uint64_t inode = log.files.inode(path);
        if (stopped) log.restart();
        log.files.remove(path);
        log.files.next_inode(stopped ? inode : inode + 1);
        log.files.write(path, lines(6, 20));
        CHECK(log.read() == lines(6, 20));
        // The file that was read is gone, and with it what may have been written to its end.
        CHECK(
            log.bad ==
            (stopped ? std::vector<std::string>{"lost_file"} : std::vector<std::string>{})
        );
    }
}

TEST_CASE("queue_log: after a loss nothing older than the last line is read again") {
    Bench log;
    log.files.write(path, lines(1, 5));
    CHECK(log.read() == lines(1, 5));
    log.restart();
    log.files.remove(path);
    log.files.write(path, lines(0, 3) + lines(5, 9));  // put together by hand
    CHECK(log.follower->before(100).empty());
    CHECK(log.read() == lines(5, 9));
    CHECK(log.bad == std::vector<std::string>{"lost_file"});
}

TEST_CASE("queue_log: an edited file is the same lines in a new inode") {
    for (const bool stopped : {false, true}) {
        CAPTURE(stopped);
        Bench log;
        log.files.write(path, lines(1, 20));
        CHECK(log.read() == lines(1, 20));
        if (stopped) log.restart();
        log.files.copy(path, "/log/tmp");
        log.files.rename("/log/tmp", path);
        log.files.write(path, lines(21, 22));
        CHECK(log.read() == lines(21, 22));
        CHECK(log.bad.empty());
    }
}

TEST_CASE("queue_log: a folder that is not there yet is waited for, and nothing is forgotten") {
    Bench log;
    log.files.write(path, lines(1, 5));
    CHECK(log.read() == lines(1, 5));
    log.files.rename(path, "/elsewhere");
    log.restart();
    CHECK(log.read().empty());
    CHECK(log.last == Step::Kind::trouble);
    log.files.rename("/elsewhere", path);
    log.files.write(path, lines(6, 6));
    CHECK(log.read() == lines(6, 6));
    CHECK(log.bad.empty());
}

TEST_CASE("queue_log: what cannot be read is said and tried again from the same place") {
    Bench log;
    log.files.write(path, lines(1, 2));
    log.files.deny(path);
    CHECK(log.read().empty());
    CHECK(log.last == Step::Kind::trouble);
    CHECK(log.follower->words() == "cannot read /log/queue_log: Permission denied");
    log.files.allow(path);
    CHECK(log.read() == lines(1, 2));
    log.files.break_disk(true);
    CHECK(log.read().empty());
    CHECK(log.follower->words() == "cannot read /log/queue_log: Input/output error");
    log.files.break_disk(false);
    log.files.write(path, lines(3, 3));
    CHECK(log.read() == lines(3, 3));
}

TEST_CASE("queue_log: beginning at the end") {
    Bench log;
    const std::string half = line(6);
    log.files.write(path, lines(1, 5) + half.substr(0, 8));
    log.follower->begin_at_end();
    CHECK(log.read().empty());
    log.files.write(path, half.substr(8) + line(7));
    CHECK(log.read() == lines(6, 7));
    // A rotation later finds no old files to read.
    log.files.write("/log/queue_log.9", lines(-9, -1));
    log.files.rename(path, "/log/queue_log.0");
    log.files.write(path, lines(8, 8));
    CHECK(log.read() == lines(8, 8));
    // What is not there yet has no end: all of it is new.
    Bench later;
    later.follower->begin_at_end();
    CHECK(later.read().empty());
    later.files.write(path, lines(1, 2));
    CHECK(later.read() == lines(1, 2));
}

TEST_CASE("queue_log: long files in pieces, and a line that is too long") {
    Bench log;
    const std::string many = lines(1, 9000);
    REQUIRE(many.size() > 3 * Follower::line_bytes_max);
    log.files.write(path, many);
    CHECK(log.read() == many);
    const std::string monster(3 * Follower::line_bytes_max + 17, 'x');
    log.files.write(path, lines(9001, 9001) + monster);
    CHECK(log.read() == lines(9001, 9001));
    CHECK(log.bad == std::vector<std::string>{"line_too_long"});
    log.files.write(path, monster + "\n" + lines(9002, 9002));
    CHECK(log.read() == lines(9002, 9002));
    CHECK(log.bad.size() == 1);
    log.files.write(path, monster);
    CHECK(log.read().empty());
    log.files.rename(path, "/log/queue_log.0");
    log.files.write(path, lines(9003, 9003));
    CHECK(log.read() == lines(9003, 9003));
}

TEST_CASE("queue_log: the last line of a file that is over counts without its end") {
    Bench log;
    log.files.write(path, line(1) + "1795452002|x|q|m|TORN|");
    CHECK(log.read() == line(1));
    log.files.rename(path, "/log/queue_log.0");
    log.files.write(path, lines(3, 3));
    CHECK(log.read() == "1795452002|x|q|m|TORN|" + line(3));
}

TEST_CASE("queue_log: what was read before the cursor can be looked at again") {
    Bench log;
    log.files.write(path, lines(1, 50));
    CHECK(log.read() == lines(1, 50));
    log.restart();
    CHECK(log.follower->before(1U << 20) == lines(1, 50));
    log.restart();
    CHECK(log.follower->before(line(9).size() * 3 - 1) == lines(49, 50));
    CHECK(log.read().empty());
    Bench empty;
    CHECK(empty.follower->before(100).empty());
}

TEST_CASE("queue_log: killed and started at any moment of any history, each line is read once") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        std::uint64_t state = seed;
        const auto below = [&](std::uint64_t n) {
            state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
            return (state >> 33) % n;
        };
        Bench log;
        log.files.write(path, line(1));
        std::string want = line(1);
        std::string got = log.read();  // what was rotated away before the first look is not ours
        int n = 1;
        int rotations = 0;
        const bool copies = seed % 3 == 0;
        for (int step = 0; step < 60; ++step) {
            switch (below(5)) {
                case 0:
                case 1: {
                    const int more = static_cast<int>(below(4)) + 1;
                    log.files.write(path, lines(n + 1, n + more));
                    want += lines(n + 1, n + more);
                    n += more;
                    break;
                }
                case 2: {
                    if (log.files.look(path).value_or(Seen{}).size == 0) break;
                    const std::string old = fmt::format("{}.{}", path, rotations++);
                    if (copies) {
                        got += log.read();  // two copies between two looks: the older one is lost
                        log.files.copy(path, old);
                        log.files.truncate(path);
                    } else {
                        log.files.rename(path, old);
                    }
                    break;
                }
                case 3:
                    got += log.read();
                    break;
                default:
                    log.restart();
                    break;
            }
        }
        got += log.read();
        got += log.read();
        CHECK(got == want);
        CHECK(log.bad.empty());
    }
}
