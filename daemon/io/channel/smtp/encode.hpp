// A page as a mail: text and HTML, in one thread per incident. Pure: the same page gives the same
// bytes in every attempt.
#pragma once

#include "core/delivery/page.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace surged::io::smtp {

struct Address {
    std::string name;     // for people; may be empty
    std::string address;  // local@domain
};
/// The addresses of a contact's `to`, between commas, semicolons or blanks; empty if one of them is
/// none. Nothing that would end a command or a header passes.
[[nodiscard]] std::vector<std::string> recipients_of(std::string_view to);

struct Frame {
    Address from;
    std::vector<std::string> to;
    std::string link;  // to acknowledge by; empty: none
    /// Id of the page that was the incident's first mail; this page's own: it is the first.
    std::string root;
};

/// <inc-P06-hz-20261123-2.1.0.0.wang.mail@example.org>: of the page, the same in every attempt.
[[nodiscard]] std::string message_id(std::string_view page_id, const Address& from);

/// [Ⅱ级 售前电话 每坐席排队 0.36(阈值 0.35)] P06-hz-20261123-2: what changes stands in brackets,
/// which mail programs leave out when they compare the subjects of a thread (RFC 5256 §2.1).
[[nodiscard]] std::string subject_of(const delivery::Page& page);

/// The last line of both forms: who sends this, and that opening it is no acknowledgement.
[[nodiscard]] std::string_view footer(plan::Language language);
[[nodiscard]] std::string text_of(const delivery::Page& page, const std::string& link);
/// One column, readable on a telephone without zooming: the level in its colour, the figure against
/// its threshold, the facts, the first step, the button.
[[nodiscard]] std::string html_of(const delivery::Page& page, const std::string& link);

/// Headers and body with CRLF, before the dots of DATA.
[[nodiscard]] std::string encode_message(const delivery::Page& page, const Frame& frame);

}  // namespace surged::io::smtp
