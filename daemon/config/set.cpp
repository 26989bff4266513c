// --set: one value of surged.yaml replaced by its dotted path.
#include "config/decode.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::config {
namespace {

std::vector<std::string> split(const std::string& path) {
    std::vector<std::string> out{""};
    for (const char c : path) {
        if (c == '.') {
            out.emplace_back();
        } else {
            out.back() += c;
        }
    }
    return out;
}

bool is_single(Type type) {
    switch (type) {
        case Type::text:
        case Type::name:
        case Type::integer:
        case Type::percent:
        case Type::duration:
        case Type::boolean:
        case Type::choice:
        case Type::path:
        case Type::address:
        case Type::url:
            return true;
        default:
            return false;
    }
}

/// The walk of one --set from the top of the tree to the value it replaces.
class Setter {
public:
    Setter(Document& document, const std::string& path, Report& report)
        : document_{document}, path_{path}, report_{report}, node_{document.root()} {}

    void run(const std::string& value) {
        if (node_ == nullptr || node_->kind != Node::Kind::map) return;
        if (!is_clean(value)) return say("the value is not a line of UTF-8", "", "");
        const auto parts = split(path_);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const bool moved =
                node_->kind == Node::Kind::list ? into_list(parts[i]) : into_map(parts[i]);
            if (!moved) return;
        }
        const Key* key = find_key(File::surged, section_);
        if (key == nullptr || !is_single(key->type))
            return say(shown(path_) + " is not a single value", "the path of one", "");
        *node_ = Node{};
        node_->kind = Node::Kind::scalar;
        node_->text = value;
        node_->origin = origin();
    }

private:
    [[nodiscard]] std::string origin() const { return "--set " + path_; }
    void say(std::string what, std::string expected, std::string suggestion) {
        report_.add({origin(), 0, 0, std::move(what), std::move(expected), std::move(suggestion)});
    }
    /// Nodes may be shared by aliases: only what is on the way is changed.
    void step(Node*& child, std::string section) {
        Node& own = document_.make();
        if (child != nullptr) own = *child;
        child = &own;
        node_ = &own;
        section_ = std::move(section);
    }
    /// Where a key of this map stands in the table: a source or channel has those of its type too.
    [[nodiscard]] std::string below_of(const std::string& part) const {
        std::string below = section_.empty() ? part : section_ + "." + part;
        const auto* type = node_->find("type");
        if (find_key(File::surged, below) != nullptr || type == nullptr) return below;
        std::string typed = fmt::format("{}({}).{}", section_, type->value->text, part);
        return find_key(File::surged, typed) == nullptr ? below : typed;
    }
    bool into_map(const std::string& part) {
        const std::string below = below_of(part);
        const Key* key = find_key(File::surged, below);
        const auto known = keys_below(File::surged, section_ + ".*");
        auto entry =
            std::find_if(node_->entries.begin(), node_->entries.end(), [&](const Node::Entry& e) {
                return e.key == part;
            });
        if (key == nullptr && known.empty()) return unknown_key(part);
        if (entry != node_->entries.end()) {
            step(entry->value, key ? below : section_ + ".*");
        } else if (key != nullptr && !is_single(key->type) && key->type != Type::section) {
            say("the file has nothing to replace there", "", "");
            return false;
        } else if (key != nullptr) {
            node_->entries.push_back({part, {}, nullptr});
            step(node_->entries.back().value, below);
        } else {
            std::vector<std::string_view> names;
            names.reserve(node_->entries.size());
            for (const Node::Entry& e : node_->entries) names.push_back(e.key);
            say(fmt::format("nothing is named {} under {}", shown(part), section_),
                one_of(names),
                nearest(part, names));
            return false;
        }
        if (key && key->type == Type::section && node_->kind == Node::Kind::null)
            node_->kind = Node::Kind::map;
        return true;
    }
    bool into_list(const std::string& part) {
        for (Node*& item : node_->items) {
            const auto* name = item->find("name");
            if (name == nullptr || name->value->text != part) continue;
            step(item, section_ + "[]");
            return true;
        }
        say(fmt::format("nothing is named {} under {}", shown(part), section_), "", "");
        return false;
    }
    bool unknown_key(const std::string& part) {
        std::vector<std::string_view> words;
        auto known = keys_below(File::surged, section_);
        if (const auto* type = node_->find("type")) {
            const auto more =
                keys_below(File::surged, fmt::format("{}({})", section_, type->value->text));
            known.insert(known.end(), more.begin(), more.end());
        }
        words.reserve(known.size());
        for (const Key* key : known) words.push_back(key->path.substr(key->path.rfind('.') + 1));
        const std::string near = nearest(part, words);
        say("unknown key " + shown(part), near.empty() ? one_of(words) : "", near);
        return false;
    }

    Document& document_;
    const std::string& path_;
    Report& report_;
    Node* node_;
    std::string section_;
};

}  // namespace

void apply_set(
    Document& document, const std::string& path, const std::string& value, Report& report
) {
    Setter{document, path, report}.run(value);
}

}  // namespace surged::config
