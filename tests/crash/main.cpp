// crash: the real surged with a fault at every single write of a night in small.
//
//   crash                       every fault at every place, on every core; prints what was seen
//   crash --write FILE          and writes it as a page of the documentation
//   crash --check FILE          and compares: the page must tell of the same faults
//   crash --fault torn:37:0     one trial alone, with the daemon's log if it fails
#include "crash/trial.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>
#include <vector>

using namespace surged;
using crash::Fault;
using crash::Outcome;

namespace {

struct Row {
    std::string kind, what;
    bool everywhere{false};  // at every operation; else at each of `at`
    std::vector<std::uint64_t> at;
    std::int64_t arg{0};
    // What was seen:
    std::size_t tried{0}, due{0}, lost{0}, repeated{0}, unmarked{0}, gaps{0}, refused{0};
    std::chrono::milliseconds longest{0};
};

std::vector<Row> rows(std::uint64_t operations) {
    const std::vector<std::uint64_t> some{operations / 4, operations / 2, operations * 3 / 4};
    return {
        {"kill", "killed before the operation", true, {}},
        {"torn", "half of a write done, then killed", true, {}},
        {"power", "power lost: all that was not synced is gone", true, {}},
        {"error", "one I/O error", true, {}},
        {"full", "disk full for a second", false, some, 1000},
        {"read_only", "disk read-only for a second", false, some, 1000},
        {"lied", "a sync that was none, power lost later", false, some, 6},
        {"slow", "every sync 100 ms slower", false, {1}, 100},
        {"slow", "every sync 1 s slower", false, some, 1000},
        {"stall", "one operation takes 10 s", false, some, 10'000},
        {"clock", "the wall clock jumps an hour ahead", false, some, 3600},
        {"clock", "the wall clock falls back an hour", false, some, -3600},
    };
}

class Season {
public:
    explicit Season(std::vector<Row> rows, std::set<std::string> due, std::uint64_t operations)
        : rows_{std::move(rows)}, due_{std::move(due)} {
        for (Row& row : rows_) {
            if (row.everywhere)
                for (std::uint64_t n = 1; n <= operations; ++n) row.at.push_back(n);
            for (const std::uint64_t at : row.at)
                trials_.push_back({
                    &row, {row.kind, at, row.arg}
                });
        }
    }

    /// Most of a trial is waiting: more at a time than there are cores.
    bool run(unsigned at_once) {
        std::vector<std::thread> threads;
        for (unsigned i = 0; i < at_once; ++i) threads.emplace_back([this] { work(); });
        for (std::thread& thread : threads) thread.join();
        return failed_ == 0;
    }
    [[nodiscard]] std::string table() const;
    [[nodiscard]] std::size_t trials() const { return trials_.size(); }

private:
    struct OfRow {
        Row* row;
        Fault fault;
    };
    void work() {
        for (std::size_t i = next_++; i < trials_.size(); i = next_++) {
            const Outcome seen = crash::run(trials_[i].fault, &due_);
            const std::lock_guard lock{mutex_};
            note(*trials_[i].row, trials_[i].fault, seen);
        }
    }
    void note(Row& row, const Fault& fault, const Outcome& seen) {
        ++row.tried;
        row.due += due_.size();
        for (const std::string& one : due_) row.lost += seen.pages.contains(one) ? 0U : 1U;
        row.repeated += seen.repeated;
        row.unmarked += seen.unmarked;
        row.gaps += seen.gaps;
        row.refused += seen.refused ? 1U : 0U;
        row.longest = std::max(row.longest, seen.longest);
        if (seen.wrong.empty()) return;
        ++failed_;
        fmt::print(stderr, "crash --fault {}: {}\n", fault.text(), seen.wrong);
    }

    std::vector<Row> rows_;
    std::set<std::string> due_;
    std::vector<OfRow> trials_;
    std::atomic<std::size_t> next_{0};
    std::mutex mutex_;
    std::size_t failed_{0};
};

std::string Season::table() const {
    std::string out =
        "| fault | trials | pages due | lost | repeated, marked | repeated, unmarked | gaps told "
        "| start refused | longest delay |\n|---|---|---|---|---|---|---|---|---|\n";
    for (const Row& row : rows_)
        out += fmt::format(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} ms |\n",
            row.what,
            row.tried,
            row.due,
            row.lost,
            row.repeated,
            row.unmarked,
            row.gaps,
            row.refused,
            row.longest.count()
        );
    return out;
}

constexpr std::string_view head = R"(# Reliability: what was tried, and what became of the pages

Made by `tests/crash` (`script/crash --write`); do not edit. A night in small runs in the real program
over a disk that fails at a chosen operation: five callers raise level III and its page goes out, it is
taken, six more raise level I and its page goes out, the rules are read anew, an image of the state is
made, everybody is answered or gives up. A client says again what it got no answer to; a process that
died is started again. A page counts as lost if nobody was told; then, and whenever the recovered state
is not the live one, a repeat has no mark, a taken page is forgotten or a call is miscounted, the
test fails.

A page repeated without its mark is promised only where records were lost: while the store fails
(decisions 0006 and 0007), and after a disk has lied about a sync. A start refused is one that said why
and was tried again, as systemd does. "Longest delay" is from the client's event to the page, restarts
included, with several trials at a time on a small machine. When the wall clock jumps, the feed's jumps
with it; a receiver that checks the time of a signature refuses pages (401, said as `channel_broken`)
until the clock is right again, so that trial's receiver does not check it.

)";

