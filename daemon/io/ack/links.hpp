// Where a page is acknowledged: `Links::of(page)` gives the signed link of a page and its person.
//
// Every channel that can carry a link takes a LinkOf in its options (app/channels.cpp hands it out)
// and asks it for each page it sends. Nothing else signs.
#pragma once

#include "core/delivery/page.hpp"
#include "io/ack/token.hpp"

#include <functional>
#include <string>
#include <vector>

namespace surged::io::ack {

/// The link by which the page's person acknowledges it; "" where there is no public URL.
using LinkOf = std::function<std::string(const delivery::Page&)>;

/// How long a link can be answered by; after the incident's end it cannot, whatever this says.
inline constexpr Micros link_life = std::chrono::hours{24};

/// The keys in force, newest first, and what links begin with. On the loop thread.
class Links {
public:
    /// @param public_url  http.public_url; empty: there are no links
    /// @param hold_most  http.thresholds_by_link: how long thresholds that are raised by a link may
    ///                   hold; 0: no link raises any
    Links(std::vector<Key> keys, std::string public_url, Micros hold_most = Micros{0});

    /// public_url/a/TOKEN; "" for a notice that is of no incident. The same in every attempt of a
    /// page, as long as the key is.
    [[nodiscard]] std::string of(const delivery::Page& page) const;
    [[nodiscard]] const std::vector<Key>& keys() const { return keys_; }
    [[nodiscard]] Micros hold_most() const { return hold_most_; }
    void rotate(std::vector<Key> keys) { keys_ = std::move(keys); }

private:
    std::vector<Key> keys_;
    std::string public_url_;
    Micros hold_most_;
};

}  // namespace surged::io::ack
