// YAML text as a tree of places: everything that yaml-cpp lets pass and a rule file must not.
//
// Built from yaml-cpp's events, not from its nodes: an event knows where it stands (an alias too),
// a repeated key is seen, nothing is converted behind our back ("no" stays a text, 010 is not 8)
// and depth and size are bounded while reading. What comes out is a finite tree: an alias shares
// its anchor's node, a cycle is refused, and the visits that aliases multiply are counted
// beforehand.
#pragma once

#include "config/report.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace surged::config {

struct Node {
    enum class Kind : std::uint8_t { null, scalar, list, map };
    struct Entry {
        std::string key;
        Place at;  // of the key
        Node* value{nullptr};
    };
    Kind kind{Kind::null};
    Place at;
    std::string text;            // scalar: as written, without quotes
    std::vector<Node*> items;    // list
    std::vector<Entry> entries;  // map, in the order of the file; keys are unique
    std::string origin;          // where it was said if not in the file: --set KEY
    std::uint64_t visits{1};     // nodes met when walking it, aliases followed

    [[nodiscard]] const Entry* find(std::string_view key) const;
};

struct Bounds {
    static constexpr std::size_t bytes = std::size_t{4} << 20;
    static constexpr std::size_t depth = 32;
    static constexpr std::size_t nodes = 500'000;
    static constexpr std::uint64_t visits = 1'000'000;
};

/// One YAML file. Every mistake of form goes to the report; root() is null if there is no tree, and
/// a tree with mistakes may still be decoded to find more of them.
class Document {
public:
    /// `file` is the name for messages. Never throws, whatever the bytes.
    static Document parse(std::string file, std::string_view bytes, Report& report);

    [[nodiscard]] const std::string& file() const { return file_; }
    [[nodiscard]] Node* root() { return root_; }
    [[nodiscard]] const Node* root() const { return root_; }
    /// A node that lives as long as the document.
    Node& make() { return nodes_.emplace_back(); }

private:
    std::string file_;
    std::deque<Node> nodes_;  // stable addresses
    Node* root_{nullptr};
};

/// "a list", "a map", … for messages.
[[nodiscard]] std::string_view describe(const Node& node);

/// UTF-8 without control characters.
[[nodiscard]] bool is_clean(std::string_view text);

}  // namespace surged::config
