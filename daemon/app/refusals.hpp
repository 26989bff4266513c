// Whose events are refused because another source feeds the queue: said once, and while it lasts.
#pragma once

#include "core/acd/event.hpp"
#include "core/acd/floor.hpp"
#include "io/api/host.hpp"

#include <map>
#include <string>
#include <vector>

namespace surged::app {

class Refusals {
public:
    /// What of a batch of `source` was refused. Logs the first of that source.
    void note(
        const std::string& source,
        const acd::Batch& batch,
        const std::vector<acd::Rejected>& rejected,
        Wall now
    );
    /// One for each source of which something was refused within the last five minutes.
    [[nodiscard]] std::vector<io::Component> components(Wall now) const;

private:
    struct Seen {
        std::string queue;  // the first
        Wall since, last;
        std::uint64_t times{0};
    };
    std::map<std::string, Seen> seen_;
};

}  // namespace surged::app
