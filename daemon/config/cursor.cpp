#include "config/cursor.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace surged::config {
namespace {

bool says_nothing(const Node& node) {
    return node.kind == Node::Kind::null ||
           (node.kind == Node::Kind::map && node.entries.empty()) ||
           (node.kind == Node::Kind::list && node.items.empty());
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('.') + 1); }

std::string joined(const std::string& path, std::string_view key) {
    return path.empty() ? std::string{key} : fmt::format("{}.{}", path, key);
}

}  // namespace

Cursor::Cursor(const Document& document, File file, Report& report)
    : document_{&document}, report_{&report}, node_{document.root()}, file_{file} {
    SURGED_ASSERT(node_ != nullptr);
}

Cursor::Cursor(const Cursor& from, const Node& node, std::string section, std::string path)
    : document_{from.document_},
      report_{from.report_},
      node_{&node},
      file_{from.file_},
      section_{std::move(section)},
      path_{std::move(path)} {}

Cursor Cursor::as(std::string_view section) const {
    return {*this, *node_, std::string{section}, path_};
}

Cursor Cursor::named(std::string path) const { return {*this, *node_, section_, std::move(path)}; }

Cursor Cursor::with_variant(std::string_view type) const {
    Cursor out = *this;
    out.variant_ = fmt::format("{}({})", section_, type);
    return out;
}

std::vector<const Key*> Cursor::known_keys() const {
    std::vector<const Key*> out = keys_below(file_, section_);
    if (variant_.empty()) return out;
    const auto more = keys_below(file_, variant_);
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

const Key& Cursor::row(std::string_view key) const {
    const Key* found = variant_.empty() ? nullptr : find_key(file_, joined(variant_, key));
    if (found == nullptr) found = find_key(file_, joined(section_, key));
    SURGED_ASSERT(found != nullptr);  // a key that the decoder reads must be in the table
    return *found;
}

void Cursor::say_place(
    const Node& node, Place at, std::string what, std::string expected, std::string suggestion
) const {
    const bool elsewhere = !node.origin.empty();
    report_->add(
        {elsewhere ? node.origin : document_->file(),
         elsewhere ? 0 : at.line,
         elsewhere ? 0 : at.column,
         path_.empty() ? std::move(what) : path_ + ": " + what,
         std::move(expected),
         std::move(suggestion)}
    );
}

void Cursor::say(std::string what, std::string expected, std::string suggestion) const {
    say_place(*node_, node_->at, std::move(what), std::move(expected), std::move(suggestion));
}

void Cursor::warn(Report& warnings, std::string what, std::string suggestion) const {
    Cursor other = *this;
    other.report_ = &warnings;
    other.say(std::move(what), {}, std::move(suggestion));
}

void Cursor::say_at(
    std::string_view key, std::string what, std::string expected, std::string suggestion
) const {
    if (const auto* entry = node_->find(key)) {
        say_place(
            *entry->value, entry->at, std::move(what), std::move(expected), std::move(suggestion)
        );
    } else {
        say(std::move(what), std::move(expected), std::move(suggestion));
    }
}

void Cursor::check_key(const Node::Entry& entry, const std::vector<const Key*>& known) const {
    std::vector<std::string_view> words;
    for (const Key* key : known) {
        const std::string_view word = last_part(key->path);
        if (word == entry.key) {
            if (!key->built && !says_nothing(*entry.value))
                say_place(*entry.value, entry.at, entry.key + " is not built yet", "", "");
            return;
        }
        if (key->built) words.push_back(word);
    }
    std::string near = nearest(entry.key, words);
    if (near.empty()) near = full_width(entry.key);
    say_place(
        *entry.value,
        entry.at,
        "unknown key " + shown(entry.key),
        near.empty() ? one_of(words) : "",
        near
    );
}

bool Cursor::is_map() const {
    if (node_->kind != Node::Kind::map) {
        say(fmt::format("{}{}", describe(*node_), path_.empty() ? " at the top" : ""), "a map");
        return false;
    }
    const auto known = known_keys();
    for (const Node::Entry& entry : node_->entries)
        if (!enough()) check_key(entry, known);
    return true;
}

std::optional<Cursor> Cursor::get(std::string_view key) const {
    const Key& wanted = row(key);
    const auto* entry = node_->find(key);
    if (entry == nullptr) {
        if (wanted.required()) say(fmt::format("{} is missing", key), with_article(wanted.type));
        return std::nullopt;
    }
    Cursor out{*this, *entry->value, std::string{wanted.path}, joined(path_, key)};
    if (entry->value->kind == Node::Kind::null) {
        out.say("empty", with_article(wanted.type) + ", or no such key");
        return std::nullopt;
    }
    return out;
}

std::vector<std::pair<std::string, Cursor>> Cursor::entries(bool any_name) const {
    std::vector<std::pair<std::string, Cursor>> out;
    if (node_->kind != Node::Kind::map) {
        say(std::string{describe(*node_)}, "a map of names");
        return out;
    }
    for (const Node::Entry& entry : node_->entries) {
        Cursor child{*this, *entry.value, section_ + ".*", joined(path_, entry.key)};
        const auto name = any_name ? parse_glob(entry.key) : parse_name(entry.key);
        if (!name) {
            say_place(*entry.value, entry.at, name.error().what, name.error().expected, "");
        } else if (any_name && entry.key.find_first_of("*?") != std::string::npos) {
            say_place(*entry.value, entry.at, shown(entry.key) + " is a pattern", "one name", "");
        } else if (entry.value->kind == Node::Kind::null) {
            child.say("empty", "a value");
        } else {
            out.emplace_back(entry.key, child);
        }
    }
    return out;
}

std::vector<Cursor> Cursor::items() const {
    std::vector<Cursor> out;
    if (node_->kind != Node::Kind::list) {
        say(std::string{describe(*node_)}, "a list");
        return out;
    }
    for (std::size_t i = 0; i < node_->items.size(); ++i) {
        Cursor item{*this, *node_->items[i], section_ + "[]", fmt::format("{}[{}]", path_, i + 1)};
        if (item.node_->kind == Node::Kind::null) {
            item.say("empty", "a value");
        } else {
            out.push_back(std::move(item));
        }
    }
    return out;
}

bool Cursor::scalar(std::string_view expected) const {
    if (is_scalar()) return true;
    say(std::string{describe(*node_)}, std::string{expected});
    return false;
}

std::vector<std::pair<plan::Level, Cursor>> Cursor::levels() const {
    std::vector<std::pair<plan::Level, Cursor>> out;
    if (node_->kind != Node::Kind::map) {
        say(std::string{describe(*node_)}, "a map of levels, {IV: …, III: …, II: …, I: …}");
        return out;
    }
    for (const Node::Entry& entry : node_->entries) {
        const auto level = parse_level_word(entry.key);
        if (!level) {
            const Complaint& c = level.error();
            say_place(*entry.value, entry.at, c.what, c.expected, c.suggestion);
            continue;
        }
        const Cursor child{*this, *entry.value, section_ + ".*", joined(path_, entry.key)};
        if (entry.value->kind == Node::Kind::null) {
            child.say("empty", "a value, or no such key");
        } else {
            out.emplace_back(*level, child);
        }
    }
    if (node_->entries.empty()) say("an empty map", "at least one level");
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
        return a.first < b.first;
    });
    return out;
}

}  // namespace surged::config
