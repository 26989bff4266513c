#include "base/random.hpp"
#include "config/document.hpp"
#include "unit/config/files.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <vector>

using namespace surged;
using namespace surged::config;
using namespace surged::config::test;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    out.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

/// Loads everything; true if it loaded, and then its bytes must be the same twice.
bool loads(const Files& files) {
    const auto daemon = load_daemon(files.daemon_file(), {});
    if (!daemon) {
        CHECK(!daemon.error().empty());
        return false;
    }
    const auto rules = load_rules(files.rules(), &*daemon);
    if (!rules) CHECK(!rules.error().empty());
    return rules.has_value();
}

}  // namespace

TEST_CASE("config: no text makes the reader crash, hang or fill the memory") {
    // Long enough that what grows with the square of it would be noticed.
    const std::size_t most = Bounds::bytes / 16;
    struct Row {
        const char* name;
        std::string text;
    };
    const Row rows[] = {
        {"nothing but [", repeated("[", most)},
        {"nothing but {", repeated("{", most)},
        {"nothing but - ", repeated("- ", most / 2)},
        {"nothing but ? ", repeated("? ", most / 2)},
        {"nothing but : ", repeated(": ", most / 2)},
        {"nothing but &a ", repeated("&a ", most / 3)},
        {"nothing but !", repeated("!", most)},
        {"many sources",
         "sources: {" +
             [] {
                 std::string out;
                 for (int i = 0; i < 5'000; ++i) out += fmt::format("s{}: {{type: ami}}, ", i);
                 return out;
             }() +
             "}"},
        {"nothing but quotes", repeated("'", most)},
        {"nothing but blanks", repeated(" ", most)},
        {"nothing but line breaks", repeated("\n", most)},
        {"nothing but documents", repeated("---\n", most / 4)},
        {"nothing but directives", repeated("%A\n", most / 3)},
        {"one long word", repeated("a", most)},
        {"one long number", "limits: {queues: " + repeated("9", most - 64) + "}"},
        {"one long key", repeated("a", most - 4) + ": x"},
        {"many keys",
         [] {
             std::string out;
             for (int i = 0; i < 20'000; ++i) out += fmt::format("k{}: x\n", i);
             return out;
         }()},
        {"many values", "a: [" + repeated("x,", most / 2 - 8) + "]"},
        {"ever deeper",
         [] {
             std::string out;
             for (std::size_t i = 0; i < 500; ++i) out += std::string(i, ' ') + "a:\n";
             return out;
         }()},
        {"many aliases", "a: &a x\nb: [" + repeated("*a,", 50'000) + "]"},
        {"too large", repeated("a", Bounds::bytes + 1)},
        {"a block scalar without end", "a: |\n" + repeated("  x\n", most / 4 - 4)},
        {"a comment without end", "#" + repeated("x", most - 2)},
        {"a dash and a directive", "--- %\n...\n%YAML 9999999999999999.1\n---\n"},
        {"a tag without end", "!<" + repeated("a", 1000)},
    };
    const Files files;
    for (const Row& row : rows) {
        CAPTURE(row.name);
        Report report;
        const auto before = std::chrono::steady_clock::now();
        const Document document = Document::parse("x.yaml", row.text, report);
        CHECK((document.root() != nullptr || !report.empty()));
        files.put("surged.yaml", row.text);
        CHECK(!load_daemon(files.daemon_file(), {}));
        const auto took = std::chrono::steady_clock::now() - before;
        CHECK(took < 20s);
    }
}

TEST_CASE("config: any change of a good file loads or is refused with a reason") {
    const std::pair<const char*, std::string> good[] = {
        {"surged.yaml",        std::string{good_daemon}},
        {"rules/site.yaml",    std::string{good_site}  },
        {"rules/roster.yaml",  std::string{good_roster}},
        {"rules/plans/a.yaml", std::string{good_plan}  },
    };
    const std::string spice = "{}[]:,-?&*!|>'\"%@`#\n\t ~<=.0a\xff";
    Random random{20261123};
    std::size_t loaded = 0;
    for (const auto& [name, text] : good) {
        const Files files;
        for (int i = 0; i < 100; ++i) {
            std::string changed = text;
            const auto changes = 1 + random.below(3);
            for (std::uint64_t j = 0; j < changes && !changed.empty(); ++j) {
                const std::size_t at = random.below(changed.size());
                const std::size_t pick = random.below(spice.size());
                const auto how = random.below(4);
                if (how == 0) changed[at] = spice[pick];
                if (how == 1) changed.insert(at, 1, spice[pick]);
                if (how == 2) changed.erase(at, 1 + pick);
                if (how == 3) changed.resize(at);
            }
            CAPTURE(changed);
            files.put(name, changed);
            if (loads(files)) ++loaded;
        }
    }
    CHECK(loaded > 0);  // a changed comment or name is no mistake
    CHECK(loaded < 400);
}
