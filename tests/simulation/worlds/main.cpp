// worlds: simulated days of surged, from one seed.
//
//   worlds --days 1000 --seed 1            a hundred worlds of ten days, on every core
//   worlds --days 40 --fast                of two days each, until one fails
//   worlds --world 17 --days 10            one of them alone
//   worlds --world 17 --days 10 --shrink   and the shortest prefix of it that fails
//   worlds --world 17 --days 10 --until N  the first N steps of it
//   worlds --world 1 --days 1 --digest F   what it comes to is what F says, whoever compiled it
//
// Exit: 0 all held, 10 it crashed, 11 it did what is wrong, 12 it is stuck, 2 usage.
#include "base/log.hpp"
#include "simulation/worlds/world.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace surged;
using worlds::Verdict;

namespace {

constexpr int days_a_world = 10, days_when_fast = 2;

struct Asked {
    int days{10};
    std::uint64_t seed{1};
    std::uint64_t world{0};    // 0: all that make up the days
    std::uint64_t until{0};    // 0: to its end
    unsigned patience_s{300};  // for one world
    std::string plant;         // what goes wrong, for the tests of this program
    std::uint64_t plant_at{0};
    std::string digest;  // a file
    bool shrink{false}, log{false}, fast{false};
};

worlds::WorldReport run(const worlds::WorldOptions& options) {
    worlds::World world{options};
    return world.run();
}

std::string_view word_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::crash:
            return "crash";
        case Verdict::wrong:
            return "wrong";
        case Verdict::stuck:
            return "stuck";
        case Verdict::fine:
            break;
    }
    return {};
}

std::string command(std::uint64_t seed, int days) {
    return fmt::format("worlds --world {} --days {}", seed, days);
}

/// Runs one world in this process and tells what came of it.
int run_and_tell(const worlds::WorldOptions& options) {
    const auto report = run(options);
    if (!report.failure) {
        fmt::print(
            "world {}: {} days, {} calls, {} pages ({} repeated), {} deaths, {} torn writes, {} "
            "steps: all held\n",
            options.seed,
            options.days,
            report.calls,
            report.pages,
            report.repeats,
            report.deaths,
            report.torn,
            report.steps
        );
        std::fflush(stdout);
        return 0;
    }
    const auto& failure = *report.failure;
    fmt::print(
        "world {}: {}: {}: {}\n  at step {}, day {}, {:02}:{:02}; again: {}; shortest: {} "
        "--shrink\n",
        options.seed,
        failure.verdict == Verdict::stuck ? "STUCK" : "WRONG",
        failure.check,
        failure.what,
        report.steps,
        report.at / 24h + 1,
        report.at % 24h / 1h,
        report.at % 1h / 1min,
        command(options.seed, options.days),
        command(options.seed, options.days)
    );
    std::fflush(stdout);
    return static_cast<int>(failure.verdict);
}

/// What a process that ran a world says by the way in which it ended.
int verdict_of(int status) {
    if (WIFEXITED(status)) {
        const int code = WEXITSTATUS(status);
        const bool known = code == 0 || code == 11 || code == 12;
        return known ? code : static_cast<int>(Verdict::crash);
    }
    return static_cast<int>(WTERMSIG(status) == SIGALRM ? Verdict::stuck : Verdict::crash);
}

pid_t in_child(const worlds::WorldOptions& options, unsigned patience_s) {
    std::fflush(stdout);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::alarm(patience_s);
        ::_exit(run_and_tell(options));
    }
    return pid;
}

