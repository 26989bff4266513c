// How each channel does: what /readyz and surgectl status say of it, when one that is broken is let
// be, and who is told of it by another.
#pragma once

#include "core/delivery/page.hpp"
#include "core/engine/input.hpp"
#include "core/plan/rules.hpp"
#include "io/api/host.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace surged::app {

/// A broken channel is tried again with the first page that comes after this.
inline constexpr Micros probe_every = std::chrono::minutes{5};

class ChannelHealth {
public:
    /// Every channel there is; nothing is known of any yet.
    explicit ChannelHealth(const std::vector<std::string>& names);

    enum class Change : std::uint8_t { none, broke, recovered };
    /// What came of an attempt. bad_channel: it is broken until an attempt is accepted. Unknown,
    /// retry and rate_limited: it is failing. A refused message says nothing of the channel.
    Change heard(const std::string& channel, const engine::Receipt& receipt, Wall at, Micros now);
    [[nodiscard]] bool broken(const std::string& channel) const;
    /// Why a page should go another way at once: the channel is broken and was tried a moment ago,
    /// and a later way of this person's leads over one that is not. Nothing: send it, whatever we
    /// think of the channel; no page is lost for our caution.
    [[nodiscard]] std::optional<std::string> spare(
        const delivery::Page& page, const plan::RuleSet& rules, Micros now
    ) const;
    [[nodiscard]] std::vector<io::Component> components() const;

private:
    struct One {
        enum class State : std::uint8_t { unused, good, failing, broken } state{State::unused};
        std::string why, since;
        Micros tried{0};  // steady
    };
    std::map<std::string, One> all_;
};

/// The notice that a channel broke, to somebody of the technical teams (else of the leading ones)
/// by a channel that is not broken; nullopt: there is no such way. It is no page: nobody owes it
/// anything, and it is sent once.
[[nodiscard]] std::optional<delivery::Page> notice_of(
    const std::string& channel,
    const std::string& why,
    const plan::RuleSet& rules,
    const ChannelHealth& health,
    Wall now
);

}  // namespace surged::app
