// The core is deterministic: same inputs, same effects, on every machine. So it has no clock, I/O,
// thread, randomness or locale of its own, throws nothing and never walks a hash map.
#include "lint/source_tree.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <regex>
#include <set>

namespace surged::lint {
namespace {

struct Ban {
    const char* pattern;  // ECMAScript, on code without comments and literals
    const char* why;
};
// clang-format off: one ban a line
const Ban bans[] = {
    {R"(#include <(thread|mutex|shared_mutex|condition_variable|future|atomic)>)", "threads"},
    {R"(#include <(iostream|fstream|sstream|ostream|istream|cstdio|filesystem)>)", "I/O"},
    {R"(#include <(ctime|time\.h|unistd\.h|fcntl\.h|sys/\w+\.h)>)", "the system"},
    {R"(#include <random>)", "library randomness differs between machines"},
    {R"(#include <(locale|clocale|codecvt)>)", "locale"},
    {R"(#include <boost/|\bboost::)", "Boost, except through base/flat_map.hpp"},
    {R"(#include "base/log\.hpp"|\blog::\w+)", "logging: return the reason, the shell logs it"},
    {R"(\b(system|steady|high_resolution|file|utc)_clock\b)", "a clock: time comes with the input"},
    {R"(\b(gettimeofday|clock_gettime|localtime|gmtime|strftime|mktime)(_r)?\b)", "a clock"},
    {R"(\bstd::time\s*\(|[^.>:\w]time\s*\(\s*(nullptr|NULL|0)\s*\))", "a clock"},
    {R"(\bstd::(thread|jthread|mutex|async|atomic|condition_variable)\b)", "threads"},
    {R"(\bstd::this_thread\b|\bthread_local\b)", "threads"},
    {R"(\b(random_device|mt19937|mt19937_64|default_random_engine)\b)", "randomness of its own"},
    {R"(\bstd::(\w+_distribution|shuffle|sample)\b|\bs?rand\s*\()", "randomness of its own"},
    {R"(\b(getenv|setlocale|isatty|getpid|gethostname)\s*\()", "the environment"},
    {R"(\bstd::locale\b)", "locale"},
    {R"(\bstd::(filesystem|cout|cerr|clog|cin|[io]?fstream)\b)", "I/O"},
    {R"(\b(f?printf|puts|fopen|fwrite|fread)\s*\(|\bfmt::print\b)", "I/O"},
    {R"(\bco_(await|return|yield)\b)", "coroutines live in the shell"},
    {R"(\bthrow\b|\btry\s*\{|\bcatch\s*\()", "exceptions: a Result says what went wrong"},
    {R"(\bstd::sto(i|l|ll|ul|ull|f|d|ld)\s*\()", "throws, and reads by locale: use from_chars"},
    {R"(\b(strto[dflu]+|ato[fil]l?)\s*\()", "reads by locale: use from_chars"},
};
// clang-format on

std::size_t line_at(const std::string& text, std::ptrdiff_t at) {
    return 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + at, '\n'));
}

std::vector<Finding> core_breaches(const SourceFile& file) {
    std::vector<Finding> findings;
    const std::string code = code_of(file.text);
    for (const Ban& ban : bans) {
        const std::regex pattern{ban.pattern};
        for (std::sregex_iterator it{code.begin(), code.end(), pattern}, end; it != end; ++it) {
            findings.push_back(
                {file.path,
                 line_at(code, it->position()),
                 fmt::format("`{}` is banned in core/: {}", it->str(), ban.why)}
            );
        }
    }
    return findings;
}

/// Names of variables and members that hold a hash map or set, anywhere in `files`.
std::set<std::string> hashed_names(const std::vector<SourceFile>& files) {
    static const std::regex declared{
        R"((?:unordered_(?:multi)?(?:map|set)|FlatMap|flat_map)<[^;(){}=]*>\s*&?\s*(\w+)\s*[;{=])"
    };
    std::set<std::string> names;
    for (const SourceFile& file : files) {
        const std::string code = code_of(file.text);
        for (std::sregex_iterator it{code.begin(), code.end(), declared}, end; it != end; ++it) {
            names.insert((*it)[1].str());
        }
    }
    return names;
}

