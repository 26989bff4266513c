#include "config/document.hpp"

#include "config/lines.hpp"
#include "config/slips.hpp"

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

/// yaml-cpp counts both from 0 too.
Spot spot_of(const YAML::Mark& mark) {
    return {
        static_cast<std::size_t>(std::max(mark.line, 0)),
        static_cast<std::size_t>(std::max(mark.column, 0))
    };
}

Place place_of(Lines& lines, const YAML::Mark& mark) {
    return mark.is_null() ? Place{} : lines.place(spot_of(mark));
}

/// Thrown out of yaml-cpp to stop it; the mistake is in the report already.
struct Stop {};

class Builder final : public YAML::EventHandler {
public:
    Builder(Document& document, Lines& lines, Report& report)
        : document_{document}, lines_{lines}, report_{report} {}

    [[nodiscard]] Node* root() const { return root_; }
    /// The innermost [ or { that is open; where the last text in quotes begins.
    [[nodiscard]] std::optional<Spot> bracket() const {
        return flows_.empty() ? std::nullopt : std::optional{flows_.back()};
    }
    [[nodiscard]] const std::optional<Spot>& quote() const { return quote_; }

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
        if (tag == "!") quote_ = spot_of(mark);
        node.text = value;
        finish(node, anchor);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) {
            add(place(mark), "an alias inside its own anchor never ends", "", "");
            throw Stop{};
        }
        attach(*found->second, place(mark));
    }
    void OnSequenceStart(
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t anchor,
        YAML::EmitterStyle::value style
    ) override {
        start(make(mark, Node::Kind::list, tag), anchor, style, mark);
    }
    void OnSequenceEnd() override { end(); }
    void OnMapStart(
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t anchor,
        YAML::EmitterStyle::value style
    ) override {
        start(make(mark, Node::Kind::map, tag), anchor, style, mark);
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
        bool flow{false};  // between brackets
    };

    [[nodiscard]] Place place(const YAML::Mark& mark) { return place_of(lines_, mark); }
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
        const Place at = place(mark);
        if (++made_ > Bounds::nodes) {
            add(at, "too many values in one file", fmt::format("at most {}", Bounds::nodes), "");
            throw Stop{};
        }
        if (tag != "?" && tag != "!" && !tag.empty())
            add(at, fmt::format("the tag {} has no meaning here", shown(tag)), "a plain value", "");
        Node& node = document_.make();
        node.kind = kind;
        node.at = at;
        return node;
    }
    void finish(Node& node, YAML::anchor_t anchor) {
        if (anchor != YAML::NullAnchor) anchors_[anchor] = &node;
        attach(node, node.at);
    }
    void start(
        Node& node, YAML::anchor_t anchor, YAML::EmitterStyle::value style, const YAML::Mark& mark
    ) {
        if (open_.size() == Bounds::depth) {
            add(node.at, "nested too deeply", fmt::format("at most {} levels", Bounds::depth), "");
            throw Stop{};
        }
        open_.push_back({&node, anchor, std::nullopt, false, {}, style == YAML::EmitterStyle::Flow}
        );
        if (open_.back().flow) flows_.push_back(spot_of(mark));
    }
    void end() {
        const Open done = std::move(open_.back());
        open_.pop_back();
        if (done.flow) flows_.pop_back();
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
                fmt::format("the key {} stands twice", shown(node.text)),
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
    std::vector<Spot> flows_;
    std::optional<Spot> quote_;
    Node* root_{nullptr};
    std::size_t made_{0};
};

}  // namespace

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
    const auto add_slip = [&](const Slip& slip) {
        const Place at = lines.place(slip.at);
        const std::string what = "not YAML: " + slip.what;
        report.add({out.file_, at.line, at.column, what, slip.expected, slip.suggestion});
    };
    Builder builder{out, lines, report};
    try {
        std::istringstream in{std::string{bytes}};
        YAML::Parser parser{in};
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
        const auto& quote = builder.quote();
        if (const auto slip = quote ? unclosed_quote(bytes, *quote) : std::nullopt)
            add_slip(*slip);
        else
            out.root_ = root;
    } catch (const Stop&) {
        out.root_ = nullptr;
    } catch (const YAML::Exception& e) {
        const Stumble stumble{bytes, e.msg, spot_of(e.mark), builder.bracket(), builder.quote()};
        auto slip = slip_behind(stumble);
        if (!slip) slip = Slip{stumble.at, e.msg, "", full_width_near(stumble)};
        add_slip(*slip);
    } catch (const std::exception& e) {
        report.add({out.file_, 0, 0, fmt::format("cannot be read as YAML: {}", e.what()), "", ""});
    }
    return out;
}

}  // namespace surged::config
