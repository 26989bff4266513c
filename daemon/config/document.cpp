#include "config/document.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <utility>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace surged::config {
namespace {

/// Length of the UTF-8 character at the front, 0 if there is none: RFC 3629, no surrogates, no
/// over-long forms.
std::size_t utf8_length(std::string_view s) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    const auto tail = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
        return i < s.size() && at(i) >= low && at(i) <= high;
    };
    const unsigned lead = at(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead <= 0xdf) return tail(1) ? 2 : 0;
    if (lead >= 0xe0 && lead <= 0xef) {
        const unsigned low = lead == 0xe0 ? 0xa0 : 0x80;
        const unsigned high = lead == 0xed ? 0x9f : 0xbf;
        return tail(1, low, high) && tail(2) ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        const unsigned low = lead == 0xf0 ? 0x90 : 0x80;
        const unsigned high = lead == 0xf4 ? 0x8f : 0xbf;
        return tail(1, low, high) && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view no_break_space = "\xC2\xA0";

/// The lines of a text, for turning byte columns into characters.
class Lines {
public:
    explicit Lines(std::string_view text) : text_{text} {
        starts_.push_back(0);
        for (std::size_t i = 0; i < text.size(); ++i)
            if (text[i] == '\n') starts_.push_back(i + 1);
    }
    [[nodiscard]] std::string_view line(std::size_t index) const {
        if (index >= starts_.size()) return {};
        const std::size_t end = index + 1 < starts_.size() ? starts_[index + 1] : text_.size();
        return text_.substr(starts_[index], end - starts_[index]);
    }
    /// yaml-cpp counts both from 0, columns in bytes.
    [[nodiscard]] Place place(const YAML::Mark& mark) {
        if (mark.is_null()) return {};
        const auto row = static_cast<std::size_t>(std::max(mark.line, 0));
        const auto column = static_cast<std::size_t>(std::max(mark.column, 0));
        // A line may be as long as the file: go on from the place asked for before.
        if (row != row_ || column < bytes_) {
            row_ = row;
            bytes_ = 0;
            characters_ = 0;
        }
        const std::string_view whole = line(row);
        for (; bytes_ < std::min(column, whole.size()); ++bytes_)
            if ((static_cast<unsigned char>(whole[bytes_]) & 0xc0) != 0x80) ++characters_;
        return {static_cast<int>(row) + 1, characters_ + 1};
    }

private:
    std::string_view text_;
    std::vector<std::size_t> starts_;
    std::size_t row_{0}, bytes_{0};  // the last place asked for
    int characters_{0};              // before it in its line
};

/// Thrown out of yaml-cpp to stop it; the mistake is in the report already.
struct Stop {};

class Builder final : public YAML::EventHandler {
public:
    Builder(Document& document, Lines& lines, Report& report)
        : document_{document}, lines_{lines}, report_{report} {}

    [[nodiscard]] Node* root() const { return root_; }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        Node& node = make(mark, Node::Kind::null, "?");
        // The mark of a value left out is where the next thing starts: show its key instead.
        if (!open_.empty() && open_.back().key) node.at = open_.back().key->at;
        finish(node, anchor);
    }
    void OnScalar(
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t anchor,
        const std::string& value
    ) override {
        Node& node = make(mark, Node::Kind::scalar, tag);
        node.text = value;
        finish(node, anchor);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) {
            add(lines_.place(mark), "an alias inside its own anchor never ends", "", "");
            throw Stop{};
        }
        attach(*found->second, lines_.place(mark));
    }
    void OnSequenceStart(
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t anchor,
        YAML::EmitterStyle::value
    ) override {
        start(make(mark, Node::Kind::list, tag), anchor);
    }
    void OnSequenceEnd() override { end(); }
    void OnMapStart(
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t anchor,
        YAML::EmitterStyle::value
    ) override {
        start(make(mark, Node::Kind::map, tag), anchor);
    }
    void OnMapEnd() override { end(); }

private:
    struct Key {
        std::string text;
        Place at;
    };
    struct Open {
        Node* node;
        YAML::anchor_t anchor;
        std::optional<Key> key;  // map: a key waits for its value
        bool drop{false};        // map: the key is bad or repeated; its value is not kept
        std::set<std::string> seen;
    };

    void add(Place at, std::string what, std::string expected, std::string suggestion) {
        report_.add(
            {document_.file(),
             at.line,
             at.column,
             std::move(what),
             std::move(expected),
             std::move(suggestion)}
        );
    }
    Node& make(const YAML::Mark& mark, Node::Kind kind, const std::string& tag) {
        const Place at = lines_.place(mark);
        if (++made_ > Bounds::nodes) {
            add(at, "too many values in one file", fmt::format("at most {}", Bounds::nodes), "");
            throw Stop{};
        }
        if (tag != "?" && tag != "!" && !tag.empty())
            add(at, "the tag " + shown(tag) + " has no meaning here", "a plain value", "");
        Node& node = document_.make();
        node.kind = kind;
        node.at = at;
        return node;
    }
    void finish(Node& node, YAML::anchor_t anchor) {
        if (anchor != YAML::NullAnchor) anchors_[anchor] = &node;
        attach(node, node.at);
    }
    void start(Node& node, YAML::anchor_t anchor) {
        if (open_.size() == Bounds::depth) {
            add(node.at, "nested too deeply", fmt::format("at most {} levels", Bounds::depth), "");
            throw Stop{};
        }
        open_.push_back({&node, anchor, std::nullopt, false, {}});
    }
    void end() {
        const Open done = std::move(open_.back());
        open_.pop_back();
        finish(*done.node, done.anchor);
    }
    /// Puts a whole node into the container that is open.
    void attach(Node& node, Place at) {
        if (open_.empty()) {
            root_ = &node;
            return;
        }
        Open& into = open_.back();
        if (into.node->kind == Node::Kind::map && !into.key) return take_key(into, node, at);
        count_visits(*into.node, node, at);
        if (into.node->kind == Node::Kind::list) {
            into.node->items.push_back(&node);
            return;
        }
        if (!into.drop) into.node->entries.push_back({into.key->text, into.key->at, &node});
        into.key.reset();
    }
    void take_key(Open& into, const Node& node, Place at) {
        into.key = Key{node.text, at};
        into.drop = true;
        if (node.kind != Node::Kind::scalar) {
            add(at, "a key must be a word", "", "");
        } else if (node.text == "<<") {
            add(at, "the merge key << is not understood", "the keys written out", "");
        } else if (!into.seen.insert(node.text).second) {
            const auto* first = into.node->find(node.text);
            add(at,
                "the key " + shown(node.text) + " stands twice",
                first ? fmt::format("it once (first on line {})", first->at.line) : "it once",
                "");
        } else {
            into.drop = false;
        }
    }
    void count_visits(Node& into, const Node& node, Place at) {
        into.visits += node.visits;
        if (into.visits <= Bounds::visits) return;
        add(at,
            "aliases make this file too large to walk",
            fmt::format("at most {} values", Bounds::visits),
            "");
        throw Stop{};
    }

    Document& document_;
    Lines& lines_;
    Report& report_;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, Node*> anchors_;
    Node* root_{nullptr};
    std::size_t made_{0};
};