/// A walk over a hash map gives an order that another machine does not share.
std::vector<Finding> hash_walks(const std::vector<SourceFile>& files) {
    std::vector<Finding> findings;
    for (const std::string& name : hashed_names(files)) {
        const std::regex walk{
            fmt::format(R"(for\s*\([^;()]*:[^;()]*\b{0}\s*\)|\b{0}\.c?begin\s*\()", name)
        };
        for (const SourceFile& file : files) {
            const std::string code = code_of(file.text);
            for (std::sregex_iterator it{code.begin(), code.end(), walk}, end; it != end; ++it) {
                findings.push_back(
                    {file.path,
                     line_at(code, it->position()),
                     fmt::format("`{}` walks a hash map, whose order is not ours", it->str())}
                );
            }
        }
    }
    return findings;
}

TEST_CASE("lint: core knows no clock, thread or I/O") {
    std::vector<Finding> findings;
    const auto core = files_below("daemon/core", {".cpp", ".hpp"});
    for (const SourceFile& file : core) {
        for (Finding& f : core_breaches(file)) findings.push_back(std::move(f));
    }
    CHECK_MESSAGE(findings.empty(), report(findings));
    const auto walks = hash_walks(core);
    CHECK_MESSAGE(walks.empty(), report(walks));
}

TEST_CASE("lint: the scanner of core bans finds what is planted and nothing else") {
    struct Row {
        const char* name;
        const char* text;
        std::size_t breaches;
    };
    const Row rows[] = {
        {"a clock",                 "auto t = std::chrono::steady_clock::now();",  1},
        {"C time",                  "auto t = time(nullptr);",                     1},
        {"our own time()",          "auto t = input.time(0) + wall_time(1);",      0},
        {"a thread and its header", "#include <thread>\nstd::thread t;",           2},
        {"a mutex",                 "std::mutex m;",                               1},
        {"randomness",              "std::mt19937 g{std::random_device{}()};",     2},
        {"a distribution",          "std::uniform_int_distribution<int> d{0, 5};", 1},
        {"output",                  "std::cout << 1; printf(\"x\");",              2},
        {"an exception",            "if (bad) throw Error{};",                     1},
        {"swallowing one",          "try { f(); } catch (...) {}",                 2},
        {"Boost",                   "#include <boost/container/flat_map.hpp>",     1},
        {"logging",                 "#include \"base/log.hpp\"",                   1},
        {"a locale-bound parse",    "double d = std::stod(text);",                 1},
        {"the environment",         "auto z = std::getenv(\"TZ\");",               1},
        {"in a comment",            "// no steady_clock, no std::thread here",     0},
        {"in a long comment",       "/* try { throw } */ int x;",                  0},
        {"in a string",             "f(\"std::thread and throw\");",               0},
        {"in a raw string",         "f(R\"(try { throw; } catch (...)\" )\");",    0},
        {"digit separators",        "int n = 1'000'000; std::thread t;",           1},
        {"a quote as a character",  "char c = '\"'; std::mutex m;",                1},
        {"retry is not try",        "retry{5}; Dispatch(x); catches(y);",          0},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(core_breaches({"planted.cpp", row.text}).size() == row.breaches);
    }
}

TEST_CASE("lint: a walk over a hash map is found wherever the map is declared") {
    const SourceFile header{
        "a.hpp", "std::unordered_map<std::string, Call> calls_;\nstd::map<int, int> ordered_;"
    };
    struct Row {
        const char* name;
        const char* text;
        std::size_t walks;
    };
    const Row rows[] = {
        {"range for",       "for (const auto& [id, call] : calls_) use(id);",         1},
        {"through a state", "for (auto& entry : state_->calls_) use(entry);",         1},
        {"iterators",       "for (auto it = calls_.begin(); it != calls_.end();) {}", 1},
        {"a look-up",       "if (calls_.find(id) == calls_.end()) return;",           0},
        {"an ordered map",  "for (const auto& [a, b] : ordered_) use(a);",            0},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(
            hash_walks({
                           header, {"a.cpp", row.text}
        }
            ).size() == row.walks
        );
    }
}

}  // namespace
}  // namespace surged::lint
