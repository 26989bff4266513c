#include "app/cli/run_command.hpp"

#include "app/cli/child.hpp"
#include "io/channel/command/encode.hpp"
#include "support/surge_page.hpp"
#include "support/temp_folder.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace surged;
using namespace surged::app;
using delivery::Outcome;

namespace {

/// A script of /bin/sh that is run as the program.
class Script {
public:
    explicit Script(const std::string& text) : path{folder_.path() + "/program"} {
        std::ofstream{path} << "#!/bin/sh\n" << text << "\n";
        ::chmod(path.c_str(), 0755);
    }
    [[nodiscard]] std::string file(const char* name) const {
        std::ifstream in{folder_.path() + "/" + name};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    [[nodiscard]] std::string folder() const { return folder_.path(); }

private:
    test::TempFolder folder_;

public:
    std::string path;
};

/// What the helper says to `sent`; `close`: the daemon's side is closed behind it.
std::string served(
    const std::vector<std::string>& argv,
    const std::string& sent,
    Micros timeout = 10s,
    bool close = true
) {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    std::thread helper{[&] {
        (void)cli::serve_page(ends[1], argv, timeout);
        ::close(ends[1]);
    }};
    REQUIRE(::write(ends[0], sent.data(), sent.size()) == static_cast<ssize_t>(sent.size()));
    if (close) ::shutdown(ends[0], SHUT_WR);
    std::string out;
    std::array<char, 4096> chunk{};
    for (ssize_t got = 0; (got = ::read(ends[0], chunk.data(), chunk.size())) > 0;)
        out.append(chunk.data(), static_cast<std::size_t>(got));
    helper.join();
    ::close(ends[0]);
    return out;
}

engine::Receipt receipt_of(const Script& script, Micros timeout = 10s) {
    const std::string page = io::command::encode_page(test::a_page("8001"), "");
    return io::command::judge(served({script.path}, page, timeout), "");
}

cli::ChildOptions child(const Script& script) {
    cli::ChildOptions out;
    out.argv = {script.path};
    out.environment = {"PATH=/usr/bin:/bin"};
    return out;
}

/// Nobody of this process group is left. Orphans are killed at once, but reaped by whoever adopted
/// them.
bool is_gone(pid_t group) {
    for (int i = 0; i < 500 && ::kill(-group, 0) == 0; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    return ::kill(-group, 0) != 0;
}

}  // namespace

TEST_CASE("run-command: how a program ends is what becomes of the page") {
    struct Row {
        const char* script;
        Outcome want;
        const char* detail;
    };
    const Row rows[] = {
        {"echo sent",           Outcome::accepted,    "exit 0: sent"},
        {"echo no >&2; exit 3", Outcome::bad_message, "exit 3: no"  },
        {"exit 75",             Outcome::retry,       "exit 75"     },
        {"kill -SEGV $$",       Outcome::bad_message, "signal 11"   },
    };
    for (const Row& row : rows) {
        CAPTURE(row.script);
        const auto receipt = receipt_of(Script{row.script});
        CAPTURE(receipt.detail);
        CHECK(receipt.outcome == row.want);
        CHECK(receipt.detail.find(row.detail) != std::string::npos);
    }
    const std::string page = io::command::encode_page(test::a_page(), "");
    const auto missing = io::command::judge(served({"/nowhere/program"}, page), "");
    CHECK(missing.outcome == Outcome::bad_channel);
    CHECK(missing.detail == "cannot run /nowhere/program: No such file or directory");
}

TEST_CASE("run-command: the page is input and environment, never an argument") {
    auto page = test::a_page("$(touch /tmp/surged-pwned); `id`\n");
    page.content.queue = "a\"b";
    const Script script{
        "cd \"$1\"; cat > input; env | sort > env; pwd -P > /dev/null; echo \"$#\" > count; "
        "readlink /proc/self/cwd > /dev/null; ls -l /proc/$$/fd | grep -c socket > sockets; exit 0"
    };
    const std::string sent = io::command::encode_page(page, "https://surged.example/a/x");
    // One thread, and nobody else looks at it: NOLINTBEGIN(concurrency-mt-unsafe)
    ::setenv("SURGED_TEST_LEAK", "secret", 1);
    const auto receipt = io::command::judge(served({script.path, script.folder()}, sent), "");
    ::unsetenv("SURGED_TEST_LEAK");
    // NOLINTEND(concurrency-mt-unsafe)
    CHECK_MESSAGE(receipt.outcome == Outcome::accepted, receipt.detail);
    CHECK(script.file("input") == sent);
    CHECK(script.file("count") == "1\n");
    CHECK(script.file("sockets") == "0\n");  // the connection is not the program's
    const std::string env = script.file("env");
    CAPTURE(env);
    for (const char* line :
         {"SURGED_PAGE=P06-hz-20261123-2.1.0.0.wang.mail\n",
          "SURGED_INCIDENT=P06-hz-20261123-2\n",
          "SURGED_LEVEL=II\n",
          "SURGED_QUEUE=a\"b\n",
          "SURGED_TO=$(touch /tmp/surged-pwned); `id`\n",
          "SURGED_LANGUAGE=zh-CN\n",
          "SURGED_DRILL=0\n",
          "HOME=/\n"})
        CHECK(env.find(line) != std::string::npos);
    CHECK(env.find("LEAK") == std::string::npos);
    CHECK(::access("/tmp/surged-pwned", F_OK) != 0);
}

TEST_CASE("run-command: what is no page, or comes in part, starts nothing") {
    const Script script{"touch \"$0.ran\""};
    for (const char* sent : {"", "nonsense", "[]", "{}", "{\"page\":1}"}) {
        CAPTURE(sent);
        const std::string said = served({script.path}, sent);
        CHECK(said.find("started") == std::string::npos);
        CHECK(io::command::judge(said, "").outcome == Outcome::bad_channel);
    }
    const std::string page = io::command::encode_page(test::a_page(), "");
    CHECK(served({script.path}, page, 100ms, false).empty());  // nobody closed behind it
    CHECK(served({script.path}, std::string(io::command::page_bytes_max + 1, ' ')).empty());
    CHECK(::access((script.path + ".ran").c_str(), F_OK) != 0);
}

TEST_CASE("run-command: after its time a program is ended, and its whole group") {
    const Script gentle{"trap 'echo bye; exit 0' TERM; echo on; sleep 60 & wait"};
    auto options = child(gentle);
    options.timeout = 300ms;
    auto ended = cli::run_child(options);
    CHECK(ended.timed_out);
    CHECK(ended.exit == 0);
    CHECK(ended.output == "on\nbye\n");
    const Script deaf{"trap '' TERM; echo $$; while true; do sleep 1; done"};
    options = child(deaf);
    options.timeout = 200ms;
    options.grace = 200ms;
    ended = cli::run_child(options);
    CHECK(ended.timed_out);
    CHECK(ended.signal == SIGKILL);
    CHECK(is_gone(std::stoi(ended.output)));
    CHECK(receipt_of(deaf, 100ms).outcome == Outcome::unknown);
}

TEST_CASE("run-command: what it leaves behind is ended, what it prints is cut") {
    const Script parent{"sleep 60 & echo $$; exit 0"};
    auto ended = cli::run_child(child(parent));
    CHECK(ended.exit == 0);
    CHECK_FALSE(ended.timed_out);  // the sleeper holds the pipe, and is not waited for
    CHECK(is_gone(std::stoi(ended.output)));
    const Script talker{"head -c 100000 /dev/zero | tr '\\0' x; exit 4"};
    ended = cli::run_child(child(talker));
    CHECK(ended.exit == 4);
    CHECK(ended.output.size() == cli::output_max);
    const Script slow{"sleep 0.1; wc -c"};  // more than a pipe holds waits for its reader
    auto options = child(slow);
    options.input = std::string(200'000, 'x');
    CHECK(cli::run_child(options).output == "200000\n");
}

TEST_CASE("run-command: the command line") {
    std::ostringstream err;
    cli::Globals globals{};
    globals.err = &err;
    CHECK(cli::run_command(globals, {{}, "10s"}) == cli::Exit::usage);
    CHECK(cli::run_command(globals, {{"relative"}, "10s"}) == cli::Exit::usage);
    CHECK(cli::run_command(globals, {{"/bin/true"}, "soon"}) == cli::Exit::usage);
    CHECK(err.str().find("absolute path") != std::string::npos);
}