/// Every world of the days asked for, a process each, as many at once as there are cores.
int run_all(const Asked& asked, worlds::WorldOptions options) {
    const auto began = std::chrono::steady_clock::now();
    const auto cores = std::max(1U, std::thread::hardware_concurrency());
    std::map<pid_t, worlds::WorldOptions> running;
    int left = asked.days, worst = 0;
    const int days = asked.fast ? days_when_fast : days_a_world;
    for (std::uint64_t seed = asked.seed; left > 0 || !running.empty();) {
        if (asked.fast && worst != 0) left = 0;  // those that run come to their end
        if (left > 0 && running.size() < cores) {
            options.seed = seed++;
            options.days = std::min(left, days);
            left -= options.days;
            running[in_child(options, asked.patience_s)] = options;
            continue;
        }
        int status = 0;
        const pid_t pid = ::waitpid(-1, &status, 0);
        const auto it = running.find(pid);
        if (it == running.end()) continue;
        const int verdict = verdict_of(status);
        if (verdict != 0 && !(WIFEXITED(status) && WEXITSTATUS(status) == verdict))
            fmt::print(
                "world {}: {}\n  again: {}\n",
                it->second.seed,
                verdict == static_cast<int>(Verdict::stuck) ? "STUCK: no end" : "CRASHED",
                command(it->second.seed, it->second.days)
            );
        if (verdict != 0 && (worst == 0 || verdict < worst)) worst = verdict;
        running.erase(it);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    fmt::print(
        "{} days, {:.0f} s: {}\n", asked.days, took.count(), worst == 0 ? "all held" : "FAILED"
    );
    return worst;
}

int verdict_in_child(const worlds::WorldOptions& options, unsigned patience_s) {
    const pid_t pid = in_child(options, patience_s);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return verdict_of(status);
}

/// The least number of steps after which the world fails; found by halving.
int shrink(worlds::WorldOptions options, unsigned patience_s) {
    const auto verdict = [&] { return verdict_in_child(options, patience_s); };
    if (verdict() == 0) return 0;
    std::uint64_t holds = 0, fails = 1;
    for (options.until = fails; verdict() == 0; options.until = fails *= 2) holds = fails;
    while (fails - holds > 1) {
        options.until = holds + (fails - holds) / 2;
        (verdict() == 0 ? holds : fails) = *options.until;
    }
    options.until = fails;
    fmt::print("shortest: {} --until {}\n", command(options.seed, options.days), fails);
    return verdict();
}

/// The state of a world, hour by hour, against what the file says: compilers, build types and
/// sanitizers must all come to the same. With SURGED_UPDATE_GOLDEN=1 the file is written.
int compare(const worlds::WorldOptions& options, const std::string& file) {
    const auto report = run(options);
    const std::string found =
        fmt::format("{} days of world {}: {}", options.days, options.seed, report.digest);
    if (std::getenv("SURGED_UPDATE_GOLDEN") != nullptr) {
        std::ofstream{file} << found << '\n';
        return 0;
    }
    std::ifstream in{file};
    std::string expected;
    std::getline(in, expected);
    fmt::print("{}\n", found);
    if (report.failure || found == expected)
        return report.failure ? static_cast<int>(report.failure->verdict) : 0;
    fmt::print(
        "{} says: {}\nif it was meant to change: SURGED_UPDATE_GOLDEN=1, from every compiler\n",
        file,
        expected
    );
    return static_cast<int>(Verdict::wrong);
}

}  // namespace

int main(int argc, char** argv) {
    Asked asked;
    CLI::App app{"Simulated days of surged. Exit: 0 held, 10 crash, 11 wrong, 12 stuck."};
    app.add_option("--days", asked.days, "days in all, in worlds of ten")
        ->check(CLI::PositiveNumber);
    app.add_option("--seed", asked.seed, "of the first world")->check(CLI::PositiveNumber);
    app.add_option("--world", asked.world, "only the world of this seed, in this process");
    app.add_option("--until", asked.until, "with --world: end after so many steps");
    app.add_flag("--shrink", asked.shrink, "with --world: find its shortest prefix that fails");
    app.add_option("--patience", asked.patience_s, "seconds until a world is called stuck");
    app.add_option("--plant", asked.plant, "crash, wrong or stuck")
        ->check(CLI::IsMember({"crash", "wrong", "stuck"}));
    app.add_option("--plant-at", asked.plant_at, "the step at which it happens");
    app.add_option("--digest", asked.digest, "with --world: a file with what it comes to");
    app.add_flag("--fast", asked.fast, "worlds of two days; no more of them after one that fails");
    app.add_flag("--log", asked.log, "with --world: the daemon's own log");
    CLI11_PARSE(app, argc, argv);
    log::set_threshold(asked.log ? log::Severity::debug : static_cast<log::Severity>(0));
    worlds::WorldOptions options;
    options.seed = asked.world;
    options.days = asked.days;
    if (asked.until > 0) options.until = asked.until;
    for (const Verdict each : {Verdict::crash, Verdict::wrong, Verdict::stuck})
        if (asked.plant == word_of(each)) options.planted = each;
    options.planted_at = asked.plant_at;
    if (asked.world == 0) return run_all(asked, options);
    if (!asked.digest.empty()) return compare(options, asked.digest);
    return asked.shrink ? shrink(options, asked.patience_s) : run_and_tell(options);
}
