// surgectl receive: takes pages as a webhook, shows them to people, and can acknowledge them.
#pragma once

#include "app/cli/common.hpp"
#include "base/time.hpp"

#include <deque>
#include <set>
#include <string>
#include <string_view>

namespace surged::app::cli {

struct ReceiveOptions {
    std::string listen{"127.0.0.1:9470"};
    std::string secret_file;  // empty: signatures are not looked at
    std::string ack_after;    // "10s"; empty: never
    std::string by{"surgectl"};
};

/// Runs until SIGINT or SIGTERM.
[[nodiscard]] Exit receive(const Globals& globals, const ReceiveOptions& options);

/// The ids seen last, so that a page sent twice is known as a repeat. Bounded.
class SeenIds {
public:
    explicit SeenIds(std::size_t most = 10'000) : most_{most} {}
    /// True if it is new.
    bool add(const std::string& id);

private:
    std::size_t most_;
    std::set<std::string> known_;
    std::deque<std::string> order_;
};

/// A page for the screen, several lines with their ends; what the body lacks is left out. `body` is
/// what arrived: it may be anything.
[[nodiscard]] std::string describe_page(
    std::string_view id, std::string_view body, bool repeat, Wall now
);

}  // namespace surged::app::cli
