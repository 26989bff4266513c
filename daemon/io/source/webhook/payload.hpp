// One delivery as values: its JSON or form body, its headers and query, and how a reference finds
// its way in it. Pure.
#pragma once

#include "base/document_map.hpp"
#include "base/error.hpp"
#include "io/http/message.hpp"

#include <boost/json/value.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surged::io::hook {

/// The body as a tree: JSON, or a form (application/x-www-form-urlencoded) as an object of texts.
/// Of a name that comes twice the last counts. At most 32 deep.
[[nodiscard]] Result<boost::json::value> parse_body(
    std::string_view content_type, std::string_view body
);

/// A text as it is, a number or true and false as JSON would write it; nullopt for a list, an
/// object and null.
[[nodiscard]] std::optional<std::string> word_of(const boost::json::value& value);

/// Reads references in one delivery, which it must not outlive. A pointer that leads into a text
/// reads that text as JSON.
class Payload {
public:
    Payload(const boost::json::value& body, const http::Request& request)
        : body_{&body}, item_{&body}, request_{&request} {}

    /// What `item` references begin at from now on.
    void go_to(const boost::json::value& item) { item_ = &item; }
    [[nodiscard]] const boost::json::value& body() const { return *body_; }
    [[nodiscard]] const boost::json::value& item() const { return *item_; }

    /// nullptr where there is nothing, or null. A header or query is a text.
    [[nodiscard]] const boost::json::value* find(const Reference& reference);
    /// The first that is there.
    [[nodiscard]] const boost::json::value* find(const std::vector<Reference>& references);
    [[nodiscard]] const boost::json::value* walk(
        const boost::json::value& from, const std::vector<std::string>& path
    );
    [[nodiscard]] bool holds(const DocumentTest& test);
    [[nodiscard]] bool holds(const DocumentRule& rule);

private:
    [[nodiscard]] const boost::json::value* read_text(const boost::json::value& text);
    [[nodiscard]] const boost::json::value* keep(const std::string* text);

    const boost::json::value* body_;
    const boost::json::value* item_;
    const http::Request* request_;
    std::deque<boost::json::value> kept_;                           // headers and queries asked for
    std::map<const boost::json::value*, boost::json::value> read_;  // texts that are JSON
};

}  // namespace surged::io::hook
