// The append seam: what the daemon asks of any journal, be it SQLite here or a replicated log.
//
// Asynchronous and free of SQL types. One group commit holds the inputs, the page records they
// caused and the running effect hash; `done` runs when it is durable or has failed for good.
#pragma once

#include "base/codec.hpp"
#include "base/error.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged::store {

/// One journaled input. `bytes` is codec::encode(engine::Input), without its envelope.
struct InputRecord {
    std::uint64_t seq{0};
    Instant instant;
    std::string bytes;
    std::uint16_t core_version{0};  // read: the core it was made with; the journal writes its own
    std::uint16_t format{codec::format_version};  // of `bytes`
};
/// A page attempt that is about to be released. Where replay and this record differ, it wins.
struct PageRecord {
    std::string page;
    std::uint32_t attempt{0};
    Instant at;
    std::string bytes;  // codec::encode(delivery::Page)
    std::uint16_t format{codec::format_version};
};
/// One loading of rules: who, when, why.
struct RulesLoad {
    std::string hash;
    Wall at;
    std::string who, via;  // a person, a token, or surged itself; http, SIGHUP, file watch, start
    std::string why;       // in their words
    std::string second;    // who agreed, where two are needed
    template <class A>
    void fields(A& a) {
        a(hash, at, who, via, why, second);
    }
    bool operator==(const RulesLoad&) const = default;
};
/// A rule set, stored once under its hash with the files it was made from.
struct RulesRecord {
    std::string hash;                                          // hex SHA-256 of bytes
    std::string bytes;                                         // codec::encode(plan::RuleSet)
    std::vector<std::pair<std::string, std::string>> sources;  // path, text
    std::uint16_t format{codec::format_version};               // of `bytes`
    std::optional<RulesLoad> load{};                           // written beside it; not read back
};
/// What becomes durable together.
struct Commit {
    std::vector<InputRecord> inputs;
    std::vector<PageRecord> pages;
    std::vector<RulesRecord> rules;
    std::uint64_t last_seq{0};
    std::uint64_t effect_hash{0};
    std::string state_hash;  // hex; only with the test setting store.record_state_hash
    /// A whole engine image as of last_seq: after a gap, in the same commit as the Gap record.
    std::optional<std::string> snapshot;
};
struct Committed {
    bool durable{false};
    std::string error;  // why not, in words
    Micros took{0};     // from append to done
    /// Only with durable=false: the store can write (again), and waits for the commit with the gap
    /// record and the full snapshot. Until that one, whatever follows the hole is refused.
    bool ready{false};
};
using Done = std::function<void(Committed)>;

class Journal {
public:
    virtual ~Journal() = default;
    /// Queues a group commit; they are made durable in order. `done` is called exactly once, on
    /// the journal's own thread. A commit that fails is retried only if nothing of it was written;
    /// the caller decides what to do after a failure (answer 202, note a gap).
    virtual void append(Commit commit, Done done) = 0;
};

/// A snapshot as stored.
struct Image {
    std::uint64_t seq{0};
    Instant instant;
    std::uint64_t effect_hash{0};
    std::string bytes;
};
/// The note that each commit leaves.
struct CommitNote {
    std::uint64_t last_seq{0};
    std::uint64_t effect_hash{0};
    std::string state_hash;
};

}  // namespace surged::store