/// What can be seen without knowing YAML. True if yaml-cpp may have the text.
bool check_bytes(
    const std::string& file, const Lines& lines, std::string_view text, Report& report
) {
    const auto add = [&](std::size_t row, std::size_t column, std::string what, std::string want) {
        report.add(
            {file,
             static_cast<int>(row) + 1,
             static_cast<int>(column) + 1,
             std::move(what),
             std::move(want),
             ""}
        );
    };
    bool fit = true;
    std::size_t row = 0;
    std::size_t column = 0;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8_length(text.substr(i));
        if (length == 0) {
            add(row, column, "not UTF-8", "the file in UTF-8");
            return false;
        }
        const std::string_view character = text.substr(i, length);
        const char c = character.front();
        const bool line_break = c == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
        if ((c >= 0 && c < ' ' && c != '\n' && c != '\t' && !line_break) || c == '\x7f') {
            add(row, column, fmt::format("control character 0x{:02x}", static_cast<int>(c)), "text"
            );
            fit = false;
        } else if (character == no_break_space || (character == byte_order_mark && i > 0)) {
            add(row, column, "an invisible character that is not a space", "a space, or nothing");
            fit = false;
        }
        i += length;
        ++column;
        if (c == '\n') {
            ++row;
            column = 0;
        }
    }
    for (std::size_t r = 0; r <= row; ++r) {
        const std::string_view line = lines.line(r);
        const std::size_t first = line.find_first_not_of(" \t\r\n");
        const std::size_t tab = line.find('\t');
        if (first == std::string_view::npos || line[first] == '#' || tab > first) continue;
        add(r, tab, "a tab in the indentation", "spaces");
        fit = false;
    }
    return fit;
}

}  // namespace

bool is_clean(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        const auto byte = static_cast<unsigned char>(text.front());
        if (length == 0 || byte < ' ' || byte == 0x7f) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string_view describe(const Node& node) {
    switch (node.kind) {
        case Node::Kind::null:
            return "empty";
        case Node::Kind::scalar:
            return "a single value";
        case Node::Kind::list:
            return "a list";
        case Node::Kind::map:
            return "a map";
    }
    return {};
}

const Node::Entry* Node::find(std::string_view key) const {
    for (const Entry& entry : entries)
        if (entry.key == key) return &entry;
    return nullptr;
}

Document Document::parse(std::string file, std::string_view bytes, Report& report) {
    Document out;
    out.file_ = std::move(file);
    if (bytes.size() > Bounds::bytes) {
        report.add(
            {out.file_,
             0,
             0,
             "the file is too large",
             fmt::format("at most {} MiB", Bounds::bytes >> 20),
             ""}
        );
        return out;
    }
    if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
    Lines lines{bytes};
    if (!check_bytes(out.file_, lines, bytes, report)) return out;
    const auto add = [&](const YAML::Mark& mark, const std::string& what) {
        const Place at = lines.place(mark);
        const auto row = static_cast<std::size_t>(std::max(mark.line, 0));
        std::string hint = full_width(lines.line(row));
        if (hint.empty() && row > 0) hint = full_width(lines.line(row - 1));
        report.add({out.file_, at.line, at.column, what, "", std::move(hint)});
    };
    try {
        std::istringstream in{std::string{bytes}};
        YAML::Parser parser{in};
        Builder builder{out, lines, report};
        if (!parser.HandleNextDocument(builder) || builder.root() == nullptr) {
            report.add({out.file_, 1, 1, "the file is empty", "", ""});
            return out;
        }
        Node* const root = builder.root();
        if (parser.HandleNextDocument(builder)) {
            report.add(
                {out.file_,
                 builder.root()->at.line,
                 builder.root()->at.column,
                 "a second document in one file",
                 "one document",
                 ""}
            );
            return out;
        }
        out.root_ = root;
    } catch (const Stop&) {
        out.root_ = nullptr;
    } catch (const YAML::Exception& e) {
        add(e.mark, "not YAML: " + e.msg);
    } catch (const std::exception& e) {
        report.add({out.file_, 0, 0, fmt::format("cannot be read as YAML: {}", e.what()), "", ""});
    }
    return out;
}

}  // namespace surged::config
