// The words that every channel adds to a page, and how they are fitted into a vendor's limits.
// Pure.
#pragma once

#include "core/delivery/page.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::wording {

/// At most `max` bytes of UTF-8, never half a character; "…" stands for what was cut.
[[nodiscard]] std::string cut(std::string_view text, std::size_t max);
/// A possible repeat says so where people look first, in the page's own language.
[[nodiscard]] std::string marked(const delivery::Page& page, std::string_view text);
/// P06-hz-20261123-2#1.0.0: what one page is told from every other by, the same in each attempt.
[[nodiscard]] std::string sequence(const delivery::Page& page);
/// 认领; Acknowledge.
[[nodiscard]] std::string acknowledge(plan::Language language);
/// The parts of a page's text, one fact each; the first begins with the title.
[[nodiscard]] std::vector<std::string> facts(const delivery::Content& content);
/// The text with what it says besides its title, one fact a line, without the title.
[[nodiscard]] std::vector<std::string> facts_below_title(const delivery::Content& content);
/// The whole text on one line, with the link to acknowledge by: what a channel without any layout
/// sends. The link is never cut; `link` empty: there is none.
[[nodiscard]] std::string line(
    const delivery::Page& page, const std::string& link, std::size_t max
);
/// `text` without what a vendor's markup would act on (mentions, links, emphasis): names come from
/// outside, and one of them must not call a whole group.
[[nodiscard]] std::string inert(std::string_view text);

}  // namespace surged::io::wording
