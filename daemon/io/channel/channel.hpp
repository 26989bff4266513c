// One way to reach a person. One call is one attempt: retry, backoff and limits are decisions and
// live in core/delivery, where replay and simulation can see them.
#pragma once

#include "core/delivery/page.hpp"
#include "core/engine/input.hpp"

#include <boost/asio/awaitable.hpp>
#include <string>

namespace surged::io {

class Channel {
public:
    virtual ~Channel() = default;
    /// `page` by value: the caller's copy may be gone after the first suspension. Repeating one
    /// page.id must be harmless (it is the receiver's dedup key). The channel sets its own
    /// deadline. Never throws. The receipt's page and attempt are filled in.
    [[nodiscard]] virtual boost::asio::awaitable<engine::Receipt> deliver(delivery::Page page) = 0;
};

}  // namespace surged::io
