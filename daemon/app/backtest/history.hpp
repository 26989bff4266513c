// Recorded days, whatever they were recorded as, put in the order of their time.
#pragma once

#include "app/backtest/feed.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace surged::app::backtest {

class History {
public:
    /// `paths`: files in any order, "-" for standard input, a folder or file of a journal. What
    /// each is, its first bytes tell.
    [[nodiscard]] static Result<History> open(
        const std::vector<std::string>& paths, const FeedOptions& options
    );

    /// The next inputs; empty at the end.
    [[nodiscard]] Result<std::vector<engine::Input>> next();
    /// Of all files; complete at the end.
    [[nodiscard]] Reading reading() const;

    /// It tells when each source was up and when not: a journal is among them.
    [[nodiscard]] bool tells_of_sources() const { return tells_of_sources_; }

private:
    struct Part {
        std::unique_ptr<Feed> feed;
        std::vector<engine::Input> ready;
        std::size_t at{0};
        bool ended{false};
        [[nodiscard]] bool empty() const { return at == ready.size(); }
    };
    Status fill();
    std::vector<Part> parts_;
    bool tells_of_sources_{false};
};

}  // namespace surged::app::backtest
