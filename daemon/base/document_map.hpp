// What a map says: how the fields of somebody else's document become the fields of our records.
// Plain values: config/ reads them from YAML, io/ applies them. Knows neither JSON nor our records.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surged {

/// Where a value stands.
struct Reference {
    enum class In : std::uint8_t {
        item,    // /a/0/b: below the item that is being read (the whole document without `each`)
        top,     // top:/a/b: below the document
        header,  // header:x-name
        query,   // query:name
    };
    In in{In::item};
    std::vector<std::string> path;  // item, top: the tokens of the pointer, unescaped; a pointer
                                    // may lead through a text that is JSON itself
    std::string name;               // header (lower case), query
    bool operator==(const Reference&) const = default;
};
/// An RFC 6901 pointer, or one of the prefixed forms above.
[[nodiscard]] Result<Reference> parse_reference(std::string_view text);
/// True if `text` is meant as a reference: it begins with / or one of the prefixes.
[[nodiscard]] bool looks_like_reference(std::string_view text);
/// The tokens of an RFC 6901 pointer; nullopt if it is none.
[[nodiscard]] std::optional<std::vector<std::string>> parse_pointer(std::string_view text);

/// What must hold of a document for a rule to apply. Every member that is set must hold.
struct DocumentTest {
    std::vector<Reference> at;  // the first that is there
    std::optional<bool> exists;
    std::vector<std::string> in;    // it is one of these words
    std::vector<std::string> like;  // it fits one of these patterns, * and ? match any
    std::vector<std::string> has;   // it is a list with one of these words in it
    bool operator==(const DocumentTest&) const = default;
};

/// From this instant on, local = UTC + offset.
struct ZoneChange {
    std::int64_t from_us{0};  // since the Unix epoch
    std::int32_t offset_s{0};
    bool operator==(const ZoneChange&) const = default;
};

enum class TimeForm : std::uint8_t {
    rfc3339,  // text with a zone; a number is Unix seconds
    unix_s,
    unix_ms,
    local,  // text without a zone, in `zone`
};

/// Where one field comes from and what is done to it, in the order of the members.
struct DocumentValue {
    std::optional<std::string> constant;
    std::vector<Reference> at;      // the first that is there
    std::vector<std::string> item;  // of a list: where in each of its items the word stands
    std::string after_last;         // what follows its last occurrence
    std::map<std::string, std::string> table;  // translates the word
    std::optional<std::string> fallback;       // absent, or not in the table
    std::string prefix;                        // put before the word
    TimeForm time{TimeForm::rfc3339};          // of a field that is a time
    std::vector<ZoneChange> zone;              // of TimeForm::local, by time, not empty
    std::int64_t unit_us{1'000'000};           // of a field that is a duration: what 1 means
    bool operator==(const DocumentValue&) const = default;
};

/// One kind of record that a document may give.
struct DocumentRule {
    std::vector<DocumentTest> when;                             // all must hold
    std::vector<DocumentTest> unless;                           // none may hold
    std::vector<std::pair<std::string, DocumentValue>> fields;  // by our name
    bool operator==(const DocumentRule&) const = default;
};

struct DocumentMap {
    std::string name;
    std::optional<Reference> each;    // a list: each item is read as a document of its own
    std::vector<Reference> id;        // the delivery's own id: the same one twice counts once
    std::vector<DocumentRule> rules;  // each that applies gives a record
    bool operator==(const DocumentMap&) const = default;
};

}  // namespace surged