std::vector<std::string> faults_of(const std::string& page) {
    std::vector<std::string> out;
    for (std::size_t at = page.find("\n| "); at != std::string::npos;
         at = page.find("\n| ", at + 1))
        out.push_back(page.substr(at, page.find(" | ", at + 3) - at));
    return out;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App cli{"crash: the real surged with a fault at every write"};
    std::string write;
    std::string check;
    std::string alone;
    unsigned at_once = 4 * std::max(1U, std::thread::hardware_concurrency());
    cli.add_option("--write", write, "writes the page of the documentation");
    cli.add_option("--check", check, "the page must tell of the same faults");
    cli.add_option("--fault", alone, "KIND:N:ARG, one trial alone");
    cli.add_option("--at-once", at_once, "trials at a time");
    CLI11_PARSE(cli, argc, argv);

    if (!alone.empty()) {
        Fault fault;
        fault.kind = alone.substr(0, alone.find(':'));
        std::size_t at = alone.find(':') + 1;
        fault.at = std::stoull(alone.substr(at));
        at = alone.find(':', at);
        if (at != std::string::npos) fault.arg = std::stoll(alone.substr(at + 1));
        const Outcome seen = crash::run(fault, nullptr);
        fmt::print(
            "{} operations, {} starts, {} pages, {} repeated, {} gaps: {}\n",
            seen.operations,
            seen.starts,
            seen.pages.size(),
            seen.repeated,
            seen.gaps,
            seen.wrong.empty() ? "all held" : seen.wrong
        );
        return seen.wrong.empty() ? 0 : 11;
    }
    const Outcome calm = crash::run({}, nullptr);
    if (!calm.wrong.empty()) {
        fmt::print(stderr, "crash: without any fault: {}\n", calm.wrong);
        return 11;
    }
    fmt::print(
        "a night without a fault: {} operations, {} pages\n", calm.operations, calm.pages.size()
    );
    if (calm.operations < 60 || calm.operations > 400 || calm.pages.size() < 2) {
        fmt::print(stderr, "crash: that is not the night that was meant\n");
        return 11;
    }
    Season season{rows(calm.operations), calm.pages, calm.operations};
    const bool held = season.run(at_once);
    const std::string page =
        std::string{head} + season.table() +
        fmt::format(
            "\n{} trials; a night without a fault changes the disk {} times.\n",
            season.trials(),
            calm.operations
        );
    fmt::print("{}", season.table());
    if (!write.empty()) std::ofstream{write} << page;
    if (!check.empty()) {
        std::ifstream in{check};
        const std::string before{std::istreambuf_iterator<char>{in}, {}};
        if (faults_of(before) != faults_of(page)) {
            fmt::print(
                stderr, "crash: {} tells of other faults; crash --write makes it anew\n", check
            );
            return 11;
        }
    }
    return held ? 0 : 11;
}
