// Loading rules while surged runs: who asks, who must agree, what was in force when.
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"
#include "core/engine/input.hpp"
#include "core/plan/difference.hpp"

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace surged::io {

struct ReloadAsked {
    ReloadAsked() = default;
    engine::Actor actor;
    std::string by;       // the person, where one is named
    std::string why;      // in his words
    std::string confirm;  // agrees to the pending reload of this id
    std::function<bool()> still{
    };  // false: the files have changed since; what was read is not used
};

/// Rules that were read, are good, and wait for a second person.
struct PendingReload {
    std::string id, hash;
    std::string by;  // who asked; empty: nobody is known (SIGHUP, a changed file)
    std::string via, why;
    std::string because;  // why two are needed
    Wall at, until;       // it lapses then
};

struct ReloadAnswer {
    enum class What : std::uint8_t {
        loaded,     // in force, or they were already
        pending,    // a second person must agree
        refused,    // the rules are wrong: `detail` has every mistake
        conflict,   // not by this person
        not_found,  // no such pending reload, or it has lapsed
    };
    What what{What::loaded};
    bool durable{true};  // false: in force, and the store fails
    std::string hash, detail;
    std::optional<PendingReload> pending;
};

/// One loading of rules, newest first in lists.
struct RulesVersion {
    std::string hash;
    Wall at;
    std::string who, via, why, second;
};

struct RulesComparison {
    std::string from, to;               // hashes
    std::vector<plan::Change> changes;  // behaviour first
    std::vector<std::string> files;     // whose text differs
};

using RulesFiles = std::vector<std::pair<std::string, std::string>>;  // path, text

class RulesDesk {
public:
    virtual ~RulesDesk() = default;
    /// Reads the rules again; those that are wrong leave the old ones in force.
    [[nodiscard]] virtual boost::asio::awaitable<ReloadAnswer> reload(ReloadAsked asked) = 0;
    [[nodiscard]] virtual const std::optional<PendingReload>& pending() const = 0;
    /// Each side: "" for those in force, "files", "pending", or a version's hash or its beginning.
    [[nodiscard]] virtual boost::asio::awaitable<Result<RulesComparison>> compare(
        std::string from, std::string to
    ) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<RulesVersion>>> versions() = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Result<RulesFiles>> text(std::string version) = 0;
};

}  // namespace surged::io
