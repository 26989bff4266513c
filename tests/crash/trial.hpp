// One night in small, with one fault in it: the real surged, a recording receiver, and a client
// that says again what it got no answer to.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace surged::crash {

struct Fault {
    std::string kind;  // as in faults.cpp; empty: none
    std::uint64_t at{0};
    std::int64_t arg{0};
    [[nodiscard]] std::string text() const;
};

struct Outcome {
    std::string wrong;            // what was promised and not kept; empty: all was
    std::set<std::string> pages;  // "wang I": whom, and for which level, a page reached
    std::size_t repeated{0};      // receipts of a page that had been taken before, marked
    std::size_t unmarked{0};      // without the mark: only where records were lost
    std::size_t starts{1};
    std::size_t gaps{0};                   // that the journal tells of
    bool refused{false};                   // it did not start, and said why
    std::chrono::milliseconds longest{0};  // from the event to its page, restarts included
    std::uint64_t operations{0};           // that changed the disk, of the first start
};

/// @param due  the pages that must reach somebody; nullptr: whatever comes
[[nodiscard]] Outcome run(const Fault& fault, const std::set<std::string>* due);

}  // namespace surged::crash
